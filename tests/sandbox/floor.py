"""A trading floor for tests of the core: an empty exchange and three accounts with money."""

from decimal import Decimal

from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.orders import Order, Side
from coinbtr.sandbox.core.units import to_decimal, to_units

ANA, BOB, CLEO = 1, 2, 3
MARKET = "BTC-MXN"


class Floor:
    """Orders are written in coins, as a person would, and the ledger remembers every entry."""

    def __init__(self) -> None:
        self.exchange = Exchange(keep_entries=True)
        self.now = 1_629_028_800_000
        for name in ("ana", "bob", "cleo"):
            account = self.exchange.open_account(name, f"{name}@coinbtr.test", now_ms=self.now)
            for coin, amount in (("MXN", "1000000"), ("BTC", "10")):
                self.exchange.wallets.deposit(
                    account.id, coin, to_units(amount), now_ms=self.now, confirmed=True
                )

    def buy(self, who: int, amount: str, price: str, market: str = MARKET) -> Order:
        """Place a buy order."""
        return self._place(who, Side.BUY, amount, price, market)

    def sell(self, who: int, amount: str, price: str, market: str = MARKET) -> Order:
        """Place a sell order."""
        return self._place(who, Side.SELL, amount, price, market)

    def available(self, who: int, coin: str) -> Decimal:
        """Tell what an account can use."""
        return to_decimal(self.exchange.wallets.wallet(who, coin).available)

    def frozen(self, who: int, coin: str) -> Decimal:
        """Tell what an account's orders hold."""
        return to_decimal(self.exchange.wallets.wallet(who, coin).frozen)

    def fills(self, who: int) -> list[tuple[int, str, str]]:
        """List an account's trades, oldest first, as (order, amount, price)."""
        trades = reversed(self.exchange.trading.transactions(who, limit=100))
        return [(trade.order_id, plain(trade.amount), plain(trade.price)) for trade in trades]

    def state(self) -> object:
        """Everything that a refused operation must leave as it was."""
        wallets = [
            (who, coin, tuple(self.exchange.wallets.wallet(who, coin).amounts))
            for who in (ANA, BOB, CLEO)
            for coin in self.exchange.catalogue.coins
        ]
        depths = [
            self.exchange.market.depth(name, 1000) for name in self.exchange.catalogue.markets
        ]
        return wallets, depths, [self.fills(who) for who in (ANA, BOB, CLEO)]

    def _place(self, who: int, side: Side, amount: str, price: str, market: str) -> Order:
        self.now += 1
        return self.exchange.trading.place(
            who, market, side, amount=to_units(amount), price=to_units(price), now_ms=self.now
        )


def plain(units: int) -> str:
    """Write units as coins, without needless zeros."""
    return f"{to_decimal(units).normalize():f}"

"""The exchange of the model: naive on purpose, lists and sums, so that it can be read and believed.

It decides each request from the description's words: what is done, or for which reasons it may be
refused. Where several reasons hold, the description doesn't say which comes first: each will do.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, cast

from attrs import define, frozen

from coinbtr.contract.model.day import Day
from coinbtr.contract.model.records import Account, Order, Side, Trade, Who, Withdrawal
from coinbtr.contract.model.rules import Coin, Rules, fee_of, value_of
from coinbtr.contract.model.unknown import History, Unknown

OTHER: Final[Mapping[Side, Side]] = {"BUY": "SELL", "SELL": "BUY"}


@frozen
class Refusal:
    """The codes of which a refusal must have one."""

    codes: frozenset[str]

    @classmethod
    def of(cls, *codes: str) -> "Refusal":
        """Make one of these codes."""
        return cls(frozenset(codes))


@define(eq=False, kw_only=True)
class Exchange:
    """Two accounts, one book of their own, and whatever else they have.

    Attributes:
        rules: the book.
        coins: all coins by name.
        accounts: by the names of their tokens.
        orders: the accounts' open orders of all books, oldest first.
        foreign: what others have resting in the book: amounts by price for each side.
        day: the book's last 24 hours.
        history: what was given out.
    """

    rules: Rules
    coins: Mapping[str, Coin]
    accounts: Mapping[Who, Account]
    orders: list[Order]
    foreign: Mapping[Side, Mapping[Decimal, Decimal]]
    day: Day
    history: History

    def place(
        self, who: Who, side: Side, market: str, amount: Decimal, price: Decimal
    ) -> Order | Refusal:
        """Place a limit order: what meets the book trades, best price first, oldest first."""
        if market.upper() != self.rules.name:
            return Refusal.of("book_not_found")
        order = Order(
            who=who,
            side=side,
            market=self.rules.name,
            price=price,
            initial=amount,
            left=amount,
            id=Unknown("order", self.history),
            created_at=Unknown("time", self.history),
        )
        codes = set(self.rules.faults(amount, price))
        available, (coin, held) = self.accounts[who].available, order.hold
        if available[coin] < held:
            codes.add("insufficient_funds")
        fills = list(self._fills(order))
        if any(maker.who == who for maker, _ in fills):
            codes.add("self_trade")
        if codes:
            return Refusal(frozenset(codes))
        available[coin] -= held
        for maker, part in fills:
            self._trade(maker, order, part)
        if order.left:
            self.orders.append(order)
        else:
            order.is_open = False
        return order

    def cancel(self, who: Who, side: Side, order_id: int) -> Order | Refusal:
        """Cancel an open order of one's own, of this side; release what it holds."""
        order = self.open_order(who, order_id)
        if order is None or order.side != side:
            return Refusal.of("order_not_found")
        self.orders.remove(order)
        order.is_open = False
        coin, held = order.hold
        self.accounts[who].available[coin] += held
        return order

    def withdraw(self, who: Who, coin: str, address: str, amount: Decimal) -> Withdrawal | Refusal:
        """Send coins out: amount and fee are gone at once (ruling R055)."""
        found = self.coins.get(coin.upper())
        if found is None:
            return Refusal.of("coin_not_found")
        account, codes = self.accounts[who], set[str]()
        if not found.can_withdraw:
            codes.add("withdrawal_unavailable")
        # No form of an address is documented: only the account's own are known to be valid.
        if address != account.addresses[found.name]:
            codes.add("invalid_address")
        if amount < found.min_withdraw:
            codes.add("below_minimum")
        if account.available[found.name] < amount + found.fee_withdraw:
            codes.add("insufficient_funds")
        if codes:
            return Refusal(frozenset(codes))
        account.available[found.name] -= amount + found.fee_withdraw
        made = Withdrawal(
            coin=found.name,
            address=address,
            amount=amount,
            fee=found.fee_withdraw,
            txid=Unknown("txid", self.history),
            date=Unknown("time", self.history),
        )
        account.withdrawals.append(made)
        return made

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.history.elapsed += seconds
        self.day.wait(self.history.elapsed)

    def open_order(self, who: Who, order_id: int) -> Order | None:
        """Find an open order of one's own."""
        for order in self.orders:
            if order.who == who and order.id.value == order_id:
                return order
        return None

    def held(self, who: Who) -> Mapping[str, Decimal]:
        """Add up what an account's open orders hold, by coin; nothing of a coin isn't there."""
        held: dict[str, Decimal] = {}
        for order in self.orders:
            if order.who == who:
                coin, amount = order.hold
                held[coin] = held.get(coin, Decimal(0)) + amount
        return held

    def meets(self, side: Side, price: Decimal) -> bool:
        """Tell whether an order would meet what others have in the book: not to be predicted."""
        other = self.foreign[OTHER[side]]
        return any(level <= price if side == "BUY" else level >= price for level in other)

    def _fills(self, taker: Order) -> Iterator[tuple[Order, Decimal]]:
        left = taker.left
        for maker in self._resting(OTHER[taker.side]):
            crosses = (
                maker.price <= taker.price if taker.side == "BUY" else maker.price >= taker.price
            )
            if not crosses or not left:
                return
            part = min(left, maker.left)
            yield maker, part
            left -= part

    def _resting(self, side: Side) -> list[Order]:
        own = [one for one in self.orders if one.side == side and one.market == self.rules.name]
        # Sorting keeps the order of age among equals.
        return sorted(own, key=lambda one: one.price if side == "SELL" else -one.price)

    def _trade(self, maker: Order, taker: Order, amount: Decimal) -> None:
        """Let two orders trade at the price of the one that rested (rulings R046, R050)."""
        price, value = maker.price, value_of(amount, maker.price)
        when = Unknown("time", self.history)
        for order, rate in ((maker, self.rules.maker_fee), (taker, self.rules.taker_fee)):
            account = self.accounts[order.who]
            received = amount if order.side == "BUY" else value
            fee = fee_of(received, rate)
            coin = self.rules.base if order.side == "BUY" else self.rules.quote
            account.available[coin] += received - fee
            if order.side == "BUY":
                # It held its own price for what now cost the maker's.
                account.available[self.rules.quote] += value_of(amount, order.price) - value
            order.left -= amount
            account.trades.append(
                Trade(
                    order=order,
                    price=price,
                    amount=amount,
                    fee=fee,
                    filled_as="maker" if order is maker else "taker",
                    id=Unknown("trade", self.history),
                    created_at=when,
                )
            )
        if not maker.left:
            maker.is_open = False
            self.orders.remove(maker)
        self.day.add(self.history.elapsed, price, amount)


def other_side(side: str) -> Side:
    """Tell the side that an order of this side trades with."""
    return OTHER[cast("Side", side)]

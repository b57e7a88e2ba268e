"""One book of the live market: a maker that keeps a ladder of orders, and takers that meet it."""

from typing import Final

from coinbtr.sandbox.core.catalogue import Market
from coinbtr.sandbox.core.orders import BUY, SELL, Order, Side
from coinbtr.sandbox.core.price_process import CALM, FINE
from coinbtr.sandbox.core.rng import SplitMix64
from coinbtr.sandbox.core.sizes import amount_worth, level_values, stepped
from coinbtr.sandbox.core.trading import TradingDesk
from coinbtr.sandbox.core.transfers import WalletDesk
from coinbtr.sandbox.core.units import SCALE, value_of

LEVELS: Final = 16
"""Orders that the maker keeps on each side, each at a price of its own."""

_MOST_LEVELS: Final = LEVELS + 6
_HALF_SPREAD: Final = 3  # of 10,000 of the fair price
_FRONT_GAP: Final = 4  # how far the best order may lag behind, of 10,000
_BACK_GAPS: Final = (3, 11)  # between two levels, of 10,000
_REACH: Final = 20  # how far a taker goes beyond the best price, of 10,000
_TOP_UP: Final = 10**9 * SCALE


class HouseDesk:
    """Trades with the exchange's own money, which never runs out.

    Args:
        trading: where orders go.
        wallets: where money comes from when an account has too little.
    """

    def __init__(self, trading: TradingDesk, wallets: WalletDesk) -> None:
        self._trading = trading
        self._wallets = wallets

    def place(
        self, account_id: int, rules: Market, side: Side, value: int, price: int, now_ms: int
    ) -> Order:
        """Place an order worth about `value` units of the quote coin."""
        amount = amount_worth(rules, value, price)
        needed = value_of(price, amount) if side is BUY else amount
        coin = rules.quote if side is BUY else rules.base
        if self._wallets.wallet(account_id, coin).available < needed:
            self._wallets.deposit(account_id, coin, _TOP_UP, now_ms=now_ms, confirmed=True)
        return self._trading.place(
            account_id, rules.name, side, amount=amount, price=price, now_ms=now_ms
        )

    def cancel(self, order: Order) -> None:
        """Cancel an order that may have been filled meanwhile."""
        if order.is_open:
            self._trading.cancel(order.account_id, order.id, order.side)


class LiveBook:
    """What the maker has in one book, best price first, and how it and the takers go on.

    It works on top of what users have there: their orders are met like all others, and neither
    account ever meets an order of its own.

    Args:
        rules: the rules of the book.
        trading: where it trades.
        desk: what places its orders.
        house: the account of the maker.
        crowd: the account of the takers.
    """

    def __init__(
        self, rules: Market, trading: TradingDesk, desk: HouseDesk, *, house: int, crowd: int
    ) -> None:
        self._rules = rules
        self._book = trading.books[rules.name]
        self._desk = desk
        self._house = house
        self._crowd = crowd
        own = [order for order in trading.all_open_orders(house) if order.market == rules.name]
        self._bids = sorted((o for o in own if o.side is BUY), key=lambda o: -o.price)
        self._asks = sorted((o for o in own if o.side is SELL), key=lambda o: o.price)

    def middle(self) -> int:
        """Tell the price between the maker's best orders, or the book's first price."""
        if self._bids and self._asks:
            return (self._bids[0].price + self._asks[0].price) // 2
        return self._rules.start_price

    def quote(self, fair: int, rng: SplitMix64, now_ms: int) -> None:
        """Move the ladder to a fair price, in fine units."""
        step = self._rules.price_step
        half = max(fair * _HALF_SPREAD // 10_000, FINE * step // 2)
        bid = max((fair - half) // (FINE * step), 1) * step
        ask = -((-fair - half) // (FINE * step)) * step
        # Both sides draw back before one goes forward: the maker never meets itself.
        self._draw_back(self._bids, 1, bid)
        self._draw_back(self._asks, -1, ask)
        self._go_forward(self._bids, BUY, bid, rng, now_ms)
        self._go_forward(self._asks, SELL, ask, rng, now_ms)

    def take(self, lean: int, heat: int, rng: SplitMix64, now_ms: int) -> None:
        """Let a taker buy or sell what is best, more likely the way that the price just went.

        Args:
            lean: above zero after a rise, below after a fall.
            heat: how wild the book is, in thousandths of calm; the takers take more then.
            rng: where sizes and sides are drawn from.
            now_ms: the time.
        """
        chance = 50 + (15 if lean > 0 else -15 if lean < 0 else 0)
        side = BUY if rng.between(1, 100) <= chance else SELL
        best = (self._book.asks if side is BUY else self._book.bids).best
        if best is None:
            return
        reach = best * _REACH // 10_000
        limit = stepped(best + reach if side is BUY else best - reach, self._rules.price_step)
        # Many small ones, few large ones: an even draw, cubed; one in fifty is a large one.
        _, most = level_values(self._rules)
        share = rng.between(1, 1_000)
        value = most * share**3 // (2 * 10**9)
        if not rng.between(0, 49):
            value += 2 * most
        value = value * heat // CALM
        limit = min(max(limit, self._rules.min_price), self._rules.max_price)
        order = self._desk.place(self._crowd, self._rules, side, value, limit, now_ms)
        self._desk.cancel(order)

    def _draw_back(self, own: list[Order], sign: int, edge: int) -> None:
        # What was filled was the best: it stands first.
        while own and (not own[0].is_open or sign * own[0].price > sign * edge):
            self._desk.cancel(own.pop(0))

    def _go_forward(
        self, own: list[Order], side: Side, edge: int, rng: SplitMix64, now_ms: int
    ) -> None:
        sign, rules = 1 if side is BUY else -1, self._rules
        ahead: list[Order] = []
        price, first = edge, sign * own[0].price + edge * _FRONT_GAP // 10_000 if own else 0
        for level in range(LEVELS):
            if (own and sign * price <= first) or not rules.min_price <= price <= rules.max_price:
                break
            ahead.append(self._offer(side, price, level, rng, now_ms))
            price -= self._gap(sign, edge, rng)
        # A user's order that stood in the way may have taken some of them whole.
        own[:0] = [order for order in ahead if order.is_open]
        while 0 < len(own) < LEVELS:
            price = own[-1].price - self._gap(sign, edge, rng)
            if not rules.min_price <= price <= rules.max_price:
                break
            own.append(self._offer(side, price, len(own), rng, now_ms))
        while len(own) > _MOST_LEVELS:
            self._desk.cancel(own.pop())

    def _gap(self, sign: int, edge: int, rng: SplitMix64) -> int:
        return sign * stepped(edge * rng.between(*_BACK_GAPS) // 10_000, self._rules.price_step)

    def _offer(self, side: Side, price: int, level: int, rng: SplitMix64, now_ms: int) -> Order:
        """Place an order of the ladder: the farther from the best price, the larger."""
        least, most = level_values(self._rules)
        value = rng.between(least, most) * (6 + level) // 12
        return self._desk.place(self._house, self._rules, side, value, price, now_ms)

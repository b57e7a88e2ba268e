"""Under any sequence of operations money is conserved and the books stay in order."""

from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from coinbtr.sandbox.core.errors import Refusal
from coinbtr.sandbox.core.ledger import FEES, TRANSIT
from coinbtr.sandbox.core.orders import Order, Side
from coinbtr.sandbox.core.records import TransferStatus
from coinbtr.sandbox.core.units import SCALE, to_units, value_of
from tests.sandbox.floor import ANA, BOB, CLEO, MARKET, Floor

WHO = st.sampled_from((ANA, BOB, CLEO))
ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"


class Exchanging(RuleBasedStateMachine):
    """Three accounts that do whatever they like to one market and one coin."""

    def __init__(self) -> None:
        super().__init__()
        self.floor = Floor()
        self.orders: list[Order] = []

    @rule(
        who=WHO,
        side=st.sampled_from(Side),
        amount=st.integers(50, 4_000_000).map(lambda steps: steps * 100),
        price=st.integers(99_990, 100_010).map(lambda whole: whole * SCALE),
    )
    def place(self, who: int, side: Side, amount: int, price: int) -> None:
        """Place an order in a narrow band, so that many of them meet."""
        before = self.floor.state()
        try:
            order = self.floor.exchange.trading.place(
                who, MARKET, side, amount=amount, price=price, now_ms=self.floor.now
            )
        except Refusal:
            assert self.floor.state() == before
        else:
            self.orders.append(order)

    @rule(data=st.data(), who=WHO)
    def cancel(self, data: st.DataObject, who: int) -> None:
        """Cancel some order, perhaps a closed one or another's."""
        if not self.orders:
            return
        order = data.draw(st.sampled_from(self.orders))
        allowed = order.is_open and order.account_id == who
        try:
            self.floor.exchange.trading.cancel(who, order.id, order.side)
        except Refusal:
            assert not allowed
        else:
            assert allowed

    @rule(who=WHO, amount=st.integers(1, 12 * SCALE))
    def withdraw(self, who: int, amount: int) -> None:
        """Send some bitcoins away."""
        before = self.floor.state()
        try:
            self.floor.exchange.wallets.withdraw(
                who, "BTC", address=ADDRESS, amount=amount, now_ms=self.floor.now
            )
        except Refusal:
            assert self.floor.state() == before

    @rule(who=WHO, amount=st.integers(1, 5 * SCALE), confirmed=st.booleans())
    def deposit(self, who: int, amount: int, confirmed: bool) -> None:
        """Let some bitcoins arrive."""
        self.floor.exchange.wallets.deposit(
            who, "BTC", amount, now_ms=self.floor.now, confirmed=confirmed
        )

    @rule(milliseconds=st.integers(1, 60_000))
    def wait(self, milliseconds: int) -> None:
        """Let time pass, and blocks come."""
        self.floor.now += milliseconds
        self.floor.exchange.advance(self.floor.now)

    @rule(who=WHO)
    def fail(self, who: int) -> None:
        """Let the newest withdrawal of somebody fail, if it still can."""
        for withdrawal in self.floor.exchange.wallets.withdrawals(who, limit=1):
            if withdrawal.status in (TransferStatus.SIGNED, TransferStatus.SENT):
                self.floor.exchange.wallets.fail(withdrawal)

    @invariant()
    def money_is_conserved(self) -> None:
        """Each coin adds up to zero over everybody, the outside world included."""
        assert set(self.floor.exchange.ledger.totals().values()) <= {0}

    @invariant()
    def nothing_is_negative(self) -> None:
        """No part of a wallet is ever below zero."""
        for owner in (ANA, BOB, CLEO, FEES, TRANSIT):
            for coin in ("BTC", "MXN"):
                assert min(self.floor.exchange.ledger.wallet(owner, coin).amounts) >= 0

    @invariant()
    def orders_hold_exactly_what_is_frozen(self) -> None:
        """What an account has frozen is what its open orders need, to the last unit."""
        for who in (ANA, BOB, CLEO):
            mine = [order for order in self.orders if order.account_id == who and order.is_open]
            bids = sum(value_of(o.price, o.left) for o in mine if o.side is Side.BUY)
            asks = sum(order.left for order in mine if order.side is Side.SELL)
            ledger = self.floor.exchange.ledger
            assert ledger.wallet(who, "MXN").frozen == bids
            assert ledger.wallet(who, "BTC").frozen == asks
            listed = self.floor.exchange.trading.open_orders(who, limit=10_000)
            assert {order.id for order in listed} == {order.id for order in mine}

    @invariant()
    def the_book_is_in_order(self) -> None:
        """The book isn't crossed, and shows the open orders, level by level."""
        depth = self.floor.exchange.market.depth(MARKET, 1000)
        for side, levels in ((Side.BUY, depth.bids), (Side.SELL, depth.asks)):
            expected: dict[int, int] = {}
            for order in self.orders:
                if order.is_open and order.side is side:
                    expected[order.price] = expected.get(order.price, 0) + order.left
            assert list(levels) == sorted(expected.items(), reverse=side is Side.BUY)
        if depth.bids and depth.asks:
            assert depth.bids[0][0] < depth.asks[0][0]


TestExchanging = Exchanging.TestCase
TestExchanging.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.parametrize("side", Side)
def test_a_naive_book_gives_the_same_fills(side: Side) -> None:
    """A plain sorted list fills a random stream with the same parts, in the same order."""
    rng = Random(7)
    floor = Floor()
    naive: list[tuple[int, int, list[int]]] = []  # price, order id, [left]
    for number in range(300):
        amount, price = rng.randint(1, 20) * to_units("0.001"), rng.randint(95, 105) * 1000 * SCALE
        if number % 3:
            maker = floor.exchange.trading.place(
                rng.choice((ANA, BOB)), MARKET, side, amount=amount, price=price, now_ms=0
            )
            naive.append((price if side is Side.SELL else -price, maker.id, [amount]))
            naive.sort(key=lambda entry: entry[:2])
            continue
        left, expected = amount, []
        limit = price if side is Side.SELL else -price
        for key, order_id, rest in naive:
            part = min(left, rest[0])
            if key <= limit and part:
                rest[0] -= part
                left -= part
                expected.append((order_id, part))
        taker = floor.exchange.trading.place(
            CLEO, MARKET, side.other, amount=amount, price=price, now_ms=0
        )
        own = [
            t
            for t in floor.exchange.trading.transactions(CLEO, limit=100)
            if t.order_id == taker.id
        ]
        assert [trade.amount for trade in reversed(own)] == [part for _, part in expected]
        if taker.is_open:
            floor.exchange.trading.cancel(CLEO, taker.id, taker.side)

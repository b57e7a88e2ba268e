"""Ticker and volume are computed from the trades of their market, and from nothing else."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from coinbtr.sandbox.core.clock import DAY_MS
from coinbtr.sandbox.core.orders import Side
from coinbtr.sandbox.core.records import Trade
from coinbtr.sandbox.core.statistics import DayStatistics
from tests.sandbox.floor import ANA, BOB, MARKET, Floor, plain


def test_the_ticker_follows_the_trades(floor: Floor) -> None:
    """Last, high, low and volume are those of the trades; bid and ask those of the book."""
    for price in ("100000", "120000", "90000"):
        floor.sell(ANA, "0.5", price)
        floor.buy(BOB, "0.5", price)
    floor.buy(BOB, "0.1", "80000")
    ticker = floor.exchange.market.ticker(MARKET, floor.now)
    assert ticker.last is not None
    assert ticker.high is not None
    assert ticker.low is not None
    assert [plain(price) for price in (ticker.last, ticker.high, ticker.low)] == [
        "90000",
        "120000",
        "90000",
    ]
    assert (plain(ticker.amount), plain(ticker.value)) == ("1.5", "155000")
    assert (plain(ticker.bid or 0), ticker.ask) == ("80000", None)


def test_a_market_without_trades_has_no_prices(floor: Floor) -> None:
    """Where nothing was traded or offered there is nothing, not zero."""
    ticker = floor.exchange.market.ticker(MARKET, floor.now)
    assert (ticker.last, ticker.high, ticker.low, ticker.bid, ticker.ask) == (None,) * 5
    assert (ticker.amount, ticker.value) == (0, 0)


def test_a_trade_counts_for_24_hours(floor: Floor) -> None:
    """One millisecond before a day is over a trade counts; at the full day it does not."""
    floor.sell(ANA, "0.5", "100000")
    floor.buy(BOB, "0.5", "100000")
    view = floor.exchange.market
    assert plain(view.ticker(MARKET, floor.now + DAY_MS - 1).amount) == "0.5"
    late = view.ticker(MARKET, floor.now + DAY_MS)
    assert (late.amount, late.value, late.high, late.low) == (0, 0, None, None)
    assert late.last is not None
    assert plain(late.last) == "100000"  # the last price stays, however old


def test_old_trades_are_forgotten_without_being_asked_for(floor: Floor) -> None:
    """A market that trades for days keeps one day of trades, though nobody reads its ticker."""
    for _ in range(10):
        floor.now += DAY_MS // 2
        floor.sell(ANA, "0.5", "100000")
        floor.buy(BOB, "0.5", "100000")
    assert len(floor.exchange.trading.days[MARKET]._trades) == 2


@given(
    st.lists(
        st.tuples(st.integers(0, DAY_MS // 2), st.integers(1, 50), st.integers(1, 9)), max_size=30
    )
)
def test_the_window_agrees_with_a_plain_count(steps: Sequence[tuple[int, int, int]]) -> None:
    """After each trade the window tells what counting all trades of the day anew tells."""
    day, trades, now = DayStatistics(), list[Trade](), 0
    for pause, price, amount in steps:
        now += pause
        value = price * amount
        trades.append(Trade(1, MARKET, price, amount, value, now, Side.BUY, ANA, 1, 0, BOB, 2, 0))
        day.add(trades[-1])
        day.advance(now)
        fresh = [trade for trade in trades if trade.time_ms > now - DAY_MS]
        assert day.last == price
        assert day.high == max(trade.price for trade in fresh)
        assert day.low == min(trade.price for trade in fresh)
        assert day.amount == sum(trade.amount for trade in fresh)
        assert day.value == sum(trade.value for trade in fresh)

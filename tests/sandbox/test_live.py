"""The live market keeps every book moving, the same way each time, and lets users take part."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from attrs import frozen

from coinbtr.sandbox.core.catalogue import CATALOGUE, Market
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.ledger import AVAILABLE, OUTSIDE, Reason
from coinbtr.sandbox.core.market import Depth
from coinbtr.sandbox.core.orders import Side
from coinbtr.sandbox.core.price_process import CHARACTERS
from coinbtr.sandbox.core.seeding import seed
from coinbtr.sandbox.core.units import SCALE, to_units
from tests.sandbox.floor import MARKET

START = 1_629_028_800_000
MINUTE = 60_000
HOUR = 60 * MINUTE
HOUSE, CROWD, DEMO = 1, 2, 3


def live(number: int = 1) -> Exchange:
    """A seeded exchange that has just gone live."""
    exchange = Exchange(seed=number)
    seed(exchange, seed=number, now_ms=START)
    exchange.go_live(START)
    return exchange


def text(exchange: Exchange) -> str:
    """The whole state, as a file would keep it."""
    return json.dumps(exchange.dump())


def every(exchange: Exchange, step_ms: int, until_ms: int, look: Callable[[int], None]) -> None:
    """Look at the exchange at regular times."""
    for now_ms in range(START + step_ms, START + until_ms + 1, step_ms):
        exchange.advance(now_ms)
        look(now_ms)


def best(exchange: Exchange, market: str) -> tuple[int, int]:
    """The best bid and the best ask."""
    depth = exchange.market.depth(market, 1)
    return depth.bids[0][0], depth.asks[0][0]


@pytest.mark.parametrize("step_ms", [1_000, 7_919, 20 * MINUTE])
def test_it_does_not_matter_how_often_time_passes(step_ms: int) -> None:
    """Looked at each second, now and then, or once: the same bytes after twenty minutes."""
    once = live()
    once.advance(START + 20 * MINUTE)
    often = live()
    every(often, step_ms, 20 * MINUTE, lambda _: None)
    often.advance(START + 20 * MINUTE)
    assert text(often) == text(once)


def test_the_seed_decides() -> None:
    """Another seed gives another market, the same one the same market."""
    states = []
    for number in (1, 2, 1):
        exchange = live(number)
        exchange.advance(START + 5 * MINUTE)
        states.append(text(exchange))
    assert states[0] == states[2] != states[1]


def test_a_kept_state_goes_on_as_if_nothing_had_been() -> None:
    """Dumped to JSON and loaded in the middle, again and again, the market goes the same way."""
    straight, broken = live(), live()
    for minute in range(1, 21):
        straight.advance(START + minute * MINUTE)
        broken.advance(START + minute * MINUTE)
        broken = Exchange.load(json.loads(text(broken)))
        assert text(broken) == text(straight)


@frozen
class Minute:
    """What anybody sees of all books at the end of a minute."""

    depths: Mapping[str, Depth]

    def middle(self, market: str) -> float:
        """The price between the best bid and the best ask."""
        depth = self.depths[market]
        return (depth.bids[0][0] + depth.asks[0][0]) / 2


@pytest.fixture(scope="module")
def minutes() -> Sequence[Minute]:
    """Six hours of a live market, minute by minute."""
    exchange, seen = live(), list[Minute]()

    def look(_: int) -> None:
        depths = {name: exchange.market.depth(name) for name in CATALOGUE.markets}
        seen.append(Minute(depths))

    every(exchange, MINUTE, 6 * HOUR, look)
    return seen


@pytest.mark.parametrize("market", CATALOGUE.markets.values(), ids=lambda market: market.name)
def test_every_book_looks_like_a_market(minutes: Sequence[Minute], market: Market) -> None:
    """A book has 12 levels a side or more, and mostly a spread of 0.2 % or of three steps."""
    depths = [minute.depths[market.name] for minute in minutes]
    levels = [min(len(depth.asks), len(depth.bids)) for depth in depths]
    assert min(levels) >= 12
    spreads = [depth.asks[0][0] - depth.bids[0][0] for depth in depths]
    assert min(spreads) > 0
    narrow = max(3 * market.price_step, market.start_price // 500)
    assert sum(spread <= narrow for spread in spreads) > 0.95 * len(spreads)


@pytest.mark.parametrize("market", CATALOGUE.markets)
def test_prices_move_and_stay_near(minutes: Sequence[Minute], market: str) -> None:
    """In six hours a book moves by some percent, and not by a jump from one minute to the next."""
    middles = [minute.middle(market) for minute in minutes]
    assert 1.005 < max(middles) / min(middles) < 1.2
    assert all(0.96 < now / before < 1.04 for before, now in pairwise(middles))


@pytest.mark.parametrize("coin", ["LTC", "DASH"])
def test_cross_books_agree_with_the_peso_books(minutes: Sequence[Minute], coin: str) -> None:
    """A coin's price in bitcoin is within 1 % of what the two peso books say, from hour two on."""
    for minute in minutes[120:]:
        said = minute.middle(f"{coin}-MXN") * SCALE / minute.middle(MARKET)
        assert minute.middle(f"{coin}-BTC") == pytest.approx(said, rel=0.01)


def test_every_book_trades_every_few_seconds() -> None:
    """In an hour each book has hundreds of trades; something happens somewhere each second."""
    exchange = live()
    exchange.advance(START + HOUR)
    for name, day in exchange.trading.days.items():
        trades = [trade for trade in day if trade.time_ms > START]
        assert len(trades) > 200, name
        amounts = sorted(trade.amount for trade in trades)
        assert sum(amounts) / len(amounts) > 1.3 * amounts[len(amounts) // 2], name  # skewed
        assert {trade.taker_side for trade in trades} == set(Side)
    assert exchange.live is not None
    assert exchange.live.steps > 3_600


def test_each_book_has_its_character() -> None:
    """The table of the price process names the platform's books, all of them."""
    assert CHARACTERS.keys() == CATALOGUE.markets.keys()


def test_a_user_s_order_inside_the_spread_is_filled() -> None:
    """The best bid of the book is met by takers within minutes, at its own price."""
    exchange = live()
    exchange.advance(START + MINUTE)
    _, ask = best(exchange, MARKET)
    order = exchange.trading.place(
        DEMO, MARKET, Side.BUY, amount=to_units("0.01"), price=ask - SCALE // 100, now_ms=START
    )
    assert order.is_open
    exchange.advance(START + 30 * MINUTE)
    assert order.left == 0
    trades = exchange.trading.transactions(DEMO)
    assert trades
    assert {trade.price for trade in trades} == {order.price}


def test_a_swept_book_is_filled_again() -> None:
    """Somebody who buys the whole ladder meets a new one after the maker's next step."""
    exchange = live()
    exchange.advance(START + MINUTE)
    exchange.wallets.deposit(DEMO, "MXN", 10**18, now_ms=START, confirmed=True)
    asks = exchange.market.depth(MARKET, 100).asks
    exchange.trading.place(
        DEMO,
        MARKET,
        Side.BUY,
        amount=sum(amount for _, amount in asks),
        price=asks[-1][0],
        now_ms=START + MINUTE,
    )
    assert exchange.market.depth(MARKET).asks == ()
    exchange.advance(START + MINUTE + 10_000)
    assert len(exchange.market.depth(MARKET).asks) >= 12


def test_a_foolish_bid_is_eaten_and_the_market_goes_on() -> None:
    """A bid far above the price empties its owner's pockets; the makers sell and quote on."""
    exchange = live()
    exchange.advance(START + MINUTE)
    order = exchange.trading.place(
        DEMO, MARKET, Side.BUY, amount=to_units("0.5"), price=2_000_000 * SCALE, now_ms=START
    )
    exchange.advance(START + HOUR)
    assert not order.is_open
    bid, ask = best(exchange, MARKET)
    assert 900_000 * SCALE < bid < ask < 1_100_000 * SCALE


def test_a_halt_stops_one_book_and_no_other() -> None:
    """A closed book has no trades and no new orders; all others go on as if nothing had been."""
    free, halted = live(), live()
    for exchange in (free, halted):
        exchange.advance(START + MINUTE)
    halted.halt(MARKET)
    before = halted.market.depth(MARKET)
    for exchange in (free, halted):
        exchange.advance(START + HOUR)
    assert halted.market.depth(MARKET) == before
    for name in set(CATALOGUE.markets) - {MARKET}:
        assert halted.market.depth(name) == free.market.depth(name)
    halted.resume(MARKET)
    halted.advance(START + HOUR + MINUTE)
    free.advance(START + HOUR + MINUTE)
    (bid, ask), (free_bid, free_ask) = best(halted, MARKET), best(free, MARKET)
    assert abs(bid + ask - free_bid - free_ask) < (free_bid + free_ask) // 200


def test_the_house_never_runs_out_of_money() -> None:
    """With empty pockets the makers and takers get new money from outside, and trade on."""
    exchange = live()
    for owner in (HOUSE, CROWD):
        for coin in CATALOGUE.coins:
            wallet = exchange.ledger.wallet(owner, coin)
            outside = exchange.ledger.wallet(OUTSIDE, coin)
            exchange.ledger.post(
                Reason.WITHDRAWAL_CONFIRMED,
                (wallet, AVAILABLE, -wallet.available),
                (outside, AVAILABLE, wallet.available),
            )
    exchange.advance(START + HOUR)
    for day in exchange.trading.days.values():
        assert len([trade for trade in day if trade.time_ms > START]) > 200
    assert set(exchange.ledger.totals().values()) == {0}


def test_no_history_is_kept_of_the_house() -> None:
    """Makers and takers leave trades in the day's statistics only."""
    exchange = live()
    exchange.advance(START + HOUR)
    for owner in (HOUSE, CROWD):
        assert exchange.trading.transactions(owner) == []
    kept: dict[str, Any] = exchange.dump()["trading"]
    assert kept["transactions"] == []

"""Books, tickers and volumes that don't show what is on offer, or was traded."""

from collections.abc import Iterator, Sequence
from typing import Any

from coinbtr.sandbox.core.book import BookSide, Fill
from coinbtr.sandbox.core.orders import Order
from tests.contract.tampering import TamperedSandbox
from tests.mutants.making import core, edited, queried, remembered, with_
from tests.mutants.mutant import Kind, Mutant
from tests.mutants.steps import BUY, RESTING, TRADE

MARKET: Kind = "market"
_LOOK = "getTicker market=btc-mxn; get24hVolume market=btc-mxn"
_WHOLE = "getOrderBook market=btc-mxn limit=1000"
_SALE = "other placeSellLimitOrder market=btc-mxn amount=0.01 price=1016000"


def _sides(sandbox: TamperedSandbox) -> Iterator[BookSide]:
    for book in sandbox.exchange.trading.books.values():
        yield from (book.bids, book.asks)


def _younger_first(sandbox: TamperedSandbox) -> None:
    for side in _sides(sandbox):

        def first(order: Order, side: BookSide = side, add: Any = side.add) -> None:
            add(order)
            side._levels[side._sign * order.price].move_to_end(order.id, last=False)

        vars(side)["add"] = first


def _worst_first(sandbox: TamperedSandbox) -> None:
    for side in _sides(sandbox):

        def plan(
            account_id: int, limit: int, amount: int, side: BookSide = side, plan: Any = side.plan
        ) -> Any:
            keys = side._keys
            side._keys = [key for key in reversed(keys) if key >= side._sign * limit]
            try:
                return plan(account_id, limit, amount)
            finally:
                side._keys = keys

        def take(fills: Sequence[Fill], side: BookSide = side) -> int:
            for maker, amount in fills:
                if amount == maker.left:
                    side.remove(maker)
                else:
                    side._levels[side._sign * maker.price].total -= amount
                maker.left -= amount
                maker.filled += amount
            return sum(amount for _, amount in fills)

        vars(side).update(plan=plan, take=take)


def _no_trace(sandbox: TamperedSandbox) -> None:
    for day in sandbox.exchange.trading.days.values():
        vars(day)["add"] = lambda _: None


def _last_in_first_out(sandbox: TamperedSandbox) -> None:
    """A partly filled order goes behind those of its price."""
    for side in _sides(sandbox):

        def take(fills: Sequence[Fill], side: BookSide = side, take: Any = side.take) -> int:
            taken: int = take(fills)
            for maker, _ in fills:
                level = side._levels.get(side._sign * maker.price)
                if maker.left and level is not None:
                    level.move_to_end(maker.id)
            return taken

        vars(side)["take"] = take


def _half_old(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "bid": data["bid"] and data["bid"] / 2}


def _split(data: dict[str, Any]) -> dict[str, Any]:
    halves = [{**level, "amount": level["amount"] / 2} for level in data["asks"]]
    return {**data, "asks": [half for half in halves for _ in range(2)][:1000]}


def _one_side_cut(data: dict[str, Any]) -> dict[str, Any]:
    asks = data["asks"]
    return {
        **data,
        "asks": [*asks, *({**asks[-1], "price": asks[-1]["price"] + n} for n in (1, 2) if asks)],
    }


MUTANTS = (
    Mutant(
        "asks falling",
        MARKET,
        "getOrderBook",
        "C144",
        "The first ask is the dearest one.",
        "getOrderBook market=btc-mxn",
        edited("getOrderBook", lambda data: {**data, "asks": data["asks"][::-1]}),
    ),
    Mutant(
        "bids and asks exchanged",
        MARKET,
        "getOrderBook",
        "C144",
        "The user buys at the price that he wanted to sell at.",
        "getOrderBook market=btc-mxn",
        edited("getOrderBook", lambda data: {**data, "asks": data["bids"], "bids": data["asks"]}),
    ),
    Mutant(
        "a price twice in the book",
        MARKET,
        "getOrderBook",
        "C144",
        "Half of what is on offer is overlooked.",
        "getOrderBook market=btc-mxn",
        edited("getOrderBook", _split),
    ),
    Mutant(
        "the best level isn't shown",
        MARKET,
        "getOrderBook",
        "C601 C604",
        "The user trades at a worse price than he could.",
        f"{RESTING}; getOrderBook market=btc-mxn",
        edited(
            "getOrderBook",
            lambda data: {**data, "asks": data["asks"][1:], "bids": data["bids"][1:]},
        ),
    ),
    Mutant(
        "an old order book",
        MARKET,
        "getOrderBook",
        "C601",
        "Orders are placed against offers that are gone.",
        f"getOrderBook market=btc-mxn; {RESTING}; getOrderBook market=btc-mxn",
        remembered("getOrderBook"),
    ),
    Mutant(
        "an old order book where it is read whole",
        MARKET,
        "getOrderBook",
        "C601",
        "A few levels and all of them tell different things.",
        f"{_WHOLE}; {RESTING}; {_WHOLE}",
        remembered(
            "getOrderBook",
            lambda request: request.url.lower() if "limit=1000" in request.url else object(),
        ),
    ),
    Mutant(
        "amounts of a level halved",
        MARKET,
        "getOrderBook",
        "C601",
        "Less seems to be on offer than is.",
        f"{BUY}; getOrderBook market=btc-mxn",
        edited(
            "getOrderBook",
            with_(
                "bids", lambda bids: [{**level, "amount": level["amount"] / 2} for level in bids]
            ),
        ),
    ),
    Mutant(
        "more levels than asked for",
        MARKET,
        "getOrderBook",
        "C146",
        "A table of the user overflows.",
        "getOrderBook market=btc-mxn limit=1",
        edited("getOrderBook", _one_side_cut),
    ),
    Mutant(
        "the book of another market",
        MARKET,
        "getOrderBook",
        "C147",
        "Litecoin is priced as bitcoin.",
        "getOrderBook market=btc-mxn",
        queried("getOrderBook", r"(?i)market=btc-mxn", "market=ltc-mxn"),
    ),
    Mutant(
        "the ticker of another market",
        MARKET,
        "getTicker",
        "C147",
        "Litecoin is priced as bitcoin.",
        "getTicker market=btc-mxn",
        queried("getTicker", r"(?i)market=btc-mxn", "market=ltc-mxn"),
    ),
    Mutant(
        "the volume of another market",
        MARKET,
        "get24hVolume",
        "C147",
        "An idle market looks busy.",
        "get24hVolume market=btc-mxn",
        queried("get24hVolume", r"(?i)market=btc-mxn", "market=ltc-mxn"),
    ),
    Mutant(
        "the ticker's bid is old",
        MARKET,
        "getTicker",
        "C604",
        "The user sells for half.",
        "getTicker market=btc-mxn",
        edited("getTicker", _half_old),
    ),
    Mutant(
        "bid and ask exchanged",
        MARKET,
        "getTicker",
        "C148",
        "The spread is negative: a robot sees free money.",
        "getTicker market=btc-mxn",
        edited("getTicker", lambda data: {**data, "bid": data["ask"], "ask": data["bid"]}),
    ),
    Mutant(
        "low above high",
        MARKET,
        "getTicker",
        "C148",
        "Charts fall over.",
        "getTicker market=btc-mxn",
        edited("getTicker", lambda data: {**data, "low": data["high"], "high": data["low"]}),
    ),
    Mutant(
        "the ticker's last is the best ask",
        MARKET,
        "getTicker",
        "C604",
        "Stops are triggered without a trade.",
        "getTicker market=btc-mxn",
        edited("getTicker", lambda data: {**data, "last": data["ask"]}),
    ),
    Mutant(
        "high is the last price",
        MARKET,
        "getTicker",
        "C604",
        "A breakout is seen where there is none.",
        "getTicker market=btc-mxn",
        edited(
            "getTicker",
            lambda data: {**data, "high": data["high"] and max(data["low"], data["last"])},
        ),
    ),
    Mutant(
        "low is the best bid",
        MARKET,
        "getTicker",
        "C604 C148",
        "A bargain is missed.",
        "getTicker market=btc-mxn",
        edited(
            "getTicker",
            lambda data: {**data, "low": data["low"] and min(data["bid"], data["high"])},
        ),
    ),
    Mutant(
        "the ticker's volume is old",
        MARKET,
        "getTicker",
        "C605",
        "A busy market looks idle.",
        f"{TRADE}; getTicker market=btc-mxn",
        edited("getTicker", with_("volume", lambda volume: volume / 2)),
    ),
    Mutant(
        "the volume counts both sides",
        MARKET,
        "get24hVolume",
        "C605",
        "A market looks twice as busy as it is.",
        "get24hVolume market=btc-mxn",
        edited(
            "get24hVolume",
            lambda data: {**data, "volume": data["volume"] * 2, "value": data["value"] * 2},
        ),
    ),
    Mutant(
        "the volume's value is at the last price",
        MARKET,
        "get24hVolume",
        "C605",
        "Fees by volume are reckoned wrongly.",
        f"{TRADE}; get24hVolume market=btc-mxn",
        edited("get24hVolume", with_("value", lambda value: value - value % 1)),
    ),
    Mutant(
        "the volume stands still",
        MARKET,
        "getTicker get24hVolume",
        "C605 C604",
        "A busy market looks idle.",
        f"{TRADE}; {_LOOK}",
        core(_no_trace),
    ),
    Mutant(
        "the volume is as it was first seen",
        MARKET,
        "get24hVolume",
        "C605",
        "A busy market looks idle.",
        f"{_LOOK}; {TRADE}; {_LOOK}",
        remembered("get24hVolume"),
    ),
    Mutant(
        "the younger order first",
        MARKET,
        "listOpenOrders",
        "C603 C410",
        "Waiting in the queue is for nothing.",
        f"{_SALE}; {_SALE};"
        "placeBuyLimitOrder market=btc-mxn amount=0.004 price=1016000; other listOpenOrders",
        core(_younger_first),
    ),
    Mutant(
        "a part filled goes to the end of the queue",
        MARKET,
        "listOpenOrders",
        "C603",
        "Waiting in the queue is for nothing.",
        f"{TRADE}; {_SALE};"
        "placeBuyLimitOrder market=btc-mxn amount=0.001 price=1016000;"
        "placeBuyLimitOrder market=btc-mxn amount=0.001 price=1016000; other listOpenOrders",
        core(_last_in_first_out),
    ),
    Mutant(
        "the worst price first",
        MARKET,
        "listOpenOrders",
        "C602",
        "The user pays more than was on offer.",
        f"{RESTING}; other placeSellLimitOrder market=btc-mxn amount=0.01 price=1016500;"
        "placeBuyLimitOrder market=btc-mxn amount=0.004 price=1017000; other listOpenOrders",
        core(_worst_first),
    ),
    Mutant(
        "steps announced too wide",
        MARKET,
        "listBooks",
        "C409 C201",
        "Prices are rounded for nothing.",
        "listBooks",
        edited(
            "listBooks", lambda data: [{**one, "price_step": one["price_step"] / 2} for one in data]
        ),
    ),
    Mutant(
        "a least value announced too low",
        MARKET,
        "listBooks",
        "C201 C409",
        "Small orders are refused without a reason.",
        "listBooks",
        edited(
            "listBooks", lambda data: [{**one, "min_value": one["min_value"] / 10} for one in data]
        ),
    ),
)

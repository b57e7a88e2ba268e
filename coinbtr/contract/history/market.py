"""Follows the market: own orders show in its book, and the ticker agrees with a book that stood."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from attrs import frozen

from coinbtr.contract.checks import Problem
from coinbtr.contract.history.step import DEFAULT_LIMIT, Found, Step, number
from coinbtr.contract.recordings import Recorded

_KEPT: Final = 50
# An hour less than the exchange's: its clock may differ from the recording's.
_WINDOW: Final = timedelta(hours=23)


@frozen(eq=False)
class _Book:
    """A book that was seen at a place in the recording."""

    place: int
    recorded: Recorded
    data: dict[str, Any]
    limit: int


class Market:
    """What the answers so far say of books and tickers."""

    def __init__(self) -> None:
        self._place = 0
        self._placed: dict[int, int] = {}
        self._books: list[_Book] = []
        self._tickers: dict[str, tuple[int, Recorded, dict[str, Any]]] = {}
        self._changed = 0
        self._trades: dict[tuple[str, str], dict[int, dict[str, Any]]] = {}

    def see(self, step: Step) -> Iterator[Found]:
        """Take one exchange in, and give what contradicts the earlier ones."""
        self._place += 1
        if step.recorded.call.operation.effect != "read":
            self._changed = self._place
        if not step.ok or not step.alone:
            return
        if step.operation == "getOrderBook":
            yield from self._book(step)
        elif step.operation == "listTransactions":
            for trade in step.data:
                own = self._trades.setdefault((step.account, trade["market"]), {})
                own[trade["id"]] = trade
        elif step.operation == "get24hVolume":
            yield from self._volume(step)
        elif step.operation == "getTicker":
            yield from self._volume(step)
            self._tickers[step.data["market"]] = (self._place, step.recorded, step.data)
        elif step.operation.startswith("place"):
            self._placed[step.data["id"]] = self._place
        elif step.operation in ("getOpenOrder", "listOpenOrders"):
            for order in step.entries:
                yield from self._open(order)
        elif step.operation.startswith("cancel") and step.data is not None:
            yield from self._open(step.data)

    def _book(self, step: Step) -> Iterator[Found]:
        now = _Book(
            self._place,
            step.recorded,
            step.data,
            int(step.arguments.get("limit", DEFAULT_LIMIT)),
        )
        market = now.data["market"]
        before = next((one for one in self._books[::-1] if one.data["market"] == market), None)
        place, recorded, ticker = self._tickers.get(market, (0, None, {}))
        # The same book before and after: nothing happened while the ticker was asked for.
        stood = before and _tops(before.data) == _tops(now.data) and before.place < place
        if stood and recorded is not None and before and before.place > self._changed:
            for side, name in (("bids", "bid"), ("asks", "ask")):
                best = now.data[side][0]["price"] if now.data[side] else None
                if ticker[name] != best:
                    sentence = f"The {name} is {ticker[name]}; the order book's best is {best}."
                    yield recorded, Problem("C604", sentence)
        self._books = [*self._books, now][-_KEPT:]

    def _volume(self, step: Step) -> Iterator[Found]:
        """Find a volume that is less than what one account alone traded in its 24 hours."""
        for (_, market), trades in self._trades.items():
            since = step.recorded.began - _WINDOW
            traded = sum(
                (
                    number(trade["amount"])
                    for trade in trades.values()
                    if datetime.fromisoformat(trade["created_at"]) > since
                ),
                start=Decimal(0),
            )
            if market == step.data["market"] and number(step.data["volume"]) < traded:
                sentence = f"The volume is {step.data['volume']}; one account traded {traded}."
                yield step.recorded, Problem("C605", sentence)

    def _open(self, order: dict[str, Any]) -> Iterator[Found]:
        """Look for an order that is open in the books seen since it was placed."""
        since = self._placed.get(order["id"])
        if since is None:
            return
        side = "bids" if order["side"] == "BUY" else "asks"
        for book in self._books:
            if book.place < since or book.data["market"] != order["market"]:
                continue
            levels = {level["price"]: number(level["amount"]) for level in book.data[side]}
            if not levels or len(levels) < book.limit:
                is_shown = True
            else:
                worst = min(levels) if side == "bids" else max(levels)
                is_shown = order["price"] > worst if side == "bids" else order["price"] < worst
            if is_shown and levels.get(order["price"], 0) < number(order["amount"]):
                sentence = f"Order {order['id']} is open; at {order['price']} the book shows"
                amount = levels.get(order["price"], 0)
                yield book.recorded, Problem("C601", f"{sentence} {amount} of {side}.")
        # What was looked at once needn't be looked at again.
        self._placed[order["id"]] = self._place


def _tops(book: dict[str, Any]) -> list[Any]:
    return [book[side][0]["price"] if book[side] else None for side in ("asks", "bids")]

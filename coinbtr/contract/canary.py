"""One small order far from the market, on a server with real money, under the user's budget.

Placed, listed, fetched, cancelled, and the balances compared. Nothing is sent twice; where an
answer is lost, reads find out what can be found out, and the user is told what to look at.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, Final

from attrs import frozen
from coinbtr_api import exact_json

from coinbtr.contract.bench import Bench, Reply, Stopped
from coinbtr.contract.operations import operations
from coinbtr.contract.server import Unreachable

PHASE: Final = "canary"

_BOOK = re.compile(r"[A-Z0-9]{2,10}-[A-Z0-9]{2,10}")
_VALUE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,8})?", re.ASCII)
# A bid at half of the best one: nobody sells there while the market stands.
_SHARE: Final = Decimal("0.5")


@frozen
class Budget:
    """What the canary may cost at most: one order of `value` of the quote coin, in one book."""

    book: str
    value: Decimal

    @classmethod
    def of(cls, book: str, value: str) -> "Budget":
        """Make one of what the user wrote.

        Raises:
            ValueError: it isn't the name of a book, or not an amount above 0.
        """
        if _BOOK.fullmatch(book.upper()) is None:
            raise ValueError(f"--canary-book must be a book such as btc-mxn, not {book!r}")
        if _VALUE.fullmatch(value) is None or not Decimal(value):
            raise ValueError(f"--canary-value must be an amount above 0 such as 50, not {value!r}")
        return cls(book.upper(), Decimal(value))


class _NotPlaced(Exception):  # noqa: N818 - the canary stays at home, and the text says why
    """The order isn't placed."""


def run(bench: Bench, budget: Budget) -> None:
    """Send the canary; nothing is raised for what the server answers.

    Raises:
        Unreachable: it stopped answering; what has to be checked by hand is told in a note.
    """
    try:
        order = _plan(bench, budget)
        before = _balance(bench, budget)
        known = {entry["id"] for entry in _orders(bench, budget)}
        if before["available"] < order["amount"] * order["price"]:
            raise _NotPlaced(f"less than {order['amount'] * order['price']:f} is available")
    except _NotPlaced as why:
        bench.results.note(f"The canary order was not placed: {why}.")
        return
    except (Stopped, LookupError, TypeError, ArithmeticError):
        bench.results.note("The canary order was not placed: an answer before it can't be used.")
        return
    _live(bench, budget, order, before, known)


def _plan(bench: Bench, budget: Budget) -> dict[str, Any]:
    """Find the smallest order that the book allows, at half of the best bid or less."""
    books = {book["name"]: book for book in bench.need("listBooks").data}
    if budget.book not in books:
        raise _NotPlaced(f"there is no book {budget.book}")
    terms = books[budget.book]
    if not terms["is_open"]:
        raise _NotPlaced(f"the book {budget.book} is closed")
    ticker = bench.need("getTicker", {"market": budget.book}).data
    near = [price for price in (ticker["bid"], ticker["ask"], ticker["last"]) if price]
    if not near:
        raise _NotPlaced(f"{budget.book} has no price that it could be far from")
    price = _stepped(min(near) * _SHARE, terms["price_step"], ROUND_FLOOR)
    if price <= 0 or price < terms["min_price"]:
        raise _NotPlaced(f"{budget.book} takes no price as low as {price:f}")
    least = max(Decimal(terms["min_amount"]), terms["min_value"] / price)
    amount = _stepped(least, terms["amount_step"], ROUND_CEILING)
    if amount * price > budget.value:
        raise _NotPlaced(
            f"the smallest order is worth {amount * price:f}, and --canary-value is"
            f" {budget.value:f}"
        )
    return {"market": budget.book, "amount": amount, "price": price}


def _live(
    bench: Bench, budget: Budget, order: dict[str, Any], before: Any, known: set[int]
) -> None:
    text = f"BUY {order['amount']:f} {order['market']} at {order['price']:f}"
    with _told(bench, f"whether the order {text} is open or was filled"):
        id_ = _placed(bench, budget, order, known, text)
    if id_ is None:
        return
    with _told(bench, f"whether the order {id_} ({text}) is still open"):
        _look_and_cancel(bench, budget, order, before, id_, text)


def _look_and_cancel(
    bench: Bench, budget: Budget, order: dict[str, Any], before: Any, id_: int, text: str
) -> None:
    value = order["amount"] * order["price"]
    is_filled = False
    try:
        listed = {entry["id"]: entry for entry in _orders(bench, budget)}
        if id_ not in listed and bench.last is not None:
            bench.find("C402", bench.last, f"The canary order {id_} isn't listed.")
        fetched = bench.ask("getOpenOrder", {"id": id_})
        if not fetched.answer.ok:
            bench.find("C403", fetched, f"The canary order {id_} isn't found.")
        is_filled = bool(fetched.answer.ok and fetched.data["filled"])
        held = before["available"] - _balance(bench, budget)["available"]
        if held != value and not is_filled and bench.last is not None:
            bench.find("C501", bench.last, f"The canary order of {value:f} holds {held:f}.")
    except (Stopped, LookupError, TypeError, ArithmeticError):
        bench.results.note("The canary order could not be looked at; it is cancelled all the same.")
    if not _cancelled(bench, id_, text):
        return
    try:
        if id_ in {entry["id"] for entry in _orders(bench, budget)} and bench.last is not None:
            bench.find("C404", bench.last, f"The cancelled canary order {id_} is listed.")
        after = _balance(bench, budget)
    except (Stopped, LookupError, TypeError, ArithmeticError):
        bench.results.note(f"Check by hand: the balances after the canary order {id_} ({text}).")
        return
    if is_filled:
        bench.results.note(f"Check by hand: the canary order {id_} ({text}) was filled in part.")
    elif after["available"] != before["available"] and bench.last is not None:
        off = after["available"] - before["available"]
        bench.find("C502", bench.last, f"After the canary order, available is off by {off:+f}.")


@contextmanager
def _told(bench: Bench, what: str) -> Iterator[None]:
    """Tell what has to be checked where the server went away in the middle."""
    try:
        yield
    except Unreachable:
        bench.results.note(
            f"CHECK BY HAND: {what}; the server stopped answering. If it is open, cancel it."
        )
        raise


def _placed(
    bench: Bench, budget: Budget, order: dict[str, Any], known: set[int], text: str
) -> int | None:
    try:
        reply = _write(bench, "placeBuyLimitOrder", order)
    except Stopped:
        reply = None
    if reply is not None and reply.answer.ok:
        data = reply.data
        if isinstance(data, dict) and isinstance(data.get("id"), int):
            return int(data["id"])
    elif reply is not None and 400 <= reply.answer.status < 500:
        bench.results.note(f"The canary order was refused: {reply.answer}.")
        return None
    # Sent, and nobody said what became of it: it is looked up, never sent again.
    try:
        new = [
            entry["id"]
            for entry in _orders(bench, budget)
            if entry["id"] not in known
            and (entry["price"], entry["initial_amount"]) == (order["price"], order["amount"])
        ]
    except (Stopped, LookupError, TypeError):
        new = []
    if len(new) == 1:
        bench.results.note("The answer to the canary order was unclear; it was found by its looks.")
        return int(new[0])
    bench.results.note(
        f"CHECK BY HAND: whether the order {text} is open or was filled; its answer was lost or"
        " can't be read. If it is open, cancel it."
    )
    return None


def _cancelled(bench: Bench, id_: int, text: str) -> bool:
    try:
        reply = _write(bench, "cancelBuyLimitOrder", {"id": id_})
    except Stopped:
        reply = None
    if reply is not None and reply.answer.ok:
        return True
    bench.results.note(
        f"CHECK BY HAND: whether the order {id_} ({text}) is still open; cancelling it was"
        f" answered with {'nothing' if reply is None else reply.answer}. If it is open, cancel it."
    )
    if reply is not None:
        bench.find("C201", reply, f"Cancelling was answered with {reply.answer.status}.")
    return False


def _write(bench: Bench, operation: str, arguments: dict[str, Any]) -> Reply:
    call = bench.post(operations()[operation], exact_json.dumps(arguments))
    bench.server.permit(call)
    return bench.send(call)


def _orders(bench: Bench, budget: Budget) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = bench.need("listOpenOrders", {"market": budget.book}).data
    return orders


def _balance(bench: Bench, budget: Budget) -> Any:
    return bench.need("getBalance", {"coin": budget.book.partition("-")[2]}).data


def _stepped(number: Decimal, step: Decimal | int, rounding: str) -> Decimal:
    try:
        return (number / step).to_integral_value(rounding) * step
    except InvalidOperation:
        raise _NotPlaced(f"the book's step is {step}") from None

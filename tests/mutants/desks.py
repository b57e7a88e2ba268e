"""How orders and lists go wrong: what the mutants of the class state do to the exchange."""

from types import SimpleNamespace
from typing import Any

from attrs import fields

from coinbtr.sandbox.core.catalogue import Market
from coinbtr.sandbox.core.errors import Refusal
from coinbtr.sandbox.core.orders import Side
from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import Handle, Tamper, TamperedSandbox, answered, asked, document
from tests.mutants.making import (
    answers,
    by,
    core,
    operation,
    refusal,
    sent_to,
)
from tests.mutants.mutant import Make

_PLACE = "placeBuyLimitOrder placeSellLimitOrder"
_CANCEL = "cancelBuyLimitOrder cancelSellLimitOrder"
_DONE = {"success": True, "msg": ""}


def does_nothing(names: str) -> Make:
    """Let cancelling say that it was done."""

    def tamper(request: Request, handle: Handle) -> Response:
        if operation(request) not in names.split():
            return handle(request)
        found = handle(sent_to(request, "getOpenOrder"))
        side = "BUY" if "Buy" in operation(request) else "SELL"
        if found.status == 200 and document(found)["data"]["side"] == side:
            return answered(found, _DONE)
        return handle(request)

    return lambda _: tamper


def cancelled_again(names: str) -> Make:
    """Whoever cancelled an order may do so again."""

    def make(_: TamperedSandbox) -> Tamper:
        cancelled: set[tuple[str, str, str]] = set()

        def tamper(request: Request, handle: Handle) -> Response:
            response, body = handle(request), document(request)
            if operation(request) in names.split() and isinstance(body, dict):
                key = (operation(request), str(body.get("id")), by(request))
                if response.status == 200:
                    cancelled.add(key)
                elif key in cancelled:
                    return answered(response, _DONE, status=200)
            return response

        return tamper

    return make


def either_side(request: Request, handle: Handle) -> Response:
    response = handle(request)
    name = operation(request)
    if name in _CANCEL.split() and response.status == 404:
        other = name.replace("Buy", "Sell") if "Buy" in name else name.replace("Sell", "Buy")
        again = handle(sent_to(request, other))
        if again.status == 200:
            return answered(again, _DONE)
    return response


def ids_again(sandbox: TamperedSandbox) -> None:
    """The id of a cancelled order goes to the next one."""
    desk = sandbox.exchange.trading
    cancel, place, free = desk.cancel, desk.place, list[int]()

    def cancelled(account_id: int, order_id: int, side: Any) -> Any:
        order = cancel(account_id, order_id, side)
        free.append(order_id)
        return order

    def placed(account_id: int, market: str, side: Side, **given: Any) -> Any:
        made = desk.orders_made
        desk.orders_made = free[-1] - 1 if free else made
        try:
            order = place(account_id, market, side, **given)
        except Refusal:
            desk.orders_made = made
            raise
        if free:
            free.pop()
            desk.orders_made = made
        return order

    vars(desk)["cancel"], vars(desk)["place"] = cancelled, placed


def free(*rules: tuple[str, str, int]) -> Make:
    """List limits and steps of the books, and hold orders to other ones.

    Args:
        rules: the beginning and end of a name, and the limit that those of such a name have.
    """

    def wrong(sandbox: TamperedSandbox) -> None:
        catalogue = sandbox.exchange.catalogue

        class Lenient:
            coin = catalogue.coin

            def market(self, name: str) -> Any:
                book = catalogue.market(name)
                limits = {one.name: getattr(book, one.name) for one in fields(Market)}
                for begin, end, value in rules:
                    for limit in limits:
                        if limit.startswith(begin) and limit.endswith(end):
                            limits[limit] = value
                return SimpleNamespace(**limits, fees_of=book.fees_of)

        vars(sandbox.exchange.trading)["_catalogue"] = Lenient()

    return core(wrong)


def self_trades(sandbox: TamperedSandbox) -> None:
    for book in sandbox.exchange.trading.books.values():
        for side in (book.bids, book.asks):

            def blind(account_id: int, limit: int, amount: int, plan: Any = side.plan) -> Any:
                return plan(-account_id, limit, amount)

            vars(side)["plan"] = blind


def one_fill_only(sandbox: TamperedSandbox) -> None:
    """An order trades with the first that it meets; the rest of it rests, and crosses the book."""
    for book in sandbox.exchange.trading.books.values():
        for side in (book.bids, book.asks):

            def first(account_id: int, limit: int, amount: int, plan: Any = side.plan) -> Any:
                return plan(account_id, limit, amount)[:1]

            vars(side)["plan"] = first


def never_meets(sandbox: TamperedSandbox) -> None:
    """Orders rest, and never trade."""
    for book in sandbox.exchange.trading.books.values():
        for side in (book.bids, book.asks):
            vars(side)["plan"] = lambda *_: ()


def part_as_whole(request: Request, handle: Handle) -> Response:
    response, body = handle(request), None
    if operation(request) not in _PLACE.split() or response.status != 200:
        return response
    body = document(response)
    order = body["data"]
    if not (order["filled"] and order["amount"]):
        return response
    filled = {**order, "filled": order["initial_amount"], "amount": 0, "is_open": False}
    return answered(response, {**body, "data": filled})


def filled_stay(_: TamperedSandbox) -> Tamper:
    """Orders that are filled stay in the list of who placed them, as they were."""
    seen: dict[str, dict[int, Any]] = {}

    def tamper(request: Request, handle: Handle) -> Response:
        response, body = handle(request), document(request)
        if operation(request) != "listOpenOrders" or response.status != 200 or body:
            return response
        kept = seen.setdefault(by(request), {})
        answer = document(response)
        for order in answer["data"]:
            kept.pop(order["id"], None)
        gone = [order for order in kept.values() if order["filled"]]
        kept.update({order["id"]: order for order in answer["data"]})
        listed = sorted((*answer["data"], *gone), key=lambda order: -order["id"])
        return answered(response, {**answer, "data": listed})

    return tamper


def filter_cuts(request: Request, handle: Handle) -> Response:
    response, given = handle(request), document(request)
    if operation(request) == "listOpenOrders" and "market" in (given or {}):
        body = document(response)
        if response.status == 200:
            return answered(response, {**body, "data": body["data"][1:]})
    return response


def ignores(names: str, name: str) -> Make:
    """Take no notice of an argument of a list."""

    def tamper(request: Request, handle: Handle) -> Response:
        body = document(request)
        if operation(request) in names.split() and isinstance(body, dict):
            request = asked(request, {key: value for key, value in body.items() if key != name})
        return handle(request)

    return lambda _: tamper


def twice(data: list[Any]) -> list[Any]:
    return [entry for entry in data for _ in range(2)]


def other_side(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "side": "SELL" if entry["side"] == "BUY" else "BUY"}


def other_role(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "filled_as": "maker" if entry["filled_as"] == "taker" else "taker"}


def code(old: bytes, new: bytes) -> Make:
    return answers("", lambda one: answered(one, one.content.replace(old, new)))


def unknown_is_closed(response: Response) -> Response:
    return refusal(response, 409, "book_closed") if response.status == 404 else response

"""Orders, trades and lists that aren't what was done."""

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
    each,
    edited,
    operation,
    queried,
    refusal,
    remembered,
    sent_to,
    with_,
)
from tests.mutants.mutant import Kind, Make, Mutant
from tests.mutants.steps import BUY, RESTING, SELL, TRADE, TRADED, TRADES, TWO, WITHDRAW

STATE: Kind = "state"
_PLACE = "placeBuyLimitOrder placeSellLimitOrder"
_CANCEL = "cancelBuyLimitOrder cancelSellLimitOrder"
_DONE = {"success": True, "msg": ""}


def _does_nothing(names: str) -> Make:
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


def _cancelled_again(names: str) -> Make:
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


def _either_side(request: Request, handle: Handle) -> Response:
    response = handle(request)
    name = operation(request)
    if name in _CANCEL.split() and response.status == 404:
        other = name.replace("Buy", "Sell") if "Buy" in name else name.replace("Sell", "Buy")
        again = handle(sent_to(request, other))
        if again.status == 200:
            return answered(again, _DONE)
    return response


def _ids_again(sandbox: TamperedSandbox) -> None:
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


def _free(*rules: tuple[str, str, int]) -> Make:
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


def _self_trades(sandbox: TamperedSandbox) -> None:
    for book in sandbox.exchange.trading.books.values():
        for side in (book.bids, book.asks):

            def blind(account_id: int, limit: int, amount: int, plan: Any = side.plan) -> Any:
                return plan(-account_id, limit, amount)

            vars(side)["plan"] = blind


def _one_fill_only(sandbox: TamperedSandbox) -> None:
    """An order trades with the first that it meets; the rest of it rests, and crosses the book."""
    for book in sandbox.exchange.trading.books.values():
        for side in (book.bids, book.asks):

            def first(account_id: int, limit: int, amount: int, plan: Any = side.plan) -> Any:
                return plan(account_id, limit, amount)[:1]

            vars(side)["plan"] = first


def _never_meets(sandbox: TamperedSandbox) -> None:
    """Orders rest, and never trade."""
    for book in sandbox.exchange.trading.books.values():
        for side in (book.bids, book.asks):
            vars(side)["plan"] = lambda *_: ()


def _part_as_whole(request: Request, handle: Handle) -> Response:
    response, body = handle(request), None
    if operation(request) not in _PLACE.split() or response.status != 200:
        return response
    body = document(response)
    order = body["data"]
    if not (order["filled"] and order["amount"]):
        return response
    filled = {**order, "filled": order["initial_amount"], "amount": 0, "is_open": False}
    return answered(response, {**body, "data": filled})


def _filled_stay(_: TamperedSandbox) -> Tamper:
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


def _filter_cuts(request: Request, handle: Handle) -> Response:
    response, given = handle(request), document(request)
    if operation(request) == "listOpenOrders" and "market" in (given or {}):
        body = document(response)
        if response.status == 200:
            return answered(response, {**body, "data": body["data"][1:]})
    return response


def _ignores(names: str, name: str) -> Make:
    """Take no notice of an argument of a list."""

    def tamper(request: Request, handle: Handle) -> Response:
        body = document(request)
        if operation(request) in names.split() and isinstance(body, dict):
            request = asked(request, {key: value for key, value in body.items() if key != name})
        return handle(request)

    return lambda _: tamper


def _twice(data: list[Any]) -> list[Any]:
    return [entry for entry in data for _ in range(2)]


def _other_side(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "side": "SELL" if entry["side"] == "BUY" else "BUY"}


def _other_role(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "filled_as": "maker" if entry["filled_as"] == "taker" else "taker"}


def _code(old: bytes, new: bytes) -> Make:
    return answers("", lambda one: answered(one, one.content.replace(old, new)))


def _unknown_is_closed(response: Response) -> Response:
    return refusal(response, 409, "book_closed") if response.status == 404 else response


MUTANTS = (
    Mutant(
        "cancelling does nothing",
        STATE,
        "cancelBuyLimitOrder getOpenOrder",
        "C404",
        "An order that was taken back is filled.",
        f"{BUY}; cancelBuyLimitOrder id=$order.id; getOpenOrder id=$order.id",
        _does_nothing("cancelBuyLimitOrder"),
    ),
    Mutant(
        "cancelling a sale does nothing",
        STATE,
        "cancelSellLimitOrder getOpenOrder",
        "C404",
        "A sale that was taken back is filled.",
        f"{SELL}; cancelSellLimitOrder id=$order.id; getOpenOrder id=$order.id",
        _does_nothing("cancelSellLimitOrder"),
    ),
    Mutant(
        "cancelled twice",
        STATE,
        "cancelBuyLimitOrder",
        "C405",
        "Who cancels after a fill believes that nothing was bought.",
        f"{BUY}; cancelBuyLimitOrder id=$order.id; cancelBuyLimitOrder id=$order.id",
        _cancelled_again("cancelBuyLimitOrder"),
    ),
    Mutant(
        "a sale cancelled twice",
        STATE,
        "cancelSellLimitOrder",
        "C405",
        "Who cancels after a fill believes that nothing was sold.",
        f"{SELL}; cancelSellLimitOrder id=$order.id; cancelSellLimitOrder id=$order.id",
        _cancelled_again("cancelSellLimitOrder"),
    ),
    Mutant(
        "the wrong side cancels",
        STATE,
        _CANCEL,
        "C407",
        "A mistake in the side takes an order away.",
        f"{BUY}; cancelSellLimitOrder id=$order.id",
        lambda _: _either_side,
    ),
    Mutant(
        "a cancelled order with another price",
        STATE,
        "cancelBuyLimitOrder",
        "C413",
        "The user books another order as cancelled.",
        f"{BUY}; cancelBuyLimitOrder id=$order.id",
        edited("cancelBuyLimitOrder", with_("price", lambda price: price + 1)),
    ),
    Mutant(
        "a cancelled sale that was filled",
        STATE,
        "cancelSellLimitOrder",
        "C413 C141",
        "The user believes that it was sold.",
        f"{SELL}; cancelSellLimitOrder id=$order.id",
        edited(
            "cancelSellLimitOrder",
            lambda data: {**data, "filled": data["initial_amount"], "amount": 0},
        ),
    ),
    Mutant(
        "one id for all orders",
        STATE,
        "placeBuyLimitOrder placeSellLimitOrder",
        "C406",
        "The wrong order is cancelled.",
        TWO,
        edited(_PLACE, with_("id", lambda _: 77)),
    ),
    Mutant(
        "ids are used again",
        STATE,
        "placeBuyLimitOrder",
        "C406",
        "A late cancellation hits a new order.",
        f"{BUY}; cancelBuyLimitOrder id=$order.id; {BUY}",
        core(_ids_again),
    ),
    Mutant(
        "the newest order isn't listed",
        STATE,
        "listOpenOrders",
        "C402",
        "The order is placed again.",
        f"{BUY}; listOpenOrders",
        edited("listOpenOrders", lambda data: data[1:]),
    ),
    Mutant(
        "partly filled orders aren't listed",
        STATE,
        "listOpenOrders",
        "C402",
        "What is left of an order is forgotten, and filled later.",
        f"{TRADE}; other listOpenOrders",
        edited("listOpenOrders", lambda data: [order for order in data if not order["filled"]]),
    ),
    Mutant(
        "filled orders stay listed",
        STATE,
        "listOpenOrders",
        "C404",
        "The user waits for an order that is done.",
        f"{TRADE}; other listOpenOrders;"
        "placeBuyLimitOrder market=btc-mxn amount=0.006 price=1016000; other listOpenOrders",
        _filled_stay,
    ),
    Mutant(
        "an order that doesn't add up",
        STATE,
        "listOpenOrders",
        "C141",
        "How much is left isn't known.",
        f"{BUY}; listOpenOrders",
        edited("listOpenOrders", each(with_("initial_amount", lambda value: value * 2))),
    ),
    Mutant(
        "the amount is what was ordered",
        STATE,
        "getOpenOrder",
        "C141",
        "A part that is filled is taken for open.",
        f"{TRADE}; other getOpenOrder id=$rest.id",
        edited("getOpenOrder", lambda data: {**data, "amount": data["initial_amount"]}),
    ),
    Mutant(
        "an order fetched otherwise",
        STATE,
        "getOpenOrder",
        "C403",
        "The user sees a price that isn't his.",
        f"{BUY}; getOpenOrder id=$order.id",
        edited("getOpenOrder", with_("price", lambda price: price + 1)),
    ),
    Mutant(
        "an order as it was first seen",
        STATE,
        "getOpenOrder",
        "C403 C404",
        "An order that is filled, or gone, looks open.",
        f"{BUY}; getOpenOrder id=$order.id; cancelBuyLimitOrder id=$order.id;"
        "getOpenOrder id=$order.id",
        remembered("getOpenOrder"),
    ),
    Mutant(
        "another price than asked",
        STATE,
        "placeBuyLimitOrder",
        "C401",
        "The user pays another price than he typed.",
        BUY,
        edited("placeBuyLimitOrder", with_("price", lambda price: price + 1)),
    ),
    Mutant(
        "a part is told as the whole",
        STATE,
        _PLACE,
        "C411",
        "What is left of the order is forgotten, and filled later.",
        f"{RESTING}; placeBuyLimitOrder market=btc-mxn amount=0.02 price=1016000",
        lambda _: _part_as_whole,
    ),
    Mutant(
        "orders never meet",
        STATE,
        _PLACE,
        "C411 C144 C601",
        "Nothing is ever bought, at any price.",
        TRADE,
        core(_never_meets),
    ),
    Mutant(
        "only the first order is met",
        STATE,
        _PLACE,
        "C411 C144",
        "A large order is filled in part, although more was on offer.",
        f"{RESTING}; {RESTING}; placeBuyLimitOrder market=btc-mxn amount=0.02 price=1016000",
        core(_one_fill_only),
    ),
    Mutant(
        "no limits",
        STATE,
        _PLACE,
        "C409",
        "A zero too many is an order.",
        "placeBuyLimitOrder market=btc-mxn amount=0.00001 price=900000; placeBuyLimitOrder"
        " market=btc-mxn amount=0.0100001 price=900000",
        _free(("min_", "", 1), ("", "_step", 1), ("max_", "", 10**30)),
    ),
    Mutant(
        "no steps",
        STATE,
        _PLACE,
        "C409",
        "Prices between the ticks jump the queue.",
        "placeBuyLimitOrder market=btc-mxn amount=0.0100001 price=900000",
        _free(("", "_step", 1)),
    ),
    Mutant(
        "no least value",
        STATE,
        _PLACE,
        "C409",
        "Orders are worth less than their fee.",
        "placeBuyLimitOrder market=btc-mxn amount=0.0001 price=1000",
        _free(("min_value", "", 1)),
    ),
    Mutant(
        "no greatest price",
        STATE,
        _PLACE,
        "C409",
        "A zero too many is an order.",
        "placeSellLimitOrder market=btc-mxn amount=0.0001 price=20000000",
        _free(("max_price", "", 10**30)),
    ),
    Mutant(
        "another code",
        STATE,
        _PLACE,
        "C203",
        "A program corrects the wrong field.",
        "placeBuyLimitOrder market=btc-mxn amount=0.0001 price=1000",
        _code(b"below_minimum_value", b"invalid_step"),
    ),
    Mutant(
        "a book that isn't there is closed",
        STATE,
        "getTicker getOrderBook get24hVolume",
        "C203 C132 C102",
        "A program waits for a market that will never open.",
        "getTicker market=abc-mxn",
        answers("getTicker getOrderBook get24hVolume", _unknown_is_closed),
    ),
    Mutant(
        "trading with oneself",
        STATE,
        _PLACE,
        "C410",
        "Fees are paid for nothing; the volume is made up.",
        "placeSellLimitOrder market=btc-mxn amount=0.01 price=1016000;"
        "placeBuyLimitOrder market=btc-mxn amount=0.01 price=1016000",
        core(_self_trades),
    ),
    Mutant(
        "oldest order first",
        STATE,
        "listOpenOrders",
        "C145",
        "Whoever reads the first page never sees a new order.",
        f"{TWO}; listOpenOrders",
        edited("listOpenOrders", lambda data: data[::-1]),
    ),
    Mutant(
        "oldest trade first",
        STATE,
        "listTransactions",
        "C145",
        "Whoever reads the first page never sees a new trade.",
        f"{TRADES}; listTransactions",
        edited("listTransactions", lambda data: data[::-1]),
    ),
    Mutant(
        "oldest deposit first",
        STATE,
        "listDeposits",
        "C145 C701",
        "Whoever reads the first page never sees a new deposit.",
        "listDeposits",
        edited("listDeposits", lambda data: data[::-1]),
    ),
    Mutant(
        "every withdrawal twice",
        STATE,
        "listWithdrawals",
        "C145",
        "The user believes that he was robbed.",
        f"{WITHDRAW}; listWithdrawals",
        edited("listWithdrawals", _twice),
    ),
    Mutant(
        "withdrawals aren't listed",
        STATE,
        "listWithdrawals",
        "C506",
        "The withdrawal is made again.",
        f"{WITHDRAW}; listWithdrawals",
        edited("listWithdrawals", lambda _: []),
    ),
    Mutant(
        "offset ignored",
        STATE,
        "listOpenOrders listTransactions",
        "C701",
        "Paging never ends.",
        f"{TWO}; listOpenOrders offset=1",
        _ignores("listOpenOrders listTransactions", "offset"),
    ),
    Mutant(
        "limit ignored",
        STATE,
        "listOpenOrders listTransactions",
        "C146",
        "Pages overlap.",
        f"{TWO}; listOpenOrders limit=1",
        _ignores("listOpenOrders listTransactions", "limit"),
    ),
    Mutant(
        "filter ignored",
        STATE,
        "listOpenOrders listTransactions",
        "C147",
        "Orders of another market are cancelled.",
        f"{BUY}; listOpenOrders market=ltc-mxn",
        _ignores("listOpenOrders listTransactions", "market"),
    ),
    Mutant(
        "a filter that leaves out one",
        STATE,
        "listOpenOrders",
        "C702",
        "The newest order is overlooked.",
        f"{BUY}; listOpenOrders market=btc-mxn",
        lambda _: _filter_cuts,
    ),
    Mutant(
        "an offset of one page too many",
        STATE,
        "listDeposits",
        "C701",
        "Some deposits are on no page.",
        "listDeposits limit=2 offset=1",
        queried("listDeposits", r"offset=([1-9][0-9]{0,3})\b", r"offset=\g<1>0"),
    ),
    Mutant(
        "deposits of all coins",
        STATE,
        "listDeposits",
        "C147",
        "Deposits of one coin are counted as another's.",
        "listDeposits coin=btc",
        queried("listDeposits", r"coin=[^&]*&?", ""),
    ),
    Mutant(
        "the newest trade isn't listed",
        STATE,
        "listTransactions",
        "C606",
        "What was bought is bought again.",
        f"{TRADE}; listTransactions",
        edited("listTransactions", lambda data: data[1:]),
    ),
    Mutant(
        "trades of the other side",
        STATE,
        "listTransactions getTransaction",
        "C606 C142 C147",
        "What was bought is booked as sold.",
        f"{TRADE}; listTransactions",
        edited("listTransactions", each(_other_side)),
    ),
    Mutant(
        "maker and taker exchanged",
        STATE,
        "listTransactions getTransaction",
        "C606 C503",
        "Fees can't be checked.",
        f"{TRADED}; getTransaction id=$trades.0.id",
        edited(
            "getTransaction listTransactions",
            lambda data: (
                _other_role(data) if isinstance(data, dict) else [_other_role(one) for one in data]
            ),
        ),
    ),
    Mutant(
        "trades of no order",
        STATE,
        "listTransactions",
        "C606",
        "Which order was filled isn't known.",
        f"{TRADE}; listTransactions",
        edited("listTransactions", each(with_("order_id", lambda value: value + 1))),
    ),
    Mutant(
        "another trade than asked for",
        STATE,
        "getTransaction",
        "C147",
        "The wrong trade is booked.",
        f"{TRADED}; getTransaction id=$trades.0.id",
        edited("getTransaction", with_("id", lambda value: value + 1)),
    ),
    Mutant(
        "a fetched trade with another amount",
        STATE,
        "getTransaction",
        "C606 C142",
        "The statement doesn't add up.",
        f"{TRADED}; getTransaction id=$trades.0.id",
        edited(
            "getTransaction",
            lambda data: {**data, "amount": data["amount"] * 2, "value": data["value"] * 2},
        ),
    ),
)

"""Defects seeded into the sandbox on purpose, each with the rule that must name it."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from attrs import fields, frozen

from coinbtr.sandbox.core.book import BookSide, Fill
from coinbtr.sandbox.core.catalogue import Market
from coinbtr.sandbox.core.orders import Order
from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import (
    TOKEN,
    Handle,
    Tamper,
    TamperedSandbox,
    answered,
    asked,
    document,
)

Edit = Callable[[Any], Any]


@frozen
class Defect:
    """What is wrong, the rule that must see it, and the phases that are enough to see it."""

    name: str
    rule: str
    phases: Sequence[str]
    make: Callable[[TamperedSandbox], Tamper]


def _path(request: Request) -> str:
    return request.url.partition("/api/v1")[2].partition("?")[0]


def _edited(path: str, edit: Edit) -> Callable[[TamperedSandbox], Tamper]:
    """Change what a successful answer of one path carries in `data`."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        body = document(response)
        if _path(request) != path or response.status != 200 or body is None:
            return response
        return answered(response, {**body, "data": edit(body["data"])})

    return lambda _: tamper


def _rewritten(path: str, pattern: bytes, text: bytes) -> Callable[[TamperedSandbox], Tamper]:
    """Change the bytes of a successful answer of one path."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if _path(request) != path or response.status != 200:
            return response
        return answered(response, re.sub(pattern, text, response.content))

    return lambda _: tamper


def _lenient(path: str, repair: Edit) -> Callable[[TamperedSandbox], Tamper]:
    """Repair the body of a request before it is checked, as a lenient server would."""

    def tamper(request: Request, handle: Handle) -> Response:
        body = document(request)
        if _path(request) == path and isinstance(body, dict):
            request = asked(request, repair(body))
        return handle(request)

    return lambda _: tamper


def _without(name: str) -> Edit:
    return lambda data: {key: value for key, value in data.items() if key != name}


def _each(edit: Edit) -> Edit:
    return lambda data: [edit(entry) for entry in data]


def _with(name: str, change: Edit) -> Edit:
    return lambda data: {**data, name: change(data[name])}


# ------------------------------------------------------------------------------------------- HTTP


def _status_200(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        return (
            answered(response, response.content, status=200) if response.status == 409 else response
        )

    return tamper


def _refused_as(old: int, new: int) -> Callable[[TamperedSandbox], Tamper]:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        return (
            answered(response, response.content, status=new) if response.status == old else response
        )

    return lambda _: tamper


def _headers(
    change: Callable[[dict[str, str]], dict[str, str]],
) -> Callable[[TamperedSandbox], Tamper]:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        headers = change(dict(response.headers))
        return Response(status=response.status, headers=headers, content=response.content)

    return lambda _: tamper


def _any_method(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        if request.method == "PUT" and _path(request).startswith("/trading/list"):
            request = Request(
                method="POST", url=request.url, headers=request.headers, content=request.content
            )
        return handle(request)

    return tamper


def _crash(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if request.content and document(request) is None:
            return answered(response, b"<h1>Internal Server Error</h1>", status=500)
        return response

    return tamper


# ------------------------------------------------------------------------------ tokens, accounts


def _as_demo(response_status: int, header: str | None) -> Callable[[TamperedSandbox], Tamper]:
    """Let a request that a token problem stopped through, as the account `demo`."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        has_header = "authorization" in request.headers
        if response.status == response_status and has_header is (header is not None):
            return handle(_with_token(request, TOKEN))
        return response

    return lambda _: tamper


def _foreign(path: str) -> Callable[[TamperedSandbox], Tamper]:
    """Let one path reach the account `demo` from the other one."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if _path(request) == path and response.status == 404:
            return handle(_with_token(request, TOKEN))
        return response

    return lambda _: tamper


def _with_token(request: Request, token: str) -> Request:
    headers = {**request.headers, "authorization": f"Token {token}"}
    return Request(method=request.method, url=request.url, headers=headers, content=request.content)


# ------------------------------------------------------------------------------------------ state


def _cancel_does_nothing(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        if not _path(request).startswith("/trading/cancel"):
            return handle(request)
        check = Request(
            method="POST",
            url=request.url.replace(_path(request), "/trading/getopenorder"),
            headers=request.headers,
            content=request.content,
        )
        found = handle(check)
        side = "BUY" if _path(request).endswith("buylimit") else "SELL"
        if found.status == 200 and document(found)["data"]["side"] == side:
            return answered(found, {"success": True, "msg": ""})
        return handle(request)

    return tamper


def _cancelled_again(_: TamperedSandbox) -> Tamper:
    cancelled: set[tuple[str, str]] = set()

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        body = document(request)
        if _path(request).startswith("/trading/cancel") and isinstance(body, dict):
            key = (_path(request), str(body.get("id")))
            if response.status == 200:
                cancelled.add(key)
            elif key in cancelled:
                return answered(response, {"success": True, "msg": ""}, status=200)
        return response

    return tamper


def _either_side(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        path = _path(request)
        if path.startswith("/trading/cancel") and response.status == 404:
            other = path.replace("buy", "sell") if "buy" in path else path.replace("sell", "buy")
            again = handle(
                Request(
                    method="POST",
                    url=request.url.replace(path, other),
                    headers=request.headers,
                    content=request.content,
                )
            )
            if again.status == 200:
                return answered(again, {"success": True, "msg": ""})
        return response

    return tamper


def _same_id(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        body = document(response)
        if _path(request).startswith("/trading/place") and response.status == 200:
            return answered(response, {**body, "data": {**body["data"], "id": 77}})
        return response

    return tamper


# ------------------------------------------------------------------------------------------ money


def _overdraft(sandbox: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if (document(response) or {}).get("msg") and response.status == 409:
            for coin in ("MXN", "BTC"):
                sandbox.credit(coin, 1_000_000)
            return handle(request)
        return response

    return tamper


def _free_withdrawal(sandbox: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if _path(request) == "/wallet/withdraw" and response.status == 200:
            sandbox.credit("BTC", "0.0005")
        return response

    return tamper


def _keeps_hold(_: TamperedSandbox) -> Tamper:
    """A cancelled order is out of every list, and what it held stays held."""
    gone: set[str] = set()

    def tamper(request: Request, handle: Handle) -> Response:
        path, body = _path(request), document(request)
        if path == "/trading/cancel/buylimit" and isinstance(body, dict):
            found = handle(
                Request(
                    method="POST",
                    url=request.url.replace(path, "/trading/getopenorder"),
                    headers=request.headers,
                    content=request.content,
                )
            )
            if found.status == 200 and str(body["id"]) not in gone:
                gone.add(str(body["id"]))
                return answered(found, {"success": True, "msg": ""})
        if path == "/trading/getopenorder" and str((body or {}).get("id")) in gone:
            return handle(asked(request, {"id": 9007199254740991}))
        response = handle(request)
        if path == "/trading/listopenorders" and response.status == 200:
            answer = document(response)
            left = [order for order in answer["data"] if str(order["id"]) not in gone]
            return answered(response, {**answer, "data": left})
        return response

    return tamper


def _core(wrong: Callable[[TamperedSandbox], None]) -> Callable[[TamperedSandbox], Tamper]:
    """Break the exchange itself."""

    def make(sandbox: TamperedSandbox) -> Tamper:
        wrong(sandbox)
        return lambda request, handle: handle(request)

    return make


def _fees_rounded_down(sandbox: TamperedSandbox) -> None:
    desk = sandbox.exchange.trading
    settle: Callable[..., None] = desk._settle

    def rounded(
        rules: Any, bought: Any, sold: Any, amount: int, value: int, buyer: int, seller: int
    ) -> None:
        settle(rules, bought, sold, amount, value, max(buyer - 1, 0), max(seller - 1, 0))

    vars(desk)["_settle"] = rounded


def _sides(sandbox: TamperedSandbox) -> Iterator[BookSide]:
    for book in sandbox.exchange.trading.books.values():
        yield from (book.bids, book.asks)


def _younger_first(sandbox: TamperedSandbox) -> None:
    for side in _sides(sandbox):

        def first(order: Order, side: BookSide = side, add: Any = side.add) -> None:
            add(order)
            side._levels[side._sign * order.price].move_to_end(order.id, last=False)

        side.add = first  # type: ignore[method-assign]


def _worst_first(sandbox: TamperedSandbox) -> None:
    for side in _sides(sandbox):

        def plan(
            account_id: int,
            limit: int,
            amount: int,
            side: BookSide = side,
            plan: Any = side.plan,
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

        side.plan, side.take = plan, take  # type: ignore[method-assign]


def _self_trades(sandbox: TamperedSandbox) -> None:
    for side in _sides(sandbox):

        def blind(account_id: int, limit: int, amount: int, plan: Any = side.plan) -> Any:
            return plan(-account_id, limit, amount)

        side.plan = blind  # type: ignore[method-assign]


def _no_limits(sandbox: TamperedSandbox) -> None:
    catalogue = sandbox.exchange.catalogue

    class Lenient:
        """Books that list their limits and steps, and hold nobody to them."""

        coin = catalogue.coin

        def market(self, name: str) -> Any:
            book = catalogue.market(name)
            listed = {one.name: getattr(book, one.name) for one in fields(Market)}
            free = {name: 1 for name in listed if name.startswith("min_") or name.endswith("_step")}
            most = {name: 10**30 for name in listed if name.startswith("max_")}
            return SimpleNamespace(**{**listed, **free, **most, "fees_of": book.fees_of})

    sandbox.exchange.trading._catalogue = Lenient()  # type: ignore[assignment]


def _volume_stands_still(sandbox: TamperedSandbox) -> None:
    for day in sandbox.exchange.trading.days.values():
        vars(day)["add"] = lambda _: None


def _too_many(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if _path(request) != "/market/gettiker":
            return response
        body = {"success": False, "msg": {"error": "Too often", "code": "rate_limited"}}
        return answered(response, body, status=429)

    return tamper


def _refuses(
    path: str, pattern: str, status: int, code: str
) -> Callable[[TamperedSandbox], Tamper]:
    """Refuse what should be accepted, where the URL has the pattern in it."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if _path(request) != path or not re.search(pattern, request.url):
            return response
        body = {"success": False, "msg": {"error": "No", "code": code}}
        return answered(response, body, status=status)

    return lambda _: tamper


def _credits(path: str, status: int) -> Callable[[TamperedSandbox], Tamper]:
    """Let money appear with an answer of this status."""

    def make(sandbox: TamperedSandbox) -> Tamper:
        def tamper(request: Request, handle: Handle) -> Response:
            response = handle(request)
            if _path(request) == path and response.status == status:
                sandbox.credit("MXN", 1)
            return response

        return tamper

    return make


def _wrong_code(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        return answered(response, response.content.replace(b"below_minimum_value", b"invalid_step"))

    return tamper


def _old_book(_: TamperedSandbox) -> Tamper:
    seen: dict[str, Response] = {}

    def tamper(request: Request, handle: Handle) -> Response:
        if _path(request) == "/market/getorderbook":
            return seen.setdefault(request.url.lower(), handle(request))
        return handle(request)

    return tamper


def _filter_cuts(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        body, asked_for = document(response), document(request)
        if _path(request) == "/trading/listopenorders" and "market" in (asked_for or {}):
            return answered(response, {**body, "data": body["data"][1:]})
        return response

    return tamper


_ORDERS, _TRADES, _WALLET = ("orders",), ("trades",), ("wallet",)
_MARKET, _LISTS, _ACCOUNTS = ("market",), ("lists",), ("accounts",)
_NEAR, _TOKENS, _COVERAGE = ("near-misses",), ("tokens",), ("coverage",)
_BUY = "/trading/place/buylimit"


def _number(body: dict[str, Any], name: str) -> dict[str, Any]:
    """Take a numeric string for a number, as a careless server does."""
    value = body.get(name)
    is_text = isinstance(value, str) and re.fullmatch(r"[0-9.]+", value)
    return {**body, name: Decimal(str(value))} if is_text else body


def _positive(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return {**body, name: Decimal("0.01")} if is_number and value == 0 else body


def _rounded(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    if isinstance(value, Decimal) and value > Decimal("1e-8") and value < 10**12:
        return {**body, name: value.quantize(Decimal("1e-8"))}
    return body


def _known(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ("market", "amount", "price") if name in body}


def _clamped(request: Request, handle: Handle) -> Response:
    url = re.sub(r"limit=(10[1-9][0-9]*|[1-9][0-9]{3,})", "limit=100", request.url)
    if _path(request) == "/wallet/listdeposits":
        request = Request(
            method=request.method, url=url, headers=request.headers, content=request.content
        )
    return handle(request)


def _nan_is_one(request: Request, handle: Handle) -> Response:
    if _path(request) == "/wallet/withdraw":
        request = Request(
            method=request.method,
            url=request.url,
            headers=request.headers,
            content=request.content.replace(b"NaN", b"1"),
        )
    return handle(request)


def _ignores(name: str) -> Callable[[TamperedSandbox], Tamper]:
    def tamper(request: Request, handle: Handle) -> Response:
        body = document(request)
        if _path(request).startswith("/trading/list") and isinstance(body, dict):
            request = asked(request, {key: value for key, value in body.items() if key != name})
        return handle(request)

    return lambda _: tamper


def _drop_newest(data: list[Any]) -> list[Any]:
    return data[1:]


def _crossed(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "asks": data["asks"][::-1]}


DEFECTS = (
    # shape
    Defect(
        "an amount as a string", "C121", _MARKET, _edited("/market/gettiker", _with("volume", str))
    ),
    Defect(
        "a field is missing",
        "C121",
        _WALLET,
        _edited("/wallet/listbalances", _each(_without("pending"))),
    ),
    Defect(
        "coins in lower case",
        "C121",
        _MARKET,
        _edited("/market/getcurrencies", _each(_with("coin", str.lower))),
    ),
    Defect(
        "an exponent", "C112", _MARKET, _rewritten("/market/listbooks", rb"0\.00000100", b"1e-06")
    ),
    Defect(
        "nine decimals",
        "C113",
        _MARKET,
        _rewritten("/market/get24hvolume", rb'("value":\d+\.\d{8})', rb"\g<1>1"),
    ),
    Defect(
        "a key twice",
        "C111",
        _MARKET,
        _rewritten("/market/gettiker", rb'"last":', b'"last":1,"last":'),
    ),
    Defect(
        "a time without a zone",
        "C121",
        _ORDERS,
        _rewritten("/trading/listopenorders", rb'Z"', b'"'),
    ),
    # HTTP
    Defect("failures at 200", "C131", _ORDERS, _status_200),
    Defect("409 as 403", "C132", _ORDERS, _refused_as(409, 403)),
    Defect("a status that nobody listed", "C102", _ORDERS, _refused_as(404, 410)),
    Defect(
        "declared as HTML",
        "C103",
        _MARKET,
        _headers(lambda headers: {**headers, "content-type": "text/html"}),
    ),
    Defect(
        "405 without Allow",
        "C206",
        _COVERAGE,
        _headers(lambda headers: {key: value for key, value in headers.items() if key != "allow"}),
    ),
    Defect("PUT for POST", "C205", _COVERAGE, _any_method),
    Defect("500 for broken JSON", "C101", _NEAR, _crash),
    # input
    Defect(
        "a numeric string taken",
        "C202",
        _NEAR,
        _lenient(_BUY, lambda body: _number(body, "amount")),
    ),
    Defect(
        "an amount of 0 taken",
        "C202",
        _NEAR,
        _lenient(_BUY, lambda body: _positive(body, "amount")),
    ),
    Defect(
        "nine decimals rounded",
        "C202",
        _NEAR,
        _lenient("/wallet/withdraw", lambda body: _rounded(body, "amount")),
    ),
    Defect("NaN taken", "C202", _NEAR, lambda _: _nan_is_one),
    Defect("an unknown field taken", "C202", _NEAR, _lenient(_BUY, _known)),
    Defect("a limit cut down", "C202", _NEAR, lambda _: _clamped),
    # tokens and accounts
    Defect("no token needed", "C301", _TOKENS, _as_demo(401, None)),
    Defect("any token will do", "C302", _TOKENS, _as_demo(401, "any")),
    Defect("foreign orders shown", "C303", _ACCOUNTS, _foreign("/trading/getopenorder")),
    Defect("foreign orders cancelled", "C303", _ACCOUNTS, _foreign("/trading/cancel/buylimit")),
    # state
    Defect("cancelling does nothing", "C404", _ORDERS, _cancel_does_nothing),
    Defect("cancelled twice", "C405", _ORDERS, _cancelled_again),
    Defect("the wrong side cancels", "C407", _ORDERS, _either_side),
    Defect("one id for all orders", "C406", _TRADES, _same_id),
    Defect(
        "the newest order isn't listed",
        "C402",
        _ORDERS,
        _edited("/trading/listopenorders", _drop_newest),
    ),
    Defect("no limits", "C409", _ORDERS, _core(_no_limits)),
    Defect("trading with oneself", "C410", _ORDERS, _core(_self_trades)),
    # money
    Defect("an overdraft", "C505", _ORDERS, _overdraft),
    Defect("a withdrawal without its fee", "C504", _WALLET, _free_withdrawal),
    Defect("what was held stays held", "C502", _ORDERS, _keeps_hold),
    Defect("fees rounded down", "C503", _TRADES, _core(_fees_rounded_down)),
    Defect(
        "balances in two versions",
        "C507",
        _WALLET,
        _edited("/wallet/getbalance", _with("balance", lambda value: value + 1)),
    ),
    # market
    Defect("asks falling", "C144", _MARKET, _edited("/market/getorderbook", _crossed)),
    Defect(
        "the ticker's bid is old",
        "C604",
        _ORDERS,
        _edited("/market/gettiker", _with("bid", lambda bid: bid / 2 if bid else bid)),
    ),
    Defect("the younger order first", "C603", _TRADES, _core(_younger_first)),
    Defect("the worst price first", "C602", _TRADES, _core(_worst_first)),
    Defect("the volume stands still", "C605", _TRADES, _core(_volume_stands_still)),
    # lists
    Defect(
        "oldest first", "C145", _LISTS, _edited("/trading/listopenorders", lambda data: data[::-1])
    ),
    Defect("offset ignored", "C701", _LISTS, _ignores("offset")),
    Defect("limit ignored", "C146", _LISTS, _ignores("limit")),
    Defect("filter ignored", "C147", _LISTS, _ignores("market")),
    # and one for each rule that is left
    Defect("429 without Retry-After", "C104", _MARKET, _too_many),
    Defect(
        "an order that doesn't add up",
        "C141",
        _ORDERS,
        _edited("/trading/listopenorders", _each(_with("initial_amount", lambda value: value * 2))),
    ),
    Defect(
        "a value that isn't amount times price",
        "C142",
        _TRADES,
        _edited("/trading/listtransactions", _each(_with("value", lambda value: value + 1))),
    ),
    Defect(
        "a balance below its parts",
        "C143",
        _WALLET,
        _edited("/wallet/listbalances", _each(_with("balance", lambda _: 0))),
    ),
    Defect(
        "low above high",
        "C148",
        _MARKET,
        _edited(
            "/market/gettiker", lambda data: {**data, "low": data["high"], "high": data["low"]}
        ),
    ),
    Defect(
        "a valid limit refused",
        "C201",
        _MARKET,
        _refuses("/market/getorderbook", "limit=2", 400, "invalid_request"),
    ),
    Defect("another code", "C203", _ORDERS, _wrong_code),
    Defect(
        "another price than asked",
        "C401",
        _ORDERS,
        _edited(_BUY, _with("price", lambda price: price + 1)),
    ),
    Defect(
        "an order fetched otherwise",
        "C403",
        _ORDERS,
        _edited("/trading/getopenorder", _with("price", lambda price: price + 1)),
    ),
    Defect("a refused order moves money", "C408", _ORDERS, _credits(_BUY, 422)),
    Defect("an order holds too little", "C501", _ORDERS, _credits(_BUY, 200)),
    Defect(
        "another amount in the list",
        "C506",
        _WALLET,
        _edited("/wallet/listwithdraws", _each(_with("amount", lambda value: value + 1))),
    ),
    Defect("an old order book", "C601", _ORDERS, _old_book),
    Defect(
        "the newest trade isn't listed",
        "C606",
        _TRADES,
        _edited("/trading/listtransactions", _drop_newest),
    ),
    Defect("a filter that leaves out one", "C702", _LISTS, _filter_cuts),
    Defect(
        "lower case refused",
        "C703",
        _LISTS,
        _refuses("/market/getorderbook", "market=[a-z]", 404, "book_not_found"),
    ),
)

"""Statuses, headers and methods that aren't the documented ones."""

from attrs import evolve

from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import Handle, Tamper, TamperedSandbox, answered, document
from tests.mutants.making import (
    answers,
    headers,
    operation,
    refusal,
    refused_as,
    requests,
    rewritten,
)
from tests.mutants.mutant import Kind, Make, Mutant
from tests.mutants.steps import BUY, POOR, SELL, TRADE

HTTP: Kind = "HTTP"
_PLACE = "placeBuyLimitOrder placeSellLimitOrder"
_CANCEL = "cancelBuyLimitOrder cancelSellLimitOrder"
_UNKNOWN = "getOpenOrder id=9; getTransaction id=9; cancelBuyLimitOrder id=9"


def _taken_as(names: str, method: str, real: str) -> Make:
    """Take another method for the documented one."""

    def change(request: Request) -> Request:
        return evolve(request, method=real) if request.method == method else request

    return requests(names, change)


def _crash(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if request.content and document(request) is None:
            return answered(response, b"<h1>Internal Server Error</h1>", status=500)
        return response

    return tamper


def _too_many(response: Response) -> Response:
    return refusal(response, 429, "rate_limited")


def _as_200(response: Response) -> Response:
    return answered(response, response.content, status=200) if response.status == 409 else response


def _says_success(response: Response) -> Response:
    content = response.content.replace(b'"success":false', b'"success":true')
    return answered(response, content) if response.status == 404 else response


def _text_only(response: Response) -> Response:
    body = document(response)
    if response.status != 404 or not isinstance(body, dict):
        return response
    return answered(response, {**body, "msg": body["msg"]["error"]})


def _at_last(request: Request, handle: Handle) -> Response:
    """Fail for an id beyond 32 bits, as a column of a database would."""
    response = handle(request)
    body = document(request)
    given = body.get("id") if isinstance(body, dict) else None
    too_great = isinstance(given, int) and given >= 2**31
    if operation(request) == "getTransaction" and too_great:
        return answered(response, b"integer out of range", status=500)
    return response


def _empty(response: Response) -> Response:
    return answered(response, b"", status=200) if response.status == 200 else response


def _type(value: str) -> Make:
    return headers("getTicker get24hVolume", lambda given: {**given, "content-type": value})


def _without(name: str, names: str = "") -> Make:
    return headers(
        names, lambda given: {key: value for key, value in given.items() if key.lower() != name}
    )


MUTANTS = (
    Mutant(
        "failures at 200",
        HTTP,
        f"{_PLACE} withdraw",
        "C131",
        "An order that was refused is taken for placed.",
        POOR,
        answers("", _as_200),
    ),
    Mutant(
        "409 as 403",
        HTTP,
        f"{_PLACE} withdraw",
        "C132",
        "Missing money looks like a missing permission.",
        POOR,
        refused_as("", 409, 403),
    ),
    Mutant(
        "404 as 410",
        HTTP,
        "getOpenOrder getTransaction cancelBuyLimitOrder",
        "C102",
        "An order that was never there looks like one that is gone.",
        _UNKNOWN,
        refused_as("", 404, 410),
    ),
    Mutant(
        "422 as 400",
        HTTP,
        _PLACE,
        "C132 C203",
        "A limit of the book looks like a mistake of the program.",
        "placeBuyLimitOrder market=btc-mxn amount=0.00001 price=900000",
        refused_as(_PLACE, 422, 400),
    ),
    Mutant(
        "401 as 403",
        HTTP,
        "listBalances",
        "C132 C301",
        "An expired token looks like a missing permission: nobody renews it.",
        "nobody listBalances",
        refused_as("", 401, 403),
    ),
    Mutant(
        "placing answers 201",
        HTTP,
        _PLACE,
        "C102",
        "A client that knows 200 places the order again.",
        f"{BUY}; {SELL}",
        refused_as(_PLACE, 200, 201),
    ),
    Mutant(
        "a withdrawal answers 202",
        HTTP,
        "withdraw",
        "C102",
        "A client that knows 200 withdraws again.",
        "withdraw coin=btc address=2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG amount=0.5",
        refused_as("withdraw", 200, 202),
    ),
    Mutant(
        "cancelling answers nothing",
        HTTP,
        "cancelSellLimitOrder",
        "C111",
        "Whether the order is gone isn't known.",
        f"{SELL}; cancelSellLimitOrder id=$order.id",
        answers("cancelSellLimitOrder", _empty),
    ),
    Mutant(
        "the session is elsewhere",
        HTTP,
        "getSession",
        "C102 C201",
        "A client that follows takes the token to another server.",
        "getSession",
        refused_as("getSession", 200, 302),
    ),
    Mutant(
        "trades cut short",
        HTTP,
        "listTransactions",
        "C111",
        "The newest trades are lost.",
        f"{TRADE}; listTransactions",
        rewritten("listTransactions", rb"^(.*).{2}$", rb"\1"),
    ),
    Mutant(
        "something behind the currencies",
        HTTP,
        "getCurrencies",
        "C111",
        "Strict decoders refuse the answer.",
        "getCurrencies",
        rewritten("getCurrencies", rb"$", b"<!-- 3 ms -->"),
    ),
    Mutant(
        "an unknown order is a page",
        HTTP,
        "getOpenOrder",
        "C111",
        "A program can't tell an unknown order from a server that is down.",
        _UNKNOWN,
        refused_as("getOpenOrder", 404, 404, b"<h1>Not Found</h1>"),
    ),
    Mutant(
        "declared as HTML",
        HTTP,
        "getTicker get24hVolume",
        "C103",
        "Clients that look at the type refuse every answer.",
        "getTicker market=btc-mxn",
        _type("text/html"),
    ),
    Mutant(
        "declared as Latin-1",
        HTTP,
        "getTicker get24hVolume",
        "C103",
        "Names with accents are misread.",
        "getTicker market=btc-mxn",
        _type("application/json; charset=iso-8859-1"),
    ),
    Mutant(
        "no content type",
        HTTP,
        "listDeposits getProfile",
        "C103",
        "Clients that look at the type refuse every answer.",
        "listDeposits",
        _without("content-type", "listDeposits getProfile"),
    ),
    Mutant(
        "declared as Brotli",
        HTTP,
        "getTicker get24hVolume",
        "C106",
        "Clients that can undo Brotli find none, and refuse every answer.",
        "getTicker market=btc-mxn",
        headers("getTicker get24hVolume", lambda given: {**given, "content-encoding": "br"}),
    ),
    Mutant(
        "405 without Allow",
        HTTP,
        "getTicker listBooks",
        "C206",
        "Which method is right must be guessed.",
        "getTicker method:PUT",
        _without("allow"),
    ),
    Mutant(
        "429 without Retry-After",
        HTTP,
        "getTicker",
        "C104",
        "A client tries again at once, and is locked out.",
        "getTicker market=btc-mxn",
        answers("getTicker", _too_many),
    ),
    Mutant(
        "PUT for POST",
        HTTP,
        "listOpenOrders listTransactions",
        "C205",
        "What a proxy may send twice is done twice.",
        "listOpenOrders method:PUT",
        _taken_as("listOpenOrders listTransactions", "PUT", "POST"),
    ),
    Mutant(
        "DELETE cancels",
        HTTP,
        _CANCEL,
        "C205",
        "What a proxy may send twice cancels twice.",
        f"{BUY}; cancelBuyLimitOrder method:DELETE id=$order.id",
        _taken_as(_CANCEL, "DELETE", "POST"),
    ),
    Mutant(
        "POST for GET",
        HTTP,
        "getBalance listBalances",
        "C205",
        "Reads aren't repeated after a failure, as GET would be.",
        "listBalances method:POST",
        _taken_as("getBalance listBalances", "POST", "GET"),
    ),
    Mutant(
        "500 for broken JSON",
        HTTP,
        "placeBuyLimitOrder withdraw",
        "C101",
        "A mistake of the program looks like an outage, and is sent again.",
        "placeBuyLimitOrder raw:{",
        _crash,
    ),
    Mutant(
        "500 for a great id",
        HTTP,
        "getTransaction",
        "C101",
        "An unknown trade looks like an outage.",
        "getTransaction id=4294967296",
        lambda _: _at_last,
    ),
    Mutant(
        "a failure that says success",
        HTTP,
        "getOpenOrder cancelBuyLimitOrder",
        "C121 C131",
        "An order that can't be cancelled is taken for cancelled.",
        _UNKNOWN,
        answers("", _says_success),
    ),
    Mutant(
        "a failure without its code",
        HTTP,
        "getOpenOrder getTransaction",
        "C121",
        "A program must compare sentences to know what went wrong.",
        _UNKNOWN,
        answers("", _text_only),
    ),
)

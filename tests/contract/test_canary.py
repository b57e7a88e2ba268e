"""The canary: one small order far from the market, and never anything else that moves money."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from coinbtr_api import exact_json

from coinbtr.contract import Budget, Options, Report, Verdict, run
from coinbtr.contract.operations import operations
from coinbtr.contract.server import HEALTH_PATH, Forbidden, Server
from coinbtr.sandbox import Sandbox
from coinbtr.wire.engine import ExchangeBroken, NotConnected, Request, Response
from tests.contract.conftest import Command
from tests.contract.tampering import answered, document

TOKEN = "a-token-of-real-money"
URL = "https://exchange.test/api/v1"
BUDGET = Budget.of("btc-mxn", "60")

Change = Callable[[Request, Response], Response]


class Exchange:
    """An engine to an exchange that doesn't prove to be the sandbox; `change` may spoil it."""

    def __init__(self, change: Change | None = None) -> None:
        self.sandbox = Sandbox(token=TOKEN)
        self.change = change
        self.requests: list[Request] = []

    @property
    def writes(self) -> list[str]:
        """The paths of the requests that moved money."""
        effects = {one.path: one.effect for one in operations().values()}
        paths = [path(one) for one in self.requests]
        return [one for one in paths if effects.get(one, "read") != "read"]

    def send(self, request: Request) -> Response:
        """Answer as the sandbox does, its mark taken off."""
        self.requests.append(request)
        if request.url.endswith(HEALTH_PATH):
            return Response(status=404)
        response = self.sandbox.handle(request)
        return self.change(request, response) if self.change else response

    def close(self) -> None:
        """Hold nothing."""


def path(request: Request) -> str:
    """The path below the base URL."""
    return request.url.removeprefix(URL).partition("?")[0]


def fly(exchange: Exchange, budget: Budget | None = BUDGET) -> Report:
    """Run the live profile with a canary."""
    options = Options(url=URL, token=TOKEN, canary=budget, operations=("listBooks",))
    return run(options, exchange, progress=lambda *_: None, pace=0.0)


def edited(place: str, edit: Callable[[object], object]) -> Change:
    """Change what a successful answer of one path carries."""

    def change(request: Request, response: Response) -> Response:
        body = document(response)
        if path(request) != place or response.status != 200:
            return response
        return answered(response, {**body, "data": edit(body["data"])})

    return change


def lost(place: str) -> Change:
    """Lose the answers of one path, after the exchange did what was asked."""

    def change(request: Request, response: Response) -> Response:
        if path(request) == place:
            raise ExchangeBroken("the connection broke")
        return response

    return change


def open_orders(exchange: Exchange) -> int:
    """How many orders the account has open."""
    answer = exchange.sandbox.handle(
        Request(
            method="POST",
            url=f"{URL}/trading/listopenorders",
            headers={"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"},
            content=b"{}",
        )
    )
    return len(document(answer)["data"])


def test_it_places_one_order_and_cancels_it() -> None:
    """Two writes: an order within the budget, at half of the best bid or less, and its end."""
    exchange = Exchange()
    report = fly(exchange)
    assert report.verdict is Verdict.KEEPS, report.findings
    assert report.notes == ()
    assert exchange.writes == ["/trading/place/buylimit", "/trading/cancel/buylimit"]
    assert open_orders(exchange) == 0
    asked = [one for one in exchange.requests if path(one) == "/trading/place/buylimit"]
    order = exact_json.loads(asked[0].content)
    book = next(
        document(exchange.sandbox.handle(one))["data"]
        for one in exchange.requests
        if path(one) == operations()["getTicker"].path
    )
    assert order["market"] == "BTC-MXN"
    assert order["amount"] * order["price"] <= BUDGET.value
    assert order["price"] <= book["bid"] / 2
    assert report.tallies["placeBuyLimitOrder"].tried == 1


@pytest.mark.parametrize("operation", ["placeBuyLimitOrder", "cancelBuyLimitOrder"])
def test_without_a_budget_nothing_is_written(operation: str) -> None:
    """Not asked for, it isn't sent; the report says that it moves money."""
    exchange = Exchange()
    report = fly(exchange, None)
    assert exchange.writes == []
    assert report.tallies[operation].tried == 0


@pytest.mark.parametrize(
    ("budget", "change", "note"),
    [
        (Budget.of("btc-mxn", "9.99"), None, "--canary-value is 9.99"),
        (Budget.of("doge-mxn", "60"), None, "no book DOGE-MXN"),
        (
            BUDGET,
            edited(
                "/market/listbooks",
                lambda books: [{**one, "is_open": False} for one in books],  # type: ignore[attr-defined]
            ),
            "closed",
        ),
        (
            BUDGET,
            edited(
                "/wallet/getbalance",
                lambda one: {**one, "available": Decimal(1)},  # type: ignore[dict-item]
            ),
            "is available",
        ),
        (
            BUDGET,
            edited(
                operations()["getTicker"].path,
                lambda one: {**one, "bid": None, "ask": None, "last": None},  # type: ignore[dict-item]
            ),
            "no price",
        ),
        (BUDGET, edited("/market/listbooks", lambda _: [{"name": "BTC-MXN"}]), "can't be used"),
    ],
)
def test_it_stays_at_home(budget: Budget, change: Change | None, note: str) -> None:
    """Beyond the budget, in a closed or unknown book, without money: no write, and a note."""
    exchange = Exchange(change)
    report = fly(exchange, budget)
    assert exchange.writes == []
    assert any(note in one for one in report.notes), report.notes


def test_a_lost_order_is_found_and_cancelled() -> None:
    """The answer to placing is lost: it is never sent again; reads find it, and it is cancelled."""
    exchange = Exchange(lost("/trading/place/buylimit"))
    report = fly(exchange)
    assert exchange.writes == ["/trading/place/buylimit", "/trading/cancel/buylimit"]
    assert open_orders(exchange) == 0
    assert any("found by its looks" in note for note in report.notes)


def test_an_order_that_cannot_be_found_is_for_the_user_to_look_at() -> None:
    """Lost, and the list doesn't tell: the note says what to check by hand; no second order."""

    def change(request: Request, response: Response) -> Response:
        response = lost("/trading/place/buylimit")(request, response)
        return edited("/trading/listopenorders", lambda _: [])(request, response)

    exchange = Exchange(change)
    report = fly(exchange)
    assert exchange.writes == ["/trading/place/buylimit"]
    note = next(one for one in report.notes if "CHECK BY HAND" in one)
    assert "BUY" in note
    assert "BTC-MXN" in note
    assert report.verdict is Verdict.DEVIATES


def test_a_lost_cancellation_is_for_the_user_to_look_at() -> None:
    """It may still be open: the note names the order, and nothing is sent twice."""
    exchange = Exchange(lost("/trading/cancel/buylimit"))
    report = fly(exchange)
    assert exchange.writes == ["/trading/place/buylimit", "/trading/cancel/buylimit"]
    assert any("CHECK BY HAND: whether the order" in note for note in report.notes)


@pytest.mark.parametrize("place", ["/trading/place/buylimit", "/trading/getopenorder"])
def test_a_server_that_goes_away_leaves_an_order_to_look_at(place: str) -> None:
    """Gone after placing, or before cancelling: a note says so, and that is no "keeps"."""
    is_gone = False

    def go(request: Request, response: Response) -> Response:
        nonlocal is_gone
        if is_gone or path(request) == place:
            is_gone = True
            raise NotConnected("nobody listens")
        return response

    report = fly(Exchange(go))
    assert report.verdict is Verdict.COULD_NOT_TEST
    [note] = [note for note in report.notes if "CHECK BY HAND" in note]
    assert "the server stopped answering" in note


def test_an_order_that_is_refused_is_told() -> None:
    """A refusal is no deviation: a note, and no second try."""
    exchange = Exchange()
    token = exchange.sandbox.issue_token(trade=False)
    options = Options(url=URL, token=token, canary=BUDGET, operations=("listBooks",))
    report = run(options, exchange, progress=lambda *_: None, pace=0.0)
    assert exchange.writes == ["/trading/place/buylimit"]
    assert any("was refused: 403" in note for note in report.notes)
    assert report.verdict is Verdict.KEEPS


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (edited("/trading/listopenorders", lambda _: []), "C402"),
        (edited("/trading/getopenorder", lambda one: one), None),
        (
            edited(
                "/trading/cancel/buylimit",
                lambda one: {**one, "is_open": True},  # type: ignore[dict-item]
            ),
            "C141",
        ),
    ],
)
def test_what_it_sees_is_judged(change: Change, rule: str | None) -> None:
    """An order that isn't listed, or one that says it is open after its end, is a finding."""
    exchange = Exchange(change)
    report = fly(exchange)
    assert {one.code for one in report.findings} == ({rule} if rule else set())
    assert open_orders(exchange) == 0


@pytest.mark.parametrize(("number", "rule"), [(1, "C501"), (2, "C502")])
def test_balances_are_compared(number: int, rule: str) -> None:
    """A unit too much held, or not given back, is a finding."""
    count = 0

    def change(request: Request, response: Response) -> Response:
        nonlocal count
        if path(request) != "/wallet/getbalance":
            return response
        count += 1
        unit = Decimal("0.00000001")
        wrong = edited(
            "/wallet/getbalance",
            lambda one: {**one, "available": one["available"] - unit},  # type: ignore[dict-item,index]
        )
        return wrong(request, response) if count == number + 1 else response

    report = fly(Exchange(change))
    assert {one.code for one in report.findings} == {rule}


def test_a_permission_is_for_one_request_once() -> None:
    """The gate lets the very request through that was permitted, once, and no withdrawal."""
    exchange = Exchange()
    server = Server(URL, {"mine": TOKEN}, exchange, pace=0.0)
    server.prove()
    place = operations()["placeBuyLimitOrder"]
    body = b'{"market":"btc-mxn","amount":0.0001,"price":500000}'
    call = server.call(place, content=body, content_type="application/json", token="mine")
    server.permit(call)
    others = [
        server.call(place, content=b"{}", content_type="application/json", token="mine"),
        server.call(operations()["withdraw"], content=body, token="mine"),
    ]
    for other in others:
        with pytest.raises(Forbidden):
            server.send(other)
    assert server.send(call).ok
    with pytest.raises(Forbidden):
        server.send(call)
    assert exchange.writes == ["/trading/place/buylimit"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--allow-writes"], "--canary-book"),
        (["--allow-writes", "--canary-book", "btc-mxn"], "--canary-value"),
        (["--allow-writes", "--canary-book", "btc", "--canary-value", "5"], "--canary-book must"),
        (["--allow-writes", "--canary-book", "btc-mxn", "--canary-value", "0"], "above 0"),
        (["--allow-writes", "--canary-book", "btc-mxn", "--canary-value", "1e3"], "such as 50"),
        (["--canary-book", "btc-mxn", "--canary-value", "5"], "need --allow-writes"),
    ],
)
def test_a_budget_must_be_set(arguments: list[str], sentence: str, command: Command) -> None:
    """Without a book and a greatest value nothing is sent, and the command ends with 2."""
    outcome = command("http://127.0.0.1:1/api/v1", *arguments)
    assert outcome.status == 2
    assert sentence in outcome.text

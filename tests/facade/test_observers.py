"""Who looks on sees each attempt, never the token, and can't break what is sent."""

import asyncio
import logging
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from coinbtr import (
    AsyncCoinBTR,
    Attempt,
    AttemptEnd,
    CoinBTR,
    CoinBTRError,
    ConfigurationError,
    Hooks,
    InsufficientFunds,
    OutcomeUnknown,
    Retries,
)
from coinbtr.wire.engine import ExchangeBroken, NotConnected
from tests.facade.scripted import (
    CALLS,
    TOKEN,
    URL,
    AsyncScriptedEngine,
    Facade,
    Script,
    ScriptedEngine,
    answer,
    example_answer,
    refusal,
)

FAST = Retries(attempts=3, first_wait=0.001, longest_wait=0.001)


def run(facade: Facade, call: Callable[[Any], Any], *answers: Any, **options: Any) -> Any:
    """What a call gives, by a client with these options."""
    script = Script(list(answers))
    options = {"retries": FAST, "base_url": URL, **options}
    if facade.kind == "sync":
        with CoinBTR(TOKEN, engine=ScriptedEngine(script), **options) as client:
            return call(client)

    async def awaited() -> Any:
        async with AsyncCoinBTR(TOKEN, engine=AsyncScriptedEngine(script), **options) as client:
            return await call(client)

    return asyncio.run(awaited())


def test_hooks_see_each_attempt(facade: Facade) -> None:
    """Before and after each, numbered from 1, in their order, with the outcome of each."""
    seen: list[Any] = []
    hooks = Hooks(before=seen.append, after=seen.append)
    busy = refusal("unavailable", 503)
    run(
        facade,
        CALLS["getTicker"][1],
        NotConnected("no"),
        busy,
        example_answer("getTicker"),
        hooks=hooks,
    )
    assert [type(one) for one in seen] == [Attempt, AttemptEnd] * 3
    befores, afters = seen[::2], seen[1::2]
    assert [one.number for one in befores] == [1, 2, 3]
    assert [end.attempt for end in afters] == befores
    assert befores[0] == Attempt(
        operation="getTicker",
        effect="read",
        method="GET",
        path="/market/gettiker",
        base_url=URL,
        number=1,
    )
    assert [end.status for end in afters] == [None, 503, 200]
    assert [type(end.error).__name__ for end in afters] == [
        "NoConnection",
        "Unavailable",
        "NoneType",
    ]
    assert all(end.elapsed >= 0 for end in afters)


def test_several_hooks_are_called_in_their_order(facade: Facade) -> None:
    """A sequence of Hooks, each with either function or both."""
    order: list[str] = []
    hooks = [
        Hooks(before=lambda _: order.append("first")),
        Hooks(before=lambda _: order.append("second"), after=lambda _: order.append("after")),
    ]
    run(facade, CALLS["getTicker"][1], example_answer("getTicker"), hooks=hooks)
    assert order == ["first", "second", "after"]


@pytest.mark.parametrize("operation_id", ["getBalance", "withdraw", "placeBuyLimitOrder"])
def test_what_hooks_see_holds_no_token(facade: Facade, operation_id: str) -> None:
    """Not even where the server repeats it."""
    seen: list[Any] = []
    hooks = Hooks(before=seen.append, after=seen.append)
    echo = answer(f'{{"success": false, "msg": {{"error": "{TOKEN}", "code": "{TOKEN}"}}}}', 409)
    options: dict[str, Any] = {"hooks": hooks, "allow_withdrawals": True}
    with pytest.raises(Exception, match="token"):
        run(facade, CALLS[operation_id][1], *prelude(operation_id), echo, **options)
    assert seen[-1].status == 409
    for one in seen:
        texts = [repr(one), str(one), repr(getattr(one, "error", None)), str(vars_of(one))]
        assert not any(TOKEN in text for text in texts)


def prelude(operation_id: str) -> list[Any]:
    """What the guard rails read before an order."""
    return [example_answer("listBooks")] if operation_id.startswith("place") else []


def vars_of(one: Any) -> Any:
    """All that an error carries."""
    error = getattr(one, "error", None)
    return vars(error) if error is not None else None


def test_a_hook_that_fails_breaks_nothing(facade: Facade, caplog: pytest.LogCaptureFixture) -> None:
    """The outcome of an order is not lost to it; its failure is logged."""

    def broken(_: object) -> None:
        raise RuntimeError("a bug of the hook's")

    hooks = Hooks(before=broken, after=broken)
    answers = [*prelude("placeBuyLimitOrder"), example_answer("placeBuyLimitOrder")]
    order = run(facade, CALLS["placeBuyLimitOrder"][1], *answers, hooks=hooks)
    assert order.id
    assert "a hook failed; the call goes on" in caplog.messages


def test_an_interrupted_hook_does_not_hide_an_order() -> None:
    """Ctrl-C within a hook after an order was answered leaves it among the unresolved."""

    def interrupted(end: AttemptEnd) -> None:
        if end.attempt.effect == "order":
            raise KeyboardInterrupt

    script = Script([*prelude("placeBuyLimitOrder"), example_answer("placeBuyLimitOrder")])
    client = CoinBTR(
        TOKEN, base_url=URL, engine=ScriptedEngine(script), hooks=Hooks(after=interrupted)
    )
    with pytest.raises(KeyboardInterrupt):
        CALLS["placeBuyLimitOrder"][1](client)
    assert len(client.unresolved) == 1


@pytest.mark.parametrize("hooks", [print, [Hooks(), "x"], 7])
def test_what_is_no_hook_is_refused(facade: Facade, hooks: Any) -> None:
    """A bare function could be meant either way."""
    with pytest.raises((ConfigurationError, TypeError)):
        run(facade, CALLS["getTicker"][1], example_answer("getTicker"), hooks=hooks)


def test_log_lines(facade: Facade, caplog: pytest.LogCaptureFixture) -> None:
    """Attempts at DEBUG, failures and what moved money at INFO, the unknown at ERROR; no token."""
    caplog.set_level(logging.DEBUG, "coinbtr")
    run(facade, CALLS["getTicker"][1], NotConnected("no route"), example_answer("getTicker"))
    lines = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert lines[0] == ("DEBUG", "getTicker: attempt 1: GET /market/gettiker")
    assert lines[1][0] == "INFO"
    assert "attempt 1: no answer" in lines[1][1]
    assert "NoConnection: no connection came about: no route" in lines[1][1]
    assert lines[-1][0] == "DEBUG"
    assert "attempt 2: HTTP 200 in 0." in lines[-1][1]

    caplog.clear()
    options: dict[str, Any] = {"allow_withdrawals": True, "watermark": "seen"}
    run(facade, CALLS["withdraw"][1], example_answer("withdraw"), **options)
    assert [record.levelname for record in caplog.records] == ["DEBUG", "INFO"]

    caplog.clear()
    lost = ExchangeBroken(f"reset, and it said {TOKEN}")
    with pytest.raises(OutcomeUnknown):
        run(facade, CALLS["withdraw"][1], lost, **options)
    assert caplog.records[-1].levelname == "ERROR"
    assert "it is not known whether this was done" in caplog.messages[-1]
    assert all(record.name == "coinbtr" for record in caplog.records)
    assert TOKEN not in "".join(caplog.messages)


@pytest.fixture(scope="session")
def exporter() -> InMemorySpanExporter:
    """What the one provider that a process can have gives its spans to."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture
def spans(exporter: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What was recorded, in a program that looks at spans."""
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", trace)
    exporter.clear()
    return exporter


def test_spans(facade: Facade, spans: InMemorySpanExporter) -> None:
    """One for each attempt, within the caller's own, with status and error, without the token."""
    with trace.get_tracer("mine").start_as_current_span("my own") as mine:
        run(
            facade,
            CALLS["getBalance"][1],
            refusal("unavailable", 503),
            example_answer("getBalance"),
        )
    first, second, _ = spans.get_finished_spans()
    for span in (first, second):
        assert span.name == "GET /wallet/getbalance"
        assert span.kind is trace.SpanKind.CLIENT
        assert span.parent is not None
        assert span.parent.span_id == mine.get_span_context().span_id
        assert TOKEN not in span.to_json()
    assert dict(first.attributes or {}) == {
        "http.request.method": "GET",
        "url.template": "/wallet/getbalance",
        "server.address": "exchange.test",
        "server.port": 443,
        "coinbtr.operation": "getBalance",
        "coinbtr.effect": "read",
        "http.response.status_code": 503,
        "error.type": "Unavailable",
    }
    assert first.status.status_code is StatusCode.ERROR
    assert (second.attributes or {})["http.request.resend_count"] == 1
    assert (second.attributes or {})["http.response.status_code"] == 200
    assert second.status.status_code is StatusCode.UNSET


def test_an_interrupted_attempt_has_its_span(spans: InMemorySpanExporter) -> None:
    """Cancelled or interrupted: it ends, as an error, without a traceback in it."""
    script = Script([KeyboardInterrupt()])
    client = CoinBTR(TOKEN, base_url=URL, engine=ScriptedEngine(script))
    with pytest.raises(KeyboardInterrupt):
        client.wallet.balance("btc")
    (span,) = spans.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "interrupted"
    assert not span.events


def test_a_refusal_is_an_error_of_its_kind(facade: Facade, spans: InMemorySpanExporter) -> None:
    """A 409 is told by its class."""
    answers = [*prelude("placeBuyLimitOrder"), refusal("insufficient_funds", 409)]
    with pytest.raises(InsufficientFunds):
        run(facade, CALLS["placeBuyLimitOrder"][1], *answers)
    assert (spans.get_finished_spans()[-1].attributes or {})["error.type"] == "InsufficientFunds"


def test_without_opentelemetry_nothing_of_it_is_imported() -> None:
    """A program that doesn't use it pays nothing, though it is installed."""
    code = (
        "import sys, coinbtr\n"
        "with coinbtr.CoinBTR.sandbox() as client: client.market.ticker('btc-mxn')\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_hooks_are_called_where_nobody_else_looks_on(
    facade: Facade, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a log and without OpenTelemetry, too."""
    monkeypatch.setattr("coinbtr.sending.observers.is_tracing", lambda: False)
    seen: list[object] = []
    hooks = Hooks(before=seen.append, after=seen.append)
    with caplog.at_level(logging.ERROR, logger="coinbtr"):
        run(facade, CALLS["getTicker"][1], example_answer("getTicker"), hooks=hooks)
    assert [type(one) for one in seen] == [Attempt, AttemptEnd]


@pytest.mark.parametrize("given", [(5,), [Hooks(), 5]])
def test_what_is_no_hook_is_named(given: Any) -> None:
    """Alone or among others."""
    with pytest.raises(ConfigurationError) as caught:
        CoinBTR(hooks=given)
    assert str(caught.value) == "hooks must be Hooks, not int"


def test_an_unknown_outcome_is_logged_as_it_stands(
    facade: Facade, caplog: pytest.LogCaptureFixture
) -> None:
    """At ERROR, once, with the whole sentence."""
    with caplog.at_level(logging.ERROR, logger="coinbtr"), pytest.raises(OutcomeUnknown) as caught:
        run(
            facade,
            CALLS["cancelBuyLimitOrder"][1],
            ExchangeBroken("reset at 100 %s"),
            watermark="seen",
        )
    assert [(one.levelno, one.getMessage()) for one in caplog.records] == [
        (logging.ERROR, str(caught.value))
    ]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (example_answer("cancelBuyLimitOrder"), r"attempt 1: HTTP 200 in \d+\.\d{3} s"),
        (
            refusal("order_not_found", 404),
            r"attempt 1: HTTP 404 in \d+\.\d{3} s: OrderNotFound: No\.",
        ),
        (
            NotConnected("refused"),
            r"attempt 1: no answer in \d+\.\d{3} s: NoConnection: no connection came about:"
            r" refused",
        ),
    ],
    ids=["success", "refusal", "no answer"],
)
def test_each_attempt_is_one_line_of_the_log(
    facade: Facade, caplog: pytest.LogCaptureFixture, given: Any, line: str
) -> None:
    """At INFO for what moves money: the operation, the attempt, the status, how long, and why."""
    call = CALLS["cancelBuyLimitOrder"][1]
    with caplog.at_level(logging.INFO, logger="coinbtr"), suppress(CoinBTRError):
        run(facade, call, given, watermark="seen", retries=1)
    (said,) = [one.getMessage() for one in caplog.records]
    assert re.fullmatch(f"cancelBuyLimitOrder: {line}", said)

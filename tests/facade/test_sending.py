"""Sending: by effect, never by method; within attempts and one deadline; on record before."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from coinbtr_api.operations import OPERATIONS

from coinbtr import (
    AsyncCoinBTR,
    CoinBTR,
    ConfigurationError,
    ConnectTimeout,
    DeadlineExceeded,
    Hooks,
    IntentLogError,
    NoConnection,
    OutcomeUnknown,
    RateLimited,
    Response,
    Retries,
    Timeout,
    errors,
    unresolved,
)
from coinbtr.sending.decision import Effect, Next, decide
from coinbtr.sending.progress import Progress
from coinbtr.sending.retries import to_deadline, to_retries
from coinbtr.wire.engine import ConnectTimedOut, ExchangeBroken, NotConnected
from tests.facade.faults.steering import PatientClock
from tests.facade.lossy import buy, desk
from tests.facade.scripted import (
    CALLS,
    OPEN,
    TOKEN,
    URL,
    Answer,
    AsyncScriptedEngine,
    Script,
    ScriptedEngine,
    answer,
    example_answer,
    refusal,
)

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")

TABLE: list[tuple[errors.CoinBTRError, Next, Next]] = [
    (errors.NoConnection("?"), Next.RETRY, Next.RETRY),
    (errors.ConnectTimeout("?"), Next.RETRY, Next.RETRY),
    (errors.RateLimited("?", status=429), Next.RETRY, Next.RETRY),
    (errors.RateLimited("?", status=200), Next.RAISE, Next.RAISE),
    (errors.Refused("?", status=200), Next.RAISE, Next.RAISE),
    (errors.InsufficientFunds("?", status=409), Next.RAISE, Next.RAISE),
    (errors.AuthenticationError("?", status=401), Next.RAISE, Next.RAISE),
    (errors.ServerError("?", status=500), Next.RETRY, Next.UNKNOWN),
    (errors.Unavailable("?", status=503), Next.RETRY, Next.UNKNOWN),
    (errors.BrokenServerAnswer("?", status=502), Next.RETRY, Next.UNKNOWN),
    (errors.ConnectionLost("?"), Next.RETRY, Next.UNKNOWN),
    (errors.AnswerTimeout("?"), Next.RETRY, Next.UNKNOWN),
    (errors.EmptyAnswer("?", status=200), Next.RETRY, Next.UNKNOWN),
    (errors.UnreadableAnswer("?", status=200), Next.RETRY, Next.UNKNOWN),
    (errors.MalformedAnswer("?", path="$.data", status=200), Next.RETRY, Next.UNKNOWN),
    (errors.Redirected("?", status=302), Next.RETRY, Next.UNKNOWN),
    (errors.AnswerTooLarge("?"), Next.RETRY, Next.UNKNOWN),
    (errors.UndocumentedStatus("?", status=404), Next.RETRY, Next.UNKNOWN),
]


def scripted(kind: str, *answers: Answer, **options: Any) -> tuple[Any, Script, PatientClock]:
    """A client of either facade over a script, with a clock that never waits."""
    script, clock = Script(list(answers)), PatientClock()
    given: dict[str, Any] = {"base_url": URL, "guards": OPEN, "rate_limit": None}
    given |= {"watermark": "seen"} | options
    client: Any = (
        CoinBTR(TOKEN, engine=ScriptedEngine(script), **given)
        if kind == "sync"
        else AsyncCoinBTR(TOKEN, engine=AsyncScriptedEngine(script), **given)
    )
    client._seam._shared.clock = clock
    return client, script, clock


def run(kind: str, client: Any, operation_id: str) -> Any:
    """Call the method of an operation, in either facade, and close."""

    async def whole() -> Any:
        async with client:
            return await CALLS[operation_id][1](client)

    if kind == "async":
        return asyncio.run(whole())
    with client:
        return CALLS[operation_id][1](client)


@pytest.mark.parametrize(("error", "read", "money"), TABLE)
def test_the_table(error: errors.CoinBTRError, read: Next, money: Next) -> None:
    """What follows goes by what happened and by what the operation does to money."""
    effects: list[Effect] = ["read", "order", "withdrawal"]
    assert [decide(effect, error) for effect in effects] == [read, money, money]


@pytest.mark.parametrize("operation_id", CALLS)
def test_by_effect_and_not_by_method(facade: Any, operation_id: str) -> None:
    """A POST that reads is sent again, one that moves money never: a 500 to every operation."""
    client, script, _ = scripted(facade.kind, refusal("internal_error", 500))
    reads = OPERATIONS[operation_id].effect == "read"
    with pytest.raises(errors.ServerError if reads else OutcomeUnknown):
        run(facade.kind, client, operation_id)
    assert len(script.requests) == (3 if reads else 1)


def test_a_read_that_works_at_last(facade: Any) -> None:
    """Two failures and a success: the success, after two waits that grow."""
    good = example_answer("listOpenOrders")
    client, script, clock = scripted(facade.kind, ExchangeBroken("reset"), answer("", 502), good)
    assert run(facade.kind, client, "listOpenOrders")
    assert len(script.requests) == 3
    assert len(clock.waits) == 2
    assert 0 < clock.waits[0] <= 0.5
    assert 0 < clock.waits[1] <= 1


def test_retry_after_is_kept(facade: Any) -> None:
    """Money, too, waits as long as the 429 says, and no shorter than the backoff."""
    limited = refusal("rate_limited", 429, retry_after="4")
    good = example_answer("withdraw")
    client, script, clock = scripted(facade.kind, limited, good)
    run(facade.kind, client, "withdraw")
    assert len(script.requests) == 2
    assert clock.waits == [4.0]


def test_a_retry_after_beyond_the_deadline_is_not_waited_for(facade: Any) -> None:
    """The error comes at once, with the wait that the server asks for."""
    limited = refusal("rate_limited", 429, retry_after="61")
    client, script, clock = scripted(facade.kind, limited)
    with pytest.raises(RateLimited) as caught:
        run(facade.kind, client, "withdraw")
    assert (caught.value.retry_after, caught.value.attempts) == (61.0, 1)
    assert (len(script.requests), clock.waits) == (1, [])


def test_the_deadline_bounds_attempts_and_time_outs(facade: Any) -> None:
    """Each attempt's time-outs are cut to what is left, and none begins after the end."""
    clock: PatientClock

    def slow(_: Any) -> Response:
        clock.seconds += 4
        raise ConnectTimedOut("4 s")

    client, script, clock = scripted(
        facade.kind, slow, deadline=10, retries=Retries(attempts=9, first_wait=0)
    )
    with pytest.raises(ConnectTimeout) as caught:
        run(facade.kind, client, "withdraw")
    assert [one.timeout.read for one in script.requests] == [10, 6, 2]
    assert caught.value.attempts == 3
    assert caught.value.elapsed == 12


@pytest.mark.parametrize("hooks", [None, Hooks(before=lambda _: None)], ids=["alone", "seen"])
def test_a_short_deadline_is_time_enough(facade: Any, hooks: Hooks | None) -> None:
    """A second is left and counts for each step, whether somebody looks on or not."""
    client, script, _ = scripted(facade.kind, example_answer("getBalance"), deadline=1, hooks=hooks)
    run(facade.kind, client, "getBalance")
    (sent,) = script.requests
    assert sent.timeout == Timeout(connect=1.0, read=1.0, write=1.0, pool=1.0)


def test_out_of_time_before_anything_was_sent_is_not_unknown(facade: Any) -> None:
    """The deadline passed while something else was waited for: nothing is in doubt."""
    client, script, clock = scripted(facade.kind, example_answer("withdraw"), deadline=1)

    real = vars(Progress)["left"].fget
    assert real is not None

    def late(progress: Progress) -> float:
        clock.seconds += 2
        return float(real(progress))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Progress, "left", property(late))
        with pytest.raises(DeadlineExceeded) as caught:
            run(facade.kind, client, "withdraw")
    assert isinstance(caught.value, TimeoutError)
    assert script.requests == []
    assert client.unresolved == ()


def test_options_for_a_call_share_all_else(facade: Any) -> None:
    """A view has its own time-outs and attempts, and the connection and knowledge of its client."""
    client, script, _ = scripted(facade.kind, NotConnected("refused"), retries=5)
    view = client.with_options(timeout=2, retries=2, deadline=100)
    assert view is not client
    with pytest.raises(NoConnection) as caught:
        run(facade.kind, view, "placeBuyLimitOrder")
    assert caught.value.attempts == 2
    assert script.requests[0].timeout == Timeout(connect=2, read=2, write=2, pool=2)
    # The view was closed, the client was not.
    script.answers = [ExchangeBroken("reset")]
    with pytest.raises(OutcomeUnknown):
        run(facade.kind, client, "withdraw")
    assert [one.intent for one in view.unresolved] == [one.intent for one in client.unresolved]
    assert script.requests[-1].timeout.read == 15


@pytest.mark.parametrize("bad", [0, -1, 101, True, "3", 1.5, None, Retries(attempts=0)])
def test_bad_attempts_are_refused(bad: Any) -> None:
    """At least one attempt, a whole number, not too many."""
    with pytest.raises(ConfigurationError, match="retries"):
        to_retries(bad)
    with pytest.raises(ConfigurationError, match="first_wait"):
        to_retries(Retries(first_wait=-1))


@pytest.mark.parametrize("bad", [0, -1, float("nan"), True, "3"])
def test_a_bad_deadline_is_refused(bad: Any) -> None:
    """Above 0, a number; infinity is no bound."""
    with pytest.raises(ConfigurationError, match="deadline"):
        to_deadline(bad)
    assert to_deadline(float("inf")) is None


def test_an_interrupt_while_waiting_loses_nothing(facade: Any) -> None:
    """Between two attempts nothing is under way, so nothing is in doubt."""
    client, _, clock = scripted(facade.kind, NotConnected("refused"))

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    clock.sleep = interrupted  # type: ignore[assignment,method-assign]  # the user's Ctrl-C
    with pytest.raises(KeyboardInterrupt):
        run(facade.kind, client, "withdraw")
    assert client.unresolved == ()


def test_an_intent_is_on_disk_before_it_is_sent(
    facade: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the request goes out, the log has it, synced, without the token; then it is closed."""
    path = tmp_path / "intents.jsonl"
    seen: list[str] = []
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", synced.append)

    def look(_: Any) -> Response:
        assert synced
        seen.append(path.read_text())
        return example_answer("withdraw")

    client, _, _ = scripted(facade.kind, look, intent_log=path)
    run(facade.kind, client, "withdraw")
    (opened,) = [json.loads(line) for line in seen[0].splitlines()]
    assert (opened["operation"], opened["amount"]) == ("withdraw", "0.001")
    closed = json.loads(path.read_text().splitlines()[1])
    assert (closed["close"], closed["outcome"]) == (opened["open"], "done")
    assert TOKEN not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert unresolved(path) == []


def test_a_log_that_can_not_be_written_stops_the_request(facade: Any, tmp_path: Path) -> None:
    """Nothing that moves money goes out unrecorded; what reads goes on."""
    client, script, _ = scripted(
        facade.kind, example_answer("withdraw"), intent_log=tmp_path / "log"
    )
    client._seam._shared.log.close()
    with pytest.raises(IntentLogError):
        run(facade.kind, client, "withdraw")
    assert script.requests == []
    assert client.unresolved == ()
    with pytest.raises(ConfigurationError, match="intent_log"):
        scripted(facade.kind, example_answer("withdraw"), intent_log=tmp_path)


KILLED = """
import os, sys
from coinbtr import CoinBTR, GuardRails
from coinbtr.sandbox import Sandbox

class Killing:
    def __init__(self, inner): self.inner = inner
    def send(self, request):
        if "/place/" in request.url:
            os.kill(os.getpid(), 9)
        return self.inner.send(request)
    def close(self): pass

sandbox = Sandbox()
client = CoinBTR(sandbox.token, base_url=sandbox.base_url, engine=Killing(sandbox.engine()),
                 intent_log=sys.argv[1])
client.trading.buy_limit("btc-mxn", amount="0.01", price="900000")
"""


def test_a_killed_process_leaves_what_it_was_sending(tmp_path: Path) -> None:
    """`kill -9` in the middle: the next process has the intent, and closes it by looking it up."""
    path = tmp_path / "intents.jsonl"
    done = subprocess.run([sys.executable, "-c", KILLED, path], capture_output=True, timeout=60)
    assert done.returncode == -9, done.stderr
    with path.open("a") as file:
        file.write('{"open": "cut o')  # what a second kill may leave
    (lost,) = unresolved(path)
    assert str(lost.intent) == "buy 0.01 BTC-MXN at 900000"
    made = desk(intent_log=path)
    (mine,) = made.client.unresolved
    assert mine.intent == lost.intent
    assert lost.reconcile(using=made.client).kind == "not_found"
    assert made.client.unresolved == ()
    buy(made.client)
    made.client.close()
    assert unresolved(path) == []

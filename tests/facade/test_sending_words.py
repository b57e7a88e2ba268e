"""What a caller and the intent log are told of a call that went out, or did not: word for word."""

import asyncio
import gc
import json
import warnings
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coinbtr import (
    ClientClosed,
    CoinBTR,
    ConfigurationError,
    ConnectionLost,
    DeadlineExceeded,
    InferredOperationWarning,
    IntentLogError,
    OutcomeUnknown,
    errors,
)
from coinbtr.sending.progress import Progress
from coinbtr.wire.engine import AnswerTimedOut, ExchangeBroken, NotConnected
from tests.facade.scripted import (
    ORDER,
    URL,
    Answer,
    Facade,
    Script,
    ScriptedEngine,
    answer,
    example_answer,
    refusal,
    success,
)
from tests.facade.test_sending import run, scripted


def test_a_closed_client_says_so(facade: Facade) -> None:
    """Each call after the close, in these words, with its operation."""
    client, script, _ = scripted(facade.kind, example_answer("getTicker"))
    run(facade.kind, client, "getTicker")
    with pytest.raises(ClientClosed) as caught:
        run(facade.kind, client, "getTicker")
    assert str(caught.value) == "getTicker: the client is closed"
    assert len(script.requests) == 1


def test_a_call_without_the_token_that_it_needs_says_what_to_give() -> None:
    """Both ways of giving one are named, and nothing goes out; nor does what asks before it."""
    script = Script([example_answer("listBalances")])
    words = (
        "this operation needs a token: give token and base_url, or set COINBTR_TOKEN and"
        " COINBTR_BASE_URL"
    )
    with CoinBTR(base_url=URL, engine=ScriptedEngine(script)) as client:
        with pytest.raises(ConfigurationError) as caught:
            client.wallet.balances()
        assert str(caught.value) == f"listBalances: {words}"
        with pytest.raises(ConfigurationError, match="withdraw: this operation needs a token"):
            client._seam.check("withdraw")
    assert script.requests == []


@pytest.mark.parametrize("through", [lambda c: c, lambda c: c.with_options(retries=1)])
def test_what_is_inferred_is_told_once(facade: Facade, through: Callable[[Any], Any]) -> None:
    """One warning for each such operation, of a client and its views together."""
    client, script, _ = scripted(facade.kind, example_answer("getTransaction"))
    view = client.with_options(retries=2)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run(facade.kind, view, "getTransaction")
        script.answers = [example_answer("listTransactions")]
        run(facade.kind, view, "listTransactions")
        run(facade.kind, through(client), "listTransactions")
        other, _, _ = scripted(facade.kind, example_answer("getTransaction"))
        run(facade.kind, through(other), "getTransaction")
    words = " is not in the exchange's reference: that it exists is inferred"
    assert [(one.category, str(one.message)) for one in caught] == [
        (InferredOperationWarning, f"{operation}{words}")
        for operation in (
            "getTransaction (POST /trading/gettransaction)",
            "listTransactions (POST /trading/listtransactions)",
            "getTransaction (POST /trading/gettransaction)",
        )
    ]


def test_a_deadline_that_passed_says_which(facade: Facade) -> None:
    """The error has the seconds, the operation, and that nothing was sent."""
    client, _, _ = scripted(facade.kind, example_answer("withdraw"), deadline=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Progress, "left", property(lambda _: 0.0))
        with pytest.raises(DeadlineExceeded) as caught:
            run(facade.kind, client, "withdraw")
    assert str(caught.value) == "withdraw: the deadline of 1 s passed before anything was sent"
    assert (caught.value.attempts, caught.value.elapsed) == (0, 0.0)


def test_an_interrupt_under_way_is_kept_as_unknown(facade: Facade, tmp_path: Path) -> None:
    """Ctrl-C while the answer is waited for: the order is on record, here and in the log."""
    path = tmp_path / "log"
    client, _, clock = scripted(facade.kind, KeyboardInterrupt(), intent_log=path)
    with pytest.raises(KeyboardInterrupt):
        run(facade.kind, client, "placeBuyLimitOrder")
    (lost,) = client.unresolved
    assert type(lost.cause) is ConnectionLost
    assert lost.lost_at == clock.now()
    assert str(lost) == (
        "placeBuyLimitOrder: it is not known whether this was done: buy 0.01 BTC-MXN at 500000;"
        " the call was interrupted before its outcome was on record; it is not sent again, look it"
        " up with reconcile()"
    )
    assert outcomes(path) == [("unknown", None)]


def outcomes(path: Path) -> list[tuple[str, Any]]:
    """What a log says became of each intent: the word, and the order's id or txid."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(line["outcome"], line["effect"]) for line in lines if "close" in line]


@pytest.mark.parametrize(
    ("given", "word", "effect"),
    [
        (success(ORDER), "done", 3453),
        (refusal("insufficient_funds", 409), "refused", None),
        (NotConnected("refused"), "not sent", None),
        (ExchangeBroken("reset"), "unknown", None),
    ],
    ids=["done", "refused", "not sent", "unknown"],
)
def test_the_log_has_a_word_for_each_outcome(
    facade: Facade, tmp_path: Path, given: Answer, word: str, effect: int | None
) -> None:
    """Done with the order's id, refused, not sent, unknown: what a later process goes by."""
    path = tmp_path / "log"
    client, _, _ = scripted(facade.kind, given, intent_log=path, retries=1)
    if word == "done":
        run(facade.kind, client, "placeBuyLimitOrder")
    else:
        with pytest.raises(errors.CoinBTRError):
            run(facade.kind, client, "placeBuyLimitOrder")
    assert outcomes(path) == [(word, effect)]


def test_an_interrupt_before_the_first_attempt_was_not_sent(facade: Facade, tmp_path: Path) -> None:
    """While it waits for its turn nothing is under way, and the log says so."""
    path = tmp_path / "log"
    client, script, _ = scripted(facade.kind, example_answer("placeBuyLimitOrder"), intent_log=path)

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Progress, "left", property(interrupted))  # looked at before all else
        with pytest.raises(KeyboardInterrupt):
            run(facade.kind, client, "placeBuyLimitOrder")
    assert script.requests == []
    assert client.unresolved == ()
    assert outcomes(path) == [("not sent", None)]


def test_an_interrupt_between_attempts_was_not_sent(facade: Facade, tmp_path: Path) -> None:
    """While it waits to try again nothing is under way, and the log says so."""
    path = tmp_path / "log"
    client, _, clock = scripted(facade.kind, NotConnected("refused"), intent_log=path)

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    clock.sleep = interrupted  # type: ignore[assignment,method-assign]  # the user's Ctrl-C
    with pytest.raises(KeyboardInterrupt):
        run(facade.kind, client, "placeBuyLimitOrder")
    assert outcomes(path) == [("not sent", None)]


def test_a_log_that_can_not_be_written_is_named(facade: Facade, tmp_path: Path) -> None:
    """The operation, that nothing was sent, and the system's reason; and nothing is under way."""
    client, _, _ = scripted(facade.kind, example_answer("withdraw"), intent_log=tmp_path / "log")
    client._seam._shared.log.close()
    with pytest.raises(IntentLogError) as caught:
        run(facade.kind, client, "withdraw")
    assert str(caught.value) == (
        "withdraw: the intent could not be written to the intent log, so nothing was sent:"
        " [Errno 9] Bad file descriptor"
    )
    assert client._seam.record._under_way == {}


def test_an_unknown_outcome_says_all_that_is_known(facade: Facade) -> None:
    """What was asked for, why there is no answer, when, in which attempt, and what to do now."""

    def late(_: Any) -> Any:
        clock.seconds += 7
        raise AnswerTimedOut("15 s")

    client, _, clock = scripted(facade.kind, late)
    begun = clock.now()
    with pytest.raises(OutcomeUnknown) as caught:
        run(facade.kind, client, "placeBuyLimitOrder")
    lost = caught.value
    assert str(lost) == (
        "placeBuyLimitOrder: it is not known whether this was done: buy 0.01 BTC-MXN at 500000;"
        " no answer came in time: 15 s; it is not sent again, look it up with reconcile()"
    )
    assert type(lost.cause) is errors.AnswerTimeout
    assert (lost.attempts, lost.elapsed) == (1, 7)
    assert lost.intent.when == begun
    assert lost.lost_at is not None
    assert lost.lost_at - begun == timedelta(seconds=7)
    (kept,) = client.unresolved
    assert (str(kept), kept.intent, kept.lost_at) == (str(lost), lost.intent, lost.lost_at)
    assert (kept.attempts, kept.elapsed) == (1, 7)
    assert lost._via is client._seam


def direct(kind: str, client: Any, operation: str, parse: Any, **more: Any) -> Any:
    """What a call gives that is made at the seam itself, as the raw and ccxt's ways do."""
    kwargs = {"url": "/x", "content": b"{}"}

    async def whole() -> Any:
        async with client:
            return await client._seam.call(operation, kwargs, parse, **more)

    if kind == "async":
        return asyncio.run(whole())
    with client:
        return client._seam.call(operation, kwargs, parse, **more)


def test_a_read_that_has_a_quick_way_takes_it(facade: Facade) -> None:
    """Straight from the bytes to the result: nothing is parsed twice."""
    good = example_answer("getTicker")
    client, _, _ = scripted(facade.kind, good)
    seen: list[bytes] = []

    def quickly(content: bytes) -> str:
        seen.append(content)
        return "quick"

    assert direct(facade.kind, client, "getTicker", dict, at_once=quickly) == "quick"
    assert seen == [good.content]


@pytest.mark.parametrize(
    ("kind", "quick"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("application/jsonlines", False),
        ("application/json, text/html", False),
        ("text/html", False),
    ],
)
def test_only_json_is_read_the_quick_way(kind: str, quick: bool) -> None:
    """By its whole name: what only begins like it is judged as any other answer."""
    client, _, _ = scripted("sync", answer(example_answer("getTicker").content, content_type=kind))
    if quick:
        assert direct("sync", client, "getTicker", dict, at_once=lambda _: "quick") == "quick"
    else:
        with pytest.raises(errors.WrongContentType):
            direct("sync", client, "getTicker", dict, at_once=lambda _: "quick")


def test_what_moves_money_is_on_record_without_an_intent(facade: Facade, tmp_path: Path) -> None:
    """Its operation is known at least; a result that tells of no order leaves no id."""
    path = tmp_path / "log"
    client, _, _ = scripted(facade.kind, success(ORDER), intent_log=path)
    assert direct(facade.kind, client, "placeBuyLimitOrder", dict)["success"]
    client, _, _ = scripted(facade.kind, ExchangeBroken("reset"), intent_log=path)
    with pytest.raises(OutcomeUnknown) as caught:
        direct(facade.kind, client, "withdraw", dict)
    assert (caught.value.operation, caught.value.intent.operation) == ("withdraw", "withdraw")
    assert outcomes(path) == [("done", None), ("unknown", None)]


@pytest.mark.parametrize(("used", "closed", "told"), [(1, 0, 1), (0, 0, 0), (1, 1, 0)])
def test_a_client_that_is_forgotten_open_is_told_of(used: bool, closed: bool, told: bool) -> None:
    """If it holds connections: it was used, and nobody closed it."""
    client, _, _ = scripted("sync", example_answer("getTicker"))
    client._seam.must_be_closed()
    if used:
        client.market.ticker("btc-mxn")
    if closed:
        client.close()
    gc.collect()  # what other tests have left
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        del client
        gc.collect()
    assert [str(one.message) for one in caught if one.category is ResourceWarning] == [
        "a client was not closed: use it in a `with` block, or call close()"
    ] * told

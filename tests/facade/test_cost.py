"""What a call costs, counted and not timed: the functions that are called for one."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from coinbtr import AsyncCoinBTR, CoinBTR
from coinbtr.sending.observers import log
from tests.facade.scripted import (
    CALLS,
    OPEN,
    TOKEN,
    URL,
    AsyncScriptedEngine,
    Script,
    ScriptedEngine,
    example_answer,
)

# Functions of Python and of C that one call with one answer may call, engine not counted. Raise one
# only for something that is worth it: a call should stay as cheap as it is.
MOST = {
    "getTicker": 60,
    "getBalance": 137,
    "listOpenOrders": 193,
    "placeBuyLimitOrder": 283,
}


def counted(call: Callable[[], Any]) -> int:
    """How many functions a call calls."""
    calls = 0

    def note(_: FrameType, event: str, __: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return calls


def driven(coroutine: Any) -> Any:
    """Run a coroutine that never waits, without an event loop's own calls."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


@pytest.mark.parametrize("operation_id", MOST)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_call_calls_few_functions(
    operation_id: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not more than it did: what is done for every call is done with thought."""
    monkeypatch.setattr(log, "disabled", True)
    script = Script([example_answer(operation_id)])
    options: dict[str, Any] = {"base_url": URL, "guards": OPEN, "rate_limit": None}
    options["watermark"] = "seen"  # the script gives one answer to all
    call = CALLS[operation_id][1]
    if kind == "sync":
        client = CoinBTR(TOKEN, engine=ScriptedEngine(script), **options)
        call(client)  # what is imported and prepared at the first call
        calls = counted(lambda: call(client))
    else:
        twin = AsyncCoinBTR(TOKEN, engine=AsyncScriptedEngine(script), **options)
        driven(call(twin))
        calls = counted(lambda: driven(call(twin)))
    assert 0.8 * MOST[operation_id] <= calls <= MOST[operation_id]

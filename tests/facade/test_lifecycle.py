"""Opening, closing, warning: how a client behaves beside its calls."""

import asyncio
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from coinbtr_api.operations import OPERATIONS

from coinbtr import (
    AsyncCoinBTR,
    ClientClosed,
    CoinBTR,
    ConfigurationError,
    InferredOperationWarning,
    TransactionNotFound,
)
from coinbtr.description import load
from tests.facade.extras import told_without
from tests.facade.scripted import (
    CALLS,
    OPEN,
    TOKEN,
    URL,
    AsyncScriptedEngine,
    Facade,
    Script,
    ScriptedEngine,
    example_answer,
)

INFERRED = [name for name, operation in OPERATIONS.items() if operation.inferred]


@pytest.mark.parametrize("operation_id", CALLS)
def test_an_inferred_operation_warns_once(facade: Facade, operation_id: str) -> None:
    """The first call of what the reference doesn't show warns, at the caller's line."""
    call = CALLS[operation_id][1]
    script = Script([example_answer(operation_id)])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if facade.kind == "sync":
            client: Any = CoinBTR(TOKEN, base_url=URL, engine=ScriptedEngine(script), guards=OPEN)
            _ = [call(client) for _ in range(3)]
        else:

            async def thrice() -> None:
                engine = AsyncScriptedEngine(script)
                client = AsyncCoinBTR(TOKEN, base_url=URL, engine=engine, guards=OPEN)
                for _ in range(3):
                    await call(client)

            asyncio.run(thrice())
    expected = 1 if operation_id in INFERRED else 0
    assert [one.category for one in caught] == [InferredOperationWarning] * expected
    for one in caught:
        assert operation_id in str(one.message)
        assert "/tests/facade/" in one.filename


@pytest.mark.parametrize(
    "call",
    [
        lambda trading: trading.cancel_all(),
        lambda trading: list(trading.iter_transactions()),
        lambda trading: trading.with_raw_response.transaction(1),
    ],
    ids=["cancel_all", "iter_transactions", "with_raw_response"],
)
def test_a_warning_is_at_the_users_line(call: Callable[[Any], object]) -> None:
    """However many methods of ours lie between, it is the line that called the first of them."""
    with CoinBTR.sandbox() as exchange:
        exchange.trading.sell_limit("btc-mxn", amount="0.01", price="1500000")
        with pytest.warns(InferredOperationWarning) as caught, suppress(TransactionNotFound):
            call(exchange.trading)
    assert [one.filename for one in caught] == [__file__]


def test_some_operations_are_inferred() -> None:
    """The test above has something to say, of just those of which the description says so."""
    described = {
        operation["operationId"]
        for item in load()["paths"].values()
        for operation in item.values()
        if operation["x-provenance"]["status"] == "inferred"
    }
    assert described
    assert set(INFERRED) == described


def test_closing_twice_does_nothing_more(facade: Facade) -> None:
    """`close` is idempotent, and a call after it is a typed error that sends nothing."""
    script = Script([example_answer("getTicker")])
    if facade.kind == "sync":
        client = CoinBTR(engine=ScriptedEngine(script))
        client.close()
        client.close()
        with pytest.raises(ClientClosed) as caught:
            client.market.ticker("btc-mxn")
    else:

        async def call() -> None:
            client = AsyncCoinBTR(engine=AsyncScriptedEngine(script))
            await client.close()
            await client.close()
            await client.market.ticker("btc-mxn")

        with pytest.raises(ClientClosed) as caught:
            asyncio.run(call())
    assert caught.value.operation == "getTicker"
    assert not script.requests


def test_an_engine_that_was_given_is_not_closed(facade: Facade) -> None:
    """Who made it closes it: several clients can share one engine."""
    script = Script([example_answer("getTicker")])
    facade.run(CALLS["getTicker"][1], script=script)
    assert script.closed == 0


@pytest.mark.parametrize("own", ["sync", "async"])
def test_an_engine_of_its_own_is_closed_once(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default engine is made and closed by the client."""
    script = Script([example_answer("getTicker")])
    monkeypatch.setattr("coinbtr.wire.httpx_engine.HttpxEngine", lambda **_: ScriptedEngine(script))
    monkeypatch.setattr(
        "coinbtr.wire.httpx_engine.AsyncHttpxEngine", lambda **_: AsyncScriptedEngine(script)
    )

    async def in_a_block() -> None:
        async with AsyncCoinBTR() as client:
            await client.close()

    if own == "sync":
        with CoinBTR() as client:
            client.close()
    else:
        asyncio.run(in_a_block())
    assert script.closed == 1


def test_without_the_extra_the_sandbox_says_what_to_install() -> None:
    """One sentence, typed, and not a traceback from within."""
    told = told_without("jsonschema_rs", "coinbtr.CoinBTR.sandbox()")
    assert told == "the sandbox needs jsonschema_rs: pip install 'coinbtr[sandbox]'\n"


def test_a_sandbox_with_a_bad_time_out(facade: Facade) -> None:
    """The embedded one takes the same time-outs by the same rules."""
    kind = CoinBTR if facade.kind == "sync" else AsyncCoinBTR
    with pytest.raises(ConfigurationError, match="timeout"):
        kind.sandbox(timeout=0)

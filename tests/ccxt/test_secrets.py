"""The key is in nothing that ccxt prints or logs, and goes nowhere that a server names."""

import logging
from typing import Any

import ccxt
import pytest

from tests.ccxt.conftest import Place, settled


def test_the_key_is_not_in_what_ccxt_says(
    place: Place, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither with `verbose` nor in the debug log, though both tell the headers."""
    caplog.set_level(logging.DEBUG)

    async def act(exchange: Any) -> None:
        await settled(exchange.fetch_balance())
        with pytest.raises(ccxt.InsufficientFunds) as caught:
            await settled(exchange.create_order("BTC/MXN", "limit", "buy", "50", "900000"))
        assert place.sandbox.token not in f"{caught.value!r} {caught.value}"
        assert place.sandbox.token not in repr(exchange)

    place.run(act, verbose=True)
    printed = capsys.readouterr().out
    assert "'Authorization': '…'" in printed
    assert "fetch Response" in printed
    assert place.sandbox.token not in printed
    assert "listbalances" in caplog.text
    assert place.sandbox.token not in caplog.text
    assert place.sandbox.requests.list(1)[0].account == "demo"

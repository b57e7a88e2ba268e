# The checks of structures that ccxt ships.
from typing import Any

def test_order(
    exchange: Any, skipped_properties: Any, method: str, entry: Any, symbol: str, now: int
) -> None: ...
def test_trade(
    exchange: Any,
    skipped_properties: Any,
    method: str,
    entry: Any,
    symbol: str,
    now: int,
    is_public_trade: bool,
) -> None: ...

"""Keeps generated amounts within 8 decimals, so that what the schema allows is really valid.

JSON Schema can't count decimals, so Schemathesis draws amounts such as 0.30000000000000004, which a
server is right to refuse. That they are refused is tried by the near misses.
"""

import math
from typing import Any

PLACES = 8


def quantise(value: Any) -> Any:
    """Copy a JSON value with every positive finite float in it brought to at most 8 decimals."""
    if isinstance(value, dict):
        return {key: quantise(item) for key, item in value.items()}
    if isinstance(value, list):
        return [quantise(item) for item in value]
    # 0 and less are faults that were meant.
    if isinstance(value, float) and math.isfinite(value) and value > 0:
        return max(round(value, PLACES), 10**-PLACES)
    return value

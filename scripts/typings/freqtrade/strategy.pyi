# What the test strategy uses of freqtrade, which has its own environment here.
from typing import Any

class IStrategy:
    dp: Any
    def unlock_pair(self, pair: str) -> None: ...

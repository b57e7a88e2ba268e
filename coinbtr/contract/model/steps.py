"""One step of a play as data, so that it can be done again, printed and shortened."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from coinbtr.contract.model.records import Who

WAIT: Final = "wait"
"""The one step that is no request: the server's clock is moved on, where it can be."""

NEVER: Final = 9_007_199_254_740_991
"""An id that no exchange has reached."""

PLACE: Final[Mapping[str, str]] = {"BUY": "placeBuyLimitOrder", "SELL": "placeSellLimitOrder"}
CANCEL: Final[Mapping[str, str]] = {"BUY": "cancelBuyLimitOrder", "SELL": "cancelSellLimitOrder"}


@frozen
class OrderOf:
    """Stands for the id of the order that an earlier step placed, counted from 0."""

    step: int


@frozen
class TradeOf:
    """Stands for the id of an account's trade, counted from the newest."""

    who: Who
    number: int


@frozen
class Step:
    """One request by one of the two accounts, or a wait.

    Values of `arguments` may be an `OrderOf` or `TradeOf`, which become ids when it is done.
    """

    operation: str
    who: Who
    arguments: Mapping[str, Any]

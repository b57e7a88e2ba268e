"""What goes out for a request: the answer, when, and whether the connection lives to see it."""

from enum import Enum
from typing import NamedTuple

from coinbtr.wire.engine import Response


class Ending(Enum):
    """What becomes of the answer and of its connection."""

    WHOLE = "the answer goes out"
    DROPPED = "the connection was closed without an answer"
    RESET = "the connection was reset without an answer"
    RESET_MIDWAY = "the connection was reset in the middle of the answer"


class Delivery(NamedTuple):
    """An answer on its way: after so many milliseconds it goes out, or doesn't."""

    response: Response
    delay_ms: int = 0
    ending: Ending = Ending.WHOLE

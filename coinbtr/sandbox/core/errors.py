"""What the exchange refuses to do, as one exception with a code and a sentence.

A refused operation has changed nothing.
"""

from enum import StrEnum


class Code(StrEnum):
    """Why the exchange refused; the values are the error codes of the API."""

    INVALID_TOKEN = "invalid_token"  # noqa: S105 - a code, no secret
    PERMISSION_DENIED = "permission_denied"
    BOOK_NOT_FOUND = "book_not_found"
    COIN_NOT_FOUND = "coin_not_found"
    ORDER_NOT_FOUND = "order_not_found"
    TRANSACTION_NOT_FOUND = "transaction_not_found"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    BOOK_CLOSED = "book_closed"
    SELF_TRADE = "self_trade"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"
    BELOW_MINIMUM_VALUE = "below_minimum_value"
    INVALID_STEP = "invalid_step"
    INVALID_ADDRESS = "invalid_address"
    DEPOSIT_UNAVAILABLE = "deposit_unavailable"
    WITHDRAWAL_UNAVAILABLE = "withdrawal_unavailable"


class Refusal(Exception):  # noqa: N818 - an answer of the exchange, not a mistake of it
    """The exchange refused an operation for a reason of its business; nothing has changed.

    Attributes:
        code: why, in one word that programs read.
        sentence: why, in one sentence that people read.
    """

    def __init__(self, code: Code, sentence: str) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"

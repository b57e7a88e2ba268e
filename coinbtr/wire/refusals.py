"""What a failure means: from its error code, else its HTTP status, to a class of the error tree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from coinbtr import errors
from coinbtr.errors import CoinBTRError, RateLimited, Refused, ServerError, Unavailable

# The open list of codes (ruling R044); a test holds it against the description's x-error-codes.
BY_CODE: Final[Mapping[str, type[CoinBTRError]]] = {
    "above_maximum": errors.AboveMaximum,
    "authentication_required": errors.AuthenticationError,
    "below_minimum": errors.BelowMinimum,
    "below_minimum_value": errors.BelowMinimumValue,
    "body_too_large": errors.BodyTooLarge,
    "book_closed": errors.BookClosed,
    "book_not_found": errors.BookNotFound,
    "coin_not_found": errors.CoinNotFound,
    "deposit_unavailable": errors.DepositUnavailable,
    "insufficient_funds": errors.InsufficientFunds,
    "internal_error": errors.ServerError,
    "invalid_address": errors.InvalidAddress,
    "invalid_json": errors.BadRequest,
    "invalid_request": errors.BadRequest,
    "invalid_step": errors.InvalidStep,
    "invalid_token": errors.AuthenticationError,
    "method_not_allowed": errors.MethodNotAllowed,
    "not_found": errors.NotFound,
    "order_not_found": errors.OrderNotFound,
    "permission_denied": errors.PermissionDenied,
    "rate_limited": errors.RateLimited,
    "self_trade": errors.SelfTrade,
    "transaction_not_found": errors.TransactionNotFound,
    "unavailable": errors.Unavailable,
    "unsupported_media_type": errors.UnsupportedMediaType,
    "withdrawal_unavailable": errors.WithdrawalUnavailable,
}

BY_STATUS: Final[Mapping[int, type[CoinBTRError]]] = {
    400: errors.BadRequest,
    401: errors.AuthenticationError,
    403: errors.PermissionDenied,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    409: errors.Conflict,
    413: errors.BodyTooLarge,
    415: errors.UnsupportedMediaType,
    422: errors.Unprocessable,
    429: errors.RateLimited,
}


def error_class(status: int, code: str | None) -> type[CoinBTRError]:
    """The class of a failure: a 5xx is never a refusal, and anything below it always is one.

    A 5xx proves nothing, whatever its code; a code that speaks of the server's failure changes
    nothing about a 4xx.
    """
    if status >= 500:
        return Unavailable if status == 503 else ServerError
    if status == 429:
        return RateLimited
    by_code = None if code is None else BY_CODE.get(code.lower())
    if by_code is None or issubclass(by_code, ServerError):
        return BY_STATUS.get(status, Refused)
    return by_code


def failure_words(body: Mapping[str, object]) -> tuple[str | None, str | None]:
    """The sentence and the code of a failure, in any shape that was seen (rulings R004, R006).

    `msg` (or `message`) as `{error, code}` or as a string, or a framework's bare `{"detail": …}`.
    """
    for name in ("msg", "message", "error", "detail"):
        said = body.get(name)
        if isinstance(said, dict):
            sentence, code = said.get("error"), said.get("code")
            return _text(sentence), _text(code)
        if isinstance(said, str) and said:
            return said, _text(body.get("code"))
    return None, _text(body.get("code"))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header, given as seconds or as a date; None if there is none."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = _date(value)
        now = _date(headers["date"]) if "date" in headers else datetime.now(UTC)
    except ValueError:
        return None
    return max(0.0, (until - now).total_seconds())


def _date(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value) or None

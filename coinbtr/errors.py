"""Every error that leaves the package, in one tree.

```
CoinBTRError
├── ConfigurationError              token, base URL, environment don't fit together; nothing sent
├── ClientClosed                    the client was closed before; nothing was sent
├── ArgumentError                   an argument that can't be sent; nothing was sent
│   ├── InvalidValue                the right type, a wrong value (also a ValueError)
│   └── InvalidType                 the wrong type, a float above all (also a TypeError)
├── EmptyBook                       the best level of a side without orders (also a LookupError)
├── NetworkError                    no complete answer arrived
│   ├── NoConnection                no connection came about: the server can't have seen the request
│   │   └── ConnectTimeout          … in time (also a TimeoutError)
│   └── ConnectionLost              the connection stood: the request may have been carried out
│       └── AnswerTimeout           … and no answer came in time (also a TimeoutError)
├── Refused                         the exchange said no (`success: false`); nothing was done
│   ├── BadRequest                  400
│   ├── AuthenticationError         401
│   ├── PermissionDenied            403
│   ├── NotFound                    404
│   │   ├── BookNotFound
│   │   ├── CoinNotFound
│   │   ├── OrderNotFound
│   │   └── TransactionNotFound
│   ├── MethodNotAllowed            405
│   ├── Conflict                    409
│   │   ├── BookClosed
│   │   ├── InsufficientFunds
│   │   └── SelfTrade
│   ├── BodyTooLarge                413
│   ├── UnsupportedMediaType        415
│   ├── Unprocessable               422
│   │   ├── AboveMaximum
│   │   ├── BelowMinimum
│   │   │   └── BelowMinimumValue
│   │   ├── DepositUnavailable
│   │   ├── InvalidAddress
│   │   ├── InvalidStep
│   │   └── WithdrawalUnavailable
│   └── RateLimited                 429, with `retry_after`
├── ServerError                     5xx: whether the request was carried out is not known
│   ├── Unavailable                 503 with the exchange's own words
│   └── BrokenServerAnswer          5xx, and not in the exchange's words (also an UnexpectedAnswer)
└── UnexpectedAnswer                not what the description says; the request may have had effect
    ├── EmptyAnswer
    ├── UnreadableAnswer            HTML, truncated JSON, a number beyond all bounds, …
    ├── WrongContentType            something else than JSON
    ├── UndocumentedStatus          a status that nobody listed
    ├── Redirected                  redirects are never followed
    ├── AnswerTooLarge
    └── MalformedAnswer             a required field is missing or mistyped: `path` says which
```

Each carries `operation`, `status`, `code`, `message` and `excerpt` (each None where there is none),
pickles and copies, and holds neither the client nor the token.
"""

# ruff: noqa: N818 - the names say what happened (OrderNotFound), and read so in an `except` line.
from __future__ import annotations

from typing import Any


class InferredOperationWarning(UserWarning):
    """The reference doesn't show this operation: that it exists was inferred by a ruling."""


class CoinBTRError(Exception):
    """The root of all errors of this package.

    `operation` is the description's operationId, `status` the HTTP status, `code` the exchange's
    word for the error, `message` one sentence, `excerpt` the beginning of what arrived (the token
    blacked out). Each is None if there is none.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        status: int | None = None,
        code: str | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.status = status
        self.code = code
        self.excerpt = excerpt

    def __str__(self) -> str:
        where = "" if self.operation is None else f"{self.operation}: "
        facts = [] if self.status is None else [f"HTTP {self.status}"]
        if self.code is not None:
            facts.append(self.code)
        return where + self.message + (f" ({', '.join(facts)})" if facts else "")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(
    kind: type[CoinBTRError], args: tuple[object, ...], state: dict[str, object]
) -> CoinBTRError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigurationError(CoinBTRError):
    """Token, base URL and environment don't fit together, or one is not valid; nothing was sent."""


class ClientClosed(CoinBTRError):
    """The client was closed before this call; nothing was sent."""


class ArgumentError(CoinBTRError):
    """An argument that can't be sent; nothing was sent. `field` names it."""

    def __init__(self, message: str, *, field: str, operation: str | None = None) -> None:
        super().__init__(message, operation=operation)
        self.field = field


class InvalidValue(ArgumentError, ValueError):
    """The argument has the right type and a value that can't be sent."""


class InvalidType(ArgumentError, TypeError):
    """The argument has the wrong type: a float for money above all."""


class EmptyBook(CoinBTRError, LookupError):
    """The side of the order book that was asked for its best level holds no order."""


class NetworkError(CoinBTRError):
    """No complete answer arrived."""


class NoConnection(NetworkError):
    """No connection came about (refused, DNS, TLS): the server can't have seen the request."""


class ConnectTimeout(NoConnection, TimeoutError):
    """No connection came about in time: the server can't have seen the request."""


class ConnectionLost(NetworkError):
    """The connection stood and then failed: the request may have been carried out."""


class AnswerTimeout(ConnectionLost, TimeoutError):
    """The connection stood and no answer came in time: the request may have been carried out."""


class Refused(CoinBTRError):
    """The exchange said no, whatever the HTTP status: nothing was done. `code` says why."""


class BadRequest(Refused):
    """400: not valid JSON, a field missing, unknown, of a wrong type or out of bounds."""


class AuthenticationError(Refused):
    """401: no token was sent, or one that the exchange doesn't know."""


class PermissionDenied(Refused):
    """403: the token lacks the permission to trade, withdraw or deposit."""


class NotFound(Refused):
    """404: the exchange has no such path or thing."""


class BookNotFound(NotFound):
    """There is no such book."""


class CoinNotFound(NotFound):
    """There is no such coin."""


class OrderNotFound(NotFound):
    """No open order of this account and side has this id."""


class TransactionNotFound(NotFound):
    """No transaction of this account has this id."""


class MethodNotAllowed(Refused):
    """405: the server doesn't take this method on this path."""


class Conflict(Refused):
    """409: the request is valid, and the state of the account or book forbids it."""


class BookClosed(Conflict):
    """The book takes no orders at the moment."""


class InsufficientFunds(Conflict):
    """The available balance doesn't cover the order or the withdrawal and its fee."""


class SelfTrade(Conflict):
    """The order would have met an order of its own account, so it was refused whole."""


class BodyTooLarge(Refused):
    """413: the request's body is larger than the exchange reads."""


class UnsupportedMediaType(Refused):
    """415: the request's body is not declared as JSON."""


class Unprocessable(Refused):
    """422: well formed, and against a rule of the book or coin."""


class AboveMaximum(Unprocessable):
    """Amount or price above what the book allows."""


class BelowMinimum(Unprocessable):
    """Amount or price below what the book or the coin allows."""


class BelowMinimumValue(BelowMinimum):
    """Amount times price below the book's minimum value."""


class DepositUnavailable(Unprocessable):
    """The coin can't be deposited at the moment."""


class InvalidAddress(Unprocessable):
    """The address is none of this coin."""


class InvalidStep(Unprocessable):
    """Amount or price is no multiple of the book's step."""


class WithdrawalUnavailable(Unprocessable):
    """The coin can't be withdrawn at the moment."""


class RateLimited(Refused):
    """429: too many requests. `retry_after` is the wait in seconds that the server asks for."""

    def __init__(self, message: str, *, retry_after: float | None = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.retry_after = retry_after


class ServerError(CoinBTRError):
    """5xx: the server failed, and whether it carried the request out is not known."""


class Unavailable(ServerError):
    """503: the exchange is not available at the moment."""


class UnexpectedAnswer(CoinBTRError):
    """An answer that the description doesn't know: the request may have been carried out."""

    def __str__(self) -> str:
        # What arrived instead is the best hint at why.
        seen = "" if self.excerpt is None else f"; it began with {self.excerpt!r}"
        return super().__str__() + seen


class BrokenServerAnswer(ServerError, UnexpectedAnswer):
    """5xx, and not in the exchange's words: often a gateway's page."""


class EmptyAnswer(UnexpectedAnswer):
    """An answer without a body."""


class UnreadableAnswer(UnexpectedAnswer):
    """A body that is no JSON: HTML, truncated, or with numbers beyond all bounds."""


class WrongContentType(UnexpectedAnswer):
    """A body that is declared as something else than JSON."""


class UndocumentedStatus(UnexpectedAnswer):
    """A status that the description doesn't list, or one that contradicts the body's `success`."""


class Redirected(UnexpectedAnswer):
    """The server wants the request sent elsewhere; redirects are never followed."""


class AnswerTooLarge(UnexpectedAnswer):
    """The answer is larger than the client reads."""


class MalformedAnswer(UnexpectedAnswer):
    """A required field is missing or mistyped; `path` is its JSON path, such as `$.data.price`."""

    def __init__(self, message: str, *, path: str, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.path = path

"""Every error that leaves the package, in one tree.

```
CoinBTRError
├── ConfigurationError              token, base URL, environment don't fit together; nothing sent
├── ClientClosed                    the client was closed before; nothing was sent
├── DeadlineExceeded                the deadline passed before anything was sent (a TimeoutError)
├── IntentLogError                  the intent log could not be written to; nothing was sent
├── ArgumentError                   an argument that can't be sent; nothing was sent
│   ├── InvalidValue                the right type, a wrong value (also a ValueError)
│   └── InvalidType                 the wrong type, a float above all (also a TypeError)
├── EmptyBook                       the best level of a side without orders (also a LookupError)
├── GuardRailError                  a limit of yours, or the book's own, forbids it; nothing sent
│   ├── WithdrawalsNotAllowed       the client was made without allow_withdrawals=True
│   ├── AddressNotAllowed           the address is not in the allow-list
│   ├── OrderValueTooHigh
│   ├── PriceTooFar                 from the best price
│   ├── GuardRailUnchecked          what a limit is checked against could not be read
│   └── BookLimitBroken             the book's own limits, as the exchange lists them
│       ├── BelowBookMinimum        (also a BelowMinimum)
│       ├── BelowBookMinimumValue   (also a BelowMinimumValue)
│       ├── AboveBookMaximum        (also an AboveMaximum)
│       ├── OffBookStep             (also an InvalidStep)
│       └── UnlistedBook            (also a BookNotFound)
├── RateLimitExceeded               the client's own rate limit leaves no room; nothing was sent
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
├── OutcomeUnknown                  a request that moves money was sent, and its outcome is lost
└── UnexpectedAnswer                not what the description says; the request may have had effect
    ├── EmptyAnswer
    ├── UnreadableAnswer            HTML, truncated JSON, a number beyond all bounds, …
    ├── WrongContentType            something else than JSON
    ├── UndocumentedStatus          a status that nobody listed
    ├── Redirected                  redirects are never followed
    ├── AnswerTooLarge
    └── MalformedAnswer             a required field is missing, mistyped, or not what was asked for
```

Each carries `operation`, `status`, `code`, `message`, `excerpt`, `attempts` and `elapsed` (None if
there is none), pickles and copies, and holds neither the client nor the token. OutcomeUnknown alone
remembers its client as long as it lives, so that it can look the outcome up.
"""

from coinbtr.errors.answers import (
    AnswerTooLarge,
    BrokenServerAnswer,
    EmptyAnswer,
    MalformedAnswer,
    Redirected,
    ServerError,
    Unavailable,
    UndocumentedStatus,
    UnexpectedAnswer,
    UnreadableAnswer,
    WrongContentType,
)
from coinbtr.errors.base import (
    ArgumentError,
    ClientClosed,
    CoinBTRError,
    ConfigurationError,
    DeadlineExceeded,
    EmptyBook,
    InferredOperationWarning,
    IntentLogError,
    InvalidType,
    InvalidValue,
)
from coinbtr.errors.limits import (
    AboveBookMaximum,
    AddressNotAllowed,
    BelowBookMinimum,
    BelowBookMinimumValue,
    BookLimitBroken,
    GuardRailError,
    GuardRailUnchecked,
    GuardRailWarning,
    OffBookStep,
    OrderValueTooHigh,
    PriceTooFar,
    RateLimitExceeded,
    SharedLimitWarning,
    UnlistedBook,
    WithdrawalsNotAllowed,
)
from coinbtr.errors.network import (
    AnswerTimeout,
    ConnectionLost,
    ConnectTimeout,
    NetworkError,
    NoConnection,
)
from coinbtr.errors.refused import (
    AboveMaximum,
    AuthenticationError,
    BadRequest,
    BelowMinimum,
    BelowMinimumValue,
    BodyTooLarge,
    BookClosed,
    BookNotFound,
    CoinNotFound,
    Conflict,
    DepositUnavailable,
    InsufficientFunds,
    InvalidAddress,
    InvalidStep,
    MethodNotAllowed,
    NotFound,
    OrderNotFound,
    PermissionDenied,
    RateLimited,
    Refused,
    SelfTrade,
    TransactionNotFound,
    Unprocessable,
    UnsupportedMediaType,
    WithdrawalUnavailable,
)
from coinbtr.errors.unknown import OutcomeUnknown

__all__ = [
    "AboveBookMaximum",
    "AboveMaximum",
    "AddressNotAllowed",
    "AnswerTimeout",
    "AnswerTooLarge",
    "ArgumentError",
    "AuthenticationError",
    "BadRequest",
    "BelowBookMinimum",
    "BelowBookMinimumValue",
    "BelowMinimum",
    "BelowMinimumValue",
    "BodyTooLarge",
    "BookClosed",
    "BookLimitBroken",
    "BookNotFound",
    "BrokenServerAnswer",
    "ClientClosed",
    "CoinBTRError",
    "CoinNotFound",
    "ConfigurationError",
    "Conflict",
    "ConnectTimeout",
    "ConnectionLost",
    "DeadlineExceeded",
    "DepositUnavailable",
    "EmptyAnswer",
    "EmptyBook",
    "GuardRailError",
    "GuardRailUnchecked",
    "GuardRailWarning",
    "InferredOperationWarning",
    "InsufficientFunds",
    "IntentLogError",
    "InvalidAddress",
    "InvalidStep",
    "InvalidType",
    "InvalidValue",
    "MalformedAnswer",
    "MethodNotAllowed",
    "NetworkError",
    "NoConnection",
    "NotFound",
    "OffBookStep",
    "OrderNotFound",
    "OrderValueTooHigh",
    "OutcomeUnknown",
    "PermissionDenied",
    "PriceTooFar",
    "RateLimitExceeded",
    "RateLimited",
    "Redirected",
    "Refused",
    "SelfTrade",
    "ServerError",
    "SharedLimitWarning",
    "TransactionNotFound",
    "Unavailable",
    "UndocumentedStatus",
    "UnexpectedAnswer",
    "UnlistedBook",
    "Unprocessable",
    "UnreadableAnswer",
    "UnsupportedMediaType",
    "WithdrawalUnavailable",
    "WithdrawalsNotAllowed",
    "WrongContentType",
]

"""What the control plane tells, as immutable objects: Decimals, aware datetimes, plain words."""

from datetime import UTC, datetime
from decimal import Decimal

from attrs import frozen


@frozen
class AccountBalance:
    """What an account has of one coin: available, frozen by open orders, and pending."""

    coin: str
    available: Decimal
    frozen: Decimal
    pending: Decimal
    total: Decimal


@frozen
class Account:
    """A user of the exchange; one of the exchange's own market makers where `is_house`."""

    username: str
    email: str
    level: int
    created_at: datetime
    is_house: bool
    balances: tuple[AccountBalance, ...]


@frozen
class OpenOrder:
    """An order that rests in a book; `amount` is what is left of it."""

    id: int
    account: str
    market: str
    side: str
    price: Decimal
    initial_amount: Decimal
    amount: Decimal
    filled: Decimal
    is_open: bool
    created_at: datetime


@frozen
class TokenPermissions:
    """What a token may do beside reading."""

    trade: bool
    withdraw: bool
    deposit: bool


@frozen
class TokenInfo:
    """What a token stands for; the token itself is nowhere kept. `id` is what it is revoked by."""

    id: str
    account: str
    permissions: TokenPermissions
    expires_at: datetime | None
    allowed_ips: tuple[str, ...]
    withdrawal_addresses: tuple[str, ...]


@frozen
class Transfer:
    """A `deposit` or a `withdrawal`.

    `status` is `pending` (deposits), `signed` or `sent` (withdrawals), `confirmed` or `failed`.
    """

    id: int
    kind: str
    account: str
    coin: str
    address: str
    amount: Decimal
    fee: Decimal
    txid: str
    status: str
    confirmations: int
    created_at: datetime


@frozen
class Book:
    """A book's state, its best prices, and its last 24 hours; None where there is nothing."""

    name: str
    is_open: bool
    last: Decimal | None
    bid: Decimal | None
    ask: Decimal | None
    high: Decimal | None
    low: Decimal | None
    volume: Decimal
    value: Decimal


@frozen
class PriceLevel:
    """What rests at one price."""

    price: Decimal
    amount: Decimal


@frozen
class PublicTrade:
    """A trade as anybody sees it; the side is the taker's."""

    time: datetime
    side: str
    price: Decimal
    amount: Decimal
    value: Decimal


@frozen
class BookDetail:
    """One book from inside: price levels from the best on, trades from the newest on."""

    book: Book
    asks: tuple[PriceLevel, ...]
    bids: tuple[PriceLevel, ...]
    trades: tuple[PublicTrade, ...]


@frozen
class Candle:
    """The trades of one interval, which begins at `time`."""

    time: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    value: Decimal


@frozen
class ClockState:
    """The exchange's time, and by how many seconds it was moved on."""

    time: datetime
    skipped_seconds: Decimal


@frozen
class Live:
    """Whether the market trades on its own."""

    live: bool


@frozen
class Snapshot:
    """A kept state of the whole exchange."""

    name: str
    taken_at: datetime


@frozen
class Counts:
    """How many there are of what."""

    accounts: int
    tokens: int
    open_orders: int
    transfers: int
    snapshots: int
    requests: int
    faults: int


@frozen
class Overview:
    """The exchange at a glance; `journal` is `none`, `normal`, `full` or `failed`."""

    version: str
    seed: int
    time: datetime
    skipped_seconds: Decimal
    live: bool
    journal: str
    books: tuple[Book, ...]
    counts: Counts


def moment(time_ms: int) -> datetime:
    """Turn milliseconds since 1970 into an aware time, exactly."""
    seconds, milliseconds = divmod(time_ms, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000)

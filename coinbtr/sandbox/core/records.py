"""What the exchange keeps about its users: accounts, their trades, deposits and withdrawals.

Amounts are in units (10^-8), times in milliseconds since 1970 (UTC).
"""

from enum import StrEnum

from attrs import define, frozen

from coinbtr.sandbox.core.orders import Side


@frozen
class Account:
    """A user of the exchange.

    `level` decides its fees. The exchange keeps no history of an account that `is_house`, one of
    its own that makes the market all day.
    """

    id: int
    username: str
    email: str
    level: int
    created_ms: int
    is_house: bool = False


class FilledAs(StrEnum):
    """Whether an order waited in the book or took from it."""

    MAKER = "maker"
    TAKER = "taker"


@define(eq=False)
class Trade:
    """A match of two orders, the `maker` that waited in the book and the `taker` that met it.

    Each fee is in the coin that its side received.
    """

    number: int
    market: str
    price: int
    amount: int
    value: int
    time_ms: int
    taker_side: Side
    maker_account: int
    maker_order: int
    maker_fee: int
    taker_account: int
    taker_order: int
    taker_fee: int

    @property
    def maker_id(self) -> int:
        """The id of the maker's transaction: of the two that a trade makes it has the lower one."""
        return 2 * self.number - 1

    @property
    def taker_id(self) -> int:
        """The id of the taker's transaction."""
        return 2 * self.number


@frozen
class Transaction:
    """One trade as one of its two sides sees it; the fee is in the coin that it received."""

    id: int
    account_id: int
    order_id: int
    market: str
    side: Side
    price: int
    amount: int
    value: int
    fee: int
    fee_coin: str
    filled_as: FilledAs
    created_ms: int


def seen_as(trade: Trade, transaction_id: int) -> Transaction:
    """Tell a trade as the side sees it whose transaction has that id."""
    as_maker = transaction_id == trade.maker_id
    side = trade.taker_side.other if as_maker else trade.taker_side
    base, quote = trade.market.split("-")
    return Transaction(
        id=transaction_id,
        account_id=trade.maker_account if as_maker else trade.taker_account,
        order_id=trade.maker_order if as_maker else trade.taker_order,
        market=trade.market,
        side=side,
        price=trade.price,
        amount=trade.amount,
        value=trade.value,
        fee=trade.maker_fee if as_maker else trade.taker_fee,
        fee_coin=base if side is Side.BUY else quote,
        filled_as=FilledAs.MAKER if as_maker else FilledAs.TAKER,
        created_ms=trade.time_ms,
    )


class TransferStatus(StrEnum):
    """How far a transfer has come."""

    PENDING = "pending"
    SIGNED = "signed"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@define(eq=False)
class Withdrawal:
    """Money on its way out: `signed`, then `sent`, then `confirmed` or `failed`."""

    id: int
    account_id: int
    coin: str
    address: str
    amount: int
    fee: int
    txid: str
    created_ms: int
    status: TransferStatus = TransferStatus.SIGNED
    confirmations: int = 0


@define(eq=False)
class Deposit:
    """Money on its way in: `pending`, then `confirmed` after enough blocks."""

    id: int
    account_id: int
    coin: str
    address: str
    amount: int
    txid: str
    created_ms: int
    status: TransferStatus = TransferStatus.PENDING
    confirmations: int = 0

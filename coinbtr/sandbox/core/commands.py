"""Everything that changes the exchange, as values: applied once, kept in a journal, applied again.

The same commands at the same times give the same state. No command holds a token, only its hash.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.orders import Order, Side
from coinbtr.sandbox.core.records import Account, Deposit, Withdrawal
from coinbtr.sandbox.core.tokens import Grant
from coinbtr.sandbox.core.transfer_log import Transfer

Result_co = TypeVar("Result_co", covariant=True)


class Command(Protocol[Result_co]):
    """One change; a tuple of plain data beside what it does."""

    def apply(self, exchange: Exchange, now_ms: int) -> Result_co:
        """Change the exchange, or raise and leave it as it was.

        Raises:
            Refusal: the exchange refuses for a reason of its business.
            LookupError: what the command is about doesn't exist.
            ValueError: it can't be done in this state.
        """
        ...


class PlaceOrder(NamedTuple):
    """Place a limit order; amount and price in units."""

    account_id: int
    market: str
    side: str
    amount: int
    price: int

    def apply(self, exchange: Exchange, now_ms: int) -> Order:
        """Give the order as it stands after it met the book."""
        return exchange.trading.place(
            self.account_id,
            self.market,
            Side(self.side),
            amount=self.amount,
            price=self.price,
            now_ms=now_ms,
        )


class CancelOrder(NamedTuple):
    """Cancel an account's own open order."""

    account_id: int
    order_id: int
    side: str

    def apply(self, exchange: Exchange, now_ms: int) -> Order:
        """Give the order as it was cancelled."""
        return exchange.trading.cancel(self.account_id, self.order_id, Side(self.side))


class Withdraw(NamedTuple):
    """Send money out; the amount in units."""

    account_id: int
    coin: str
    address: str
    amount: int

    def apply(self, exchange: Exchange, now_ms: int) -> Withdrawal:
        """Give the withdrawal, signed."""
        return exchange.wallets.withdraw(
            self.account_id, self.coin, address=self.address, amount=self.amount, now_ms=now_ms
        )


class Credit(NamedTuple):
    """Let money arrive, confirmed at once or after blocks; the amount in units."""

    account_id: int
    coin: str
    amount: int
    confirmed: bool

    def apply(self, exchange: Exchange, now_ms: int) -> Deposit:
        """Give the deposit."""
        return exchange.wallets.deposit(
            self.account_id, self.coin, self.amount, now_ms=now_ms, confirmed=self.confirmed
        )


class SettleTransfer(NamedTuple):
    """Let a transfer be confirmed or fail now."""

    transfer_id: int
    confirmed: bool

    def apply(self, exchange: Exchange, now_ms: int) -> Transfer:
        """Give the transfer, ended."""
        transfer = exchange.wallets.transfer(self.transfer_id)
        if self.confirmed:
            exchange.wallets.confirm(transfer)
        else:
            exchange.wallets.fail(transfer)
        return transfer


class OpenAccount(NamedTuple):
    """Open an account; the level decides its fees."""

    username: str
    email: str
    level: int

    def apply(self, exchange: Exchange, now_ms: int) -> Account:
        """Give the account."""
        return exchange.open_account(self.username, self.email, now_ms=now_ms, level=self.level)


class AddToken(NamedTuple):
    """Let the token with a digest stand for a grant."""

    digest: str
    grant: Mapping[str, Any]

    def apply(self, exchange: Exchange, now_ms: int) -> Grant:
        """Give the grant."""
        grant = Grant.load(self.grant)
        if grant.account_id not in exchange.accounts:
            raise KeyError(grant.account_id)
        exchange.tokens.add(self.digest, grant)
        return grant


class RevokeToken(NamedTuple):
    """Forget the token with a digest."""

    digest: str

    def apply(self, exchange: Exchange, now_ms: int) -> None:
        """Forget it."""
        exchange.tokens.revoke(self.digest)


class HaltBook(NamedTuple):
    """Close a book, or open it again."""

    market: str
    halted: bool

    def apply(self, exchange: Exchange, now_ms: int) -> None:
        """Close or open it."""
        if self.halted:
            exchange.halt(self.market)
        else:
            exchange.resume(self.market)


class AdvanceClock(NamedTuple):
    """Move the exchange's clock on, in milliseconds; the clock itself is moved by its owner."""

    ms: int

    def apply(self, exchange: Exchange, now_ms: int) -> None:
        """Remember how far it was moved; what was due until now has happened."""
        exchange.skipped_ms += self.ms


class GoLive(NamedTuple):
    """Let the market makers and takers trade from now on."""

    def apply(self, exchange: Exchange, now_ms: int) -> None:
        """Begin."""
        exchange.go_live(now_ms)


class StopLive(NamedTuple):
    """Let the market makers and takers stand still."""

    def apply(self, exchange: Exchange, now_ms: int) -> None:
        """Stop."""
        exchange.stop_live()


KINDS: Final[Mapping[str, type[NamedTuple]]] = {
    kind.__name__: kind
    for kind in (
        PlaceOrder,
        CancelOrder,
        Withdraw,
        Credit,
        SettleTransfer,
        OpenAccount,
        AddToken,
        RevokeToken,
        HaltBook,
        AdvanceClock,
        GoLive,
        StopLive,
    )
}
"""Every command by the name that a journal keeps it under."""

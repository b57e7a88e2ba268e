"""Deposits and withdrawals, and how blocks move them on."""

from collections.abc import Mapping
from hashlib import sha256
from heapq import heappop, heappush
from typing import Any

from coinbtr.sandbox.core.addresses import is_address, sandbox_address
from coinbtr.sandbox.core.catalogue import Catalogue
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.ledger import (
    AVAILABLE,
    FEES,
    OUTSIDE,
    PENDING,
    TRANSIT,
    Ledger,
    Reason,
    Wallet,
)
from coinbtr.sandbox.core.records import Deposit, TransferStatus, Withdrawal
from coinbtr.sandbox.core.transfer_log import Transfer, TransferLog
from coinbtr.sandbox.core.units import to_decimal

BLOCK_MS = 10_000
"""Time between two blocks of every coin's network, in milliseconds: short, for a sandbox."""

_ENDED = (TransferStatus.CONFIRMED, TransferStatus.FAILED)


class WalletDesk(TransferLog):
    """The exchange's side towards the networks.

    Args:
        catalogue: the coins.
        ledger: where money is booked.
        seed: what transaction ids and addresses are derived from.
    """

    def __init__(self, catalogue: Catalogue, ledger: Ledger, seed: int) -> None:
        super().__init__(catalogue)
        self._ledger = ledger
        self._seed = seed
        self._due: list[tuple[int, int]] = []

    def address(self, account_id: int, coin: str) -> str | None:
        """Tell an account's deposit address, or None for a coin that takes no deposits."""
        found = self._catalogue.coin(coin)
        if not found.can_deposit:
            return None
        return sandbox_address(found.symbol, f"{self._seed}/{account_id}")

    def deposit_address(self, account_id: int, coin: str) -> str:
        """Tell the address to deposit to.

        Raises:
            Refusal: `coin_not_found`, `deposit_unavailable`.
        """
        address = self.address(account_id, coin)
        if address is None:
            raise Refusal(
                Code.DEPOSIT_UNAVAILABLE, f"Deposits of {coin.upper()} are not available."
            )
        return address

    def wallet(self, account_id: int, coin: str) -> Wallet:
        """Find an account's wallet of a coin.

        Raises:
            Refusal: `coin_not_found`.
        """
        return self._ledger.wallet(account_id, self._catalogue.coin(coin).symbol)

    def deposit(
        self, account_id: int, coin: str, amount: int, *, now_ms: int, confirmed: bool = False
    ) -> Deposit:
        """Let money arrive from outside: pending until enough blocks, or confirmed at once.

        Raises:
            Refusal: `coin_not_found`.
            ValueError: the amount isn't above zero.
        """
        if amount <= 0:
            raise ValueError(f"amount must be above zero, not {to_decimal(amount):f}")
        found = self._catalogue.coin(coin)
        number = self.next_number
        made = Deposit(
            id=number,
            account_id=account_id,
            coin=found.symbol,
            address=sandbox_address(found.symbol, f"{self._seed}/{account_id}"),
            amount=amount,
            txid=self._txid("deposit", number),
            created_ms=now_ms,
        )
        wallet = self._ledger.wallet(account_id, found.symbol)
        outside = self._ledger.wallet(OUTSIDE, found.symbol)
        self._ledger.post(
            Reason.DEPOSIT_SEEN,
            (outside, AVAILABLE, -amount),
            (wallet, PENDING, amount),
        )
        self.keep(made)
        if confirmed:
            self.confirm(made)
        else:
            self._schedule(now_ms + BLOCK_MS, made)
        return made

    def withdraw(
        self, account_id: int, coin: str, *, address: str, amount: int, now_ms: int
    ) -> Withdrawal:
        """Send money out; the amount and the coin's fee leave the account at once.

        Raises:
            Refusal: `coin_not_found`, `withdrawal_unavailable`, `invalid_address`,
                `below_minimum`, `insufficient_funds`.
        """
        found = self._catalogue.coin(coin)
        symbol = found.symbol
        if not found.can_withdraw:
            raise Refusal(
                Code.WITHDRAWAL_UNAVAILABLE, f"Withdrawals of {symbol} are not available."
            )
        if not is_address(symbol, address):
            raise Refusal(Code.INVALID_ADDRESS, f"address is no {symbol} address.")
        if amount < found.min_withdraw:
            raise Refusal(
                Code.BELOW_MINIMUM,
                f"amount is {to_decimal(amount):f}; "
                f"a withdrawal of {symbol} takes {to_decimal(found.min_withdraw):f} or more.",
            )
        wallet = self._ledger.wallet(account_id, symbol)
        total = amount + found.fee_withdraw
        if wallet.available < total:
            raise Refusal(
                Code.INSUFFICIENT_FUNDS,
                f"With its fee the withdrawal needs {to_decimal(total):f} {symbol}; "
                f"{to_decimal(wallet.available):f} is available.",
            )
        transit = self._ledger.wallet(TRANSIT, symbol)
        self._ledger.post(
            Reason.WITHDRAWAL_SIGNED,
            (wallet, AVAILABLE, -total),
            (transit, PENDING, total),
        )
        number = self.next_number
        made = Withdrawal(
            id=number,
            account_id=account_id,
            coin=symbol,
            address=address,
            amount=amount,
            fee=found.fee_withdraw,
            txid=self._txid("withdrawal", number),
            created_ms=now_ms,
        )
        self.keep(made)
        self._schedule(now_ms + BLOCK_MS, made)
        return made

    def confirm(self, transfer: Transfer) -> None:
        """Let a transfer be confirmed now, however many blocks are missing.

        Raises:
            ValueError: it is confirmed or has failed already.
        """
        _check_under_way(transfer)
        coin = self._catalogue.coin(transfer.coin)
        transfer.confirmations = max(transfer.confirmations, coin.confirmations_required)
        if isinstance(transfer, Deposit):
            self._confirm_deposit(transfer)
        else:
            self._confirm_withdrawal(transfer)

    def fail(self, transfer: Transfer) -> None:
        """Let a transfer fail that isn't confirmed yet.

        Amount and fee of a withdrawal come back; a deposit was never there.

        Raises:
            ValueError: it is confirmed or has failed already.
        """
        _check_under_way(transfer)
        coin, amount = transfer.coin, transfer.amount
        wallet = self._ledger.wallet(transfer.account_id, coin)
        if isinstance(transfer, Deposit):
            outside = self._ledger.wallet(OUTSIDE, coin)
            self._ledger.post(
                Reason.DEPOSIT_FAILED, (wallet, PENDING, -amount), (outside, AVAILABLE, amount)
            )
        else:
            total = amount + transfer.fee
            transit = self._ledger.wallet(TRANSIT, coin)
            self._ledger.post(
                Reason.WITHDRAWAL_FAILED, (transit, PENDING, -total), (wallet, AVAILABLE, total)
            )
        transfer.status = TransferStatus.FAILED

    @property
    def next_due_ms(self) -> int | None:
        """When the next block comes that somebody waits for, or None."""
        return self._due[0][0] if self._due else None

    def next_block(self) -> None:
        """Let the block happen that is due next."""
        due_ms, number = heappop(self._due)
        transfer = self.transfer(number)
        if transfer.status in _ENDED:
            return
        if transfer.status is TransferStatus.SIGNED:
            transfer.status = TransferStatus.SENT
        else:
            transfer.confirmations += 1
            required = self._catalogue.coin(transfer.coin).confirmations_required
            if transfer.confirmations >= required:
                self.confirm(transfer)
                return
        self._schedule(due_ms + BLOCK_MS, transfer)

    def dump(self) -> dict[str, Any]:
        """Give all transfers and the blocks that they wait for, for `load`."""
        return super().dump() | {"due": sorted(self._due)}

    def load(self, state: Mapping[str, Any]) -> None:
        """Take over what `dump` gave."""
        super().load(state)
        self._due = [(due_ms, number) for due_ms, number in state["due"]]

    def _schedule(self, due_ms: int, transfer: Transfer) -> None:
        heappush(self._due, (due_ms, transfer.id))

    def _confirm_deposit(self, deposit: Deposit) -> None:
        wallet = self._ledger.wallet(deposit.account_id, deposit.coin)
        self._ledger.post(
            Reason.DEPOSIT_CONFIRMED,
            (wallet, PENDING, -deposit.amount),
            (wallet, AVAILABLE, deposit.amount),
        )
        deposit.status = TransferStatus.CONFIRMED

    def _confirm_withdrawal(self, withdrawal: Withdrawal) -> None:
        coin, total = withdrawal.coin, withdrawal.amount + withdrawal.fee
        self._ledger.post(
            Reason.WITHDRAWAL_CONFIRMED,
            (self._ledger.wallet(TRANSIT, coin), PENDING, -total),
            (self._ledger.wallet(OUTSIDE, coin), AVAILABLE, withdrawal.amount),
            (self._ledger.wallet(FEES, coin), AVAILABLE, withdrawal.fee),
        )
        withdrawal.status = TransferStatus.CONFIRMED

    def _txid(self, kind: str, number: int) -> str:
        return sha256(f"{self._seed}/{kind}/{number}".encode()).hexdigest()


def _check_under_way(transfer: Transfer) -> None:
    if transfer.status in _ENDED:
        raise ValueError(f"transfer {transfer.id} is {transfer.status}: nothing can change it")

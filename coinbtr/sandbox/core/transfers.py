"""Deposits and withdrawals, and how blocks move them on."""

from collections.abc import Sequence
from hashlib import sha256
from heapq import heappop, heappush
from itertools import count, islice

from coinbtr.sandbox.core.addresses import is_address, sandbox_address
from coinbtr.sandbox.core.catalogue import Catalogue
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.ledger import FEES, OUTSIDE, TRANSIT, Bucket, Ledger, Reason, Wallet
from coinbtr.sandbox.core.records import Deposit, TransferStatus, Withdrawal
from coinbtr.sandbox.core.units import to_decimal

BLOCK_MS = 10_000
"""Time between two blocks of every coin's network, in milliseconds: short, for a sandbox."""


class WalletDesk:
    """The exchange's side towards the networks.

    Args:
        catalogue: the coins.
        ledger: where money is booked.
        seed: what transaction ids and addresses are derived from.
    """

    def __init__(self, catalogue: Catalogue, ledger: Ledger, seed: int) -> None:
        self._catalogue = catalogue
        self._ledger = ledger
        self._seed = seed
        self._ids = count(1)
        self._deposits: dict[int, list[Deposit]] = {}
        self._withdrawals: dict[int, list[Withdrawal]] = {}
        self._due: list[tuple[int, int, Deposit | Withdrawal]] = []
        self._due_order = count()

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
            raise ValueError(f"amount must be above zero, not {to_decimal(amount)}")
        found = self._catalogue.coin(coin)
        number = next(self._ids)
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
            (outside, Bucket.AVAILABLE, -amount),
            (wallet, Bucket.PENDING, amount),
        )
        self._deposits.setdefault(account_id, []).append(made)
        if confirmed:
            made.confirmations = found.confirmations_required
            self._confirm_deposit(made)
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
                f"amount is {to_decimal(amount)}; "
                f"a withdrawal of {symbol} takes {to_decimal(found.min_withdraw)} or more.",
            )
        wallet = self._ledger.wallet(account_id, symbol)
        total = amount + found.fee_withdraw
        if wallet.available < total:
            raise Refusal(
                Code.INSUFFICIENT_FUNDS,
                f"With its fee the withdrawal needs {to_decimal(total)} {symbol}; "
                f"{to_decimal(wallet.available)} is available.",
            )
        transit = self._ledger.wallet(TRANSIT, symbol)
        self._ledger.post(
            Reason.WITHDRAWAL_SIGNED,
            (wallet, Bucket.AVAILABLE, -total),
            (transit, Bucket.PENDING, total),
        )
        number = next(self._ids)
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
        self._withdrawals.setdefault(account_id, []).append(made)
        self._schedule(now_ms + BLOCK_MS, made)
        return made

    def fail(self, withdrawal: Withdrawal) -> None:
        """Let a withdrawal fail that isn't confirmed yet: amount and fee come back.

        Raises:
            ValueError: it is confirmed or has failed already.
        """
        if withdrawal.status not in (TransferStatus.SIGNED, TransferStatus.SENT):
            raise ValueError(f"the withdrawal is {withdrawal.status}: it can't fail any more")
        total = withdrawal.amount + withdrawal.fee
        transit = self._ledger.wallet(TRANSIT, withdrawal.coin)
        wallet = self._ledger.wallet(withdrawal.account_id, withdrawal.coin)
        self._ledger.post(
            Reason.WITHDRAWAL_FAILED,
            (transit, Bucket.PENDING, -total),
            (wallet, Bucket.AVAILABLE, total),
        )
        withdrawal.status = TransferStatus.FAILED

    def deposits(
        self, account_id: int, *, coin: str | None = None, limit: int = 50, offset: int = 0
    ) -> Sequence[Deposit]:
        """List an account's deposits, newest first.

        Raises:
            Refusal: `coin_not_found`.
        """
        symbol = None if coin is None else self._catalogue.coin(coin).symbol
        own = reversed(self._deposits.get(account_id, []))
        chosen = (deposit for deposit in own if symbol in (None, deposit.coin))
        return list(islice(chosen, offset, offset + limit))

    def withdrawals(
        self, account_id: int, *, coin: str | None = None, limit: int = 50, offset: int = 0
    ) -> Sequence[Withdrawal]:
        """List an account's withdrawals, newest first.

        Raises:
            Refusal: `coin_not_found`.
        """
        symbol = None if coin is None else self._catalogue.coin(coin).symbol
        own = reversed(self._withdrawals.get(account_id, []))
        chosen = (withdrawal for withdrawal in own if symbol in (None, withdrawal.coin))
        return list(islice(chosen, offset, offset + limit))

    def advance(self, now_ms: int) -> None:
        """Let the blocks happen that were due up to now, in their order."""
        while self._due and self._due[0][0] <= now_ms:
            due, _, transfer = heappop(self._due)
            going_on = (
                self._deposit_block(transfer)
                if isinstance(transfer, Deposit)
                else self._withdrawal_block(transfer)
            )
            if going_on:
                self._schedule(due + BLOCK_MS, transfer)

    def _schedule(self, due_ms: int, transfer: Deposit | Withdrawal) -> None:
        heappush(self._due, (due_ms, next(self._due_order), transfer))

    def _deposit_block(self, deposit: Deposit) -> bool:
        deposit.confirmations += 1
        if deposit.confirmations < self._catalogue.coin(deposit.coin).confirmations_required:
            return True
        self._confirm_deposit(deposit)
        return False

    def _confirm_deposit(self, deposit: Deposit) -> None:
        wallet = self._ledger.wallet(deposit.account_id, deposit.coin)
        self._ledger.post(
            Reason.DEPOSIT_CONFIRMED,
            (wallet, Bucket.PENDING, -deposit.amount),
            (wallet, Bucket.AVAILABLE, deposit.amount),
        )
        deposit.status = TransferStatus.CONFIRMED

    def _withdrawal_block(self, withdrawal: Withdrawal) -> bool:
        if withdrawal.status is TransferStatus.FAILED:
            return False
        if withdrawal.status is TransferStatus.SIGNED:
            withdrawal.status = TransferStatus.SENT
            return True
        withdrawal.confirmations += 1
        if withdrawal.confirmations < self._catalogue.coin(withdrawal.coin).confirmations_required:
            return True
        coin, total = withdrawal.coin, withdrawal.amount + withdrawal.fee
        self._ledger.post(
            Reason.WITHDRAWAL_CONFIRMED,
            (self._ledger.wallet(TRANSIT, coin), Bucket.PENDING, -total),
            (self._ledger.wallet(OUTSIDE, coin), Bucket.AVAILABLE, withdrawal.amount),
            (self._ledger.wallet(FEES, coin), Bucket.AVAILABLE, withdrawal.fee),
        )
        withdrawal.status = TransferStatus.CONFIRMED
        return False

    def _txid(self, kind: str, number: int) -> str:
        return sha256(f"{self._seed}/{kind}/{number}".encode()).hexdigest()

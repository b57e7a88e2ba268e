"""The double-entry ledger: money moves from wallet to wallet and is never made or lost.

Every movement is an entry whose postings add up to zero for each coin. What an account has
available, frozen and pending are sums over those postings.
"""

from enum import IntEnum, StrEnum

from attrs import define, field, frozen

OUTSIDE = 0
"""Owner of all money that is not in the exchange: its wallets stand below zero."""

FEES = -1
"""Owner of what the exchange has earned."""

TRANSIT = -2
"""Owner of money that was withdrawn and isn't confirmed to have arrived."""


class Bucket(IntEnum):
    """A part of a wallet."""

    AVAILABLE = 0
    FROZEN = 1
    PENDING = 2


class Reason(StrEnum):
    """What an entry was made for."""

    DEPOSIT_SEEN = "deposit seen"
    DEPOSIT_CONFIRMED = "deposit confirmed"
    ORDER_PLACED = "order placed"
    ORDER_CANCELLED = "order cancelled"
    TRADE = "trade"
    WITHDRAWAL_SIGNED = "withdrawal signed"
    WITHDRAWAL_CONFIRMED = "withdrawal confirmed"
    WITHDRAWAL_FAILED = "withdrawal failed"


@define(eq=False)
class Wallet:
    """What one owner has of one coin, in units: available, frozen by orders, and pending."""

    owner: int
    coin: str
    amounts: list[int] = field(factory=lambda: [0, 0, 0])

    @property
    def available(self) -> int:
        """What can be ordered with or withdrawn."""
        return self.amounts[Bucket.AVAILABLE]

    @property
    def frozen(self) -> int:
        """What open orders hold."""
        return self.amounts[Bucket.FROZEN]

    @property
    def pending(self) -> int:
        """What has been deposited and isn't confirmed."""
        return self.amounts[Bucket.PENDING]

    @property
    def total(self) -> int:
        """All three together."""
        return sum(self.amounts)


Posting = tuple[Wallet, Bucket, int]


@frozen
class Entry:
    """One balanced movement, as (owner, coin, bucket, units) for each wallet that it touched."""

    reason: Reason
    postings: tuple[tuple[int, str, Bucket, int], ...]


class Ledger:
    """All wallets of the exchange.

    Args:
        keep_entries: remember every entry, for audits; a sandbox that runs all day doesn't.
    """

    def __init__(self, *, keep_entries: bool = False) -> None:
        self.entries: list[Entry] | None = [] if keep_entries else None
        self._wallets: dict[tuple[int, str], Wallet] = {}

    def wallet(self, owner: int, coin: str) -> Wallet:
        """Find an owner's wallet of a coin; an empty one appears when there is none."""
        wallet = self._wallets.get((owner, coin))
        if wallet is None:
            wallet = self._wallets[owner, coin] = Wallet(owner, coin)
        return wallet

    def post(self, reason: Reason, *postings: Posting) -> None:
        """Book one movement, whole or not at all.

        Raises:
            ValueError: the postings of a coin don't add up to zero, or a wallet other than the
                outside world's would fall below zero. Both are mistakes of the program: refusals
                are decided before anything is booked.
        """
        sums: dict[str, int] = {}
        after: dict[tuple[int, str, Bucket], int] = {}
        for wallet, bucket, delta in postings:
            sums[wallet.coin] = sums.get(wallet.coin, 0) + delta
            key = (wallet.owner, wallet.coin, bucket)
            after[key] = after.get(key, wallet.amounts[bucket]) + delta
        if any(sums.values()):
            raise ValueError(f"{reason}: the entry is not balanced: {sums}")
        if any(amount < 0 for key, amount in after.items() if key[0] != OUTSIDE):
            raise ValueError(f"{reason}: a wallet would fall below zero: {after}")
        for wallet, bucket, delta in postings:
            wallet.amounts[bucket] += delta
        if self.entries is not None:
            self.entries.append(
                Entry(
                    reason,
                    tuple(
                        (wallet.owner, wallet.coin, bucket, delta)
                        for wallet, bucket, delta in postings
                    ),
                )
            )

    def totals(self) -> dict[str, int]:
        """Add up each coin over all wallets, the outside world's too: zero, always."""
        sums: dict[str, int] = {}
        for wallet in self._wallets.values():
            sums[wallet.coin] = sums.get(wallet.coin, 0) + wallet.total
        return sums

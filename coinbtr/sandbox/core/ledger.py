"""The double-entry ledger: money moves from wallet to wallet and is never made or lost.

Every movement is an entry whose postings add up to zero for each coin. What an account has
available, frozen and pending are sums over those postings.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import Final

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


# As plain integers: a list is quicker with them than with members, and so is their name.
AVAILABLE: Final = Bucket.AVAILABLE.value
FROZEN: Final = Bucket.FROZEN.value
PENDING: Final = Bucket.PENDING.value


class Reason(StrEnum):
    """What an entry was made for."""

    DEPOSIT_SEEN = "deposit seen"
    DEPOSIT_CONFIRMED = "deposit confirmed"
    DEPOSIT_FAILED = "deposit failed"
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
        return self.amounts[AVAILABLE]

    @property
    def frozen(self) -> int:
        """What open orders hold."""
        return self.amounts[FROZEN]

    @property
    def pending(self) -> int:
        """What has been deposited and isn't confirmed."""
        return self.amounts[PENDING]

    @property
    def total(self) -> int:
        """All three together."""
        return sum(self.amounts)


Posting = tuple[Wallet, int, int]


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
        try:
            return self._wallets[owner, coin]
        except KeyError:
            wallet = self._wallets[owner, coin] = Wallet(owner, coin)
            return wallet

    def post(self, reason: Reason, *postings: Posting) -> None:
        """Book one movement of one or two coins, whole or not at all.

        Raises:
            ValueError: the postings of a coin don't add up to zero, or a wallet other than the
                outside world's would fall below zero. Both are mistakes of the program: refusals
                are decided before anything is booked.
        """
        first, other = postings[0][0].coin, None
        total = other_total = 0
        overdrawn = third = False
        for wallet, bucket, delta in postings:
            amounts = wallet.amounts
            after = amounts[bucket] = amounts[bucket] + delta
            if after < 0 and wallet.owner != OUTSIDE:
                overdrawn = True
            if wallet.coin == first:
                total += delta
            elif other is None or wallet.coin == other:
                other = wallet.coin
                other_total += delta
            else:
                third = True
        # A wallet may dip below zero between two postings of an entry, and be right after all.
        unbalanced = bool(total or other_total or third)
        if unbalanced or (overdrawn and _overdrawn(postings)):
            for wallet, bucket, delta in postings:
                wallet.amounts[bucket] -= delta
            problem = "is not balanced" if unbalanced else "leaves a wallet below zero"
            raise ValueError(f"the entry '{reason}' {problem}: {_shown(postings)}")
        if self.entries is not None:
            self.entries.append(Entry(reason, _shown(postings)))

    def shift(self, reason: Reason, wallet: Wallet, source: int, target: int, units: int) -> None:
        """Book a movement between two parts of one wallet: balanced by itself, and so cheaper.

        Raises:
            ValueError: a part would fall below zero, by a mistake of the program.
        """
        amounts = wallet.amounts
        left, grown = amounts[source] - units, amounts[target] + units
        if left < 0 or grown < 0:
            raise ValueError(f"the entry '{reason}' of {units} units overdraws {wallet}")
        amounts[source], amounts[target] = left, grown
        if self.entries is not None:
            postings = (wallet, source, -units), (wallet, target, units)
            self.entries.append(Entry(reason, _shown(postings)))

    def totals(self) -> dict[str, int]:
        """Add up each coin over all wallets, the outside world's too: zero, always."""
        sums: dict[str, int] = {}
        for wallet in self._wallets.values():
            sums[wallet.coin] = sums.get(wallet.coin, 0) + wallet.total
        return sums

    def dump(self) -> list[tuple[int, str, list[int]]]:
        """Give every wallet that isn't empty as (owner, coin, parts), for `load`.

        To look a wallet up may make an empty one: what was only looked at must not show.
        """
        return [
            (*key, one.amounts) for key, one in sorted(self._wallets.items()) if any(one.amounts)
        ]

    def load(self, wallets: Iterable[tuple[int, str, list[int]]]) -> None:
        """Take over what `dump` gave."""
        for owner, coin, amounts in wallets:
            self.wallet(owner, coin).amounts[:] = amounts


def _overdrawn(postings: Iterable[Posting]) -> bool:
    return any(
        wallet.amounts[bucket] < 0 for wallet, bucket, _ in postings if wallet.owner != OUTSIDE
    )


def _shown(postings: Iterable[Posting]) -> tuple[tuple[int, str, Bucket, int], ...]:
    return tuple(
        (wallet.owner, wallet.coin, Bucket(bucket), delta) for wallet, bucket, delta in postings
    )

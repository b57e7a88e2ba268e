"""All deposits and withdrawals that there were, and how to find them."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from attrs import astuple

from coinbtr.sandbox.core.catalogue import Catalogue
from coinbtr.sandbox.core.records import Deposit, TransferStatus, Withdrawal

Transfer = Deposit | Withdrawal

_Transfer = TypeVar("_Transfer", Deposit, Withdrawal)


class TransferLog:
    """Deposits and withdrawals by number and by account; numbers count from 1.

    Args:
        catalogue: the coins.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._transfers: dict[int, Transfer] = {}
        self._deposits: dict[int, list[Deposit]] = {}
        self._withdrawals: dict[int, list[Withdrawal]] = {}

    @property
    def next_number(self) -> int:
        """The id that the next transfer gets."""
        return len(self._transfers) + 1

    def keep(self, transfer: Transfer) -> None:
        """Remember a new transfer."""
        self._transfers[transfer.id] = transfer
        if isinstance(transfer, Deposit):
            self._deposits.setdefault(transfer.account_id, []).append(transfer)
        else:
            self._withdrawals.setdefault(transfer.account_id, []).append(transfer)

    def transfer(self, transfer_id: int) -> Transfer:
        """Find a deposit or withdrawal of anybody by its id.

        Raises:
            KeyError: there is none.
        """
        return self._transfers[transfer_id]

    def transfers(self) -> Sequence[Transfer]:
        """List all deposits and withdrawals, oldest first."""
        return list(self._transfers.values())

    def deposits(
        self, account_id: int, *, coin: str | None = None, limit: int = 50, offset: int = 0
    ) -> Sequence[Deposit]:
        """List an account's deposits, newest first.

        Raises:
            Refusal: `coin_not_found`.
        """
        return self._page(self._deposits.get(account_id, []), coin, limit, offset)

    def withdrawals(
        self, account_id: int, *, coin: str | None = None, limit: int = 50, offset: int = 0
    ) -> Sequence[Withdrawal]:
        """List an account's withdrawals, newest first.

        Raises:
            Refusal: `coin_not_found`.
        """
        return self._page(self._withdrawals.get(account_id, []), coin, limit, offset)

    def dump(self) -> dict[str, Any]:
        """Give all transfers, for `load`."""
        return {
            "deposits": [astuple(one) for own in self._deposits.values() for one in own],
            "withdrawals": [astuple(one) for own in self._withdrawals.values() for one in own],
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Take over what `dump` gave."""
        kinds = (("deposits", Deposit), ("withdrawals", Withdrawal))
        found: list[Transfer] = [kind(*row) for name, kind in kinds for row in state[name]]
        for transfer in sorted(found, key=lambda transfer: transfer.id):
            transfer.status = TransferStatus(transfer.status)
            self.keep(transfer)

    def _page(
        self, own: Sequence[_Transfer], coin: str | None, limit: int, offset: int
    ) -> Sequence[_Transfer]:
        symbol = None if coin is None else self._catalogue.coin(coin).symbol
        chosen = (transfer for transfer in reversed(own) if symbol in (None, transfer.coin))
        return list(islice(chosen, offset, offset + limit))

"""Deposits and withdrawals: letting money arrive, and deciding what becomes of a transfer."""

from decimal import Decimal
from itertools import islice

from coinbtr.sandbox.control.desk import Desk, find_account
from coinbtr.sandbox.control.errors import NotPossible, Unknown
from coinbtr.sandbox.control.views import Transfer, moment
from coinbtr.sandbox.core import transfer_log
from coinbtr.sandbox.core.commands import Credit, SettleTransfer
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.records import Withdrawal
from coinbtr.sandbox.core.units import to_decimal, to_units


class Transfers(Desk):
    """Money that comes and goes."""

    def credit(
        self,
        coin: str,
        amount: Decimal | int | str,
        account: str = "demo",
        *,
        confirmed: bool = True,
    ) -> Transfer:
        """Let a deposit arrive.

        Args:
            coin: its symbol, in any case.
            amount: in coins, above zero, with at most 8 decimals; never a float.
            account: its name, such as `demo` or `other`.
            confirmed: available at once; if not, pending until the coin's blocks have come, one
                in 10 seconds of the clock.

        Raises:
            TypeError: the amount is a float.
            ValueError: the amount isn't above zero or has more than 8 decimals.
            Unknown: there is no such account.
            Refusal: there is no such coin.
        """
        if isinstance(amount, float):
            raise TypeError(f'amount must be exact: write "{amount}" or Decimal("{amount}")')
        units = to_units(amount)
        with self._sequencer.turn() as (exchange, _):
            owner = find_account(exchange, account)
            made = self._sequencer.execute(Credit(owner.id, coin, units, confirmed))
            shown = _transfer(exchange, made)
        self._sequencer.commit()
        return shown

    def transfers(
        self, account: str | None = None, *, limit: int = 50, offset: int = 0
    ) -> tuple[Transfer, ...]:
        """Tell deposits and withdrawals, newest first.

        Args:
            account: its name; by default all accounts.
            limit: how many at most.
            offset: how many of the first to skip.

        Raises:
            Unknown: there is no such account.
        """
        with self._sequencer.turn() as (exchange, _):
            owner = None if account is None else find_account(exchange, account).id
            found = (
                one
                for one in reversed(exchange.wallets.transfers())
                if owner in (None, one.account_id)
            )
            return tuple(_transfer(exchange, one) for one in islice(found, offset, offset + limit))

    def confirm(self, transfer: Transfer | int) -> Transfer:
        """Let a transfer be confirmed now, however many blocks are missing.

        Args:
            transfer: what `transfers` tells, or its id.

        Raises:
            Unknown: there is no such transfer.
            NotPossible: it is confirmed or has failed already.
        """
        return self._settle(transfer, confirmed=True)

    def fail(self, transfer: Transfer | int) -> Transfer:
        """Let a transfer fail: a withdrawal's amount and fee come back, a deposit was never there.

        Args:
            transfer: what `transfers` tells, or its id.

        Raises:
            Unknown: there is no such transfer.
            NotPossible: it is confirmed or has failed already.
        """
        return self._settle(transfer, confirmed=False)

    def _settle(self, transfer: Transfer | int, *, confirmed: bool) -> Transfer:
        number = transfer.id if isinstance(transfer, Transfer) else transfer
        with self._sequencer.turn() as (exchange, _):
            try:
                settled = self._sequencer.execute(SettleTransfer(number, confirmed))
            except KeyError:
                sentence = f"There is no transfer {number}."
                raise Unknown("transfer_not_found", sentence) from None
            except ValueError:
                status = exchange.wallets.transfer(number).status
                sentence = f"Transfer {number} is {status}: nothing can change it."
                raise NotPossible("transfer_ended", sentence) from None
            shown = _transfer(exchange, settled)
        self._sequencer.commit()
        return shown


def _transfer(exchange: Exchange, one: transfer_log.Transfer) -> Transfer:
    return Transfer(
        id=one.id,
        kind="withdrawal" if isinstance(one, Withdrawal) else "deposit",
        account=exchange.accounts[one.account_id].username,
        coin=one.coin,
        address=one.address,
        amount=to_decimal(one.amount),
        fee=to_decimal(one.fee if isinstance(one, Withdrawal) else 0),
        txid=one.txid,
        status=str(one.status),
        confirmations=one.confirmations,
        created_at=moment(one.created_ms),
    )

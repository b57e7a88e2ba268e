"""What all parts of the control plane rest on: the exchange in its turn, its log and its faults."""

from typing import TypeVar

from coinbtr.sandbox.control.errors import Unknown
from coinbtr.sandbox.core.commands import Command
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.records import Account
from coinbtr.sandbox.faults import Faults
from coinbtr.sandbox.request_log import RequestLog
from coinbtr.sandbox.sequencer import Sequencer

_Result = TypeVar("_Result")


class Desk:
    """A part of the control plane; whoever makes one sets these attributes.

    Attributes:
        faults: what goes wrong between a client and this exchange; nothing at first.
        requests: the last requests to the exchange's API, and how many there were.
    """

    faults: Faults
    requests: RequestLog
    _sequencer: Sequencer

    def _execute(self, command: Command[_Result]) -> _Result:
        """Change the exchange, and make it last."""
        result = self._sequencer.execute(command)
        self._sequencer.commit()
        return result


def find_account(exchange: Exchange, username: str) -> Account:
    """Find an account by its name.

    Raises:
        Unknown: there is none; the message says which there are.
    """
    try:
        return exchange.account(username)
    except KeyError:
        known = ", ".join(account.username for account in exchange.accounts.values())
        sentence = f"There is no account {username!r}; there are: {known}."
        raise Unknown("account_not_found", sentence) from None

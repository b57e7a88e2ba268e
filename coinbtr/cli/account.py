"""Commands of the account: whose token it is, and what it may do."""

from typing import TYPE_CHECKING, Any

from coinbtr.cli.commands import Commands

if TYPE_CHECKING:
    from coinbtr.cli.desk import Desk

account = Commands("Account")


@account.reads("profile", "coinbtr profile", "coinbtr profile --profile live")
def profile(desk: "Desk") -> Any:
    """Whose account it is: user name, e-mail address, fee level and age."""
    return desk.exchange.account.profile()


@account.reads("session", "coinbtr session --output json")
def session(desk: "Desk") -> Any:
    """The token in use: where it is used from, when it expires, what it permits."""
    return desk.exchange.account.session()

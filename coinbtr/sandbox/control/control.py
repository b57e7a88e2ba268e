"""The control plane as Python methods, all in one place; `Sandbox` has them."""

from coinbtr.sandbox.control.accounts import Accounts
from coinbtr.sandbox.control.running import Running
from coinbtr.sandbox.control.tokens import Tokens
from coinbtr.sandbox.control.transfers import Transfers


class Control(Accounts, Tokens, Transfers, Running):
    """Everything that a test does to the exchange and that no user of it could."""

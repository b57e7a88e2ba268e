"""The keyring's package is there, and the base package beside it."""

import keyring

import coinbtr

assert keyring.get_keyring() is not None
assert coinbtr.__version__

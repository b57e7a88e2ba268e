"""Tells what holds connections that it is in a forked process now: they are the parent's.

Two processes that read from one connection would get each other's answers.
"""

from __future__ import annotations

import os
from typing import Final, Protocol
from weakref import WeakSet


class Holder(Protocol):
    """What holds connections."""

    def forget(self) -> None:
        """Use none of them again, and close none: called in the child, before all else there."""
        ...


_holders: Final[WeakSet[Holder]] = WeakSet()


def tell(holder: Holder) -> None:
    """Call its `forget` in each process that is forked from now on, as long as it exists."""
    _holders.add(holder)


def keep(connections: object) -> None:
    """Never let go of the parent's connections: closing them would tell the server that it has.

    What is only remembered is let go of when the interpreter ends.
    """
    import ctypes  # here, not above: few processes are forked

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connections))


def _forget_all() -> None:
    for holder in list(_holders):
        holder.forget()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_forget_all)

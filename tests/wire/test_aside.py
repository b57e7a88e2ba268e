"""A call beside: its result, its error, and an interrupt while it is waited for."""

import threading

import pytest

from coinbtr.wire.aside import Aside


def test_it_gives_what_the_call_gives() -> None:
    """From another thread, and the same one each time."""
    aside = Aside()
    first, second = aside(threading.get_ident), aside(threading.get_ident)
    assert first == second != threading.get_ident()
    aside.close()


def test_it_raises_what_the_call_raises() -> None:
    """And goes on after that."""
    aside = Aside()

    def fail() -> None:
        raise LookupError("it")

    with pytest.raises(LookupError, match="it"):
        aside(fail)
    assert aside(lambda: 1) == 1
    aside.close()


def test_a_call_within_a_call_has_its_own_thread() -> None:
    """As a signal's handler makes one."""
    aside = Aside()
    assert aside(lambda: aside(lambda: 1) + 1) == 2
    aside.close()


def test_its_threads_end() -> None:
    """When it is closed, and when it is forgotten."""
    before = set(threading.enumerate())
    closed, forgotten = Aside(), Aside()
    closed(lambda: 1)
    forgotten(lambda: 1)
    mine = set(threading.enumerate()) - before
    assert len(mine) == 2
    closed.close()
    closed.close()
    del forgotten
    for thread in mine:
        thread.join(2)
    assert not any(thread.is_alive() for thread in mine)

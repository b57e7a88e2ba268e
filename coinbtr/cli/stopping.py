"""Lets a command run until it is told to stop."""

import signal
from threading import Event
from types import FrameType


def stop_event() -> Event:
    """Make an event that the signals to stop (Ctrl-C and SIGTERM) set."""
    stop = Event()

    def on_signal(_: int, __: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    return stop

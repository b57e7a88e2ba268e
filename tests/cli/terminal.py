"""A command at a terminal of its own, as a person has it."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from time import monotonic

from attrs import define

from tests.cli.conftest import interruptible

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@define
class Terminal:
    """What a command has written to its terminal so far, and ways to answer and to wait."""

    process: "subprocess.Popen[bytes]"
    master: int
    written: bytes = b""

    @property
    def raw(self) -> str:
        """All that was written, as it was written."""
        return self.written.decode(errors="replace")

    @property
    def text(self) -> str:
        """All that was written, without colours and cursor movements."""
        return CONTROL.sub("", self.raw)

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self.master, keys.encode())

    @property
    def echoes(self) -> bool:
        """Whether what is typed is shown."""
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def until(self, condition: Callable[["Terminal"], bool], seconds: float = 30) -> bool:
        """Read until something is true; whether it became so before the end."""
        end = monotonic() + seconds
        while not condition(self):
            if monotonic() > end or not self._read():
                return condition(self)
        return True

    def interrupt(self) -> int:
        """Press Ctrl-C, and again where nothing happens; the exit status.

        One that comes in between the prompt and the reading of the answer is noted only when a key
        is pressed.
        """
        for _ in range(10):
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
                break
        return self.end()

    def end(self) -> int:
        """Read to the end; the exit status."""
        try:
            self.until(lambda _: False)
            return self.process.wait(60)
        finally:
            self.process.kill()
            self.process.wait()
            os.close(self.master)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.master], [], [], 0.2)
        if not ready:
            return self.process.poll() is None
        try:
            data = os.read(self.master, 65536)
        except OSError:  # Linux: the other end is closed
            return False
        self.written += data
        return bool(data)


def terminal(*arguments: str, columns: int = 100, rows: int = 40, **variables: str) -> Terminal:
    """Start the command at a terminal of this size."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    environment = {"TERM": "xterm-256color", **os.environ, **variables}
    environment = {k: v for k, v in environment.items() if k not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        [sys.executable, "-m", "coinbtr.cli", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
        preexec_fn=interruptible,
    )
    os.close(slave)
    return Terminal(process, master)

"""Holds an open file for one opener at a time, in this process or another, by the system's lock.

The lock goes with the file: it ends when the file is closed, and when the process dies.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt
    import os

    # What is locked can't be read by others there: a place where no file has anything.
    _FAR = 0x7FFF_FFFE

    def hold(file: int) -> bool:
        """Lock the file until it is closed; False if another opener holds it. Raises OSError."""
        os.lseek(file, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def hold(file: int) -> bool:
        """Lock the file until it is closed; False if another opener holds it. Raises OSError."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

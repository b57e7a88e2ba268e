"""Where the command keeps its intent logs: one for each account at each server.

A log outlives the command that wrote it; what it holds open is what `coinbtr reconcile` looks up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import platformdirs

from coinbtr.cli.places import Place
from coinbtr.errors import ConfigurationError, OutcomeUnknown

_PATIENCE: Final = 60.0
"""Seconds to wait for another command that is sending with the same token."""


def log_path(place: Place) -> Path:
    """The intent log of this account at this server; its folder is made, for its owner alone.

    Raises ConfigurationError if that can't be done.
    """
    return _folder() / f"{place.host.replace(':', '_')}-{place.fingerprint}.jsonl"


def open_intents(path: Path) -> list[OutcomeUnknown]:
    """What the log holds open, oldest first; nothing where there is no log."""
    from coinbtr.sending.log import unresolved

    return unresolved(path) if path.exists() else []


def others_open(place: Place, path: Path) -> list[Path]:
    """Logs of other tokens at the same server that hold something open."""
    alike = path.parent.glob(f"{place.host.replace(':', '_')}-*.jsonl")
    return [one for one in sorted(alike) if one != path and open_intents(one)]


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Be the only command that writes to this log, or wait for a minute until it is so.

    Raises ConfigurationError when the other one takes longer.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{path}.lock", timeout=_PATIENCE, mode=0o600):
            yield
    except Timeout:
        raise ConfigurationError(
            "another coinbtr command is sending with this token; nothing was sent"
        ) from None


def _folder() -> Path:
    folder = platformdirs.user_state_path("coinbtr") / "intents"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"the intent log's folder can't be made: {error}") from None
    return folder

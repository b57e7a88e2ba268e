"""Where a token is kept: in a file that only its owner can read, or in the system's keyring."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from coinbtr.errors import ConfigurationError

SERVICE: Final = "coinbtr"
_MOST_BYTES: Final = 4096


def read_file(path: Path) -> str:
    """The token in a file, without white space around it.

    Raises ConfigurationError if others may read or write the file, if it is not this user's, is
    empty, or can't be read. On Windows, whose permissions say nothing of it, they are not checked.
    """
    try:
        with path.expanduser().open("rb") as file:
            # Of the open file, so that nobody can put another one in its place.
            state = os.fstat(file.fileno())
            content = file.read(_MOST_BYTES)
    except OSError as error:
        raise ConfigurationError(f"the token file can't be read: {error}") from None
    if os.name == "posix":
        _check_owner(path, state)
    try:
        token = content.decode("ascii").strip()
    except UnicodeDecodeError:
        token = ""
    del content
    if not token:
        raise ConfigurationError(f"the token file {path} holds no token")
    return token


def _check_owner(path: Path, state: os.stat_result) -> None:
    if state.st_uid not in (os.geteuid(), 0):
        raise ConfigurationError(f"the token file {path} belongs to somebody else")
    if state.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        mode = stat.S_IMODE(state.st_mode)
        raise ConfigurationError(
            f"the token file {path} is open to others (mode {mode:04o}): chmod 600 {path}"
        )


def write_file(path: Path, token: str) -> None:
    """Put a token into a file of mode 0600, in the place of the one that was there.

    Raises ConfigurationError if that can't be done.
    """
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            made.unlink()
        file = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(file, token.encode() + b"\n")
        finally:
            os.close(file)
        made.replace(path)
    except OSError as error:
        raise ConfigurationError(f"the token file can't be written: {error}") from None


def read_keyring(profile: str) -> str:
    """The token that the system's keyring holds for a profile.

    Raises ConfigurationError if there is none, no keyring, or the extra is missing.
    """
    keyring = _keyring()
    try:
        token = keyring.get_password(SERVICE, profile)
    except Exception as error:  # noqa: BLE001 - which backend there is, is up to the system
        raise ConfigurationError(f"the keyring can't be read: {_first_line(error)}") from None
    if not token:
        raise ConfigurationError(
            f"the keyring holds no token for {profile}: coinbtr config token --keyring"
        )
    return str(token)


def write_keyring(profile: str, token: str) -> None:
    """Put a profile's token into the system's keyring; raises as `read_keyring` does."""
    keyring = _keyring()
    try:
        keyring.set_password(SERVICE, profile, token)
        is_kept = keyring.get_password(SERVICE, profile) == token
    except keyring.errors.KeyringError as error:
        raise ConfigurationError(f"the keyring takes no token: {_first_line(error)}") from None
    except Exception as error:  # noqa: BLE001 - as above; what it says may hold the token
        raise ConfigurationError(f"the keyring takes no token: {type(error).__name__}") from None
    if not is_kept:  # there is a backend that forgets all
        raise ConfigurationError(
            f"the keyring did not keep the token: {keyring.get_keyring().name}"
        )


def _keyring() -> Any:
    try:
        import keyring
        import keyring.errors
    except ModuleNotFoundError:
        raise ConfigurationError(
            "the keyring needs one more package: pip install 'coinbtr[keyring]'"
        ) from None
    return keyring


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]

"""Changes the configuration file: one key at a time, and only to what can be read again."""

import os
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.items import Table

from coinbtr.cli import settings, tokens
from coinbtr.cli.reporting import say
from coinbtr.errors import ConfigurationError
from coinbtr.wire.secret import checked_token

_FLAGS: Final = {"true": True, "false": False}
_LISTS: Final = "withdrawal_addresses"


def set_key(profile: str | None, key: str, values: Sequence[str]) -> None:
    """Set a key, dotted for one coin; raises ConfigurationError for what can't be."""
    document, known = _document()
    if key == "default_profile":
        document[key] = _one(key, values)
    else:
        name, _, coin = key.partition(".")
        table = _table(document, profile or known.default_profile)
        if coin:
            if not isinstance(table.get(name, {}), MutableMapping):
                raise ConfigurationError(f"{name} takes one value, and none for a coin")
            parts = table.setdefault(name, tomlkit.inline_table())
            parts[coin.lower()] = list(values) if name == _LISTS else _one(key, values)
        else:
            table[name] = _value(_one(key, values))
    _write(known.path, document)


def unset_key(profile: str | None, key: str) -> None:
    """Remove a key; raises ConfigurationError if it isn't there."""
    document, known = _document()
    names = [key] if key == "default_profile" else key.split(".")
    table: Any = document
    if key != "default_profile":
        table = document.get("profiles", {}).get(profile or known.default_profile, {})
    for name in names[:-1]:
        table = table.get(name, {})
        if not isinstance(table, MutableMapping):
            raise ConfigurationError(f"{key} is not set")
    if names[-1] not in table:
        raise ConfigurationError(f"{key} is not set")
    del table[names[-1]]
    _write(known.path, document)


def store_token(profile: str | None, token: str, *, in_keyring: bool) -> None:
    """Put a profile's token into a file of its own or the keyring, and note where in the profile.

    Raises ConfigurationError for what is no token, or can't be stored.
    """
    checked_token(token)
    document, known = _document()
    name = profile or known.default_profile
    table = _table(document, name)
    for key in ("token_file", "keyring"):
        table.pop(key, None)
    file = known.path.parent / "tokens" / name
    if in_keyring:
        tokens.write_keyring(name, token)
        table["keyring"] = True
    else:
        tokens.write_file(file, token)
        table["token_file"] = str(file)
    _write(known.path, document)
    say(f"Stored for profile {name}: in {'the keyring' if in_keyring else file}.")


def _document() -> tuple[tomlkit.TOMLDocument, settings.Settings]:
    known = settings.load()
    if not known.path.exists():
        return tomlkit.document(), known
    return tomlkit.parse(known.path.read_text(encoding="utf-8")), known


def _table(document: tomlkit.TOMLDocument, profile: str) -> Table:
    if not profile or not all(one.isalnum() or one in "-_" for one in profile):
        raise ConfigurationError(f"a profile's name has letters, digits, - and _, not {profile!r}")
    profiles = document.setdefault("profiles", tomlkit.table(is_super_table=True))
    table: Table = profiles.setdefault(profile, tomlkit.table())
    return table


def _one(key: str, values: Sequence[str]) -> str:
    if len(values) != 1:
        raise ConfigurationError(f"{key} takes one value, not {len(values)}")
    return values[0]


def _value(text: str) -> str | bool:
    return _FLAGS.get(text, text)


def _write(path: Path, document: tomlkit.TOMLDocument) -> None:
    """Write it whole or not at all, after it was read as it will be."""
    text = tomlkit.dumps(document)
    settings.read(path, text)
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made.write_text(text, encoding="utf-8")
        made.replace(path)
    except OSError as error:
        raise ConfigurationError(f"{path} can't be written: {error}") from None

"""Reads the accounts that a sandbox begins with from a file, YAML or JSON.

```yaml
accounts:
  - username: ana
    level: 2
    balances: {mxn: 250000, btc: 0.5}
    tokens:
      - {token: a-token-of-my-own, withdraw: false}
```
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from coinbtr import description
from coinbtr.sandbox.accounts import StartingAccount, StartingToken
from coinbtr.sandbox.core.catalogue import CATALOGUE
from coinbtr.sandbox.core.errors import Refusal
from coinbtr.sandbox.core.tokens import Grant
from coinbtr.sandbox.schemas import resolve
from coinbtr.sandbox.validation import InvalidInput, ObjectReader

_MOST_ACCOUNTS: Final = 1_000
_SEEDED: Final = ("demo", "other", "house", "crowd")


class AccountsFileError(ValueError):
    """The file can't be used; the message names the field and says what would be right."""


def read_accounts(path: Path) -> tuple[StartingAccount, ...]:
    """Read the accounts of a file; a token that it doesn't give is made afresh.

    Raises:
        AccountsFileError: it can't be read, or isn't what it should be.
    """
    try:
        document = description.parse(path.read_bytes())
        if not isinstance(document, Mapping):
            raise InvalidInput("The file: must be an object with the field accounts.")
        given = ObjectReader(_schema(), "field").read(document)
    except OSError as error:
        raise AccountsFileError(f"{path}: {error.strerror}") from None
    except InvalidInput as invalid:
        raise AccountsFileError(f"{path}: {invalid.sentence}") from None
    except ValueError as error:
        raise AccountsFileError(f"{path}: {' '.join(str(error).split())}") from None
    for place, one in enumerate(given["accounts"]):
        settled = sorted(one.keys() & {"balances", "email", "level"})
        if one["username"] in _SEEDED and settled:
            raise AccountsFileError(
                f"{path}: accounts.{place}.{settled[0]}: {one['username']} has one already;"
                " give it tokens only."
            )
    accounts = tuple(_account(one) for one in given["accounts"])
    names = [account.username for account in accounts]
    for place, account in enumerate(accounts):
        field = f"{path}: accounts.{place}"
        if account.username in names[:place]:
            raise AccountsFileError(f"{field}.username: there is one of that name above.")
        for coin in account.balances:
            try:
                CATALOGUE.coin(coin)
            except Refusal as refused:
                raise AccountsFileError(f"{field}.balances: {refused.sentence}") from None
        for token in account.tokens:
            try:
                Grant(0, allowed_ips=token.allowed_ips)
            except ValueError as error:
                raise AccountsFileError(f"{field}.tokens: allowed_ips: {error}") from None
    return accounts


def _account(given: Mapping[str, Any]) -> StartingAccount:
    tokens = tuple(
        StartingToken(**{name: _frozen(value) for name, value in token.items()})
        for token in given.get("tokens", [{}])
    )
    rest = {name: value for name, value in given.items() if name != "tokens"}
    return StartingAccount(**rest, tokens=tokens)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _schema() -> Mapping[str, Any]:
    """Take the rules of names, amounts and tokens from the control plane's description."""
    source = description.load("sandbox")
    schemas = source["components"]["schemas"]
    opened = resolve(source, schemas["OpenAccountRequest"])["properties"]
    issued = resolve(source, schemas["IssueTokenRequest"])["properties"]
    token = {name: schema for name, schema in issued.items() if name != "account"}
    token["token"] = {
        "type": "string",
        "pattern": "^[!-~]+$",
        "minLength": 8,
        "maxLength": 200,
        "examples": ["a-token-of-my-own"],
    }
    properties = {
        **opened,
        "balances": {
            "type": "object",
            "additionalProperties": resolve(source, schemas["MoneyInput"]),
        },
        "tokens": {"type": "array", "items": _object(token)},
    }
    accounts = {
        "type": "array",
        "minItems": 1,
        "maxItems": _MOST_ACCOUNTS,
        "items": _object(properties, required=["username"]),
    }
    return _object({"accounts": accounts}, required=["accounts"])


def _object(properties: Mapping[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required or [],
        "additionalProperties": False,
    }

"""What a handler gets to work with, and how the core's integers become what the wire carries."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from attrs import define

from coinbtr.sandbox.core.commands import Command
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.tokens import Grant
from coinbtr.sandbox.core.units import to_decimal, to_units

_Result = TypeVar("_Result")

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - in UTC, and quicker to write without saying so


class Executor(Protocol):
    """What puts a command to the exchange."""

    def apply(self, command: Command[_Result], now_ms: int) -> _Result:
        """Apply a command as of now and give its result."""
        ...


@define(eq=False)
class Call:
    """One validated request: who asks for what, and when.

    Handlers read from `exchange`, and change it by `execute` only.

    `arguments` keep to the description's schemas: types and bounds need no check any more.
    """

    exchange: Exchange
    grant: Grant | None
    arguments: Mapping[str, Any]
    now_ms: int
    peer: str
    executor: Executor

    def execute(self, command: Command[_Result]) -> _Result:
        """Change the exchange, and give what came of it.

        Raises:
            Refusal: the exchange refuses; nothing has changed.
        """
        return self.executor.apply(command, self.now_ms)

    @property
    def owner(self) -> Grant:
        """The grant of a secured operation, which the router has made sure of."""
        if self.grant is None:
            raise RuntimeError("an operation without security asked who calls it")
        return self.grant

    @property
    def account_id(self) -> int:
        """The account that a secured operation is about."""
        return self.owner.account_id

    def text(self, name: str) -> str:
        """A required string."""
        return str(self.arguments[name])

    def optional(self, name: str) -> str | None:
        """A string that may be left out."""
        value = self.arguments.get(name)
        return None if value is None else str(value)

    def integer(self, name: str) -> int:
        """A required integer."""
        return int(self.arguments[name])

    def units(self, name: str) -> int:
        """A required amount or price, in units."""
        return to_units(self.arguments[name])

    def page(self) -> dict[str, int]:
        """`limit` and `offset`, where they were given."""
        return {
            name: int(self.arguments[name])
            for name in ("limit", "offset")
            if name in self.arguments
        }


Handler = Callable[[Call], object]


def maybe(units: int | None) -> Decimal | None:
    """Turn units into coins, and nothing into nothing."""
    return None if units is None else to_decimal(units)


@lru_cache(4096)  # whoever polls sees the same entries again and again
def iso(time_ms: int) -> str:
    """Write a time as the wire does: ISO 8601, UTC, milliseconds, `Z`."""
    time = _EPOCH + timedelta(milliseconds=time_ms)
    return time.isoformat(timespec="milliseconds") + "Z"

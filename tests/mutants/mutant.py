"""What a mutant is: the sandbox with one defect, and all that must be known of it."""

from collections.abc import Callable
from typing import Literal

from attrs import field, frozen

from tests.contract.tampering import Tamper, TamperedSandbox

Kind = Literal["shape", "HTTP", "input", "state", "money", "market", "time", "accounts"]
Make = Callable[[TamperedSandbox], Tamper]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@frozen
class Mutant:
    """One defect of an exchange.

    Attributes:
        name: what is wrong, in a few words.
        kind: its class.
        operations: the operations whose answers show it.
        rules: the rules that say so; one of them must be named. Several where it shows in several
            ways, and a short test sees another one first.
        harm: what it would do to a user.
        shows: requests that are answered otherwise than by the sandbox as it is (`sequence`).
        make: puts the defect into a sandbox, and gives what stands between it and its callers.
    """

    name: str
    kind: Kind
    operations: tuple[str, ...] = field(converter=_words)
    rules: tuple[str, ...] = field(converter=_words)
    harm: str
    shows: str
    make: Make = field(repr=False)

    @property
    def id(self) -> str:
        """The name as one word."""
        return self.name.replace(" ", "-").replace("'", "")

"""What the router serves: sets of operations, each below a path of its own with its own callers."""

from collections.abc import Mapping
from typing import Any, Protocol

from attrs import define

from coinbtr.sandbox.operations import Operation, Table
from coinbtr.wire.engine import Response


class RequestRefused(Exception):  # noqa: N818 - an answer to the client, not a mistake of the server
    """A request is answered with an error.

    Attributes:
        code: why, in one word; the surface's description says which status it has.
        sentence: why, in one sentence.
        headers: what the answer carries beside the usual ones.
    """

    def __init__(self, code: str, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence
        self.headers = headers


@define(eq=False, repr=False)
class Admitted:
    """A request that was let in by its head; its body may be read now.

    `caller` is what the surface made of the request's credentials, `headers` have lower-case
    names, `peer` is the address that it came from.
    """

    surface: "Surface"
    operation: Operation
    caller: Any
    query: str
    headers: Mapping[str, str]
    peer: str


class Surface(Protocol):
    """Operations that one description lists."""

    @property
    def base_path(self) -> str:
        """What the paths are below."""
        ...

    @property
    def table(self) -> Table:
        """The operations and the statuses of the error codes."""
        ...

    def authenticate(self, operation: Operation, headers: Mapping[str, str], peer: str) -> Any:
        """Tell who calls, before the body is read.

        Args:
            operation: what is asked for.
            headers: with lower-case names.
            peer: the address that the request came from.

        Raises:
            RequestRefused: nobody who may.
        """
        ...

    def perform(self, admitted: Admitted, arguments: Mapping[str, Any]) -> Response:
        """Do what is asked for; the arguments keep to the description.

        Raises:
            RequestRefused: it is refused; nothing has changed.
        """
        ...

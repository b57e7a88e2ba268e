"""What a server's health check says of it, beside whether it is the sandbox.

It is no operation of the exchange: openapi/sandbox.yaml documents it.
"""

from http import HTTPStatus
from typing import Final

from coinbtr.contract.calls import Call
from coinbtr.contract.checks import Problem
from coinbtr.contract.operations import Operation
from coinbtr.contract.server import HEALTH_PATH, Server

PHASE: Final = "health"

_HEALTH: Final = Operation(
    id="getHealth",
    method="GET",
    path=HEALTH_PATH,
    effect="read",
    inferred=False,
    secured=False,
    parameters={},
    body=None,
    body_required=False,
    answers={},
    example={},
)


def call(server: Server) -> Call:
    """Give the request."""
    return Call(operation=_HEALTH, method="GET", url=server.health_url, token=None)


def problem(server: Server, *, is_ours: bool) -> Problem | None:
    """Find what is wrong with the answer of a server that did not prove to be the sandbox.

    Args:
        server: the server; it was asked whether it is the sandbox.
        is_ours: whether it must be the sandbox; if not, only what no server may answer is wrong.
    """
    answer = server.health
    if answer is None:
        return Problem("C105", "The connection broke.")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Problem("C101", f"It answered {answer.status}.")
    if is_ours:
        return Problem("C121", "It does not say that it is the sandbox.")
    return None

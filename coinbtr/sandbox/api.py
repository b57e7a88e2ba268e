"""The exchange's own API: tokens, permissions, and the handlers of its operations."""

from collections.abc import Mapping
from typing import Any

from coinbtr.sandbox.answers import success
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.tokens import Grant
from coinbtr.sandbox.handlers import HANDLERS, PERMISSIONS, Call
from coinbtr.sandbox.operations import Operation, Table, table
from coinbtr.sandbox.sequencer import Sequencer
from coinbtr.sandbox.surface import Admitted, RequestRefused
from coinbtr.wire.engine import Response

_CHALLENGE = {"www-authenticate": "Token"}


class Api:
    """The surface that the description `openapi/coinbtr.yaml` lists.

    Args:
        sequencer: what the exchange is reached by.
    """

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer
        self._table = table()

    @property
    def base_path(self) -> str:
        """What the paths are below."""
        return self._table.base_path

    @property
    def table(self) -> Table:
        """The operations and the statuses of the error codes."""
        return self._table

    def authenticate(
        self, operation: Operation, headers: Mapping[str, str], peer: str
    ) -> Grant | None:
        """Find what the token of a request stands for; public operations take any or none.

        Raises:
            RequestRefused: `authentication_required`, `invalid_token`.
        """
        if not operation.secured:
            return None
        header = headers.get("authorization")
        if header is None:
            raise RequestRefused(
                "authentication_required",
                "This operation needs the header 'Authorization: Token <key>'.",
                _CHALLENGE,
            )
        scheme, _, token = header.strip().partition(" ")
        if scheme.lower() != "token":
            raise RequestRefused(
                Code.INVALID_TOKEN,
                "The header must read 'Authorization: Token <key>'.",
                _CHALLENGE,
            )
        tokens, now_ms = self._sequencer.exchange.tokens, self._sequencer.clock.now_ms()
        try:
            return tokens.find(token.strip(), now_ms=now_ms, peer=peer)
        except Refusal as refused:
            raise RequestRefused(refused.code, refused.sentence, _CHALLENGE) from None

    def perform(self, admitted: Admitted, arguments: Mapping[str, Any]) -> Response:
        """Let the operation's handler do its work.

        Raises:
            RequestRefused: the token lacks a permission, or the exchange refuses.
        """
        name = admitted.operation.operation_id
        grant: Grant | None = admitted.caller
        needed = PERMISSIONS.get(name)
        if needed and grant and not getattr(grant.permissions, needed):
            sentence = f"The token lacks the permission {needed!r}."
            raise RequestRefused(Code.PERMISSION_DENIED, sentence)
        try:
            with self._sequencer.turn() as (exchange, now_ms):
                call = Call(exchange, grant, arguments, now_ms, admitted.peer, self._sequencer)
                return success(HANDLERS[name](call))
        except Refusal as refused:
            raise RequestRefused(refused.code, refused.sentence) from None

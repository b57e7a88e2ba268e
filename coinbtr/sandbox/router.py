"""From request to answer: a pure function of the request, the exchange's state and the clock.

The checks come in the order path, method, token, body size, media type, JSON, schema, permission,
business. The first four need no body: a server can refuse before it reads one.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from attrs import frozen
from coinbtr_api import exact_json

from coinbtr.__about__ import __version__
from coinbtr.sandbox.answers import answer, failure, refusal, success
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.tokens import Grant
from coinbtr.sandbox.handlers import HANDLERS, PERMISSIONS, Call
from coinbtr.sandbox.handlers.call import iso
from coinbtr.sandbox.journal import JournalError
from coinbtr.sandbox.operations import Operation, table
from coinbtr.sandbox.sequencer import Sequencer
from coinbtr.sandbox.validation import InvalidInput
from coinbtr.wire.engine import Request, Response

MAX_BODY = 65_536
"""The largest body that is read, in bytes."""

HEALTH_PATH = "/_sandbox/health"

_log = logging.getLogger("coinbtr.sandbox")


@frozen(repr=False)
class Admitted:
    """A request that was let in by its head; its body may be read now.

    `headers` have lower-case names.
    """

    operation: Operation
    grant: Grant | None
    query: str
    headers: Mapping[str, str]
    peer: str


class Router:
    """Answers requests from one exchange; can be shared between threads.

    Args:
        sequencer: what the exchange is reached by.
    """

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer
        self._table = table()

    def handle(self, request: Request, peer: str) -> Response:
        """Answer a whole request that came from the address `peer`; nothing is raised."""
        admitted = self.admit(request.method, _target(request.url), request.headers, peer)
        if isinstance(admitted, Response):
            return admitted
        return self.settle(self.answer(admitted, request.content))

    def admit(
        self, method: str, target: str, headers: Mapping[str, str], peer: str
    ) -> Admitted | Response:
        """Check what the head of a request tells: path, method, token, and the size it announces.

        Args:
            method: as it was sent.
            target: path and query, as they were sent, without scheme and host.
            headers: names in any case.
            peer: the address that it came from.
        """
        path, _, query = target.partition("#")[0].partition("?")
        lower = {name.lower(): value for name, value in headers.items()}
        try:
            found = self._find(method, path, lower, query, peer)
        except Exception:  # noqa: BLE001 - a server must answer, whatever is wrong with it
            return _internal_error(f"{method} {path}")
        # The answer to a HEAD has no body.
        if isinstance(found, Response) and method == "HEAD":
            return Response(status=found.status, headers=found.headers)
        return found

    def answer(self, admitted: Admitted, content: bytes) -> Response:
        """Work out the answer of an admitted request with its body; nothing is raised.

        It must not be sent before what it says is settled: see `settle`.
        """
        operation = admitted.operation
        try:
            arguments = self._arguments(admitted, content)
            _check_permission(operation, admitted.grant)
            with self._sequencer.turn() as (exchange, now_ms):
                call = Call(
                    exchange, admitted.grant, arguments, now_ms, admitted.peer, self._sequencer
                )
                return success(HANDLERS[operation.operation_id](call))
        except _Refused as refused:
            return failure(refused.code, refused.sentence)
        except InvalidInput as invalid:
            return failure("invalid_request", invalid.sentence)
        except Refusal as refused:
            return refusal(refused)
        except Exception:  # noqa: BLE001 - a server must answer, whatever is wrong with it
            return _internal_error(operation.operation_id)

    def settle(self, response: Response) -> Response:
        """Commit what was done so far; gives the answer back, or the one that says it failed."""
        try:
            self._sequencer.commit()
        except JournalError:
            return _internal_error("the journal")
        return response

    def health(self) -> Mapping[str, str]:
        """Tell that this is the sandbox, its version and its time."""
        return {
            "service": "coinbtr-sandbox",
            "status": "ok",
            "version": __version__,
            "time": iso(self._sequencer.clock.now_ms()),
        }

    def _find(
        self, method: str, path: str, headers: Mapping[str, str], query: str, peer: str
    ) -> Admitted | Response:
        if path == HEALTH_PATH:
            if method == "GET":
                return answer(HTTPStatus.OK, self.health())
            return _method_not_allowed(["GET"])
        base = self._table.base_path
        methods = self._table.paths.get(path[len(base) :]) if path.startswith(base) else None
        if methods is None:
            return failure("not_found", "There is no such path.")
        operation = methods.get(method)
        if operation is None:
            return _method_not_allowed(methods)
        grant = None
        if operation.secured:
            try:
                grant = self._grant(headers, peer)
            except Refusal as refused:
                return refusal(refused)
            if grant is None:
                return failure(
                    "authentication_required",
                    "This operation needs the header 'Authorization: Token <key>'.",
                    {"www-authenticate": "Token"},
                )
        if operation.body and _announced(headers) > MAX_BODY:
            return failure("body_too_large", _TOO_LARGE)
        return Admitted(operation, grant, query, headers, peer)

    def _grant(self, headers: Mapping[str, str], peer: str) -> Grant | None:
        header = headers.get("authorization")
        if header is None:
            return None
        scheme, _, token = header.strip().partition(" ")
        if scheme.lower() != "token":
            raise Refusal(Code.INVALID_TOKEN, "The header must read 'Authorization: Token <key>'.")
        with self._sequencer.turn() as (exchange, now_ms):
            return exchange.tokens.find(token.strip(), now_ms=now_ms, peer=peer)

    def _arguments(self, admitted: Admitted, content: bytes) -> Mapping[str, Any]:
        operation = admitted.operation
        body: Mapping[str, Any] = {}
        if operation.body and content:
            if len(content) > MAX_BODY:
                raise _Refused("body_too_large", _TOO_LARGE)
            _check_media_type(admitted.headers)
            try:
                document = exact_json.loads(content)
            except exact_json.ExactJSONError as error:
                raise _Refused("invalid_json", f"The body is no exact JSON: {error}.") from None
            body = operation.body.read(document)
        elif operation.body_required:
            raise InvalidInput("The body: this operation needs a JSON object.")
        return {**operation.query.read(admitted.query), **body}


class _Refused(Exception):  # noqa: N818 - an answer to the client, not a mistake of the server
    """The router's own refusals, which the exchange knows nothing of."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence


_TOO_LARGE = f"The body is larger than {MAX_BODY} bytes."


def _target(url: str) -> str:
    """Take scheme and host off a URL, without decoding anything."""
    _, found, rest = url.partition("://")
    if not found:
        return url
    cut = min((place for mark in "/?#" if (place := rest.find(mark)) >= 0), default=len(rest))
    return rest[cut:]


def _announced(headers: Mapping[str, str]) -> int:
    length = headers.get("content-length", "")
    # Longer than this is no size; the server's own parser has judged the header already.
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _check_media_type(headers: Mapping[str, str]) -> None:
    kind, _, parameters = headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if kind.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise _Refused("unsupported_media_type", "The body must be sent as application/json.")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise _Refused("unsupported_media_type", "The body must be sent without compression.")


def _check_permission(operation: Operation, grant: Grant | None) -> None:
    needed = PERMISSIONS.get(operation.operation_id)
    if needed and grant and not getattr(grant.permissions, needed):
        raise Refusal(Code.PERMISSION_DENIED, f"The token lacks the permission {needed!r}.")


def _method_not_allowed(methods: Mapping[str, Operation] | list[str]) -> Response:
    allowed = ", ".join(methods)
    return failure("method_not_allowed", f"This path takes {allowed} only.", {"allow": allowed})


def _internal_error(where: str) -> Response:
    _log.exception("the sandbox failed at %s", where)
    return failure("internal_error", "The sandbox failed; its log says why.")

"""From request to answer: finds the operation, lets the caller in, reads what was sent.

The checks come in the order path, method, token, body size, media type, JSON, schema, permission,
business. The first four need no body: the pipeline refuses before one is read.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from coinbtr_api import exact_json

from coinbtr.__about__ import __version__
from coinbtr.sandbox.answers import answer, failure
from coinbtr.sandbox.files import File
from coinbtr.sandbox.handlers.call import iso
from coinbtr.sandbox.operations import Operation
from coinbtr.sandbox.sequencer import Sequencer
from coinbtr.sandbox.surface import Admitted, RequestRefused, Surface
from coinbtr.sandbox.validation import InvalidInput
from coinbtr.wire.engine import Response

HEALTH_PATH = "/_sandbox/health"

_log = logging.getLogger("coinbtr.sandbox")


class Router:
    """Finds what a request asks for and works out its answer; can be shared between threads.

    Args:
        sequencer: what the exchange is reached by.
        surfaces: what is served; the first also answers for paths that nobody has.
    """

    def __init__(self, sequencer: Sequencer, surfaces: Sequence[Surface]) -> None:
        self._sequencer = sequencer
        self._surfaces = surfaces
        self._prefixes = [(surface.base_path + "/", surface) for surface in surfaces]

    def surface(self, path: str) -> Surface:
        """Find what a path belongs to."""
        for prefix, surface in self._prefixes:
            if path.startswith(prefix):
                return surface
        return self._surfaces[0]

    def operation(self, surface: Surface, method: str, path: str) -> Operation:
        """Find the operation of a method and a path.

        Raises:
            RequestRefused: `not_found`, `method_not_allowed`.
        """
        base = surface.base_path
        methods = surface.table.paths.get(path[len(base) :]) if path.startswith(base) else None
        if methods is None:
            raise RequestRefused("not_found", "There is no such path.")
        operation = methods.get(method)
        if operation is None:
            raise _method_not_allowed(methods)
        return operation

    def answer(self, admitted: Admitted, content: bytes) -> Response:
        """Work out the answer of an admitted request with its body; nothing is raised.

        It must not be sent before what it says is committed.
        """
        surface = admitted.surface
        try:
            return surface.perform(admitted, _arguments(admitted, content))
        except RequestRefused as refused:
            return refusal(surface, refused)
        except InvalidInput as invalid:
            return refusal(surface, RequestRefused("invalid_request", invalid.sentence))
        except Exception:  # noqa: BLE001 - a server must answer, whatever is wrong with it
            return internal_error(surface, admitted.operation.operation_id)

    def answer_health(self, method: str) -> Response:
        """Tell whoever asks that this is the sandbox, and whether it is well."""
        if method != "GET":
            return refusal(self._surfaces[0], _method_not_allowed(["GET"]))
        health = self.health()
        is_well = health["status"] == "ok"
        return answer(HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE, health)

    def answer_file(self, found: File, method: str, headers: Mapping[str, str]) -> Response:
        """Give a file of the web page, or tell that the client has it already."""
        if method not in ("GET", "HEAD"):
            return refusal(self._surfaces[0], _method_not_allowed(["GET", "HEAD"]))
        return found.answer(headers.get("if-none-match", ""))

    def health(self) -> Mapping[str, str]:
        """Tell that this is the sandbox, its version and its time, and whether it is well."""
        return {
            "service": "coinbtr-sandbox",
            "status": "ok" if self._sequencer.is_sound else "failed: the journal can't be written",
            "version": __version__,
            "time": iso(self._sequencer.clock.now_ms()),
        }


def check_size(operation: Operation, headers: Mapping[str, str]) -> None:
    """Let a request through whose head announces a body within the limit, or none.

    Raises:
        RequestRefused: `body_too_large`.
    """
    if operation.body and _announced(headers) > operation.max_body:
        raise _too_large(operation)


def refusal(surface: Surface, refused: RequestRefused) -> Response:
    """Make the answer of a request that was refused."""
    return failure(surface.table.statuses, refused.code, refused.sentence, refused.headers)


def internal_error(surface: Surface, where: str) -> Response:
    """Make the answer of a request that the sandbox failed at, and log the exception."""
    _log.exception("the sandbox failed at %s", where)
    refused = RequestRefused("internal_error", "The sandbox failed; its log says why.")
    return refusal(surface, refused)


def _too_large(operation: Operation) -> RequestRefused:
    sentence = f"The body is larger than {operation.max_body} bytes."
    return RequestRefused("body_too_large", sentence)


def _announced(headers: Mapping[str, str]) -> int:
    length = headers.get("content-length", "")
    # Longer than this is no size; the server's own parser has judged the header already.
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _arguments(admitted: Admitted, content: bytes) -> Mapping[str, Any]:
    operation = admitted.operation
    body: Mapping[str, Any] = {}
    if operation.body and content:
        if len(content) > operation.max_body:
            raise _too_large(operation)
        _check_media_type(admitted.headers)
        try:
            document = exact_json.loads(content)
        except exact_json.ExactJSONError as error:
            raise RequestRefused("invalid_json", f"The body is no exact JSON: {error}.") from None
        body = operation.body.read(document)
    elif operation.body_required:
        raise InvalidInput("The body: this operation needs a JSON object.")
    return {**operation.query.read(admitted.query), **body}


def _check_media_type(headers: Mapping[str, str]) -> None:
    if headers.get("content-type") == "application/json" and "content-encoding" not in headers:
        return  # as nearly everybody sends it
    kind, _, parameters = headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if kind.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        sentence = "The body must be sent as application/json."
        raise RequestRefused("unsupported_media_type", sentence)
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        sentence = "The body must be sent without compression."
        raise RequestRefused("unsupported_media_type", sentence)


def _method_not_allowed(methods: Iterable[str]) -> RequestRefused:
    allowed = ", ".join(methods)
    sentence = f"This path takes {allowed} only."
    return RequestRefused("method_not_allowed", sentence, {"allow": allowed})

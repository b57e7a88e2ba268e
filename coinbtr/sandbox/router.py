"""From request to answer: finds the operation, lets the caller in, reads what was sent.

The checks come in the order path, method, token, body size, media type, JSON, schema, permission,
business. The first four need no body: a server can refuse before it reads one.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from coinbtr_api import exact_json

from coinbtr.__about__ import __version__
from coinbtr.sandbox import files
from coinbtr.sandbox.answers import answer, failure
from coinbtr.sandbox.handlers.call import iso
from coinbtr.sandbox.journal import JournalError
from coinbtr.sandbox.sequencer import Sequencer
from coinbtr.sandbox.surface import Admitted, RequestRefused, Surface
from coinbtr.sandbox.validation import InvalidInput
from coinbtr.wire.engine import Request, Response

MAX_BODY = 65_536
"""The largest body that is read, in bytes."""

HEALTH_PATH = "/_sandbox/health"

_log = logging.getLogger("coinbtr.sandbox")


class Router:
    """Answers requests to some surfaces of one exchange; can be shared between threads.

    Args:
        sequencer: what the exchange is reached by.
        surfaces: what is served; the first also answers for paths that nobody has.
    """

    def __init__(self, sequencer: Sequencer, surfaces: Sequence[Surface]) -> None:
        self._sequencer = sequencer
        self._surfaces = surfaces

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
        surface = self._surface(path)
        try:
            return self._admit(surface, method, path, lower, query, peer)
        except RequestRefused as refused:
            response = _failure(surface, refused)
        except _Answered as answered:
            response = answered.response
        except Exception:  # noqa: BLE001 - a server must answer, whatever is wrong with it
            response = _internal_error(surface, f"{method} {path}")
        # The answer to a HEAD has no body.
        if method == "HEAD":
            length = {"content-length": str(len(response.content))}
            return Response(status=response.status, headers={**response.headers, **length})
        return response

    def answer(self, admitted: Admitted, content: bytes) -> Response:
        """Work out the answer of an admitted request with its body; nothing is raised.

        It must not be sent before what it says is settled: see `settle`.
        """
        surface = admitted.surface
        try:
            return surface.perform(admitted, _arguments(admitted, content))
        except RequestRefused as refused:
            return _failure(surface, refused)
        except InvalidInput as invalid:
            return _failure(surface, RequestRefused("invalid_request", invalid.sentence))
        except Exception:  # noqa: BLE001 - a server must answer, whatever is wrong with it
            return _internal_error(surface, admitted.operation.operation_id)

    def settle(self, response: Response) -> Response:
        """Commit what was done so far; gives the answer back, or the one that says it failed."""
        try:
            self._sequencer.commit()
        except JournalError:
            return _internal_error(self._surfaces[0], "the journal")
        return response

    def health(self) -> Mapping[str, str]:
        """Tell that this is the sandbox, its version and its time."""
        return {
            "service": "coinbtr-sandbox",
            "status": "ok",
            "version": __version__,
            "time": iso(self._sequencer.clock.now_ms()),
        }

    def _surface(self, path: str) -> Surface:
        for surface in self._surfaces:
            if path.startswith(surface.table.base_path + "/"):
                return surface
        return self._surfaces[0]

    def _admit(
        self,
        surface: Surface,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: str,
        peer: str,
    ) -> Admitted:
        if path == HEALTH_PATH:
            if method == "GET":
                raise _Answered(answer(HTTPStatus.OK, self.health()))
            raise _method_not_allowed(["GET"])
        base = surface.table.base_path
        methods = surface.table.paths.get(path[len(base) :]) if path.startswith(base) else None
        if methods is None:
            raise self._file(method, path, headers)
        operation = methods.get(method)
        if operation is None:
            raise _method_not_allowed(methods)
        caller = surface.authenticate(operation, headers, peer)
        if operation.body and _announced(headers) > MAX_BODY:
            raise RequestRefused("body_too_large", _TOO_LARGE)
        return Admitted(surface, operation, caller, query, headers, peer)

    @staticmethod
    def _file(method: str, path: str, headers: Mapping[str, str]) -> "_Answered | RequestRefused":
        found = files.find(path)
        if found is None:
            return RequestRefused("not_found", "There is no such path.")
        if method not in files.METHODS:
            return _method_not_allowed(files.METHODS)
        return _Answered(found.answer(headers.get("if-none-match", "")))


class _Answered(Exception):  # noqa: N818 - no error at all
    """The head of a request is enough to answer it."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


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


def _arguments(admitted: Admitted, content: bytes) -> Mapping[str, Any]:
    operation = admitted.operation
    body: Mapping[str, Any] = {}
    if operation.body and content:
        if len(content) > MAX_BODY:
            raise RequestRefused("body_too_large", _TOO_LARGE)
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


def _failure(surface: Surface, refused: RequestRefused) -> Response:
    return failure(surface.table.statuses, refused.code, refused.sentence, refused.headers)


def _internal_error(surface: Surface, where: str) -> Response:
    _log.exception("the sandbox failed at %s", where)
    refused = RequestRefused("internal_error", "The sandbox failed; its log says why.")
    return _failure(surface, refused)

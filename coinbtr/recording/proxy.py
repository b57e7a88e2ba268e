"""A proxy on loopback that hands each request to one server, once, and records both sides."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from coinbtr.recording.engines import RecordingEngine
from coinbtr.recording.recorder import Recorder
from coinbtr.wire.engine import Engine, EngineError, Request, Response

_MAX_BODY: Final = 1024 * 1024
_MOST_DIGITS: Final = 18
# What belongs to one connection, not to the message; the engine unpacks bodies, too.
_OWN: Final = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "host",
        "keep-alive",
        "server",
        "transfer-encoding",
        "upgrade",
    }
)


class RecordingProxy:
    """Listens on this machine's loopback and hands on to `base_url`, until it is stopped.

    It sends nothing by itself, nothing twice, and nothing to any other server.

    Args:
        base_url: where requests go, checked.
        engine: what carries them; it is not closed.
        recorder: what writes; it is not closed.
        port: the TCP port; 0 for a free one.

    Raises:
        OSError: the port can't be bound.
    """

    def __init__(self, base_url: str, engine: Engine, recorder: Recorder, *, port: int = 0) -> None:
        target = urlsplit(base_url)
        self._path = target.path
        origin = f"{target.scheme}://{target.netloc}"

        recording = RecordingEngine(engine, recorder)

        class Handler(_Handler):
            def carried(self, request: Request) -> Response:
                return recording.send(request)

            def url(self) -> str:
                return origin + self.path

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    @property
    def base_url(self) -> str:
        """The base URL for clients."""
        return f"http://127.0.0.1:{self._server.server_port}{self._path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def carried(self, request: Request) -> Response:
        """Send a request and record it."""
        raise NotImplementedError

    def url(self) -> str:
        """Where the request that was received goes."""
        raise NotImplementedError

    def _handle(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            return self._refuse(411)
        if len(length) > _MOST_DIGITS or int(length) > _MAX_BODY:
            return self._refuse(413)
        if not self.path.startswith("/"):
            return self._refuse(400)
        content = self.rfile.read(int(length))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN}
        request = Request(method=self.command, url=self.url(), headers=headers, content=content)
        try:
            response = self.carried(request)
        except EngineError:
            # An answer of our own would be taken for the server's, so the connection just ends.
            self.close_connection = True
            return None
        return self._answer(response.status, dict(response.headers), response.content)

    def _refuse(self, status: int) -> None:
        # A body that wasn't read must not be taken for the next request.
        self.close_connection = True
        self._answer(status, {}, b"")

    def __getattr__(self, name: str) -> Callable[[], None]:
        # The base class looks for do_GET and the like: whatever the method, it is handed on.
        if name.startswith("do_"):
            return self._handle
        raise AttributeError(name)

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name not in _OWN:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
        """Say nothing: a line of the log would hold whole URLs."""

"""Serves a sandbox over HTTP on this machine, with uvicorn."""

import socket
import time
from functools import partial
from ipaddress import ip_address
from threading import Thread
from typing import Any, Self

from coinbtr.sandbox.asgi import SandboxApp
from coinbtr.sandbox.embedded import Sandbox
from coinbtr.sandbox.group_commit import GroupCommit
from coinbtr.sandbox.operations import table
from coinbtr.sandbox.turn_commit import TurnCommit

_START_SECONDS = 10
_FINISH_SECONDS = 5
# What listens everywhere is reached at loopback from here.
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class SandboxServer:
    """A sandbox that listens on a port, in a thread of its own, until it is stopped.

    ```python
    with SandboxServer() as server:
        ...  # server.base_url, server.sandbox.token
    ```

    Args:
        sandbox: what to serve; by default a fresh one.
        host: the IP address to listen on, version 4 or 6, or `localhost`; loopback unless `expose`.
        port: the TCP port; 0 for a free one.
        expose: let others than this machine in: any address of this machine may be listened on.
            Whoever reaches it can try tokens; nothing in the sandbox is worth anything.

    Raises:
        ValueError: the host is no IP address, or isn't loopback and `expose` isn't said.
    """

    def __init__(
        self,
        sandbox: Sandbox | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        expose: bool = False,
    ) -> None:
        self._address = _checked(host, expose=expose)
        self.sandbox = sandbox or Sandbox()
        self._wanted_port = port
        self._socket: socket.socket | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """Where this machine reaches it, such as `http://127.0.0.1:8642`, with the bound port.

        Raises:
            RuntimeError: it isn't running.
        """
        if self._socket is None:
            raise RuntimeError("the server isn't running")
        host = _ANY.get(self._address, self._address)
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self._socket.getsockname()[1]}"

    @property
    def base_url(self) -> str:
        """The base URL for clients: the address and the description's base path."""
        return self.address + table().base_path

    def start(self) -> None:
        """Bind the port and serve; when it returns, requests are answered.

        Raises:
            OSError: the port can't be bound.
            ModuleNotFoundError: uvicorn isn't installed; the message says what to install.
            RuntimeError: the server didn't come up.
        """
        try:
            import uvicorn
        except ModuleNotFoundError as missing:
            raise ModuleNotFoundError(
                "serving the sandbox needs uvicorn: pip install 'coinbtr[sandbox]'", name="uvicorn"
            ) from missing
        self._socket = _bind(self._address, self._wanted_port)
        app = self.sandbox.asgi()
        config = uvicorn.Config(
            app,
            http=_protocol(app),
            log_level="error",
            log_config=None,  # how a program logs is its own affair
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            proxy_headers=False,  # a request comes from where it comes from
            timeout_graceful_shutdown=_FINISH_SECONDS,
        )
        server = uvicorn.Server(config)
        bound = [self._socket]
        self._thread = Thread(
            target=lambda: server.run(sockets=bound), name="coinbtr-sandbox", daemon=True
        )
        self._server = server
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("the sandbox's server did not start")
            time.sleep(0.002)

    def stop(self) -> None:
        """Finish the requests that were accepted, and stop; a second call does nothing."""
        if self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
            self._thread = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _protocol(app: object) -> Any:
    """What speaks HTTP on a connection: by ASGI it costs more than twice as much."""
    try:
        from coinbtr.sandbox.http_connection import Connection
    except ModuleNotFoundError as missing:  # on Windows, for one
        if missing.name != "httptools":
            raise
        Connection = None  # type: ignore[assignment, misc]  # noqa: N806 - a class
    # What somebody has put around the exchange is ASGI only.
    if Connection is None or not isinstance(app, SandboxApp):
        from coinbtr.sandbox.protocol import SandboxProtocol

        return SandboxProtocol
    pipeline, sequencer = app.pipeline, app.pipeline.sequencer
    commits = GroupCommit(sequencer) if sequencer.is_slow else TurnCommit(sequencer)
    return partial(Connection, pipeline, commits)


def _checked(host: str, *, expose: bool) -> str:
    address = "127.0.0.1" if host == "localhost" else host
    try:
        is_loopback = ip_address(address).is_loopback
    except ValueError:
        raise ValueError(
            f"host must be an IP address such as 127.0.0.1 (loopback) or ::1, not {host!r}"
        ) from None
    if not is_loopback and not expose:
        raise ValueError(
            f"host must be an address of loopback such as 127.0.0.1 or ::1, not {host!r}:"
            " the sandbox is for this machine only, unless you say expose"
        )
    return address


def _bind(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if address == "::":  # for IPv4 too, where the machine has both
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        bound.bind((address, port))
    except BaseException:
        bound.close()
        raise
    return bound

"""Context managers, each good for `with` and for `async with`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Unpack

from coinbtr.testing.options import SandboxOptions, check

if TYPE_CHECKING:
    from coinbtr.sandbox import Sandbox
    from coinbtr.sandbox.server import SandboxServer


def sandbox(**options: Unpack[SandboxOptions]) -> SandboxContext:
    """Make an exchange in this process, gone when the block ends.

    Args:
        options: as for `Sandbox`; by default the clock stands still until it is told to go on
            (`exchange.advance`), so that a test gives the same each time.

    Raises:
        TypeError: there is no such option.
        ModuleNotFoundError: the sandbox isn't installed; the message says what to install.
    """
    return SandboxContext(options)


def sandbox_server(*, port: int = 0, **options: Unpack[SandboxOptions]) -> ServerContext:
    """Make an exchange that listens on loopback, for programs of any kind.

    Args:
        port: the TCP port; 0 takes a free one.
        options: as for `Sandbox`; by default the clock is the machine's.

    Raises:
        TypeError: there is no such option.
        ModuleNotFoundError: the sandbox isn't installed; the message says what to install.
        OSError: the port can't be bound.
    """
    return ServerContext(port, options)


class SandboxContext:
    """Makes the exchange at the beginning of the block, and closes it at the end."""

    def __init__(self, options: SandboxOptions) -> None:
        check(options)
        self._options = options
        self._sandbox: Sandbox | None = None

    def __enter__(self) -> Sandbox:
        from coinbtr.sandbox import ManualClock, Sandbox

        options: SandboxOptions = {"clock": ManualClock(), **self._options}
        self._sandbox = Sandbox(**options)
        return self._sandbox

    def __exit__(self, *_: object) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    async def __aenter__(self) -> Sandbox:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()


class ServerContext:
    """Serves at the beginning of the block; at the end it finishes what it accepted, and stops."""

    def __init__(self, port: int, options: SandboxOptions) -> None:
        check(options)
        self._port = port
        self._options = options
        self._server: SandboxServer | None = None

    def __enter__(self) -> SandboxServer:
        from coinbtr.sandbox import Sandbox
        from coinbtr.sandbox.server import SandboxServer

        server = SandboxServer(Sandbox(**self._options), port=self._port)
        try:
            server.start()
        except BaseException:
            server.sandbox.close()
            raise
        self._server = server
        return server

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.stop()
            self._server.sandbox.close()
            self._server = None

    async def __aenter__(self) -> SandboxServer:
        # The server answers from a thread of its own: waiting for it must not hold up the loop.
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.__exit__)

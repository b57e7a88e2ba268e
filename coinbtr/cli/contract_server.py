"""How `coinbtr contract` reaches what it tests: a server by its URL, or a sandbox of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from secrets import token_hex

from attrs import field, frozen

from coinbtr.cli.contract_control import kept
from coinbtr.wire.engine import Engine
from coinbtr.wire.httpx_engine import HttpxEngine

Tick = Callable[[int], None]
Reset = Callable[[], object]
Reached = tuple[Engine, Tick | None, Reset | None]


@frozen(kw_only=True)
class Connection:
    """A server under test: its URL, two tokens, an engine to it, and further ones for workers.

    `tick` moves its clock on by some seconds, `reset` sets it back to how it was at first, where
    that can be done.
    """

    url: str
    token: str | None = field(repr=False)
    other_token: str | None = field(repr=False)
    engine: Engine
    reach: Callable[[], Reached] = field(repr=False)
    tick: Tick | None = None
    reset: Reset | None = None


@contextmanager
def served(
    url: str, token: str | None, other_token: str | None, control_secret: str | None
) -> Iterator[Connection]:
    """Reach a server by its URL.

    Raises:
        NoControl: it is the sandbox, and its control plane refuses the secret.
    """
    engine = HttpxEngine()
    try:
        with kept(url, control_secret, engine) as reset:
            yield Connection(
                url=url,
                token=token,
                other_token=other_token,
                engine=engine,
                reach=_by_url,
                reset=reset,
            )
    finally:
        engine.close()


@contextmanager
def fresh(token: str | None, other_token: str | None) -> Iterator[Connection]:
    """Start a sandbox in this process, with a clock that only moves when it is told to.

    Schemathesis reaches it through a port of this machine, all else without one.
    """
    from coinbtr.sandbox import ManualClock, Sandbox
    from coinbtr.sandbox.server import SandboxServer

    clock = ManualClock()
    mine, other = token or token_hex(20), other_token or token_hex(20)
    sandbox = Sandbox(clock=clock, token=mine, other_token=other)
    with SandboxServer(sandbox) as server:
        yield Connection(
            url=server.base_url,
            token=mine,
            other_token=other,
            engine=sandbox.engine(),
            reach=partial(_within, mine, other),
            tick=lambda seconds: clock.advance(seconds=seconds),
            reset=sandbox.reset,
        )


def _by_url() -> Reached:
    return HttpxEngine(), None, None


def _within(token: str, other_token: str) -> Reached:
    from coinbtr.sandbox import ManualClock, Sandbox

    clock = ManualClock()
    sandbox = Sandbox(clock=clock, token=token, other_token=other_token)
    return sandbox.engine(), lambda seconds: clock.advance(seconds=seconds), sandbox.reset

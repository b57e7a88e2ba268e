"""How `coinbtr contract` reaches what it tests: a server by its URL, or a sandbox of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from secrets import token_hex
from typing import Final

from attrs import field, frozen

from coinbtr.cli.contract_control import ControlPlane, issued, kept
from coinbtr.contract.control import Control
from coinbtr.contract.server import Server, Unreachable
from coinbtr.wire.engine import Engine, EngineError, ExchangeBroken, Request, Response
from coinbtr.wire.httpx_engine import HttpxEngine

Tick = Callable[[int], None]
Reset = Callable[[], object]
Reached = tuple[Engine, Tick | None, Reset | None]

_ACCOUNTS: Final = ("demo", "other")
# A server that sends a byte now and then would keep a run for days.
_MAX_ANSWER_SECONDS: Final = 60.0


@frozen(kw_only=True)
class Connection:
    """A server under test: its URL, two tokens, an engine to it, and further ones for workers.

    `issued` says which of the tokens, `mine` and `other`, the server has just been given or made.
    `tick` moves a clock on that stands still, `reset` sets the server back to how it was at first,
    `control` is its control plane, where there are such.
    """

    url: str
    token: str | None = field(repr=False)
    other_token: str | None = field(repr=False)
    engine: Engine
    reach: Callable[[], Reached] = field(repr=False)
    issued: frozenset[str] = frozenset()
    tick: Tick | None = None
    reset: Reset | None = None
    control: Control | None = None


@frozen
class Embedded:
    """An engine within this process: where the sandbox fails, its connection breaks.

    So it is on a socket, too.
    """

    engine: Engine

    def send(self, request: Request) -> Response:
        """Let the other engine send it.

        Raises:
            ExchangeBroken: the sandbox raised an exception.
        """
        try:
            return self.engine.send(request)
        except EngineError:
            raise
        except Exception as error:
            raise ExchangeBroken(f"the sandbox failed: {type(error).__name__}: {error}") from error

    def close(self) -> None:
        """Give back what the other engine holds."""
        self.engine.close()


@contextmanager
def served(
    url: str, token: str | None, other_token: str | None, control_secret: str | None
) -> Iterator[Connection]:
    """Reach a server by its URL.

    With the secret of its control plane, a sandbox makes the tokens that are missing, and revokes
    them at the end. Nothing is told to a server that doesn't prove to be the sandbox.

    Raises:
        NoControl: it is the sandbox, and its control plane refuses the secret.
    """
    tokens = dict(zip(("mine", "other"), (token, other_token), strict=True))
    missing = frozenset(name for name, one in tokens.items() if one is None)
    control = reset = None
    with ExitStack() as stack:
        engine = HttpxEngine(max_answer_seconds=_MAX_ANSWER_SECONDS)
        stack.callback(engine.close)
        if control_secret is not None and _is_sandbox(url, engine):
            control = ControlPlane(url, control_secret, engine)
            for name, account in zip(tokens, _ACCOUNTS, strict=True):
                if name in missing:
                    tokens[name] = stack.enter_context(issued(control, account))
            reset = stack.enter_context(kept(control))
        yield Connection(
            url=url,
            token=tokens["mine"],
            other_token=tokens["other"],
            engine=engine,
            reach=_by_url,
            issued=missing if control is not None else frozenset(),
            reset=reset,
            control=control,
        )


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
        engine = Embedded(sandbox.engine())
        yield Connection(
            url=server.base_url,
            token=mine,
            other_token=other,
            engine=engine,
            reach=partial(_within, mine, other),
            issued=frozenset({"mine", "other"}),
            tick=lambda seconds: clock.advance(seconds=seconds),
            reset=sandbox.reset,
            control=ControlPlane(server.base_url, sandbox.control_secret, engine),
        )


def _is_sandbox(url: str, engine: Engine) -> bool:
    try:
        return Server(url, {}, engine).prove()
    except Unreachable:
        return False


def _by_url() -> Reached:
    return HttpxEngine(max_answer_seconds=_MAX_ANSWER_SECONDS), None, None


def _within(token: str, other_token: str) -> Reached:
    from coinbtr.sandbox import ManualClock, Sandbox

    clock = ManualClock()
    sandbox = Sandbox(clock=clock, token=token, other_token=other_token)
    engine = Embedded(sandbox.engine())
    return engine, lambda seconds: clock.advance(seconds=seconds), sandbox.reset

"""The sandbox in a program: a new one for each test, and a call without a socket."""

from functools import partial

from coinbtr import CoinBTR
from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.server import SandboxServer
from scripts.bench.figures import Figure, Part, at_most
from scripts.bench.timing import Cost, interleaved

CALLS = 200


def measure(*, quick: bool) -> Part:
    """Make sandboxes, and call one both ways."""
    rounds = 5 if quick else 15
    Sandbox()  # the description is read and compiled once in a process
    fresh = interleaved({"new": partial(_make, 20)}, rounds=rounds)["new"]
    calls = _calls(rounds)
    direct, socket = calls["in process"], calls["loopback"]
    figures = [
        at_most("a new sandbox for a test", fresh.median / 1000, 5, " ms"),
        at_most(
            "a facade call in process, the same over loopback = 1",
            direct.against(socket).median,
            1 / 3,
        ),
        Figure("· in process", str(direct)),
        Figure("· over loopback, client and server together", str(socket)),
    ]
    return Part("The sandbox in a program", "CPU of one sandbox, and of one ticker.", figures)


def _make(number: int) -> int:
    for _ in range(number):
        Sandbox(clock=ManualClock())
    return number


def _ask(client: CoinBTR, number: int) -> int:
    for _ in range(number):
        client.market.ticker("btc-mxn")
    return number


def _calls(rounds: int) -> dict[str, Cost]:
    # The server's thread is in this process, so that its CPU is counted with the client's.
    with (
        SandboxServer(Sandbox()) as server,
        CoinBTR(token=server.sandbox.token, base_url=server.base_url, rate_limit=None) as remote,
        CoinBTR.sandbox(Sandbox(), rate_limit=None) as embedded,
    ):
        return dict(
            interleaved(
                {
                    "in process": partial(_ask, embedded, CALLS),
                    "loopback": partial(_ask, remote, CALLS),
                },
                rounds=rounds,
            )
        )

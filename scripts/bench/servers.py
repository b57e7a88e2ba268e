"""The served sandbox beside what people would use instead: Prism, and an echo on Starlette."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from attrs import frozen

from scripts.bench.figures import Figure, Part, at_least, at_most
from scripts.bench.load import request, send
from scripts.bench.timing import process_cpu

TOKEN = "benchmark-token"  # noqa: S105 - of a sandbox
ORDER = b'{"market": "btc-mxn", "amount": 0.0001, "price": 900000}'
CONNECTIONS = 8
ROOT = Path(__file__).parents[2]
PRISM = ROOT / "scripts/bench/node_modules/.bin/prism"
GET = "/market/gettiker?market=btc-mxn"
POST = "/trading/place/buylimit"


@frozen
class Server:
    """How to start a server, and what to ask of it."""

    name: str
    command: Sequence[str]
    requests: Mapping[str, bytes]


def measure(*, quick: bool) -> Part:
    """Load each server in turns; CPU is the server's own, client not counted."""
    requests, rounds = (2_000, 3) if quick else (4_000, 7)
    with TemporaryDirectory() as folder:
        servers = _servers(Path(folder))
        ready: dict[str, list[float]] = {server.name: [] for server in servers}
        costs: dict[tuple[str, str], list[float]] = {}
        for _ in range(rounds):
            for server in servers:
                with _running(server) as (port, pid, seconds):
                    ready[server.name].append(seconds)
                    for kind, content in server.requests.items():
                        send(port, content, requests=400, connections=CONNECTIONS)  # warm
                        begin = process_cpu(pid)
                        send(port, content, requests=requests, connections=CONNECTIONS)
                        cost = (process_cpu(pid) - begin) / requests * 1e6
                        costs.setdefault((server.name, kind), []).append(cost)
    middle = {key: median(values) for key, values in costs.items()}
    starts = {name: median(values) for name, values in ready.items()}
    durable = middle["sandbox with a journal", "POST"]
    figures = [
        at_least(
            "a GET: Prism, the sandbox = 1", middle["Prism", "GET"] / middle["sandbox", "GET"], 8
        ),
        at_least(
            "a durable POST: Prism (keeps nothing), the sandbox = 1",
            middle["Prism", "POST"] / durable,
            4.5,
        ),
        at_most(
            "a durable POST, an echo on Starlette = 1", durable / middle["Starlette", "POST"], 2
        ),
        at_least(
            "until the first answer: Prism, the sandbox = 1", starts["Prism"] / starts["sandbox"], 4
        ),
        *(
            Figure(
                f"· {kind} on {name}",
                f"{cost:.0f} µs ({min(costs[name, kind]):.0f} to {max(costs[name, kind]):.0f})",
            )
            for (name, kind), cost in middle.items()
        ),
        *(Figure(f"· ready: {name}", f"{seconds:.2f} s") for name, seconds in starts.items()),
    ]
    about = (
        f"CPU of the server's one process for a request, {CONNECTIONS} connections kept alive;"
        " Prism is warm and silent, and answers from examples."
    )
    return Part("The served sandbox", about, figures)


def _servers(folder: Path) -> list[Server]:
    coinbtr = [sys.executable, "-m", "coinbtr.cli", "sandbox", "--token", TOKEN]
    get = request("GET", "/api/v1" + GET)
    post = request("POST", "/api/v1" + POST, TOKEN, ORDER)
    description = str(ROOT / "openapi/coinbtr.yaml")
    return [
        Server("sandbox", [*coinbtr, "--port", "{port}"], {"GET": get}),
        Server(
            "sandbox with a journal",
            [*coinbtr, "--port", "{port}", "--db", str(folder / "{port}.db")],
            {"POST": post},
        ),
        Server(
            "Starlette",
            [
                sys.executable,
                "-m",
                "uvicorn",
                "scripts.bench.echo:app",
                "--port",
                "{port}",
                "--log-level",
                "error",
                "--no-access-log",
            ],
            {"POST": request("POST", "/echo", TOKEN, ORDER)},
        ),
        Server(
            "Prism",
            [str(PRISM), "mock", description, "--port", "{port}", "--verboseLevel", "silent"],
            {"GET": request("GET", GET), "POST": request("POST", POST, TOKEN, ORDER)},
        ),
    ]


@contextmanager
def _running(server: Server) -> Iterator[tuple[int, int, float]]:
    port = _free_port()
    command = [part.format(port=port) if "{port}" in part else part for part in server.command]
    begin = time.monotonic()
    # As people run them: with what Python has compiled kept from the start before.
    environment = {**os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment,
    )
    try:
        first = next(iter(server.requests.values()))
        while True:
            try:
                send(port, first, requests=1, connections=1)
                break
            except (OSError, asyncio.IncompleteReadError):
                if process.poll() is not None or time.monotonic() - begin > 60:
                    raise RuntimeError(f"{server.name} did not start") from None
                time.sleep(0.01)
        yield port, process.pid, time.monotonic() - begin
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

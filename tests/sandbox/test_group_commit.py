"""With `durability="full"`, requests share their commits, and each waits for one."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.asgi import SandboxApp
from coinbtr.sandbox.journal import Journal, JournalError

ORDER = b'{"market": "btc-mxn", "amount": 0.01, "price": 5000}'


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """One that is safe against a power failure."""
    return Sandbox(clock=ManualClock(), db=tmp_path / "journal.db", durability="full")


async def asked(app: SandboxApp, sandbox: Sandbox, path: str, body: bytes = b"") -> int:
    """The status of a request's answer."""
    statuses: list[int] = []
    headers = [
        (b"authorization", f"Token {sandbox.token}".encode()),
        (b"content-type", b"application/json"),
    ]
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST" if body else "GET",
        "path": "/api/v1" + path,
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]


def test_many_requests_share_a_commit(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty-two orders at once need one commit, in another thread than the event loop's, and all
    of them are in the file then."""
    commits: list[threading.Thread] = []
    commit = Journal.commit

    def counted(journal: Journal) -> None:
        commits.append(threading.current_thread())
        commit(journal)

    monkeypatch.setattr(Journal, "commit", counted)

    async def all_at_once() -> list[int]:
        app = sandbox.asgi()
        orders = [asked(app, sandbox, "/trading/place/buylimit", ORDER) for _ in range(32)]
        return await asyncio.gather(*orders)

    assert asyncio.run(all_at_once()) == [200] * 32
    assert len(commits) == 1
    assert threading.main_thread() not in commits
    journal = sandbox._sequencer.journal
    assert journal is not None
    kinds = [type(command).__name__ for _, command in journal.entries_after(0)]
    assert kinds.count("PlaceOrder") == 32


def test_the_event_loop_goes_on_meanwhile(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """During a slow commit a request that needs none is answered; a read that could see what isn't
    committed yet waits for it."""
    commit = Journal.commit
    order: list[str] = []
    begun, may_end = threading.Event(), threading.Event()

    def slow(journal: Journal) -> None:
        begun.set()
        may_end.wait(30)
        commit(journal)
        order.append("committed")

    monkeypatch.setattr(Journal, "commit", slow)

    async def play() -> None:
        app = sandbox.asgi()
        ordering = asyncio.create_task(asked(app, sandbox, "/trading/place/buylimit", ORDER))
        assert await asyncio.to_thread(begun.wait, 30)
        assert await asked(app, sandbox, "/nothing") == 404
        order.append("refused")
        reading = asyncio.create_task(asked(app, sandbox, "/wallet/listbalances"))
        reading.add_done_callback(lambda _: order.append("read"))
        for _ in range(10):
            await asyncio.sleep(0)  # long enough for a read that waits for nothing
        may_end.set()
        assert (await reading, await ordering) == (200, 200)

    asyncio.run(play())
    assert order[0] == "refused"
    assert order.index("committed") < order.index("read")


def test_a_failed_commit_fails_all_that_share_it(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that an order stands which may be gone."""

    def fail(_: Journal) -> None:
        raise JournalError("the disk is full")

    monkeypatch.setattr(Journal, "commit", fail)

    async def all_at_once() -> list[int]:
        app = sandbox.asgi()
        orders = [asked(app, sandbox, "/trading/place/buylimit", ORDER) for _ in range(5)]
        return await asyncio.gather(*orders)

    assert asyncio.run(all_at_once()) == [500] * 5

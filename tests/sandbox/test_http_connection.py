"""The sandbox's own HTTP: what clients do with connections, and when answers go out."""

import asyncio
import json
import random
import sys
import threading
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.faults import Fault
from coinbtr.sandbox.http_connection import MOST_OF_A_HEAD, Connection
from coinbtr.sandbox.journal import Journal, JournalError
from coinbtr.sandbox.turn_commit import TurnCommit

TOKEN = "sandbox-token-of-the-tests"
SECURED = f"Authorization: Token {TOKEN}"
BUY = "/api/v1/trading/place/buylimit"
ORDER = b'{"market": "btc-mxn", "amount": 0.01, "price": 500000}'
MOST_CALLS = 430
"""Functions that one served order may call, of Python and of C, from its bytes to the answer's."""

Talk = Callable[[Reader, Writer], Awaitable[None]]


def sent(method: str, target: str, *headers: str, body: bytes = b"", version: str = "1.1") -> bytes:
    """A request as it goes out."""
    lines = [f"{method} {target} HTTP/{version}", "Host: x", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


ORDERING = sent("POST", BUY, SECURED, body=ORDER)
LISTING = sent("POST", "/api/v1/trading/listopenorders", SECURED)
TICKER = sent("GET", "/api/v1/market/gettiker?market=btc-mxn")


def talk(sandbox: Sandbox, talking: Talk, **config: Any) -> ServerState:
    """Serve one connection, and let `talking` have its other end; gives the server's counters."""
    state = ServerState()

    async def run() -> None:
        app = sandbox.asgi()
        commits = TurnCommit(app.pipeline.sequencer)
        settings = Config(app, **config)

        def connection() -> Connection:
            return Connection(
                app.pipeline, commits, config=settings, server_state=state, app_state={}
            )

        server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            async with asyncio.timeout(30):
                await talking(reader, writer)
        finally:
            writer.close()
            server.close()
            await asyncio.sleep(0)

    asyncio.run(run())
    return state


async def answer(reader: Reader) -> tuple[int, dict[str, str], bytes]:
    """The next answer: status, headers, body."""
    status = int((await reader.readline()).split()[1])
    headers: dict[str, str] = {}
    while line := (await reader.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return status, headers, await reader.readexactly(int(headers.get("content-length", 0)))


@pytest.fixture
def sandbox() -> Sandbox:
    """One without a file."""
    return Sandbox(token=TOKEN, clock=ManualClock())


@pytest.fixture
def kept(tmp_path: Path) -> Sandbox:
    """One with a journal."""
    return Sandbox(token=TOKEN, clock=ManualClock(), db=tmp_path / "journal.db")


def test_requests_that_came_together_are_answered_in_their_order(kept: Sandbox) -> None:
    """Sent at once on one connection, each sees what the one before did, late or not."""
    kept.faults.add(Fault(kind="latency", ms=20, count=1))

    async def talking(reader: Reader, writer: Writer) -> None:
        writer.write(ORDERING + LISTING + ORDERING + LISTING)
        assert (await answer(reader))[0] == 200
        assert len(json.loads((await answer(reader))[2])["data"]) == 1
        assert (await answer(reader))[0] == 200
        assert len(json.loads((await answer(reader))[2])["data"]) == 2

    assert talk(kept, talking).total_requests == 4


def test_it_does_not_matter_how_the_bytes_are_cut(sandbox: Sandbox) -> None:
    """The same requests, whole, byte by byte and cut at random, get the same answers."""
    chunked = sent(
        "POST", BUY, SECURED, "Content-Type: application/json", "Transfer-Encoding: chunked"
    )
    chunked += (
        b"5\r\n" + ORDER[:5] + b"\r\n%x\r\n" % (len(ORDER) - 5) + ORDER[5:] + b"\r\n0\r\n\r\n"
    )
    refused = sent("POST", BUY, "Authorization: Token x", body=ORDER)
    # As far as these go, nothing changes: the order's price is no number of steps.
    unfit = sent("POST", BUY, SECURED, body=ORDER.replace(b"0.01", b"0.000000001"))
    requests = [TICKER, chunked.replace(b"500000", b"000000"), refused, unfit, LISTING, TICKER]
    whole = b"".join(requests)
    rng = random.Random(7)
    cuts = [[], list(range(1, len(whole)))]
    cuts += [sorted(rng.sample(range(1, len(whole)), rng.randint(1, 40))) for _ in range(12)]
    seen = []

    async def run() -> None:
        for places in cuts:
            app = sandbox.asgi()
            peer = Peer()
            connection = connected(app.pipeline, peer)
            for begin, end in zip([0, *places], [*places, len(whole)], strict=True):
                connection.data_received(whole[begin:end])
                await asyncio.sleep(0)
            seen.append(bytes(peer.got))

    asyncio.run(run())
    assert seen[0].count(b"HTTP/1.1 ") == len(requests)
    assert set(seen) == {seen[0]}


class Peer(asyncio.Transport):
    """A transport that keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.got = bytearray()
        self.is_closed = False
        self.reads = True

    def write(self, data: Any) -> None:
        """Keep it."""
        self.got += data

    def close(self) -> None:
        """Remember it."""
        self.is_closed = True

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return self.is_closed

    def pause_reading(self) -> None:
        """Remember it; whoever feeds, feeds."""
        self.reads = False

    def resume_reading(self) -> None:
        """Remember it."""
        self.reads = True


def connected(pipeline: Any, peer: Peer, commits: TurnCommit | None = None) -> Connection:
    """A connection that writes to a peer."""
    made = Connection(
        pipeline,
        commits or TurnCommit(pipeline.sequencer),
        config=Config(lambda: None),
        server_state=ServerState(),
        app_state={},
    )
    made.connection_made(peer)
    return made


def test_all_requests_of_a_turn_share_one_commit(
    kept: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight connections' orders and a read among them are answered after one commit, not before;
    what tells of nothing is answered at once."""
    commits = 0
    commit = Journal.commit
    peers = [Peer() for _ in range(10)]

    def counted(journal: Journal) -> None:
        nonlocal commits
        commits += 1
        assert not any(peer.got for peer in peers[:9]), "an answer went out before the commit"
        commit(journal)

    monkeypatch.setattr(Journal, "commit", counted)

    async def run() -> None:
        pipeline = kept.asgi().pipeline
        together = TurnCommit(pipeline.sequencer)
        connections = [connected(pipeline, peer, together) for peer in peers]
        for connection in connections[:8]:
            connection.data_received(ORDERING)
        connections[8].data_received(LISTING)
        connections[9].data_received(sent("GET", "/nothing"))
        assert peers[9].got.startswith(b"HTTP/1.1 404")
        await asyncio.sleep(0)

    asyncio.run(run())
    assert commits == 1
    assert all(peer.got.startswith(b"HTTP/1.1 200") for peer in peers[:9])
    assert peers[8].got.count(b'"is_open":true') == 8
    journal = kept._sequencer.journal
    assert journal is not None
    assert journal.is_committed


def test_a_failed_commit_fails_the_whole_turn(
    kept: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that an order stands which may be gone, nor shown it."""

    def fail(_: Journal) -> None:
        raise JournalError("the disk is full")

    monkeypatch.setattr(Journal, "commit", fail)
    peers = [Peer() for _ in range(3)]

    async def run() -> None:
        pipeline = kept.asgi().pipeline
        together = TurnCommit(pipeline.sequencer)
        for peer, request in zip(peers, (ORDERING, ORDERING, LISTING), strict=True):
            connected(pipeline, peer, together).data_received(request)
        await asyncio.sleep(0)

    asyncio.run(run())
    assert all(peer.got.startswith(b"HTTP/1.1 500") for peer in peers)


def test_who_waits_for_leave_to_send_gets_it(sandbox: Sandbox) -> None:
    """`Expect: 100-continue` is answered when the head is in order, and not when it isn't."""

    async def talking(reader: Reader, writer: Writer) -> None:
        head, body = ORDERING.replace(b"Host", b"Expect: 100-continue\r\nHost").split(b"{", 1)
        writer.write(head.replace(TOKEN.encode(), b"wrong"))
        assert (await answer(reader))[0] == 401
        writer.write(b"{" + body)  # sent all the same: it is not taken for a request
        writer.write(head)
        assert (await answer(reader))[0] == 100
        writer.write(b"{" + body)
        assert (await answer(reader))[0] == 200

    talk(sandbox, talking)


@pytest.mark.parametrize(
    "request_",
    [
        sent("GET", "/_sandbox/health", "Connection: close"),
        sent("GET", "/_sandbox/health", version="1.0"),
        sent("GET", "/_sandbox/health", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"),
    ],
    ids=["close", "1.0", "upgrade"],
)
def test_some_connections_end_with_their_answer(sandbox: Sandbox, request_: bytes) -> None:
    """It is said in the answer, and what came behind the request is not carried out."""

    async def talking(reader: Reader, writer: Writer) -> None:
        writer.write(request_ + ORDERING)
        status, headers, _ = await answer(reader)
        assert (status, headers["connection"]) == (200, "close")
        assert await reader.read() == b""

    talk(sandbox, talking)
    assert sandbox.requests.count() == 0


def test_a_client_that_sends_no_more_gets_its_answer(kept: Sandbox) -> None:
    """It closed its side after a whole request: that is answered, what is not whole is dropped."""
    kept.faults.add(Fault(kind="latency", ms=50))

    async def talking(reader: Reader, writer: Writer) -> None:
        writer.write(ORDERING + ORDERING[:-10])
        writer.write_eof()
        assert (await answer(reader))[0] == 200
        assert await reader.read() == b""

    talk(kept, talking)
    assert kept.requests.count("placeBuyLimitOrder") == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x16\x03\x01 hello\r\n\r\n",
        sent("GET", "/", "X: " + "x" * MOST_OF_A_HEAD),
        sent("GET", "/" + "x" * MOST_OF_A_HEAD),
        sent("POST", BUY, SECURED, "Transfer-Encoding: chunked") + b"no length\r\n",
    ],
    ids=["no http", "large header", "long target", "no chunk"],
)
def test_after_nonsense_comes_nothing(kept: Sandbox, nonsense: bytes) -> None:
    """What was in order before it is answered, then comes 400, and the end."""

    async def talking(reader: Reader, writer: Writer) -> None:
        writer.write(ORDERING + nonsense + ORDERING)
        assert (await answer(reader))[0] == 200
        status, headers, _ = await answer(reader)
        assert (status, headers["connection"]) == (400, "close")
        assert await reader.read() == b""

    talk(kept, talking)
    assert kept.requests.count("placeBuyLimitOrder") == 1


def test_a_trailer_is_no_header(sandbox: Sandbox) -> None:
    """A token behind the body lets nobody in, whatever the order of things on the wire."""

    async def talking(reader: Reader, writer: Writer) -> None:
        head = sent("POST", BUY, "Content-Type: application/json", "Transfer-Encoding: chunked")
        body = b"%x\r\n" % len(ORDER) + ORDER + b"\r\n0\r\n"
        writer.write(head + body + SECURED.encode() + b"\r\n\r\n")
        assert (await answer(reader))[0] == 401

    talk(sandbox, talking)


def test_who_does_not_read_is_waited_for(sandbox: Sandbox) -> None:
    """As long as answers can't go out, requests wait; then all of them are answered."""

    async def run() -> None:
        peer = Peer()
        connection = connected(sandbox.asgi().pipeline, peer)
        connection.pause_writing()
        connection.data_received(TICKER * 3)
        assert not peer.got
        assert not peer.reads, "more may come in"
        connection.resume_writing()
        assert peer.got.count(b"HTTP/1.1 200") == 3
        assert peer.reads

    asyncio.run(run())


def test_a_body_that_nobody_wants_is_not_kept(sandbox: Sandbox) -> None:
    """After a refusal by its head, the rest of a request costs no memory."""

    async def run() -> None:
        peer = Peer()
        connection = connected(sandbox.asgi().pipeline, peer)
        head = sent(
            "POST", BUY, SECURED, "Content-Type: application/json", "Content-Length: 500000"
        )
        connection.data_received(head + b" " * 10_000)
        assert peer.got.startswith(b"HTTP/1.1 413")
        connection.data_received(b" " * 100_000)
        assert connection._arriving is not None
        assert connection._arriving.content == b""
        connection.data_received(b" " * 390_000 + TICKER)
        assert peer.got.count(b"HTTP/1.1 200") == 1

    asyncio.run(run())


def test_a_silent_connection_is_closed(sandbox: Sandbox) -> None:
    """After so long a rest since the last answer, and not while a request is on its way in."""

    async def talking(reader: Reader, writer: Writer) -> None:
        writer.write(TICKER + ORDERING[:-10])
        assert (await answer(reader))[0] == 200
        await asyncio.sleep(0.2)
        writer.write(ORDERING[-10:])
        assert (await answer(reader))[0] == 200
        assert await reader.read() == b""

    talk(sandbox, talking, timeout_keep_alive=0.05)


def test_an_order_of_a_client_that_went_away_stands(kept: Sandbox) -> None:
    """It was whole, so it was carried out; and one that wasn't, was not."""

    async def run() -> None:
        pipeline = kept.asgi().pipeline
        for request in (ORDERING, ORDERING[:-1]):
            peer = Peer()
            connection = connected(pipeline, peer)
            connection.data_received(request)
            peer.close()
            connection.connection_lost(None)
            await asyncio.sleep(0)
            assert not peer.got

    asyncio.run(run())
    assert kept.requests.count("placeBuyLimitOrder") == 1
    journal = kept._sequencer.journal
    assert journal is not None
    assert journal.is_committed


def test_a_clock_goes_all_the_way_for_a_client_that_went_away(sandbox: Sandbox) -> None:
    """What takes long has been carried out by then, and its answer goes nowhere."""
    secret = f"Authorization: Secret {sandbox.control_secret}"

    async def run() -> None:
        peer = Peer()
        connection = connected(sandbox.asgi().pipeline, peer)
        connection.data_received(
            sent("POST", "/_sandbox/clock/advance", secret, body=b'{"seconds": 40}')
        )
        peer.close()
        connection.connection_lost(None)
        for thread in threading.enumerate():
            if thread.name == "coinbtr-beside":
                thread.join(30)
        problems: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, about: problems.append(about))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not peer.got
        assert not problems

    asyncio.run(run())
    assert sandbox.advance().skipped_seconds == 40


def test_a_served_order_calls_few_functions(kept: Sandbox) -> None:
    """What an order costs, counted and not timed: no more than it did."""
    calls = 0

    def note(_: FrameType, event: str, __: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    async def run() -> None:
        peer = Peer()
        pipeline = kept.asgi().pipeline
        commits = TurnCommit(pipeline.sequencer)
        connection = connected(pipeline, peer, commits)
        connection.data_received(ORDERING)
        await asyncio.sleep(0)
        sys.setprofile(note)
        try:
            connection.data_received(ORDERING)
            commits._commit_all()  # as the loop would
        finally:
            sys.setprofile(None)
        assert peer.got.count(b"HTTP/1.1 200") == 2

    asyncio.run(run())
    assert 0.8 * MOST_CALLS <= calls <= MOST_CALLS

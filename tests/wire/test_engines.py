"""The engines over real sockets: what each failure means, and what is never done."""

import asyncio
import gzip
import os
import resource
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest import mock

import pytest

from coinbtr.wire import curl
from coinbtr.wire.async_fast_engine import AsyncFastEngine
from coinbtr.wire.engine import (
    AnswerOverLimit,
    AnswerTimedOut,
    ConnectTimedOut,
    EngineError,
    ExchangeBroken,
    NotConnected,
    Request,
    Response,
    Timeout,
)
from coinbtr.wire.fast_engine import FastEngine
from coinbtr.wire.httpx_engine import BUSY, MOST_POOLS, AsyncHttpxEngine, HttpxEngine, _Pools
from tests.wire.raw_server import Behaviour, ok, read_request, says, serving

Send = Callable[..., list[Response]]


ENGINES: dict[str, tuple[type[Any], type[Any]]] = {
    "httpx": (HttpxEngine, AsyncHttpxEngine),
    "fast": (FastEngine, AsyncFastEngine),
}


@pytest.fixture(params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return str(request.param)


@pytest.fixture(params=["sync", "async"])
def send(request: pytest.FixtureRequest, name: str) -> Send:
    """Sends requests one after the other over one engine of either kind."""
    kind, async_kind = ENGINES[name]

    def sync(*requests: Request, limit: int = 10_000, proxy: str | None = None) -> list[Response]:
        engine = kind(max_answer_bytes=limit, proxy=proxy)
        try:
            return [engine.send(one) for one in requests]
        finally:
            engine.close()
            engine.close()

    async def all_of(
        requests: tuple[Request, ...], limit: int, proxy: str | None
    ) -> list[Response]:
        engine = async_kind(max_answer_bytes=limit, proxy=proxy)
        try:
            return [await engine.send(one) for one in requests]
        finally:
            await engine.aclose()
            await engine.aclose()

    def asynchronous(
        *requests: Request, limit: int = 10_000, proxy: str | None = None
    ) -> list[Response]:
        return asyncio.run(all_of(requests, limit, proxy))

    return sync if request.param == "sync" else asynchronous


def request(url: str, **steps: float) -> Request:
    """A POST with short time-outs."""
    return Request(
        method="POST",
        url=url,
        headers={"Authorization": "Token abc"},
        content=b'{"id": 1}',
        timeout=Timeout(**{"connect": 1.0, "read": 1.0, "write": 1.0, "pool": 1.0, **steps}),
    )


def test_an_answer_comes_whole(send: Send) -> None:
    """Status, lower-case headers, body and elapsed time; the request arrived as it was given."""
    with serving(ok(b'{"a": 1.10}', b"X-Thing: Yes")) as server:
        [answer] = send(request(f"{server.url}/path?coin=btc"))
    assert (answer.status, answer.content) == (200, b'{"a": 1.10}')
    assert answer.headers["x-thing"] == "Yes"
    assert 0 < answer.elapsed < 5
    [sent] = server.received
    assert sent.startswith(b"POST /path?coin=btc HTTP/1.1\r\n")
    assert b"Authorization: Token abc\r\n" in sent
    assert sent.endswith(b'\r\n\r\n{"id": 1}')
    assert b"content-type" not in sent.lower()  # none was given


def test_a_post_of_nothing_says_so(send: Send) -> None:
    """Its length is sent: some servers want it, and else there would be no telling its end."""
    with serving(ok()) as server:
        send(Request(method="POST", url=server.url))
    assert b"content-length: 0\r\n" in server.received[0].lower()


def test_any_status_is_an_answer(send: Send) -> None:
    """Nothing is raised for a status: what it means is not the engine's business."""
    with serving(says(b"HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n")) as server:
        assert send(request(server.url))[0].status == 599


def test_refused_is_not_connected(send: Send) -> None:
    """Nobody listens: the server can't have seen it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(NotConnected, match=r"refused|ConnectError|Could not connect"):
        send(request(f"http://127.0.0.1:{port}"))


def test_an_unknown_host_is_not_connected(send: Send) -> None:
    """DNS knows no such name (RFC 6761 reserves it)."""
    with pytest.raises(NotConnected):
        send(request("https://no-such-host.invalid"))


def test_no_tls_is_not_connected(send: Send) -> None:
    """A server that speaks no TLS never saw the request."""
    with serving(ok()) as server, pytest.raises(NotConnected):
        send(request(server.url.replace("http:", "https:")))


@contextmanager
def nobody_accepts() -> Iterator[str]:
    """The URL of a server whose queue is full, so that no connection comes about."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield f"http://127.0.0.1:{address[1]}"


def test_a_full_backlog_is_a_connect_time_out(send: Send) -> None:
    """A server that accepts nobody: the connection doesn't come about in time."""
    with nobody_accepts() as url, pytest.raises(ConnectTimedOut):
        send(request(url, connect=0.2))


def reset(connection: socket.socket) -> None:
    """Close with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


BROKEN: dict[str, Behaviour] = {
    "closed at once": says(b""),
    "reset": reset,
    "half a head": says(b"HTTP/1.1 200 OK\r\nContent-"),
    "a head without its end": says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"),
    "an interim answer only": says(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "half a body": says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
    "half a chunk": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"),
    "no last chunk": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    "no HTTP": says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    "broken gzip": ok(b"no gzip at all", b"Content-Encoding: gzip"),
}


@pytest.mark.parametrize("behaviour", BROKEN)
def test_what_breaks_after_the_connection_stood(send: Send, behaviour: str) -> None:
    """The server may have carried it out, and it is sent once only."""
    with serving(BROKEN[behaviour]) as server, pytest.raises(ExchangeBroken) as caught:
        send(request(server.url))
    assert not isinstance(caught.value, (AnswerTimedOut, AnswerOverLimit))
    assert len(server.received) == 1


@pytest.mark.parametrize("end", ["closed", "reset"])
def test_a_used_connection_that_breaks_is_broken(send: Send, end: str) -> None:
    """What was sent on it is not sent again on another one, as HTTP libraries like to do."""
    taken: list[bytes] = []

    def answer_once(connection: socket.socket) -> None:
        ok()(connection)
        taken.append(read_request(connection))
        if end == "reset":
            reset(connection)

    with serving(answer_once, ok()) as server, pytest.raises(ExchangeBroken) as caught:
        send(request(server.url), request(server.url))
    assert not isinstance(caught.value, AnswerTimedOut)
    assert [one[:5] for one in taken] == [b"POST "]
    assert len(server.received) == 1


def test_a_silent_server_times_out(send: Send) -> None:
    """It took the request and says nothing: no answer in time."""
    with serving(lambda _: time.sleep(0.5)) as server, pytest.raises(AnswerTimedOut):
        send(request(server.url, read=0.1))


@pytest.mark.parametrize("zipped", [False, True])
def test_a_huge_answer_is_not_read(send: Send, zipped: bool) -> None:
    """Reading stops at the limit, of what comes out of the compression, too."""
    body = b"0" * 10_001
    answer = ok(gzip.compress(body), b"Content-Encoding: gzip") if zipped else ok(body)
    with serving(answer) as server, pytest.raises(AnswerOverLimit, match="10000"):
        send(request(server.url))
    with serving(ok(body[1:])) as server:
        assert len(send(request(server.url))[0].content) == 10_000


def test_redirects_are_not_followed(send: Send) -> None:
    """The answer is the redirect itself; the token goes nowhere else."""
    head = "HTTP/1.1 307 Elsewhere\r\nContent-Length: 0\r\nLocation: {}/stolen\r\n\r\n"
    with serving(ok()) as other, serving(says(head.format(other.url).encode())) as server:
        assert send(request(server.url))[0].status == 307
    assert not other.received


def test_cookies_are_not_kept(send: Send) -> None:
    """What a server sets is not sent back to it."""
    with serving(ok(b"{}", b"Set-Cookie: id=1; Path=/", b"Connection: close")) as server:
        send(request(server.url), request(server.url))
    assert len(server.received) == 2
    assert b"cookie" not in server.received[1].lower()


def test_the_environment_is_not_trusted(
    send: Send, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a proxy from the environment sees the token, nor does .netrc replace it."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login user password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with serving(ok(b'"proxy"')) as proxy, serving(ok(b'"server"')) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert send(request(server.url))[0].content == b'"server"'
    assert not proxy.received
    assert b"Authorization: Token abc\r\n" in server.received[0]


def test_nothing_leads_past_a_proxy_that_was_asked_for(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_PROXY of the environment is no reason to reach the exchange from another address."""
    with serving(ok(b'"proxy"')) as proxy, serving(ok(b'"server"')) as server:
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "*")
        assert send(request(server.url), proxy=proxy.url)[0].content == b'"proxy"'
    assert not server.received


REASONS = {"httpx": "RemoteProtocolError: ", "fast": "Empty reply from server"}


def test_an_engine_error_says_why(send: Send, name: str) -> None:
    """The reason is the library's own, for whoever has to look for it."""
    with serving(says(b"")) as server, pytest.raises(EngineError) as caught:
        send(request(server.url))
    assert caught.value.reason.startswith(REASONS[name])


@pytest.mark.parametrize("name", ["fast"])
def test_an_error_without_words_has_its_number(send: Send) -> None:
    """libcurl has none for some; the reason is never empty."""
    junk = gzip.compress(b"{}") + b"junk"
    with (
        serving(ok(junk, b"Content-Encoding: gzip")) as server,
        pytest.raises(ExchangeBroken, match=r"^libcurl gives its error \d+, and no words$"),
    ):
        send(request(server.url))


def answers_all(connection: socket.socket) -> None:
    """Answer the request that was read already, and all that follow, each with itself."""
    for number in range(20):
        body = read_request(connection) if number else b""
        if number and not body:
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


def test_nothing_of_a_request_is_left_to_the_next(send: Send) -> None:
    """Over one connection: each has the method, address, headers and content that it was given."""
    shared = MappingProxyType({"X-Thing": "shared"})
    asked = [
        ("GET", "/1", shared, b""),
        ("GET", "/2", shared, b""),
        ("POST", "/3", shared, b"three"),
        ("POST", "/4", shared, b""),
        ("GET", "/5", shared, b""),
        ("PUT", "/6", shared, b"six"),
        ("PUT", "/6", shared, b""),
        ("PUT", "/7", {"X-Thing": "own", "Content-Type": "text/plain"}, b"seven"),
        ("PUT", "/8", {"X-Thing": "own"}, b"eight"),
    ]
    with serving(answers_all) as server:
        answers = send(
            *(
                Request(method=method, url=server.url + path, headers=headers, content=content)
                for method, path, headers, content in [asked[0], *asked]
            )
        )
    assert len(server.received) == 1  # of as many connections
    for (method, path, headers, content), answer in zip(asked, answers[1:], strict=True):
        head, _, body = answer.content.decode().partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        said = {name.lower(): value for name, value in (line.split(": ") for line in lines)}
        assert first == f"{method} {path} HTTP/1.1"
        assert (said["x-thing"], body) == (headers["X-Thing"], content.decode())
        assert said.get("content-type") == headers.get("Content-Type")
        assert said.get("content-length", "0") == str(len(body))


def test_the_time_outs_are_each_requests_own(send: Send) -> None:
    """A long one is not left to the next request on the connection, nor a short one."""

    def silent_then(connection: socket.socket) -> None:
        ok()(connection)
        read_request(connection)
        time.sleep(0.3)

    def late(connection: socket.socket) -> None:
        time.sleep(0.9)
        ok()(connection)

    with serving(silent_then) as server, pytest.raises(AnswerTimedOut):
        send(request(server.url, read=5), request(server.url, read=0.05))
    with serving(ok(b"{}", b"Connection: close"), late) as server:
        send(request(server.url, read=0.6), request(server.url, read=5))


def test_headers_that_come_twice_are_joined(send: Send) -> None:
    """As HTTP has it: nothing is lost."""
    with serving(ok(b"{}", b"X-Thing: one", b"X-Other: 1", b"X-Thing: two")) as server:
        [answer] = send(request(server.url))
    assert answer.headers["x-thing"] == "one, two"


def test_an_interim_answer_is_none(send: Send) -> None:
    """What counts is the answer that follows, with its own headers only."""
    interim = b"HTTP/1.1 103 Early Hints\r\nX-Thing: early\r\n\r\n"
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with serving(says(interim + whole)) as server:
        [answer] = send(request(server.url))
    assert answer.status == 200
    assert "x-thing" not in answer.headers


def test_a_head_of_bare_line_feeds_is_one(send: Send) -> None:
    """Some servers leave the carriage returns out, and any client reads that."""
    bare = b"HTTP/1.1 200 OK\nX-Thing: yes\nContent-Length: 2\n\n{}"
    with serving(says(bare)) as server:
        [answer] = send(request(server.url))
    assert (answer.status, answer.headers["x-thing"], answer.content) == (200, "yes", b"{}")


def test_what_follows_the_body_is_no_header(send: Send) -> None:
    """A trailer says nothing of the answer, not even under a header's name."""
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    trailer = b"Content-Type: text/html\r\nRetry-After: 900\r\n\r\n"
    with serving(says(head + b"2\r\n{}\r\n0\r\n" + trailer)) as server:
        [answer] = send(request(server.url))
    assert answer.headers["content-type"] == "application/json"
    assert "retry-after" not in answer.headers
    assert answer.content == b"{}"


def test_a_request_of_many_time_outs_is_sent(send: Send) -> None:
    """An engine that prepares something for each Timeout does not keep them all."""
    # It says that it closes: else the next request could go to a connection that is being closed.
    with serving(ok(b"{}", b"Connection: close")) as server:
        answers = send(*(request(server.url, read=1 + number) for number in range(20)))
    assert [answer.status for answer in answers] == [200] * 20


@pytest.mark.parametrize("name", ["fast"])
def test_a_connection_slower_than_read_allows_never_stood(send: Send) -> None:
    """The fast engines' clock for `read` begins with the connection: it must not hide that."""
    with nobody_accepts() as url, pytest.raises(ConnectTimedOut):
        send(request(url, connect=5, read=0.2))


def drips(connection: socket.socket) -> None:
    """Send a byte of the body now and then, for some seconds."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.05)


@pytest.mark.parametrize("name", ["fast"])
def test_an_answer_that_drips_is_cut_off(send: Send) -> None:
    """The fast engines' clock for `read` runs until the last byte."""
    with serving(drips) as server, pytest.raises(AnswerTimedOut):
        send(request(server.url, read=0.4))


def test_an_answer_that_drips_is_cut_off_by_httpx_where_it_is_told_to() -> None:
    """With `max_answer_seconds` the bytes that keep coming don't make the wait endless."""
    engine = HttpxEngine(max_answer_seconds=0.4)
    with serving(drips) as server, pytest.raises(AnswerTimedOut, match=r"takes longer than 0\.4 s"):
        engine.send(request(server.url, read=5))
    engine.close()


def test_a_program_may_have_many_files_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than select() can wait for: the fast engine looks again and again, and doesn't spin."""
    pauses: list[float] = []

    def late(connection: socket.socket) -> None:
        time.sleep(0.1)
        ok()(connection)

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        time.sleep(seconds)

    monkeypatch.setattr("coinbtr.wire.fast_engine.sleep", pause)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        server = stack.enter_context(serving(late))
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(2048, hard), hard))
        while stack.enter_context(Path(os.devnull).open("rb")).fileno() < 1024:
            pass
        engine = FastEngine()
        stack.callback(engine.close)
        assert engine.send(request(server.url)).status == 200
    assert pauses


@pytest.mark.parametrize("waits_for", ["connection", "answer"])
def test_ctrl_c_is_heard_while_a_request_waits(name: str, waits_for: str) -> None:
    """At once, and not when the time-out has passed; the process goes on and ends as it should."""
    code = """
import os, signal, sys, threading, time
from coinbtr.wire.engine import Request, Timeout
from coinbtr.wire.engines import engine_maker
_, name, silent, talking = sys.argv
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where tests run in the background
engine = engine_maker(name, {})()
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
begin = time.monotonic()
try:
    engine.send(Request(method="GET", url=silent, timeout=Timeout(connect=9, read=9)))
except KeyboardInterrupt:
    print("heard" if time.monotonic() - begin < 5 else "late")
print(engine.send(Request(method="GET", url=talking)).status)
engine.close()
"""
    over = threading.Event()

    def silence(_: socket.socket) -> None:
        over.wait(20)

    with (
        nobody_accepts() as full,
        serving(silence) as mute,
        serving(ok()) as talking,
    ):
        silent = full if waits_for == "connection" else mute.url
        done = subprocess.run(
            [sys.executable, "-c", code, name, silent, talking.url],
            capture_output=True,
            text=True,
            check=False,
        )
        over.set()
    assert (done.stdout, done.stderr, done.returncode) == ("heard\n200\n", "", 0)


def test_httpx_has_as_many_pools_as_there_is_work_for() -> None:
    """One for who calls one after the other; more for many at once, up to a bound."""
    pools = _Pools(object)
    for _ in range(3):
        pools.give_back(pools.taken())
    assert len(pools.all) == 1
    taken = [pools.taken() for _ in range(BUSY * MOST_POOLS + 1)]
    assert [taken.count(pool) for pool in pools.all] == [BUSY + 1] + [BUSY] * (MOST_POOLS - 1)
    for pool in taken:
        pools.give_back(pool)
    assert pools.taken() is pools.all[0]
    assert [pool.busy for pool in pools.all] == [1] + [0] * (MOST_POOLS - 1)


def test_a_connection_is_for_one_call_at_a_time_and_then_for_the_next() -> None:
    """The fast engine has as many as there are calls at once; one that a close overtook ends."""
    engine, meeting = FastEngine(), threading.Barrier(2)

    def together(connection: socket.socket) -> None:
        meeting.wait(5)
        ok()(connection)

    def overtaking(connection: socket.socket) -> None:
        engine.close()
        ok()(connection)

    with serving(together) as one, serving(together) as other:
        calls = [
            threading.Thread(target=engine.send, args=(request(server.url, read=5),))
            for server in (one, other)
        ]
        for call in calls:
            call.start()
        for call in calls:
            call.join()
    assert len(engine._idle) == 2
    assert [one._head + one._body for one in engine._idle] == [[], []]  # no answer is kept
    with serving(ok()) as server:
        engine.send(request(server.url))
        assert len(engine._idle) == 2
        with serving(overtaking) as closing:
            assert engine.send(request(closing.url)).status == 200
    assert engine._idle == []


@pytest.mark.parametrize("make", [FastEngine, AsyncFastEngine])
def test_an_interrupt_leaves_no_answer_to_the_next_request(
    make: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it comes: what was read before it is not taken for the next one's."""
    engine, loop = make(), asyncio.new_event_loop()

    def asked(url: str) -> Response:
        sent = engine.send(request(url))
        answer: Response = sent if make is FastEngine else loop.run_until_complete(sent)
        return answer

    with serving(answers_all) as server:
        asked(server.url)
        monkeypatch.setattr(curl, "_headers", mock.Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            asked(server.url)
        monkeypatch.undo()
        answer = asked(f"{server.url}/next")
    assert answer.content.startswith(b"POST /next ")
    assert answer.content.count(b"POST ") == 1
    engine.close() if make is FastEngine else loop.run_until_complete(engine.aclose())
    loop.close()


def test_a_close_that_comes_between_leaves_no_connection() -> None:
    """In another thread, just when a call of the fast engine ends."""
    engine = FastEngine()

    class Overtaken(list[Any]):
        def append(self, line: Any) -> None:
            engine.close()
            super().append(line)

    engine._idle = Overtaken()
    with serving(ok()) as server:
        assert engine.send(request(server.url)).status == 200
    assert engine._idle == []


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_a_pool_that_was_interrupted_is_not_used_again(interrupt: type[BaseException]) -> None:
    """httpx may have left a lock of it locked: who uses it, or closes it, may wait for ever."""
    engine = HttpxEngine()
    [pool] = engine._pools.all
    pool.transport.close()
    pool.transport = mock.Mock()
    pool.transport.handle_request.side_effect = [interrupt, AssertionError("used again")]
    with serving(ok()) as server:
        with pytest.raises(interrupt):
            engine.send(request(server.url))
        assert engine.send(request(server.url)).status == 200
    engine.close()
    assert not pool.transport.close.called


def test_a_failed_request_gives_its_pool_back() -> None:
    """Else failures would use them up."""
    engine = HttpxEngine()
    with serving(says(b"")) as server, pytest.raises(ExchangeBroken):
        engine.send(request(server.url))
    assert [pool.busy for pool in engine._pools.all] == [0]
    engine.close()

"""A server that isn't the sandbox gets documented reads, one a second, and nothing else."""

import re
from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest

from coinbtr.contract import PROFILES, Options, Report, Verdict, run
from coinbtr.contract.findings import Results
from coinbtr.contract.operations import operations
from coinbtr.contract.server import HEALTH_PATH, Forbidden, Server
from coinbtr.sandbox import Sandbox
from coinbtr.wire.engine import ExchangeBroken, Request, Response

TOKEN = "a-token-of-real-money"
URL = "https://exchange.test/api/v1"
READS = {
    (operation.method, operation.path)
    for operation in operations().values()
    if operation.effect == "read"
}


class Tripwire:
    """An engine to an exchange that looks like the sandbox and doesn't prove to be it."""

    def __init__(self, prove: Callable[[Response], Response]) -> None:
        self._sandbox = Sandbox(token=TOKEN)
        self._prove = prove
        self.requests: list[Request] = []

    def send(self, request: Request) -> Response:
        """Answer as the sandbox does, its mark taken off."""
        self.requests.append(request)
        response = self._sandbox.handle(request)
        if request.url.endswith(HEALTH_PATH):
            return self._prove(response)
        headers = {
            key: value for key, value in response.headers.items() if key != "coinbtr-sandbox"
        }
        return Response(status=response.status, headers=headers, content=response.content)

    def close(self) -> None:
        """Hold nothing."""


def _no_header(response: Response) -> Response:
    return Response(status=200, headers={}, content=response.content)


def _no_service(response: Response) -> Response:
    return Response(status=200, headers=response.headers, content=b'{"status": "ok"}')


def _no_page(response: Response) -> Response:
    return Response(status=404, headers=response.headers, content=b"<h1>Not Found</h1>")


def _redirect(response: Response) -> Response:
    return Response(status=302, headers={**response.headers, "location": URL}, content=b"")


class Clock:
    """A clock that goes on only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Give the seconds."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Let them pass."""
        self.now += seconds


def _garbled(random: Random, response: Response) -> Response:
    """Answer as a server may that is broken, changed, or up to no good."""
    content, status = response.content, response.status
    match random.randrange(8):
        case 0:
            content = b"<h1>Bad Gateway</h1>"
        case 1:
            status = random.choice([200, 302, 400, 404, 405, 429, 500, 503])
        case 2:
            content = content[: random.randrange(len(content) + 1)]
        case 3:
            content = re.sub(
                rb'"([a-z_]+)":', lambda name: random.choice([b'"x":', name[0]]), content
            )
        case 4:
            content = re.sub(rb'"data":.*', rb'"data":{"withdraw":"/wallet/withdraw"}}', content)
        case 5:
            raise ExchangeBroken("the connection broke")
    headers = {**response.headers, "location": f"{URL}/wallet/withdraw"}
    return Response(status=status, headers=headers, content=content)


@pytest.mark.no_cover  # its length is the point, and the tracer would double it
def test_ten_thousand_requests_and_not_one_that_is_not_listed() -> None:
    """Whatever the server answers, and whatever else is asked for: documented reads only."""
    random, clock = Random(0), Clock()
    times: list[float] = []
    requests: list[Request] = []
    names = list(operations())
    while len(requests) < 10_000:
        tripwire = Tripwire(random.choice([_no_header, _no_service, _no_page, _redirect]))
        answer = tripwire.send
        is_garbled = random.random() < 0.7

        def send(
            request: Request,
            answer: Callable[[Request], Response] = answer,
            is_garbled: bool = is_garbled,
        ) -> Response:
            response = answer(request)
            if request.url.endswith(HEALTH_PATH):
                return response
            times.append(clock())
            return _garbled(random, response) if is_garbled else response

        tripwire.send = send  # type: ignore[method-assign]  # a server that is up to no good
        options = Options(
            url=URL,
            token=TOKEN,
            other_token="another-token",
            profile=random.choice([None, "live"]),
            seed=random.randrange(1000),
            operations=random.choice([(), (), random.sample(names, 5)]),
            phases=random.choice([(), ("orders", "wallet", "fuzzing")]),
            is_mine=random.random() < 0.2,
        )
        run(options, tripwire, progress=_silent, clock=clock, wait=clock.wait)
        # Where an answer was lost, it is asked again whether anybody is there, without a token.
        asked = [one for one in tripwire.requests if one.url.endswith(HEALTH_PATH)]
        assert not any("authorization" in {name.lower() for name in one.headers} for one in asked)
        requests += [one for one in tripwire.requests if not one.url.endswith(HEALTH_PATH)]
    assert {(one.method, one.url.removeprefix(URL).partition("?")[0]) for one in requests} == READS
    assert len(times) == len(requests)


def test_the_pace_is_kept_by_the_injected_clock() -> None:
    """Within a run each request is a second after the one before, by the clock it was given."""
    clock, times = Clock(), list[float]()
    tripwire = Tripwire(_no_page)
    answer = tripwire.send

    def send(request: Request) -> Response:
        times.append(clock())
        return answer(request)

    tripwire.send = send  # type: ignore[method-assign]  # looks at the clock
    options = Options(url=URL, token=TOKEN)
    report = run(options, tripwire, progress=_silent, clock=clock, wait=clock.wait)
    assert all(later - earlier >= 1 for earlier, later in pairwise(times[1:]))
    assert report.seconds >= len(times) - 2


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_that_writes_needs_a_word(profile: str) -> None:
    """On a server that doesn't prove to be the sandbox it sends nothing, and says what to say."""
    tripwire = Tripwire(_no_page)
    options = Options(url=URL, token=TOKEN, profile=profile)
    report = run(options, tripwire, progress=_silent, pace=0.0)
    assert report.verdict is Verdict.COULD_NOT_TEST
    assert "--this-server-is-mine" in (report.problem or "")
    assert len(tripwire.requests) == 1


def test_with_that_word_it_writes() -> None:
    """`--this-server-is-mine` with a profile lets it do what it does on the sandbox."""
    tripwire = Tripwire(_no_page)
    options = Options(url=URL, token=TOKEN, profile="quick", phases=("orders",), is_mine=True)
    report = run(options, tripwire, progress=_silent, pace=0.0)
    assert report.verdict is Verdict.KEEPS, report.findings
    assert any("/trading/place/" in one.url for one in tripwire.requests)


def _silent(phase: str, results: Results) -> None:
    del phase, results


def _run(tripwire: Tripwire, url: str = URL, token: str | None = TOKEN) -> Report:
    options = Options(url=url, token=token, other_token="another-token")
    return run(options, tripwire, progress=_silent, pace=0.0)


@pytest.mark.parametrize("prove", [_no_header, _no_service, _no_page, _redirect])
@pytest.mark.parametrize("url", [URL, "http://127.0.0.1:8642/api/v1"])
def test_only_documented_reads_are_sent(prove: Callable[[Response], Response], url: str) -> None:
    """Not one request leaves that isn't a documented read; loopback proves nothing."""
    tripwire = Tripwire(prove)
    report = _run(tripwire, url)
    first, *others = tripwire.requests
    assert first.url.endswith(HEALTH_PATH)
    assert "authorization" not in {name.lower() for name in first.headers}
    sent = {(one.method, one.url.removeprefix(url).partition("?")[0]) for one in others}
    assert sent == READS
    assert all(one.url.startswith(f"{url}/") for one in others)
    assert report.verdict is Verdict.KEEPS, report.findings
    assert not report.is_sandbox
    for name in ("withdraw", "placeBuyLimitOrder", "cancelSellLimitOrder"):
        assert report.tallies[name].tried == 0
        assert "moves money" in (report.tallies[name].not_tried or "")


def test_every_request_to_it_is_valid() -> None:
    """What is sent keeps to the description: nothing is refused as invalid."""
    tripwire = Tripwire(_no_page)
    _run(tripwire)
    sandbox = Sandbox(token=TOKEN)
    statuses = {sandbox.handle(request).status for request in tripwire.requests[1:]}
    assert statuses <= {200, 404, 422}


def test_without_a_token_only_public_operations_are_read() -> None:
    """No token: private operations aren't tried, and the report says why; none is sent."""
    tripwire = Tripwire(_no_page)
    report = _run(tripwire, token=None)
    public = {one.path for one in operations().values() if not one.secured}
    sent = {one.url.removeprefix(URL).partition("?")[0] for one in tripwire.requests[1:]}
    assert sent == public
    assert "token" in (report.tallies["listBalances"].not_tried or "")
    assert all("Authorization" not in one.headers for one in tripwire.requests)


def test_a_token_that_is_refused_could_not_be_tested() -> None:
    """A monitor whose token expired must not read "keeps": public answers alone were judged."""
    report = _run(Tripwire(_no_page), token="a-token-that-nobody-knows")
    assert report.verdict is Verdict.COULD_NOT_TEST
    assert report.problem == "the server does not know the token of --token"
    assert report.tallies["listBooks"].tried


def test_requests_are_a_second_apart() -> None:
    """One worker, one request a second."""
    waits: list[float] = []
    server = Server(URL, {"mine": TOKEN}, Tripwire(_no_page), pace=1.0, wait=waits.append)
    assert not server.prove()
    books = operations()["listBooks"]
    for _ in range(5):
        server.send(server.call(books))
    assert len(waits) == 4
    # Nothing really waits here, so each wait is a second longer than the one before.
    assert all(later - earlier > 0.9 for earlier, later in pairwise(waits))


@pytest.mark.parametrize(
    "name", [name for name, one in operations().items() if one.effect != "read"]
)
def test_the_last_gate_lets_no_write_through(name: str) -> None:
    """Even a mistake of ours can't send a write: the gate in front of the engine refuses it."""
    tripwire = Tripwire(_no_page)
    server = Server(URL, {"mine": TOKEN}, tripwire, pace=0.0)
    server.prove()
    with pytest.raises(Forbidden):
        server.send(server.call(operations()[name], content=b"{}", token="mine"))
    assert len(tripwire.requests) == 1


def test_no_connection_is_used_twice() -> None:
    """A server that closes a connection after a second of silence is not taken to lose answers."""
    tripwire = Tripwire(_no_page)
    run(
        Options(url=URL, token=TOKEN, operations=["listBooks", "getTicker"]),
        tripwire,
        progress=_silent,
        pace=0,
    )
    assert len(tripwire.requests) > 2
    assert {one.headers.get("Connection") for one in tripwire.requests} == {"close"}


def test_a_deviating_read_is_found() -> None:
    """Reads alone find what one answer shows."""
    tripwire = Tripwire(_no_page)
    send = tripwire.send

    def tampered(request: Request) -> Response:
        response = send(request)
        content = response.content.replace(b'"maker_fee":', b'"fee":')
        return Response(status=response.status, headers=response.headers, content=content)

    tripwire.send = tampered  # type: ignore[method-assign]  # a defect
    report = _run(tripwire)
    assert report.verdict is Verdict.DEVIATES
    assert {finding.code for finding in report.findings} == {"C121"}

"""A run ends in time, on a server as slow as can be, and says what that left out."""

import re
from typing import NoReturn

import pytest
from attrs import define

from coinbtr.contract import Options, Report, run
from coinbtr.contract.checks import Problem
from coinbtr.contract.model.shorten import Case, shorten
from coinbtr.contract.model.steps import Step
from coinbtr.contract.model.table import Deviation, Over
from coinbtr.contract.operations import operations
from coinbtr.contract.server import Server
from coinbtr.sandbox import Sandbox
from coinbtr.wire.engine import Request, Response
from coinbtr.wire.httpx_engine import HttpxEngine
from tests.contract.conftest import Command
from tests.contract.tampering import OTHER_TOKEN, TOKEN, Handle, TamperedSandbox


@pytest.mark.usefixtures("counted")
def test_a_run_ends_in_time(url: str, command: Command) -> None:
    """After --max-time nothing new is begun, and the report says what that left out."""
    outcome = command(url, "--profile", "full", "--max-time", "2")
    assert outcome.requests < 2_000
    assert outcome.status == 0, outcome.text
    assert "The time was up" in outcome.text
    assert "as far as tried" in outcome.text


class SlowSandbox:
    """An engine to a sandbox that takes a second for each answer, by a clock of its own."""

    def __init__(self) -> None:
        self._sandbox = Sandbox(token=TOKEN)
        self.now = 0.0

    def send(self, request: Request) -> Response:
        """Answer late."""
        self.now += 1
        return self._sandbox.handle(request)

    def close(self) -> None:
        """Hold nothing."""


@pytest.mark.parametrize("phase", ["tokens", "methods", "near-misses"])
def test_a_long_phase_ends_in_time(phase: str) -> None:
    """A phase of many requests to a slow server ends with the time, not with its last request."""
    engine = SlowSandbox()
    report = run(
        Options(url="http://sandbox/api/v1", token=TOKEN, max_time=20, phases=[phase]),
        engine,
        progress=lambda *_: None,
        clock=lambda: engine.now,
    )
    assert 20 <= engine.now <= 24
    assert f"The time was up in the phase {phase}." in report.notes


@define
class SlowServer:
    """A served sandbox that takes a second for each answer, by a clock of its own."""

    sandbox: TamperedSandbox
    url: str
    now: float = 0.0

    def test(self, max_time: float, *phases: str) -> Report:
        """Test these phases of it."""
        engine = HttpxEngine()
        options = Options(
            url=self.url,
            token=TOKEN,
            other_token=OTHER_TOKEN,
            profile="quick",
            phases=phases,
            max_time=max_time,
        )
        report = run(options, engine, progress=lambda *_: None, clock=lambda: self.now)
        engine.close()
        return report


@pytest.fixture
def slow(sandbox: TamperedSandbox, url: str) -> SlowServer:
    """It, with nothing asked yet."""
    server = SlowServer(sandbox, url)

    def tamper(request: Request, handle: Handle) -> Response:
        server.now += 1
        return handle(request)

    sandbox.tamper = tamper
    return server


@pytest.mark.parametrize(
    ("phase", "left_out"),
    [
        ("examples", "in the phase examples, not tried in whole for "),
        ("coverage", "in the phase coverage, not tried in whole for "),
        ("fuzzing", "in the phase fuzzing, not tried in whole for "),
        ("stateful", "in the phase stateful."),
        ("model", "before anything was played in the phase model."),
    ],
)
def test_no_request_is_begun_late(phase: str, left_out: str, slow: SlowServer) -> None:
    """The one that is under way when the time is up is the last one, and a note tells."""
    report = slow.test(20, phase)
    assert slow.now == 21
    assert report.problem is None
    assert not report.findings
    [note] = report.notes
    assert note.startswith(f"The time was up {left_out}")


def test_what_was_tried_in_whole_is_not_named(slow: SlowServer) -> None:
    """Phases that came to their end count as tried, and so do operations of the one that didn't."""
    [note] = slow.test(100, "examples", "coverage", "fuzzing").notes
    assert note.startswith("The time was up in the phase coverage, not tried in whole for ")
    assert note.endswith("; not tried at all: fuzzing.")
    tried = set(operations()) - set(re.findall(r"[a-z]+[A-Z]\w+", note))
    assert tried
    assert slow.test(10_000, "examples").notes == ()


def test_a_case_stays_as_it_is_once_the_time_is_up() -> None:
    """Playing it again, to shorten it, ends at the first look that may not be taken."""
    looks = 0

    def begin() -> NoReturn:
        nonlocal looks
        looks += 1
        raise Over

    steps = tuple(Step("cancelBuyLimitOrder", "mine", {"id": number}) for number in range(20))
    call = Server("http://sandbox/api/v1", {}, SlowSandbox()).call(operations()["listOpenOrders"])
    case = Case(steps, Deviation.of(Problem("C402", "It isn't listed."), call, None))
    assert shorten(case, begin, lambda: looks > 0) is case
    assert looks == 1

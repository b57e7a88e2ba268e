"""The model finds every defect of behaviour, with a short case; and none in the sandbox."""

from collections.abc import Callable
from statistics import median

import pytest
from attrs import frozen

from coinbtr.contract import Options, Report, Verdict, run
from coinbtr.contract.rules import RULES
from coinbtr.sandbox import ManualClock
from coinbtr.wire.engine import Request, Response
from tests.contract.behaviours import BEHAVIOURS
from tests.contract.defects import DEFECTS, Defect
from tests.contract.tampering import OTHER_TOKEN, TOKEN, Handle, TamperedSandbox


@frozen
class InProcess:
    """An engine to a tampered sandbox, without a socket."""

    sandbox: TamperedSandbox

    def send(self, request: Request) -> Response:
        """Answer through the tampering function."""
        handle: Callable[[Request], Response] = self.sandbox.handle
        return self.sandbox.tamper(request, handle) if self.sandbox.tamper else handle(request)

    def close(self) -> None:
        """Hold nothing."""


def play(defect: Defect | None, *, profile: str = "deep", seed: int = 2018) -> Report:
    """Let the model play on a sandbox of this process whose clock is ours."""
    clock = ManualClock()
    sandbox = TamperedSandbox(clock=clock)
    if defect is not None:
        sandbox.tamper = defect.make(sandbox)
    options = Options(
        url=sandbox.base_url,
        token=TOKEN,
        other_token=OTHER_TOKEN,
        profile=profile,
        phases=("model",),
        seed=seed,
    )
    return run(
        options,
        InProcess(sandbox),
        progress=lambda *_: None,
        tick=lambda seconds: clock.advance(seconds=seconds),
    )


def requests(*, seed: int) -> list[tuple[str, bytes]]:
    """Everything that a play without a defect sends."""
    sent: list[tuple[str, bytes]] = []

    def record(request: Request, handle: Handle) -> Response:
        sent.append((request.url, request.content))
        return handle(request)

    play(Defect("none", "", (), lambda _: record), profile="quick", seed=seed)
    return sent


@pytest.mark.parametrize("defect", BEHAVIOURS, ids=lambda one: one.name.replace(" ", "-"))
def test_a_defect_of_behaviour_is_found(defect: Defect) -> None:
    """`deep` names the rule, shows the requests that lead there, and the same for the facade."""
    report = play(defect)
    assert report.verdict is Verdict.DEVIATES
    found = {finding.code: finding for finding in report.findings}
    assert defect.rule in found, [(one.code, one.sentence) for one in report.findings]
    finding = found[defect.rule]
    assert finding.sentence.endswith(".")
    assert finding.curl.splitlines()[-1].startswith("curl ")
    assert "print(" in finding.facade
    assert TOKEN not in finding.curl + finding.facade


@pytest.mark.parametrize("seed", range(20))
def test_the_sandbox_as_it_is_deviates_nowhere(seed: int) -> None:
    """No false alarm, whatever the seed."""
    report = play(None, profile="quick", seed=seed)
    assert report.verdict is Verdict.KEEPS, report.findings
    assert report.notes == ()


def test_cases_are_short() -> None:
    """The median case has at most 5 requests, the one that shows the deviation included."""
    names = ("fees rounded down", "the younger order first", "cancelling releases nothing")
    chosen = [one for one in BEHAVIOURS if one.name in names]
    findings = [finding for one in chosen for finding in play(one).findings]
    assert median(len(finding.curl.splitlines()) for finding in findings) <= 5


def test_every_rule_of_the_model_is_proven() -> None:
    """Each rule has a defect here or among those of single requests."""
    assert set(RULES) - {one.rule for one in (*DEFECTS, *BEHAVIOURS)} == {"C105"}

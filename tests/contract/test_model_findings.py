"""What the model finds it shows with a short case; and it finds nothing in the sandbox."""

from statistics import median

import pytest

from coinbtr.contract import Options, Report, Verdict, run
from coinbtr.sandbox import ManualClock
from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import OTHER_TOKEN, TOKEN, Handle, Tamper, TamperedSandbox
from tests.mutants.catalogue import named
from tests.mutants.mutant import Mutant
from tests.mutants.sequence import InProcess, begin_again


def play(
    mutant: Mutant | None,
    *,
    profile: str = "deep",
    seed: int = 2018,
    tamper: Tamper | None = None,
) -> Report:
    """Let the model play on a sandbox of this process whose clock is ours; steps bound the play."""
    clock = ManualClock()
    sandbox = TamperedSandbox(clock=clock)
    sandbox.tamper = tamper if mutant is None else mutant.make(sandbox)
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
        clock=lambda: 0.0,
        tick=lambda seconds: clock.advance(seconds=seconds),
        reset=lambda: begin_again(sandbox, mutant),
    )


def requests(*, seed: int) -> list[tuple[str, bytes]]:
    """Everything that a play without a defect sends."""
    sent: list[tuple[str, bytes]] = []

    def record(request: Request, handle: Handle) -> Response:
        sent.append((request.url, request.content))
        return handle(request)

    play(None, profile="quick", seed=seed, tamper=record)
    return sent


@pytest.mark.parametrize(
    "name",
    [
        "fees rounded down",
        "the younger order first",
        "cancelling releases nothing",
        "foreign orders listed",
        "the volume never expires",
    ],
)
def test_a_finding_shows_the_way_there(name: str) -> None:
    """It has a sentence, the requests that lead there, and the same for the facade; no token."""
    mutant = named(name)
    report = play(mutant)
    assert report.verdict is Verdict.DEVIATES
    found = {finding.code: finding for finding in report.findings}
    assert mutant.rules[0] in found, [(one.code, one.sentence) for one in report.findings]
    finding = found[mutant.rules[0]]
    assert finding.sentence.endswith(".")
    assert finding.curl.splitlines()[-1].startswith("curl ")
    assert "print(" in finding.facade
    assert TOKEN not in finding.curl + finding.facade
    assert report.observed is not None
    assert report.observed.places, "drift and proposals see the answers that deviate"


@pytest.mark.parametrize("seed", range(20))
def test_the_sandbox_as_it_is_deviates_nowhere(seed: int) -> None:
    """No false alarm, whatever the seed."""
    report = play(None, profile="quick", seed=seed)
    assert report.verdict is Verdict.KEEPS, report.findings
    assert report.notes == ()


def test_cases_are_short() -> None:
    """The median case has at most 5 requests, the one that shows the deviation included."""
    names = ("fees rounded down", "the younger order first", "cancelling releases nothing")
    findings = [finding for name in names for finding in play(named(name)).findings]
    assert median(len(finding.curl.splitlines()) for finding in findings) <= 5

"""What is pending is what isn't confirmed: deposits on their way are no false alarm."""

from pathlib import Path

import pytest

from coinbtr.contract import Options, Report, Verdict, run
from coinbtr.contract.deposits import confirmations, unconfirmed
from coinbtr.contract.judging import judge_recording
from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.wire.engine import Request, Response
from tests.contract import sessions
from tests.contract.tampering import OTHER_TOKEN, TOKEN, Handle, TamperedSandbox, answered, document
from tests.mutants.making import operation
from tests.mutants.sequence import InProcess


def _sandbox(clock: ManualClock) -> TamperedSandbox:
    """A sandbox with a deposit of its account on its way."""
    sandbox = TamperedSandbox(seed=7, clock=clock)
    sandbox.credit("btc", "0.25", confirmed=False)
    return sandbox


def _test(sandbox: TamperedSandbox) -> Report:
    options = Options(
        url=sandbox.base_url,
        token=TOKEN,
        other_token=OTHER_TOKEN,
        profile="quick",
        phases=["wallet"],
    )
    return run(options, InProcess(sandbox), progress=lambda *_: None)


def _confirmed(request: Request, handle: Handle) -> Response:
    """Tell of every deposit that it is confirmed."""
    response = handle(request)
    if operation(request) != "listDeposits":
        return response
    body = document(response)
    return answered(
        response, {**body, "data": [{**one, "status": "confirmed"} for one in body["data"]]}
    )


def _judged(path: Path, *, wrong: bool) -> Report:
    def make(clock: ManualClock) -> TamperedSandbox:
        sandbox = _sandbox(clock)
        sandbox.tamper = _confirmed if wrong else None
        return sandbox

    def engine(sandbox: Sandbox) -> InProcess:
        assert isinstance(sandbox, TamperedSandbox)
        return InProcess(sandbox)

    sessions.record("withdrawing", path, make=make, engine=engine)
    return judge_recording(path)


def test_a_deposit_on_its_way_is_no_finding() -> None:
    """It is pending as a deposit and in the balance; the probe agrees."""
    assert _test(_sandbox(ManualClock())).findings == ()


def test_a_deposit_that_is_confirmed_meanwhile_is_no_alarm() -> None:
    """It is known beforehand: what compares balances is left out, and a note says why."""
    clock = ManualClock()
    sandbox = _sandbox(clock)

    def hurry(request: Request, handle: Handle) -> Response:
        clock.advance(seconds=1)
        return handle(request)

    sandbox.tamper = hurry
    report = _test(sandbox)
    assert (report.verdict, report.findings) == (Verdict.KEEPS, ())
    assert any("a deposit is under way (0.25000000 BTC)" in note for note in report.notes)


def test_a_deposit_confirmed_too_soon_is_found() -> None:
    """A deposit that says it is confirmed contradicts the balance, and what its coin requires."""
    sandbox = _sandbox(ManualClock())
    sandbox.tamper = _confirmed
    assert {"C509", "C510"} <= {finding.code for finding in _test(sandbox).findings}


def test_a_recording_shows_what_is_pending(tmp_path: Path) -> None:
    """Judging finds nothing while a deposit is confirmed on the way, and what contradicts it."""
    assert _judged(tmp_path / "right.jsonl", wrong=False).verdict is Verdict.KEEPS
    found = _judged(tmp_path / "wrong.jsonl", wrong=True).findings
    assert {"C509"} == {finding.code for finding in found}


@pytest.mark.parametrize(
    ("status", "counts", "codes"),
    [
        ("pending", 2, []),
        ("pending", 3, ["C510"]),
        ("confirmed", 3, []),
        ("confirmed", 2, ["C510"]),
    ],
)
def test_confirmed_is_what_has_its_confirmations(
    status: str, counts: int, codes: list[str]
) -> None:
    """Not before, and not later; of a status or coin that isn't known nothing is said."""
    deposit = {"coin": "BTC", "txid": "t", "status": status, "confirmations": counts, "amount": 1}
    coins = [{"coin": "BTC", "confirmations_required": 3}]
    assert [problem.code for problem in confirmations([deposit], coins)] == codes
    assert list(confirmations([{**deposit, "status": "returned"}], coins)) == []
    assert list(confirmations([deposit], [])) == []
    assert unconfirmed([deposit], "BTC") == (1 if status == "pending" else 0)
    assert unconfirmed([{**deposit, "status": "returned"}], "BTC") is None

"""The contract test goes red for every defect that is seeded into the sandbox, and names a rule."""

import pytest

from coinbtr.contract import RULES, Options, Verdict, run
from coinbtr.wire.engine import ExchangeBroken, Request, Response
from tests.contract.conftest import Command
from tests.contract.defects import DEFECTS, Defect
from tests.contract.tampering import TamperedSandbox


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name.replace(" ", "-"))
def test_a_seeded_defect_is_found(
    defect: Defect, sandbox: TamperedSandbox, url: str, command: Command
) -> None:
    """The command ends with status 1 and names the rule that the defect breaks."""
    sandbox.tamper = defect.make(sandbox)
    options = [f"--phase={phase}" for phase in defect.phases]
    outcome = command(url, *options, "--profile", "quick")
    assert outcome.status == 1, outcome.text
    assert defect.rule in outcome.codes, outcome.text
    assert "DEVIATES" in outcome.text


def test_every_rule_is_proven_by_a_defect() -> None:
    """For each rule there is a defect that it names; some have tests of their own.

    C105 is proven below, C420 and C421 where recordings are judged.
    """
    assert set(RULES) - {defect.rule for defect in DEFECTS} == {"C105", "C420", "C421"}


def test_a_broken_connection_is_a_finding(sandbox: TamperedSandbox) -> None:
    """A request that the server took and didn't answer is taken down (rule C105)."""

    class Broken:
        def send(self, request: Request) -> Response:
            if request.url.endswith("/market/listbooks"):
                raise ExchangeBroken("the connection broke")
            return sandbox.handle(request)

        def close(self) -> None:
            """Hold nothing."""

    options = Options(url=sandbox.base_url, token=sandbox.token, phases=("market",))
    report = run(options, Broken(), progress=lambda *_: None)
    assert [finding.code for finding in report.findings] == ["C105"]
    assert report.verdict is Verdict.DEVIATES


@pytest.mark.parametrize("phases", sorted({tuple(defect.phases) for defect in DEFECTS}))
def test_without_a_defect_the_same_phases_are_green(
    phases: tuple[str, ...], url: str, command: Command
) -> None:
    """What finds the defects finds nothing on the sandbox as it is."""
    outcome = command(url, *(f"--phase={phase}" for phase in phases), "--profile", "quick")
    assert outcome.status == 0, outcome.text
    assert outcome.codes == set()

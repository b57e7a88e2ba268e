"""The contract test goes red for every defect that is seeded into the sandbox, and names a rule."""

from itertools import groupby

import pytest

from coinbtr.contract import RULES
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


def test_the_defects_are_of_every_kind() -> None:
    """The catalogue holds defects of each group of rules."""
    kinds = {kind for kind, _ in groupby(sorted(defect.rule[:2] for defect in DEFECTS))}
    assert kinds == {code[:2] for code in RULES}


@pytest.mark.parametrize("phases", sorted({tuple(defect.phases) for defect in DEFECTS}))
def test_without_a_defect_the_same_phases_are_green(
    phases: tuple[str, ...], url: str, command: Command
) -> None:
    """What finds the defects finds nothing on the sandbox as it is."""
    outcome = command(url, *(f"--phase={phase}" for phase in phases), "--profile", "quick")
    assert outcome.status == 0, outcome.text
    assert outcome.codes == set()

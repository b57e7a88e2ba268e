"""Mutants are noticed, and named: one for each rule here, all of them by `make mutants`."""

from random import Random

import pytest
from attrs import evolve

from tests.contract.conftest import Command
from tests.contract.tampering import TamperedSandbox
from tests.mutants.arms import JUDGE, attempt
from tests.mutants.catalogue import CATALOGUE, named
from tests.mutants.mutant import Mutant

pytestmark = pytest.mark.no_cover  # what a broken exchange runs through proves nothing

SAMPLE = Random(7).sample(CATALOGUE, 20)

RULES_OF_MUTANTS = sorted({mutant.rules[0] for mutant in CATALOGUE})


def _first_of(rule: str) -> Mutant:
    return next(mutant for mutant in CATALOGUE if mutant.rules[0] == rule)


@pytest.mark.parametrize("rule", RULES_OF_MUTANTS)
def test_every_rule_is_named(rule: str) -> None:
    """`deep`, or judging, ends with status 1 on a mutant that breaks the rule, and names it."""
    mutant = evolve(_first_of(rule), operations="", rules=rule)
    outcome = attempt(JUDGE if rule == "C421" else "deep", mutant, seed=1)
    assert outcome.kills(mutant), outcome


@pytest.mark.parametrize("mutant", SAMPLE, ids=lambda mutant: mutant.id)
def test_a_sample_is_killed(mutant: Mutant) -> None:
    """Twenty mutants, drawn at random."""
    outcome = attempt("deep", mutant, seed=1)
    assert outcome.kills(mutant), outcome


def test_a_recording_shows_much() -> None:
    """Judging what a sandbox with a defect answered to the golden sessions names half of them."""
    killed = [mutant for mutant in SAMPLE if attempt(JUDGE, mutant, seed=1).kills(mutant)]
    assert len(killed) >= 10


@pytest.mark.parametrize("arm", ["quick", JUDGE])
def test_the_sandbox_as_it_is_keeps(arm: str) -> None:
    """What finds the mutants finds nothing without them."""
    outcome = attempt(arm, None, seed=1)
    assert (outcome.status, outcome.rules) == (0, ())


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("failures at 200", "orders"),
        ("NaN taken", "near-misses"),
        ("a withdrawal without its fee", "wallet"),
    ],
)
def test_the_command_says_so(
    name: str, phase: str, sandbox: TamperedSandbox, url: str, command: Command
) -> None:
    """The user's own command ends with status 1, names the rule, and says that it deviates."""
    mutant = named(name)
    sandbox.tamper = mutant.make(sandbox)
    outcome = command(url, "--phase", phase, "--profile", "quick")
    assert outcome.status == 1, outcome.text
    assert set(mutant.rules) & outcome.codes, outcome.text
    assert "DEVIATES" in outcome.text


def test_a_rule_that_is_enough_ends_the_run() -> None:
    """`stop_at` ends a run at the first broken rule of those; without it all is tried."""
    mutant = named("the volume as a string")
    outcome = attempt("full", mutant, seed=1)
    assert outcome.kills(mutant)
    assert outcome.seconds < 5

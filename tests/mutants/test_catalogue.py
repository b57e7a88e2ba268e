"""The catalogue is whole, and each of its mutants is one."""

from collections import Counter

import pytest

from coinbtr.contract import RULES
from coinbtr.contract.operations import operations
from tests.mutants.catalogue import CATALOGUE
from tests.mutants.mutant import Mutant
from tests.mutants.sequence import play


@pytest.mark.parametrize("mutant", CATALOGUE, ids=lambda mutant: mutant.id)
def test_a_mutant_shows(mutant: Mutant) -> None:
    """Its requests are answered otherwise than by the sandbox, by an operation that it names."""
    expected = list(play(mutant.shows, None))
    seen = list(play(mutant.shows, mutant))
    differ = {one.operation for one, other in zip(expected, seen, strict=True) if one != other}
    assert differ & {*mutant.operations}, f"{mutant.name}: {differ}"


def test_requests_are_answered_alike_twice() -> None:
    """What differs differs for the mutant: the sandbox as it is answers the same again."""
    for shows in {mutant.shows for mutant in CATALOGUE}:
        assert list(play(shows, None)) == list(play(shows, None))


def test_every_operation_has_several() -> None:
    """At least four for each operation, and ten for each class."""
    counted = Counter(name for mutant in CATALOGUE for name in mutant.operations)
    assert counted.keys() == operations().keys()
    assert min(counted.values()) >= 4
    assert min(Counter(mutant.kind for mutant in CATALOGUE).values()) >= 10


def test_nothing_is_left_out_of_a_mutant() -> None:
    """Names are unique, the rules are rules, and the harm is a sentence."""
    assert len({mutant.id for mutant in CATALOGUE}) == len(CATALOGUE) >= 120
    for mutant in CATALOGUE:
        assert mutant.rules, mutant.name
        assert {*mutant.rules} <= RULES.keys(), mutant.name
        assert mutant.harm.endswith(".")


def test_every_rule_has_a_mutant() -> None:
    """All but what takes a broken connection, a recording, or the sandbox's control plane."""
    elsewhere = {"C105", "C305", "C420", "C511", "C512"}
    assert RULES.keys() - {mutant.rules[0] for mutant in CATALOGUE} == elsewhere

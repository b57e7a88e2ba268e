"""A sandbox that is killed under load has kept all that it acknowledged, and half of nothing."""

from pathlib import Path

import pytest

from tests.sandbox.crash.kills import kill_again_and_again


@pytest.mark.parametrize(("durability", "kills"), [("normal", 10), ("full", 3)])
def test_nothing_acknowledged_is_lost(durability: str, kills: int, tmp_path: Path) -> None:
    """Ten kills at moments of chance: every answer was true, and every recovery works."""
    score = kill_again_and_again(tmp_path, kills, durability=durability)
    assert (score.kills, score.lost, score.problems) == (kills, 0, [])
    assert score.acknowledged > 20 * kills


def test_answering_before_the_commit_does_lose(tmp_path: Path) -> None:
    """The control: a server that answers first loses what it acknowledged, and it shows."""
    score = kill_again_and_again(tmp_path, 3, answer_first=True)
    assert score.lost > 0

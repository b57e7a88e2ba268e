"""The help of each command can be read and copied on a terminal of 80 columns."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from coinbtr.cli.app import app


def commands(group: object = None, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All commands, those within others included."""
    group = get_command(app) if group is None else group
    for name, command in getattr(group, "commands", {}).items():
        yield (*words, name)
        yield from commands(command, (*words, name))


@cache
def help_of(words: tuple[str, ...]) -> str:
    """The help of a command, 80 columns wide."""
    done = CliRunner(env={"COLUMNS": "80"}).invoke(app, [*words, "--help"])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> str:
    """The help of the command that a test is about."""
    return help_of(request.param)


EACH = pytest.mark.parametrize("shown", list(commands()), indirect=True, ids=" ".join)


@EACH
def test_nothing_is_cut(shown: str) -> None:
    """No name of a variable, no word ends in an ellipsis."""
    assert "…" not in shown


@EACH
def test_a_paragraph_fills_its_lines(shown: str) -> None:
    """A line ends where the next word would not fit, not where the source's line does."""
    prose = [line.strip() for line in shown.partition("╭")[0].splitlines()]
    for line, after in pairwise(prose):
        if line and after:
            assert len(f"{line} {after.split()[0]}") > 78, line


@EACH
def test_an_example_is_one_line(shown: str) -> None:
    """Each is there, on a line of its own, and can be copied as it stands."""
    examples = shown.rpartition("Examples:")[2] if "Examples:" in shown else ""
    lines = [line.strip() for line in examples.splitlines() if line.strip()]
    assert all(re.match(r"\$ ([A-Z_]+=\S+ ?)*(coinbtr |$)", line) for line in lines), lines


def test_each_command_has_examples() -> None:
    """All but the one that only holds others."""
    without = [words for words in commands() if "Examples:" not in help_of(words)]
    assert without == [("config",)]

"""The page of the command says what each exit status means; its session is typed in tests/docs."""

from pathlib import Path

import pytest


@pytest.mark.parametrize("status", range(5))
def test_the_page_names_each_status(repository: Path, status: int) -> None:
    """The table has a line for each."""
    assert f"| {status} | " in (repository / "docs/cli.md").read_text(encoding="utf-8")

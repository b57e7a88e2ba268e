"""The description takes what it took, and refuses what it refused."""

from coinbtr import description
from tests.description import boundaries


def test_the_description_says_what_it_said() -> None:
    """Every value at a bound, every status, header and link: a change on purpose is written."""
    document = description.load()
    assert list(boundaries.differences(document, boundaries.kept())) == []


def test_the_file_is_what_would_be_written() -> None:
    """No bound goes untried: `python -m tests.description.boundaries` changes nothing."""
    now = list(boundaries.written(description.load()))
    assert now == boundaries.FILE.read_text(encoding="utf-8").splitlines()

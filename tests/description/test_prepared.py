"""What `make generate` prepared of the descriptions is what they say, and is never out of date."""

from pathlib import Path
from typing import Any

import pytest

from coinbtr import description

NAMES = ("coinbtr", "sandbox")


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal to the last digit, in their types and in their order."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(str(one) == str(other))


@pytest.mark.parametrize("name", NAMES)
def test_it_is_the_description(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read in place of the YAML, which isn't parsed, and holds the same to the last digit."""
    parsed = description.parse(description.path(name).read_bytes())

    def parse(_: bytes) -> None:
        raise AssertionError("the YAML was parsed")

    monkeypatch.setattr(description, "parse", parse)
    assert same(description.load.__wrapped__(name), parsed)


def test_it_is_never_out_of_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A description that was edited since, by a single byte, is read itself."""
    changed = tmp_path / "coinbtr.yaml"
    text = description.path().read_text(encoding="utf-8")
    changed.write_text(text.replace("CoinBTR API", "CoinBTR APJ", 1), encoding="utf-8")
    monkeypatch.setattr(description, "path", lambda _: changed)
    assert description.load.__wrapped__("coinbtr")["info"]["title"] == "CoinBTR APJ"


def test_it_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the description itself is read."""
    monkeypatch.setattr(description, "_PREPARED", tmp_path)
    assert description.load.__wrapped__("sandbox")["openapi"] == "3.1.0"

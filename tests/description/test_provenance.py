"""Every part of the description says where it comes from, and every ruling is sound and used."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from coinbtr.description import load
from scripts.rulings import carriers, chapter_of

DOCUMENT = load()
RULINGS = DOCUMENT["x-rulings"]
CARRIERS = list(carriers(DOCUMENT))
LENGTH = DOCUMENT["x-reference"]["lines"]


def spans(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The first and last line of each span, such as "27" or "27-29"."""
    for span in lines:
        match = re.fullmatch(r"([1-9][0-9]*)(?:-([1-9][0-9]*))?", span)
        assert match, f"not a span of lines: {span!r}"
        yield int(match[1]), int(match[2] or match[1])


@pytest.mark.parametrize(("name", "part"), CARRIERS, ids=[name for name, _ in CARRIERS])
def test_each_part_says_where_it_comes_from(name: str, part: Mapping[str, Any]) -> None:
    """Documented parts name lines, corrected ones lines and rulings, inferred ones rulings."""
    provenance = part["x-provenance"]
    assert set(provenance) <= {"status", "lines", "rulings"}
    needed = {"documented": {"lines"}, "corrected": {"lines", "rulings"}, "inferred": {"rulings"}}
    for key in needed[provenance["status"]]:
        assert provenance[key], f"{name} is {provenance['status']} without {key}"
    assert set(provenance.get("rulings", ())) <= set(RULINGS)


@pytest.mark.parametrize("name", RULINGS)
def test_each_ruling_is_complete(name: str) -> None:
    """A ruling gives title, lines, what is said, evidence, decision, meaning and confidence."""
    ruling = RULINGS[name]
    needed = {"title", "lines", "says", "evidence", "decision", "means", "confidence"}
    assert set(ruling) - {"quotes"} == needed
    assert all(ruling.values())
    assert ruling["confidence"] in {"certain", "likely", "assumed", "observed"}


@pytest.mark.parametrize("name", RULINGS)
def test_a_ruling_quotes_the_phrases_in_question(name: str) -> None:
    """Short phrases, each of a line that the ruling names; none only where nothing is said."""
    ruling = RULINGS[name]
    named = list(spans(ruling["lines"]))
    for line, phrase in ruling.get("quotes", {}).items():
        assert any(first <= int(line) <= last for first, last in named), line
        assert 0 < len(phrase) <= 80
    silent = re.match("(Not a word|Nothing|Not said|No )", ruling["says"])
    assert "quotes" in ruling or silent or ruling["confidence"] == "observed"


def test_each_ruling_is_used() -> None:
    """No ruling stands there that nothing rests on."""
    used = {ruling for _, part in CARRIERS for ruling in part["x-provenance"].get("rulings", ())}
    assert used == set(RULINGS)


def test_rulings_are_numbered_without_gap() -> None:
    """R001 to R041 decide the 41 known contradictions; further ones follow without a gap."""
    assert list(RULINGS) == [f"R{number:03}" for number in range(1, len(RULINGS) + 1)]
    assert len(RULINGS) > 41


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        *((name, part["x-provenance"].get("lines", [])) for name, part in CARRIERS),
        *((name, ruling["lines"]) for name, ruling in RULINGS.items()),
    ],
)
def test_lines_lie_within_the_reference(name: str, lines: list[str]) -> None:
    """Every span of lines is in order and inside the reference."""
    for first, last in spans(lines):
        assert 1 <= first <= last <= LENGTH, name


def test_the_reference_is_identified() -> None:
    """The reference is named by title, length and hash; its text isn't copied."""
    reference = {key: value for key, value in DOCUMENT["x-reference"].items() if key != "chapters"}
    assert reference == {
        "title": "CoinBTR API Reference",
        "published": "mid-2018",
        "lines": 469,
        "sha256": "2d28269b8d381b87f68637c5d4e4acd5a1ca2e92a10d9e0f361be7331b86d73e",
    }


def test_the_chapters_of_the_reference_follow_without_a_gap() -> None:
    """From the first line to the last, and then the whole, for what is said nowhere."""
    *chapters, whole = (next(spans([one["lines"]])) for one in DOCUMENT["x-reference"]["chapters"])
    assert whole == (1, LENGTH)
    ends = [0, *(last for _, last in chapters)]
    assert [first for first, _ in chapters] == [1 + end for end in ends[:-1]]
    assert ends[-1] == LENGTH


def test_every_chapter_has_rulings_and_every_ruling_a_chapter() -> None:
    """On the page each ruling is told once, where its first line stands."""
    chapters = DOCUMENT["x-reference"]["chapters"]
    places = {name: chapter_of(ruling, chapters)["title"] for name, ruling in RULINGS.items()}
    assert set(places.values()) == {one["title"] for one in chapters}
    assert (places["R005"], places["R027"]) == (chapters[0]["title"], chapters[-2]["title"])
    assert {name for name, place in places.items() if place == chapters[-1]["title"]} == {
        "R030",
        "R048",
    }


def test_a_part_without_provenance_is_noticed() -> None:
    """The walk reaches every field: taking one field's provenance away is seen."""
    reached = {name for name, _ in CARRIERS}
    schemas = DOCUMENT["components"]["schemas"]
    fields = {
        f"`{name}.{field}`"
        for name, schema in schemas.items()
        for field in schema.get("properties", {})
    }
    own = {"Success", "Failure", "Message"}
    bare = {
        f"`{name}.{field}`"
        for name, schema in schemas.items()
        for field, subschema in schema.get("properties", {}).items()
        if subschema.get("$ref", "").rpartition("/")[2] in own
    }
    assert fields - reached == bare
    assert {f"`{name}`" for name in own} <= reached

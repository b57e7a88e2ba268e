"""Writes docs/rulings.md: the reference, walked through from its first line to its last.

`make generate` calls it; the text is the description's own, from `x-reference`, `x-rulings` and
`x-provenance`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

_METHODS: Final = ("get", "post", "put", "patch", "delete")

_HEAD: Final = """\
# Rulings

<!-- Written by `make generate` from openapi/coinbtr.yaml; not edited by hand. -->

CoinBTR's API has been described once, in "{title}" ({published}, {lines} lines). It was never finished, and it
contradicts itself. This page walks through it from the first line to the last. At each contradiction and each gap
it says what is written there, what else is known, what was decided, and what that means for you. {count} decisions,
called rulings, are what the client, the sandbox and the contract test rest on.

Line numbers are the reference's. "Later" is what the same platform published or answered from late 2018 on. The
file that was read has the SHA-256 `{sha256}`.

How sure a ruling is:

| | rests on | how many |
|---|---|---|
{sureness}
An *assumed* ruling is to be checked before you rely on it with real money: `coinbtr contract` tells whether a server keeps to it,
as far as that can be seen by reading.
"""

_SURENESS: Final = {
    "certain": "the reference itself",
    "likely": "later evidence",
    "assumed": "nothing but the least surprise",
    "observed": "answers of a server, seen by the contract test",
}


def carriers(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every part of the description that must say where it comes from, by a name for people.

    Gives operations, servers, components and the fields of their schemas, each with the mapping
    that carries its `x-provenance`, present or not. A field without one of its own that is nothing
    but a reference is left to the component it refers to.
    """
    yield "the API as a whole", document["info"]
    yield "the rate limits", document["x-rate-limits"]
    for server in document["servers"]:
        yield f"server `{server['url']}`", server
    for operation in operations(document):
        yield f"`{operation['operationId']}`", operation
    components = document["components"]
    for kind in ("securitySchemes", "parameters", "headers", "responses"):
        for name, component in components[kind].items():
            yield f"{kind.removesuffix('s')} `{name}`", component
    for name, schema in components["schemas"].items():
        if schema["type"] != "object":
            yield f"`{name}`", schema
        for field, subschema in schema.get("properties", {}).items():
            if set(subschema) != {"$ref"}:
                yield f"`{name}.{field}`", subschema


def operations(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every operation of the description, in its order."""
    for item in document["paths"].values():
        yield from (item[method] for method in _METHODS if method in item)


def bounds(span: str) -> tuple[int, int]:
    """The first and the last line of a span such as "27" or "27-29"."""
    first, _, last = span.partition("-")
    return int(first), int(last or first)


def render(description: Path) -> str:
    """The whole page, in Markdown."""
    document = yaml.safe_load(description.read_text(encoding="utf-8"))
    reference, rulings = document["x-reference"], document["x-rulings"]
    resting = defaultdict(list)
    for name, part in carriers(document):
        for ruling in part.get("x-provenance", {}).get("rulings", ()):
            resting[ruling].append(name)
    told = [ruling["confidence"] for ruling in rulings.values()]
    sureness = "".join(
        f"| **{word}** | {basis} | {told.count(word)} |\n"
        for word, basis in _SURENESS.items()
        if word in told
    )
    page = _HEAD.format(**reference, count=len(rulings), sureness=sureness)
    for number, chapter in enumerate(reference["chapters"], 1):
        page += (
            f"\n## {number}. {chapter['title']}\n\n{_chapter_lines(chapter)}{chapter['story']}\n"
        )
        for name, ruling in rulings.items():
            if chapter_of(ruling, reference["chapters"]) is chapter:
                page += _section(name, ruling, resting[name])
    return page + _index(rulings)


def chapter_of(
    ruling: Mapping[str, Any], chapters: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """The first chapter that holds the first of a ruling's spans; the last one where none does."""
    first, last = bounds(ruling["lines"][0]) if ruling["lines"] else (0, 0)
    for chapter in chapters:
        begin, end = bounds(chapter["lines"])
        if begin <= first and last <= end:
            return chapter
    return chapters[-1]


def _chapter_lines(chapter: Mapping[str, Any]) -> str:
    return f"*Lines {chapter['lines'].replace('-', '–')}.* "


def _section(name: str, ruling: Mapping[str, Any], resting: list[str]) -> str:
    lines = ", ".join(span.replace("-", "–") for span in ruling["lines"])
    where = f" (line{'s' if lines.strip('0123456789') else ''} {lines})" if lines else ""
    quotes = "".join(
        f"> *line {line}*&ensp;{_code(phrase)}<br>\n"
        for line, phrase in ruling.get("quotes", {}).items()
    )
    return f"""
### {name} · {ruling["title"]} {{#{name.lower()}}}

{quotes}{chr(10) if quotes else ""}**What is written**{where}. {ruling["says"]}

**What else is known.** {ruling["evidence"]}

**The decision**, {ruling["confidence"]}. {ruling["decision"]}

**What it means for you.** {ruling["means"]}

<details markdown="1"><summary>What rests on it</summary>

{", ".join(resting)}

</details>
"""


def _code(phrase: str) -> str:
    """A phrase in a code span, whatever backticks it has."""
    fence = "``" if "`" in phrase else "`"
    return f"{fence} {phrase} {fence}" if "`" in phrase else f"{fence}{phrase}{fence}"


def _index(rulings: Mapping[str, Mapping[str, Any]]) -> str:
    rows = "".join(
        f"| [{name}](#{name.lower()}) | {ruling['title']} | {ruling['confidence']} |\n"
        for name, ruling in rulings.items()
    )
    return f"\n## All rulings by number\n\n| ruling | subject | confidence |\n|---|---|---|\n{rows}"

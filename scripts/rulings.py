"""Writes docs/rulings.md: every ruling of the description, with what rests on it.

`make generate` calls it; the text is the description's own, from `x-rulings` and `x-provenance`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

_METHODS: Final = ("get", "post", "put", "patch", "delete")

_HEAD: Final = """\
# Rulings

<!-- Written by `make generate` from openapi/coinbtr.yaml; not edited by hand. -->

The only reference of the CoinBTR API, "{title}" ({published}, {lines} lines), is unfinished and
contradicts itself. Each of its contradictions and gaps is decided by a ruling, and each part of the
description says which ruling it rests on. Line numbers are the reference's; "later" evidence is what
the same platform published or answered from late 2018 on. The reference that was read has the
SHA-256 `{sha256}`.

How sure a ruling is:

- **certain**: the reference itself decides.
- **likely**: later evidence decides.
- **assumed**: nothing decides; the least surprising choice. Check it before you rely on it with money.

| ruling | subject | confidence |
|---|---|---|
"""


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


def render(description: Path) -> str:
    """The whole page, in Markdown."""
    document = yaml.safe_load(description.read_text(encoding="utf-8"))
    rulings = document["x-rulings"]
    resting = defaultdict(list)
    for name, part in carriers(document):
        for ruling in part.get("x-provenance", {}).get("rulings", ()):
            resting[ruling].append(name)
    rows = [
        f"| [{name}](#{name.lower()}) | {ruling['title']} | {ruling['confidence']} |"
        for name, ruling in rulings.items()
    ]
    sections = [_section(name, ruling, resting[name]) for name, ruling in rulings.items()]
    return _HEAD.format(**document["x-reference"]) + "\n".join(rows) + "\n" + "".join(sections)


def _section(name: str, ruling: Mapping[str, Any], resting: list[str]) -> str:
    lines = ", ".join(span.replace("-", "–") for span in ruling["lines"])
    return f"""
## {name} · {ruling["title"]} {{#{name.lower()}}}

**The reference**, line{"s" if lines.strip("0123456789") else ""} {lines}: {ruling["says"]}

**Evidence.** {ruling["evidence"]}

**Decision** ({ruling["confidence"]}). {ruling["decision"]}

Rests on it: {", ".join(resting)}.
"""

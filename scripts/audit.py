"""The audit trail: the reference as it documents itself, and the corrections that lead here.

`openapi/as-documented.yaml` with `openapi/corrections.overlay.yaml` applied must be
`openapi/coinbtr.yaml` in all that a client or a server can tell. Prose, examples, links, and where
parts come from are the description's own, and not compared.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import yaml

from coinbtr.contract.overlay import apply

DESCRIPTION: Final = Path("openapi/coinbtr.yaml")
DOCUMENTED: Final = Path("openapi/as-documented.yaml")
CORRECTIONS: Final = Path("openapi/corrections.overlay.yaml")

# What no client and no server can tell, by the key that it stands under.
_UNTOLD: Final = {
    *("summary", "description", "info", "example", "examples", "links", "means", "x-internal"),
    *("x-provenance", "x-reference", "x-rulings", "x-undocumentable", "x-known-values"),
}


def loaded(root: Path, file: Path) -> dict[str, Any]:
    """One of the three documents."""
    document: dict[str, Any] = yaml.safe_load((root / file).read_text(encoding="utf-8"))
    return document


def corrected(root: Path) -> dict[str, Any]:
    """The reference as documented, with all corrections applied.

    Raises:
        ValueError: a correction selects nothing any more.
    """
    document = deepcopy(loaded(root, DOCUMENTED))
    apply(document, loaded(root, CORRECTIONS))
    return document


def told(node: Any, is_map: bool = False) -> Any:
    """A part of a document without what no client or server can tell.

    Args:
        node: the part.
        is_map: whether its keys are names of people's choice, such as those of fields.
    """
    if isinstance(node, list):
        return [told(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    return {
        key: told(value, key in ("properties", "schemas", "parameters", "paths", "responses"))
        for key, value in node.items()
        if is_map or key not in _UNTOLD
    }


def differences(wanted: Any, found: Any, where: str = "$") -> Iterator[str]:
    """The places where two documents differ, as JSONPath, with what each has; order counts not."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for key in [*wanted, *(key for key in found if key not in wanted)]:
            step = f"{where}.{key}" if str(key).replace("-", "").isalnum() else f"{where}['{key}']"
            if key not in found:
                yield f"{step} is missing"
            elif key not in wanted:
                yield f"{step} is too much"
            else:
                yield from differences(wanted[key], found[key], step)
    elif isinstance(wanted, list) and isinstance(found, list) and where.endswith(".required"):
        if sorted(wanted) != sorted(found):
            yield f"{where} is {sorted(found)}, not {sorted(wanted)}"
    elif wanted != found:
        yield f"{where} is {found!r}, not {wanted!r}"


def trail(root: Path) -> list[str]:
    """Where the corrected reference and the description differ; empty if they agree."""
    try:
        found = corrected(root)
    except ValueError as error:
        return [str(error)]
    return list(differences(told(loaded(root, DESCRIPTION)), told(found)))

"""Records the rulings that an overlay names, as stubs for a person to decide.

Called before the overlay is applied: what its actions select is then still there to rest on them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonpath


def record(document: Any, overlay: Mapping[str, Any]) -> None:
    """Add each ruling that an action names and the description lacks, and let its parts rest on it.

    Raises:
        ValueError: a ruling isn't the next free number, or nothing can rest on it.
    """
    rulings = document["x-rulings"]
    given = {
        name
        for action in overlay.get("actions") or ()
        for name in (action.get("update") or {}).get("x-rulings", ())
    }
    for action in overlay.get("actions") or ():
        for name in _names(action):
            if name in given:
                continue
            carriers = [found for parts in _selected(document, action) for found in parts]
            if name not in rulings:
                if name != (free := f"R{len(rulings) + 1:03}"):
                    raise ValueError(f"x-ruling {name}: the next free number is {free}")
                rulings[name] = _stub(action, carriers)
            if name in _brought(action.get("update")):
                continue
            if not carriers:
                raise ValueError(f"x-ruling {name}: nothing at {action['target']} can rest on it")
            for carrier in carriers:
                _rest(carrier, name)


def _names(action: Mapping[str, Any]) -> list[str]:
    named = action.get("x-ruling", [])
    return [named] if isinstance(named, str) else list(named)


def _brought(update: Any) -> set[str]:
    """The rulings that what is added says of itself that it rests on."""
    if isinstance(update, list):
        return {name for item in update for name in _brought(item)}
    if not isinstance(update, dict):
        return set()
    own = (update.get("x-provenance") or {}).get("rulings", ())
    return {*own, *(name for value in update.values() for name in _brought(value))}


def _selected(document: Any, action: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The innermost part around each node selected that says where it comes from."""
    for match in jsonpath.finditer(action["target"], document):
        around, node = [], document
        for step in match.parts:
            around.append(node)
            node = node[step]
        around.append(node)
        parts = [part for part in around if isinstance(part, dict)]
        yield [part["x-provenance"] for part in parts if "x-provenance" in part][-1:]


def _rest(provenance: Any, name: str) -> None:
    if name not in provenance.setdefault("rulings", []):
        provenance["rulings"].append(name)
    if provenance["status"] == "documented":
        provenance["status"] = "corrected"


def _stub(action: Mapping[str, Any], carriers: list[Any]) -> dict[str, Any]:
    said = str(action.get("description") or f"A change of {action['target']}.")
    lines = next((one["lines"] for one in carriers if one.get("lines")), ["1-469"])
    what = "Taken away" if action.get("remove") else "Changed"
    return {
        "title": said.rstrip("."),
        "lines": list(lines),
        "says": "Described so far as it was before the overlay.",
        "evidence": f"{said.rstrip('.')}.",
        "decision": f"{what} as the overlay has it; a person has still to decide.",
        "means": "Not said yet: recorded with an overlay, to be reviewed by a person.",
        "confidence": "observed",
    }

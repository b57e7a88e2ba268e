"""Applies an OpenAPI Overlay 1.0 to a description, and loads descriptions from files."""

from collections.abc import Mapping, MutableMapping, MutableSequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonpath

from coinbtr import description
from coinbtr.contract.operations import described_by


def apply(document: Any, overlay: Mapping[str, Any]) -> None:
    """Apply the actions of an overlay, in their order, to a document in place.

    An action removes the nodes that its target selects, or merges its update into each: objects
    field by field, arrays by appending, all else by replacing.

    Raises:
        ValueError: it is no overlay of version 1.0, or a target selects nothing.
    """
    if not str(overlay.get("overlay", "")).startswith("1.0"):
        raise ValueError(f"it is an overlay of version {overlay.get('overlay')}; 1.0 is known")
    for number, action in enumerate(overlay.get("actions") or (), 1):
        if not isinstance(action, Mapping) or not isinstance(action.get("target"), str):
            raise ValueError(f"action {number} has no target")
        try:
            nodes = [tuple(node.parts) for node in jsonpath.finditer(action["target"], document)]
        except jsonpath.JSONPathError as error:
            raise ValueError(f"action {number}: {action['target']}: {error}") from None
        if not nodes:
            raise ValueError(f"action {number}: {action['target']} selects nothing")
        # From the last to the first: removing an entry of a list moves those behind it.
        for parts in reversed(nodes):
            if action.get("remove") is True:
                del _at(document, parts[:-1])[parts[-1]]
            else:
                _update(document, parts, action.get("update"), number)


def load_description(path: Path) -> Mapping[str, Any]:
    """Load another description, or an overlay on this package's own.

    Raises:
        OSError: the file can't be read.
        ValueError: it is neither.
    """
    loaded = description.parse(path.read_bytes())
    if not isinstance(loaded, dict):
        raise ValueError("it is neither a description nor an overlay")
    if "overlay" in loaded:
        whole = deepcopy(dict(description.load()))
        apply(whole, loaded)
    elif "openapi" in loaded:
        whole = loaded
    else:
        raise ValueError("it is neither a description (openapi: …) nor an overlay (overlay: …)")
    with described_by(whole):
        return whole


def _at(document: Any, parts: tuple[Any, ...]) -> Any:
    for part in parts:
        document = document[part]
    return document


def _update(document: Any, parts: tuple[Any, ...], update: Any, number: int) -> None:
    node = _at(document, parts)
    if isinstance(node, MutableMapping) and isinstance(update, Mapping):
        _merge(node, update)
    elif isinstance(node, MutableSequence):
        node.append(deepcopy(update))
    else:
        raise ValueError(f"action {number}: its update does not fit what its target selects")


def _merge(node: MutableMapping[Any, Any], update: Mapping[Any, Any]) -> None:
    for name, value in update.items():
        old = node.get(name)
        if isinstance(old, MutableMapping) and isinstance(value, Mapping):
            _merge(old, value)
        elif isinstance(old, MutableSequence) and isinstance(value, list):
            old.extend(deepcopy(value))
        else:
            node[name] = deepcopy(value)

"""The reference as documented, with its corrections applied, is the description."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from oas_patch.overlay import apply_overlay
from oas_patch.validator import validate

from coinbtr.contract.overlay import apply
from scripts import audit
from scripts.rulings import operations


@pytest.fixture(scope="module")
def documents(repository: Path) -> dict[Path, dict[str, Any]]:
    """The description, the reference as documented, and the corrections."""
    files = (audit.DESCRIPTION, audit.DOCUMENTED, audit.CORRECTIONS)
    return {file: audit.loaded(repository, file) for file in files}


def test_the_corrections_lead_to_the_description(repository: Path) -> None:
    """In all that a client or a server can tell, and no correction selects nothing."""
    assert audit.trail(repository) == []


def test_another_tool_applies_them_alike(documents: dict[Path, dict[str, Any]]) -> None:
    """oas-patch finds them a valid overlay, and gives the same document."""
    overlay = documents[audit.CORRECTIONS]
    assert validate(overlay, "sh") == "Validation successful"
    ours, theirs = (deepcopy(documents[audit.DOCUMENTED]) for _ in range(2))
    apply(ours, overlay)
    apply_overlay(theirs, overlay)
    assert ours == theirs


def test_a_change_of_the_description_is_noticed(documents: dict[Path, dict[str, Any]]) -> None:
    """A bound, a field, a status, an effect: each is told by its place; prose is not compared."""
    changed = deepcopy(documents[audit.DESCRIPTION])
    changed["components"]["schemas"]["Limit"]["maximum"] = 500
    changed["components"]["schemas"]["Volume"]["properties"]["trades"] = {"type": "integer"}
    changed["paths"]["/market/gettiker"]["get"]["x-effect"] = "order"
    changed["paths"]["/market/gettiker"]["get"]["summary"] = "Another"
    del changed["paths"]["/wallet/withdraw"]["post"]["responses"]["409"]
    base = audit.told(documents[audit.DESCRIPTION])
    assert sorted(audit.differences(audit.told(changed), base)) == [
        "$.components.schemas.Limit.maximum is 100, not 500",
        "$.components.schemas.Volume.properties.trades is missing",
        "$.paths['/market/gettiker'].get.x-effect is 'read', not 'order'",
        "$.paths['/wallet/withdraw'].post.responses.409 is too much",
    ]


def test_each_ruling_has_its_correction(documents: dict[Path, dict[str, Any]]) -> None:
    """Each is named by an action, or said to have none, and not both; no other is named."""
    overlay = documents[audit.CORRECTIONS]
    named = {ruling for action in overlay["actions"] for ruling in action.get("x-ruling", ())}
    without = set(overlay["x-rulings-without-action"])
    assert named & without == set()
    observed = {
        name
        for name, ruling in documents[audit.DESCRIPTION]["x-rulings"].items()
        if ruling["confidence"] == "observed"
    }
    assert (named | without) - observed == set(documents[audit.DESCRIPTION]["x-rulings"]) - observed


def test_each_correction_says_why(documents: dict[Path, dict[str, Any]]) -> None:
    """Every action has a sentence; only the names of our own four parts rest on no ruling."""
    actions = documents[audit.CORRECTIONS]["actions"]
    assert all(action["description"].endswith(".") for action in actions)
    assert [action["update"] for action in actions if not action.get("x-ruling")] == [
        {"tags": [{"name": name} for name in ("account", "market", "trading", "wallet")]}
    ]
    # One correction at a time: none of them writes the description anew.
    assert len(actions) > 63
    assert max(len(str(action.get("update", ""))) for action in actions) < 3_500


def test_the_samples_of_the_reference_are_examples(
    documents: dict[Path, dict[str, Any]], repository: Path
) -> None:
    """Each sample, corrected, stands among the examples of its operation."""
    described = {
        operation["operationId"]: operation
        for operation in operations(documents[audit.DESCRIPTION])
    }
    count = 0
    for operation in operations(audit.corrected(repository)):
        for part in ("requestBody", "responses"):
            for content in _contents(operation.get(part, {})):
                examples = [
                    example["value"]
                    for one in _contents(described[operation["operationId"]][part])
                    for example in one.get("examples", {}).values()
                ]
                assert content["example"] in examples
                count += 1
    assert count == 4


def _contents(node: Any) -> list[dict[str, Any]]:
    """The media types under a node that give an example or several."""
    if not isinstance(node, dict):
        return []
    own = [node] if {"example", "examples"} & set(node) else []
    return own + [found for value in node.values() for found in _contents(value)]


def test_what_openapi_can_not_say_is_listed(documents: dict[Path, dict[str, Any]]) -> None:
    """A path given twice, and operations without any, are listed with their lines and ruling."""
    listed = documents[audit.DOCUMENTED]["x-undocumentable"]
    rulings = documents[audit.DESCRIPTION]["x-rulings"]
    for entry in listed:
        assert set(entry) == {"lines", "says", "ruling"}
        assert entry["ruling"] in rulings
    assert {"R022", "R023"} <= {entry["ruling"] for entry in listed}


def test_the_reference_is_the_same(documents: dict[Path, dict[str, Any]]) -> None:
    """Both are made of one text; the description tells its chapters besides."""
    reference = dict(documents[audit.DESCRIPTION]["x-reference"])
    reference.pop("chapters", None)
    assert documents[audit.DOCUMENTED]["x-reference"] == reference

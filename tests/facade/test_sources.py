"""The docstrings say where the facade comes from, and what they name exists."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from coinbtr_api.operations import OPERATIONS

import coinbtr
from coinbtr.description import load
from tests.facade.scripted import CALLS

RULING = re.compile(r"\bR\d{3}\b")


def provenance(operation_id: str) -> Any:
    """What the description says of an operation's origin."""
    operation = OPERATIONS[operation_id]
    return load()["paths"][operation.path][operation.method.lower()]["x-provenance"]


@pytest.mark.parametrize("operation_id", CALLS)
def test_a_method_names_the_sources_of_its_operation(operation_id: str) -> None:
    """Reference lines as the description has them, and at least the operation's main ruling."""
    resource, method = CALLS[operation_id][0].split(".")
    text = inspect.getdoc(getattr(getattr(coinbtr, resource.title()), method)) or ""
    text = " ".join(text.split())
    source = re.search(r"Source: reference lines? ([\d-]+); rulings? ([^.]+)\.", text)
    assert source is not None
    known = provenance(operation_id)
    assert source[1] in known["lines"]
    assert set(RULING.findall(text)) & set(known["rulings"])


@pytest.mark.parametrize("operation_id", CALLS)
def test_a_method_says_whether_it_is_inferred(operation_id: str) -> None:
    """Who reads the docstring knows what the warning will say."""
    resource, method = CALLS[operation_id][0].split(".")
    text = inspect.getdoc(getattr(getattr(coinbtr, resource.title()), method)) or ""
    assert ("InferredOperationWarning" in text) is OPERATIONS[operation_id].inferred


def test_every_ruling_that_is_named_exists(repository: Path) -> None:
    """In all modules of the facade, the seam and the domain objects."""
    folders = ["coinbtr/_async", "coinbtr/models", "coinbtr/wire"]
    files = [*(repository / "coinbtr").glob("*.py")]
    files += [path for folder in folders for path in (repository / folder).glob("*.py")]
    named = {name for path in files for name in RULING.findall(path.read_text(encoding="utf-8"))}
    assert named
    assert named <= set(load()["x-rulings"])

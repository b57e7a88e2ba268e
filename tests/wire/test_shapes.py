"""The table of shapes says what the description says, and the check goes by it."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from coinbtr_api.operations import OPERATIONS
from coinbtr_api.shapes import DATA, OBJECTS

from coinbtr.wire.shape import ShapeError, shape_of, show
from tests.facade.scripted import example


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_example_has_its_shape_as_it_stands(operation_id: str) -> None:
    """What the description shows needs no liberality."""
    data = example(operation_id)["data"]
    assert shape_of(DATA[operation_id])(deepcopy(data), (None, "data")) == data


def test_every_kind_is_known() -> None:
    """Each field of each object is of a simple kind, an object of the table, or a list of one."""
    simple = {"string", "integer", "boolean", "decimal", "date-time"}
    kinds = [*DATA.values(), *(field.kind for fields in OBJECTS.values() for field in fields)]
    assert {kind.strip("[]") for kind in kinds} <= simple | set(OBJECTS)


GOOD: list[tuple[str, Any, Any]] = [
    ("integer", 7, 7),
    ("integer", "7", 7),
    ("integer", Decimal("7.0"), 7),
    ("decimal", "0.10", Decimal("0.10")),
    ("decimal", 1, Decimal(1)),
    ("decimal", Decimal("0.10"), Decimal("0.10")),
    ("boolean", False, False),
    ("string", "", ""),
    ("[integer]", [1, "2"], [1, 2]),
]


@pytest.mark.parametrize(("kind", "value", "kept"), GOOD)
def test_what_is_taken(kind: str, value: Any, kept: Any) -> None:
    """Numbers as strings are taken, exactly; integers become ints."""
    result = shape_of(kind)(value, None)
    assert result == kept
    assert type(result) is type(kept)


BAD: list[tuple[str, Any, str]] = [
    ("integer", True, "a boolean"),
    ("integer", "7.5", "a string"),
    ("integer", " 7", "a string"),
    ("integer", "1" * 30, "a string"),
    ("integer", Decimal("7.5"), "a number"),
    ("integer", None, "null"),
    ("decimal", True, "a boolean"),
    ("decimal", "NaN", "a string"),
    ("decimal", "1_0", "a string"),
    ("decimal", "1e999", "a string"),
    ("decimal", {}, "an object"),
    ("boolean", 1, "a number"),
    ("boolean", "true", "a string"),
    ("string", 5, "a number"),
    ("string", [], "an array"),
    ("date-time", 1530507475, "a number"),
    ("Order", [], "an array"),
    ("[Order]", {}, "an object"),
]


@pytest.mark.parametrize(("kind", "value", "got"), BAD)
def test_what_is_not_taken(kind: str, value: Any, got: str) -> None:
    """The error says what it should be and what it is."""
    with pytest.raises(ShapeError, match=f"and is {got}$") as caught:
        shape_of(kind)(value, (None, "data"))
    assert caught.value.path == "$.data"


def test_a_path_is_written_as_json_path() -> None:
    """Fields after dots, positions in brackets."""
    assert show((((None, "data"), 3), "price")) == "$.data[3].price"
    assert show(None) == "$"

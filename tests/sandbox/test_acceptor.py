"""The shortcut before the full validator: it accepts nothing that the validator would refuse."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coinbtr.sandbox.acceptor import acceptor
from coinbtr.sandbox.operations import table
from coinbtr.sandbox.schemas import validator

BODIES = {
    operation.operation_id: operation.body._validator.schema
    for methods in table().paths.values()
    for operation in methods.values()
    if operation.body
}

near_misses = st.one_of(
    st.sampled_from(
        [
            *("btc", "btc-mxn", "BTC-MXN\n", "", "x" * 200, "é", "0.1"),
            *(0, 1, -1, 10**20, True, False, None, Decimal("0.01"), Decimal("1.0")),
            *(Decimal("0.000000001"), Decimal("0.00000001"), Decimal("-0"), Decimal("1E+30")),
            *([], {}, [1], {"a": 1}),
        ]
    ),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False, places=9),
    st.text(max_size=20),
)


def nearly_right(schema: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies that are right but for one field, and some fields that are left out."""
    right = {
        "string": st.sampled_from(["btc-mxn", "btc", "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"]),
        "integer": st.integers(1, 50),
        "number": st.sampled_from([1, Decimal("0.01"), Decimal("5000.00000000")]),
    }
    fields = {name: right[inner["type"]] for name, inner in schema["properties"].items()}
    required = {name: fields.pop(name) for name in schema.get("required", ())}
    names = st.sampled_from([*schema["properties"], "nothing"])
    return st.builds(
        lambda body, other: {**body, **other},
        st.fixed_dictionaries(required, optional=fields),
        st.dictionaries(names, near_misses, max_size=1),
    )


@pytest.mark.parametrize("name", BODIES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_accepted_is_valid(name: str, data: st.DataObject) -> None:
    """Of bodies that are right, almost right and wrong, none is accepted that isn't valid; and
    what has integers and decimals as they are is accepted exactly when it is valid."""
    schema: Any = BODIES[name]
    accepts = acceptor(schema)
    assert accepts is not None, "every body of the description has its shortcut"
    body: Any = data.draw(st.one_of(nearly_right(schema), near_misses))
    is_valid = validator(schema).is_valid(body)
    if accepts(body):
        assert is_valid
    elif is_valid:  # only a whole number with a point, such as 1.0, takes the long way
        assert isinstance(body, dict)
        assert any(
            isinstance(value, Decimal) and schema["properties"][key]["type"] == "integer"
            for key, value in body.items()
        )


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "null"]},
        {"type": "string", "enum": ["a"]},
        {"type": "object", "additionalProperties": True},
        {"type": "object", "additionalProperties": False, "properties": {"a": {"const": 1}}},
        {"type": "number", "multipleOf": 2},
        {"allOf": []},
    ],
)
def test_an_unknown_keyword_has_no_shortcut(schema: dict[str, Any]) -> None:
    """What isn't known here is left to the validator, wherever it stands."""
    assert acceptor(schema) is None

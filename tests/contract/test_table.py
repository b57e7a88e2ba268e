"""What a play asks is judged each time, whatever is remembered of the answers before."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from attrs import define, evolve, field
from coinbtr_api import exact_json

from coinbtr.contract.checks.schema import validator
from coinbtr.contract.model.table import Deviation, Table
from coinbtr.contract.server import Server
from coinbtr.wire.engine import Request, Response

VOLUME = {"market": "BTC-MXN", "volume": Decimal("1.50000000"), "value": Decimal("7.50000000")}


def answered(data: Mapping[str, object]) -> Response:
    """An answer in order, with this data."""
    return Response(
        status=200,
        headers={"content-type": "application/json"},
        content=exact_json.dumps({"success": True, "msg": "", "data": dict(data)}),
    )


@define
class Scripted:
    """An engine that gives one answer until it is given another."""

    answer: Response = field(factory=lambda: answered(VOLUME))

    def send(self, request: Request) -> Response:
        """Give the answer."""
        return self.answer

    def close(self) -> None:
        """Hold nothing."""


@pytest.fixture
def engine() -> Scripted:
    """What the server answers."""
    return Scripted()


@pytest.fixture
def table(engine: Scripted) -> Table:
    """Access to a server that answers what the engine says."""
    return Table(Server("http://127.0.0.1:1/api/v1", {}, engine, pace=0))


def found(table: Table, *, judged: bool) -> str | None:
    """Look at the volume, and give the code of what is wrong with the answer."""
    try:
        table.look("get24hVolume", "mine", {"market": "btc-mxn"}, judged=judged)
    except Deviation as deviation:
        return deviation.problem.code
    return None


def test_a_head_that_changes_is_seen_under_the_same_body(table: Table, engine: Scripted) -> None:
    """The body of an answer may be known, and its head is judged all the same."""
    assert found(table, judged=True) is None
    engine.answer = evolve(engine.answer, headers={"content-type": "text/html"})
    assert [found(table, judged=False), found(table, judged=False)] == ["C103", "C103"]


def test_what_is_wrong_with_an_answer_is_found_each_time(table: Table, engine: Scripted) -> None:
    """An answer that failed is not taken for known when it comes again: a play can be repeated."""
    content = engine.answer.content.replace(b"7.50000000", b"75E-1")
    engine.answer = evolve(engine.answer, content=content)
    assert [found(table, judged=False), found(table, judged=False)] == ["C112", "C112"]
    engine.answer = answered({**VOLUME, "volume": "1.5"})
    assert [found(table, judged=True), found(table, judged=True)] == ["C121", "C121"]


def test_an_answer_seen_before_it_is_judged_is_judged(table: Table, engine: Scripted) -> None:
    """One that was only looked at does not pass for one that was judged."""
    engine.answer = answered({**VOLUME, "volume": "1.5"})
    assert [found(table, judged=False), found(table, judged=True)] == [None, "C121"]


def test_values_that_python_takes_for_equal_are_judged_apart() -> None:
    """True is no 1, and 1 no true, whichever came first."""
    schema = {"properties": {"flag": {"type": "boolean"}, "number": {"type": "integer"}}}
    right, wrong = {"flag": True, "number": 1}, {"flag": 1, "number": True}
    for _ in range(2):
        assert not list(validator(schema).iter_errors(right))
        errors = validator(schema).iter_errors(wrong)
        assert [error.absolute_path[0] for error in errors] == ["flag", "number"]


def test_an_error_names_its_place() -> None:
    """Within lists and objects too, by path and by keyword, as far as true, false and prefixes."""
    schema = {
        "properties": {
            "list": {"prefixItems": [{"type": "string"}], "items": {"type": "integer"}},
            "any": True,
            "none": False,
        }
    }
    errors = validator(schema).iter_errors({"list": ["a", 1, "b"], "any": 1, "none": 1})
    assert [(list(error.absolute_path), list(error.absolute_schema_path)) for error in errors] == [
        (["list", 2], ["properties", "list", "items", "type"]),
        (["none"], ["properties", "none"]),
    ]

"""No operation of the description is lost on its way into the generated client."""

import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from coinbtr_api import AuthenticatedClient
from coinbtr_api.operations import OPERATIONS, Operation


@pytest.fixture(scope="module")
def described(repository: Path) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """The description's operations by id: path, method, and the operation itself."""
    document = yaml.safe_load((repository / "openapi/coinbtr.yaml").read_text(encoding="utf-8"))
    return {
        operation["operationId"]: (path, method.upper(), operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    }


def module_of(operation: Operation) -> ModuleType:
    """The generated module of an operation."""
    return import_module(f"coinbtr_api.api.{operation.tag}.{operation.module}")


def test_the_table_has_every_operation(
    described: dict[str, tuple[str, str, dict[str, Any]]],
) -> None:
    """The table and the description have the same operations."""
    assert set(OPERATIONS) == set(described)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda row: row.operation_id)
def test_the_table_says_what_the_description_says(
    operation: Operation, described: dict[str, tuple[str, str, dict[str, Any]]]
) -> None:
    """Path, method, effect, security, provenance and statuses are the description's own."""
    path, method, source = described[operation.operation_id]
    assert (operation.path, operation.method) == (path, method)
    assert [operation.tag] == source["tags"]
    assert operation.effect == source["x-effect"]
    assert operation.secured == bool(source["security"])
    assert operation.inferred == (source["x-provenance"]["status"] == "inferred")
    assert [str(status) for status in operation.statuses] == sorted(source["responses"])


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda row: row.operation_id)
def test_every_operation_has_its_module(operation: Operation) -> None:
    """It can be called both ways, and asks for a token exactly where the description does."""
    module = module_of(operation)
    for name in ("sync", "sync_detailed", "asyncio", "asyncio_detailed"):
        client = inspect.signature(getattr(module, name)).parameters["client"].annotation
        assert (client is AuthenticatedClient) == operation.secured


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda row: row.operation_id)
def test_every_module_sends_what_the_table_says(operation: Operation) -> None:
    """The built request has the table's path and method."""
    module = module_of(operation)
    parameters = inspect.signature(module._get_kwargs).parameters
    bodies = [parameters["body"].annotation] if "body" in parameters else []
    arguments: dict[str, object] = {
        name: "btc"
        for name, given in parameters.items()
        if given.default is inspect.Parameter.empty
    }
    if "body" in arguments:
        arguments["body"] = StandIn()
    built = module._get_kwargs(**arguments)
    assert built["url"] == operation.path
    assert built["method"].upper() == operation.method
    assert bool(bodies) == (operation.method == "POST")


class StandIn:
    """A body of any model."""

    def to_dict(self) -> dict[str, object]:
        """What the request's JSON will be."""
        return {}


def test_only_the_cancels_may_answer_without_data() -> None:
    """A success carries `data`, but for the two cancels."""
    assert {name for name, row in OPERATIONS.items() if not row.data_required} == {
        "cancelBuyLimitOrder",
        "cancelSellLimitOrder",
    }


def test_money_moves_by_few_operations_only() -> None:
    """Whatever the HTTP method says, five operations have an effect."""
    assert {name: row.effect for name, row in OPERATIONS.items() if row.effect != "read"} == {
        "withdraw": "withdrawal",
        "placeBuyLimitOrder": "order",
        "placeSellLimitOrder": "order",
        "cancelBuyLimitOrder": "order",
        "cancelSellLimitOrder": "order",
    }


def test_a_list_needs_no_body() -> None:
    """Where the body may be left out, neither content nor content type is sent."""
    module = module_of(OPERATIONS["listOpenOrders"])
    built = module._get_kwargs()
    assert "content" not in built
    assert built["headers"] == {}

"""The description has every operation, and each operation is complete."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from coinbtr.description import load
from scripts.rulings import operations

DOCUMENT = load()
OPERATIONS = {operation["operationId"]: operation for operation in operations(DOCUMENT)}

EXPECTED = {
    ("account", "GET", "/wallet/user/profile", "read"),
    ("account", "GET", "/user/session", "read"),
    ("wallet", "GET", "/wallet/getdepositaddress", "read"),
    ("wallet", "POST", "/wallet/withdraw", "withdrawal"),
    ("wallet", "GET", "/wallet/listbalances", "read"),
    ("wallet", "GET", "/wallet/getbalance", "read"),
    ("wallet", "GET", "/wallet/listwithdraws", "read"),
    ("wallet", "GET", "/wallet/listdeposits", "read"),
    ("trading", "POST", "/trading/place/buylimit", "order"),
    ("trading", "POST", "/trading/place/selllimit", "order"),
    ("trading", "POST", "/trading/cancel/buylimit", "order"),
    ("trading", "POST", "/trading/cancel/selllimit", "order"),
    ("trading", "POST", "/trading/listopenorders", "read"),
    ("trading", "POST", "/trading/getopenorder", "read"),
    ("trading", "POST", "/trading/listtransactions", "read"),
    ("trading", "POST", "/trading/gettransaction", "read"),
    ("market", "GET", "/market/listbooks", "read"),
    ("market", "GET", "/market/getorderbook", "read"),
    ("market", "GET", "/market/gettiker", "read"),
    ("market", "GET", "/market/get24hvolume", "read"),
    ("market", "GET", "/market/getcurrencies", "read"),
}


def resolve(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node itself, or what it refers to."""
    while "$ref" in node:
        found: Any = DOCUMENT
        for key in node["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        node = found
    return node


def statuses(operation: Mapping[str, Any]) -> set[str]:
    """The statuses that an operation documents."""
    return set(operation["responses"])


def test_all_operations_are_there_and_no_other() -> None:
    """Those of the table: each with its tag, method, path and what it does to money."""
    found = {
        (*operation["tags"], method.upper(), path, operation["x-effect"])
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
    }
    assert found == EXPECTED


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_is_told_in_words(name: str) -> None:
    """Every operation, parameter, body and answer has its description."""
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"]
    for parameter in operation.get("parameters", ()):
        assert resolve(parameter)["description"]
    if "requestBody" in operation:
        assert operation["requestBody"]["description"]
    assert all(resolve(response)["description"] for response in operation["responses"].values())


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_documents_the_errors_to_expect(name: str) -> None:
    """Errors follow from what the operation takes: a token, a body, a name of something, money."""
    operation = OPERATIONS[name]
    expected = {"200", "400", "429", "500", "503"}
    if operation["security"]:
        expected |= {"401"}
    if "requestBody" in operation:
        expected |= {"413", "415"}
    if operation["x-effect"] != "read" or name == "getDepositAddress":
        expected |= {"403"}
    names_something = "requestBody" in operation or operation.get("parameters")
    if names_something:
        expected |= {"404"}
    if name.startswith("place") or name == "withdraw":
        expected |= {"409", "422"}
    if name == "getDepositAddress":
        expected |= {"422"}
    assert statuses(operation) == expected


@pytest.mark.parametrize("name", OPERATIONS)
def test_success_is_fixed_for_each_status(name: str) -> None:
    """200 answers `success: true`, every other status `success: false` on the one Error schema."""
    for status, response in OPERATIONS[name]["responses"].items():
        schema = resolve(resolve(response)["content"]["application/json"]["schema"])
        assert resolve(schema["properties"]["success"])["enum"] == [status == "200"]
        if status != "200":
            assert schema is DOCUMENT["components"]["schemas"]["Error"]


def request_scalars() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The schema of every parameter and of every field of a body, headers included."""
    for name, operation in OPERATIONS.items():
        for parameter in map(resolve, operation.get("parameters", ())):
            yield f"{name} {parameter['name']}", resolve(parameter["schema"])
        if "requestBody" in operation:
            body = resolve(operation["requestBody"]["content"]["application/json"]["schema"])
            assert body["additionalProperties"] is False, f"the body of {name} is not closed"
            for field, schema in body["properties"].items():
                yield f"{name} {field}", resolve(schema)


@pytest.mark.parametrize(("name", "schema"), list(request_scalars()))
def test_each_request_scalar_is_bounded(name: str, schema: Mapping[str, Any]) -> None:
    """Strings have a pattern and lengths, numbers a least and a greatest value."""
    match schema["type"]:
        case "string":
            assert {"pattern", "minLength", "maxLength"} <= set(schema), name
        case "integer" | "number":
            assert "maximum" in schema, name
            assert {"minimum", "exclusiveMinimum"} & set(schema), name
        case other:
            pytest.fail(f"{name} is a {other}")


def test_money_is_exact_and_bounded() -> None:
    """Every number is `format: decimal` with 8 decimals, and its bounds are whole numbers."""
    numbers = {
        name: schema
        for name, schema in DOCUMENT["components"]["schemas"].items()
        if "number" in schema["type"]
    }
    assert set(numbers) == {"Money", "MoneyInput", "OptionalPrice", "FeeRate"}
    for schema in numbers.values():
        assert schema["format"] == "decimal"
        assert schema["x-decimal-places"] == 8
        bounds = (schema.get("minimum", 0), schema.get("exclusiveMinimum", 0), schema["maximum"])
        assert all(type(bound) is int for bound in bounds)


def test_every_link_leads_to_an_operation_and_its_parameters() -> None:
    """A link names an operation that exists, and parameters or body fields that it takes."""
    count = 0
    for operation in OPERATIONS.values():
        for link in operation["responses"]["200"].get("links", {}).values():
            target = OPERATIONS[link["operationId"]]
            taken = {resolve(parameter)["name"] for parameter in target.get("parameters", ())}
            assert set(link.get("parameters", ())) <= taken
            if "requestBody" in link:
                content = target["requestBody"]["content"]["application/json"]
                assert set(link["requestBody"]) <= set(resolve(content["schema"])["properties"])
            count += 1
    assert count >= 13


def test_error_codes_have_a_documented_status_and_stand_in_its_description() -> None:
    """Each code of the open list is told where its status is described; 405 stands in a ruling."""
    texts = {
        status: resolve(response)["description"]
        for operation in OPERATIONS.values()
        for status, response in operation["responses"].items()
    }
    texts["405"] = DOCUMENT["x-rulings"]["R045"]["decision"]
    for code, entry in DOCUMENT["x-error-codes"].items():
        assert entry["means"]
        if code != "not_found":  # no operation answers it: it is for a path that doesn't exist
            assert f"`{code}`" in texts[str(entry["status"])]

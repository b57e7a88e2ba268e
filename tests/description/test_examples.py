"""Every example of the description is valid, and every body and answer has one."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from coinbtr.description import load

DOCUMENT = load()
FORMATS = FormatChecker(formats=())


@FORMATS.checks("decimal")
def has_eight_decimals_at_most(value: object) -> bool:
    """A number with at most eight decimals; other types are not this format's business."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return isinstance(exponent, int) and exponent >= -8
    return not isinstance(value, float)


def validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    """A validator of one schema, its references resolved in the description."""
    whole = {"components": DOCUMENT["components"], **schema}
    return Draft202012Validator(whole, format_checker=FORMATS)


def media(node: Any, where: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every media type object below a node, by its place."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "content":
                yield where, value["application/json"]
            else:
                yield from media(value, f"{where}/{key}")


MEDIA = [
    *media(DOCUMENT["paths"]),
    *media(DOCUMENT["components"]["responses"], "/components/responses"),
]


@pytest.mark.parametrize(("where", "content"), MEDIA, ids=[where for where, _ in MEDIA])
def test_each_body_and_answer_has_valid_examples(where: str, content: Mapping[str, Any]) -> None:
    """There is at least one example, with a summary, and the schema takes each."""
    assert content["examples"], where
    for example in content["examples"].values():
        assert example["summary"]
        validator(content["schema"]).validate(example["value"])


@pytest.mark.parametrize("name", DOCUMENT["components"]["parameters"])
def test_each_parameter_has_a_valid_example(name: str) -> None:
    """The schema of each parameter takes its example."""
    parameter = DOCUMENT["components"]["parameters"][name]
    validator(parameter["schema"]).validate(parameter["example"])


def test_error_examples_use_listed_codes_at_their_status() -> None:
    """An example's code is one of the list, and stands at the status that the list gives it."""
    codes = DOCUMENT["x-error-codes"]
    by_response = {
        "BadRequest": 400,
        "Unauthorized": 401,
        "Forbidden": 403,
        "NotFound": 404,
        "Conflict": 409,
        "ContentTooLarge": 413,
        "UnsupportedMediaType": 415,
        "UnprocessableContent": 422,
        "TooManyRequests": 429,
        "InternalServerError": 500,
        "ServiceUnavailable": 503,
    }
    responses = DOCUMENT["components"]["responses"]
    assert set(responses) == set(by_response)
    for name, response in responses.items():
        for example in response["content"]["application/json"]["examples"].values():
            assert codes[example["value"]["msg"]["code"]]["status"] == by_response[name]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ("Money", Decimal("0.123456789")),
        ("Money", Decimal(-1)),
        ("Money", "1.5"),
        ("MoneyInput", 0),
        ("MoneyInput", 1000000000001),
        ("Coin", "btc"),
        ("Timestamp", "2018-07-02T04:57:55"),
        ("Side", "buy"),
        ("Id", 0),
    ],
)
def test_what_the_description_forbids_is_noticed(schema: str, value: object) -> None:
    """The validation of these tests can fail: a value beyond each rule is refused."""
    with pytest.raises(ValidationError):
        validator({"$ref": f"#/components/schemas/{schema}"}).validate(value)


def test_the_reference_samples_are_examples() -> None:
    """The reference's own samples are there: its withdrawal, its balance, its test address."""
    withdrawal = DOCUMENT["paths"]["/wallet/withdraw"]["post"]
    sent = withdrawal["requestBody"]["content"]["application/json"]["examples"]["btc"]["value"]
    assert sent == {
        "coin": "btc",
        "address": "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG",
        "amount": Decimal("0.001"),
    }
    answer = withdrawal["responses"]["200"]["content"]["application/json"]["examples"]["signed"]
    assert answer["value"]["data"]["date"] == "2018-07-02T04:57:55.942Z"
    balances = DOCUMENT["paths"]["/wallet/listbalances"]["get"]["responses"]["200"]
    listed = balances["content"]["application/json"]["examples"]["balances"]["value"]["data"]
    assert listed[1]["available"] == Decimal("14.21549076")

"""Checks requests against the description, and says in one sentence what would be right.

Nothing of the description is repeated here: every rule comes from its schemas at run time.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, cast
from urllib.parse import parse_qsl

from jsonschema_rs import Draft202012Validator, ValidationError, ValidationErrorKind

from coinbtr.sandbox.schemas import fewest_places, places_of, validator

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_MOST_PARAMETERS = 50
_MOST_SENTENCES = 3
_MOST_REMEMBERED = 256
_LONGEST_REMEMBERED = 200

_DEMANDS = {
    "pattern": "must match {value}",
    "minimum": "must be {value} or more",
    "exclusiveMinimum": "must be more than {value}",
    "maximum": "must be {value} or less",
    "exclusiveMaximum": "must be less than {value}",
    "minLength": "must have {value} characters or more",
    "maxLength": "must have {value} characters or less",
    "minItems": "must have {value} entries or more",
    "maxItems": "must have {value} entries or less",
    "multipleOf": "must be a multiple of {value}",
}


class InvalidInput(Exception):  # noqa: N818 - an answer to the client, not a mistake of the server
    """A request breaks the description; `sentence` names the field and says what would be right."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ObjectReader:
    """Checks one object, such as a JSON body, against its resolved schema."""

    def __init__(self, schema: Mapping[str, Any], what: str) -> None:
        self._schema = schema
        self._what = what
        self._plain = Draft202012Validator(dict(schema))  # knows of no limits of decimals
        self._places = fewest_places(schema)

    def read(self, given: object) -> Mapping[str, Any]:
        """Give the object back when it keeps to the schema.

        Raises:
            InvalidInput: it doesn't.
        """
        if not self._is_plainly_right(given):
            errors = list(self._validator.iter_errors(given))
            if errors:
                sentences = dict.fromkeys(_sentences(errors, self._schema, self._what))
                raise InvalidInput(" ".join(list(sentences)[:_MOST_SENTENCES]))
        return cast("Mapping[str, Any]", given)

    def _is_plainly_right(self, given: object) -> bool:
        """Tell whether an object is right for sure, at a third of what a division costs."""
        if not self._plain.is_valid(given):
            return False
        places = self._places
        if places is None:
            return True
        members = cast("Mapping[str, Any]", given).values()
        return all(_has_at_most(places, member) for member in members)

    @cached_property
    def _validator(self) -> Draft202012Validator:
        """What judges all that isn't plainly right: made for the first of them."""
        return validator(self._schema)


def _has_at_most(places: int, value: object) -> bool:
    """Tell whether a value has so few decimals as it is written; what holds others hasn't."""
    if type(value) is Decimal:
        exponent = value.as_tuple().exponent
        return isinstance(exponent, int) and exponent >= -places
    return not isinstance(value, dict | list)


class QueryReader:
    """Reads a query string into typed values by the schemas of an operation's parameters.

    Args:
        parameters: the operation's resolved parameter objects, all of them in the query.
    """

    def __init__(self, parameters: Iterable[Mapping[str, Any]]) -> None:
        self._schemas = {parameter["name"]: parameter["schema"] for parameter in parameters}
        required = [parameter["name"] for parameter in parameters if parameter.get("required")]
        schema = {
            "type": "object",
            "properties": self._schemas,
            "required": required,
            "additionalProperties": False,
        }
        self._object = ObjectReader(schema, "query parameter")
        # Whoever polls sends the same few queries for ever; what was refused isn't remembered.
        self._remembered = lru_cache(_MOST_REMEMBERED)(self._read)

    def read(self, query: str) -> Mapping[str, Any]:
        """Give the parameters of a query string (without its `?`); they must not be changed.

        Raises:
            InvalidInput: one is unknown, repeated, missing or not as its schema says.
        """
        if not query and not self._schemas:
            return {}
        return self._remembered(query) if len(query) <= _LONGEST_REMEMBERED else self._read(query)

    def _read(self, query: str) -> Mapping[str, Any]:
        try:
            pairs = parse_qsl(
                query,
                keep_blank_values=True,
                errors="strict",
                max_num_fields=_MOST_PARAMETERS,
            )
        except UnicodeDecodeError:
            raise InvalidInput("The query is not UTF-8.") from None
        except ValueError:
            raise InvalidInput(f"The query has more than {_MOST_PARAMETERS} parameters.") from None
        values: dict[str, Any] = {}
        for name, text in pairs:
            if name in values:
                raise InvalidInput(f"{_cut(name)}: this query parameter must be given once only.")
            values[name] = self._typed(name, text)
        return self._object.read(values)

    def _typed(self, name: str, text: str) -> object:
        # What isn't an integer stays a string, which the schema then refuses.
        wants_integer = self._schemas.get(name, {}).get("type") == "integer"
        return int(text) if wants_integer and _INTEGER.fullmatch(text) else text


def _sentences(
    errors: list[ValidationError], schema: Mapping[str, Any], what: str
) -> Iterable[str]:
    for error in sorted(errors, key=lambda error: [str(step) for step in error.instance_path]):
        path = ".".join(str(step) for step in error.instance_path)
        kind = error.kind
        if isinstance(kind, ValidationErrorKind.Required):
            yield f"{_join(path, kind.property)}: this {what} is required."
        elif isinstance(kind, ValidationErrorKind.AdditionalProperties):
            listed = ", ".join(_broken(schema, error).get("properties", {})) or "none"
            for name in kind.unexpected:
                yield f"{_join(path, _cut(name))}: there is no such {what}; known are: {listed}."
        else:
            broken = _broken(schema, error)
            rule = "format" if kind.name == "multipleOf" and "format" in broken else kind.name
            yield f"{path or 'The body'}: {_demand(rule, broken)}."


def _broken(schema: Mapping[str, Any], error: ValidationError) -> Mapping[str, Any]:
    """Find the part of a schema that has the keyword which an error is about."""
    found: Any = schema
    for step in error.schema_path[:-1]:
        found = found[step]
    return cast("Mapping[str, Any]", found)


def _demand(rule: str, schema: Mapping[str, Any]) -> str:
    value = schema[rule]
    if isinstance(value, Decimal):
        value = format(value, "f")  # str() would write 1E-8
    if rule == "enum":
        demand = f"must be one of {', '.join(value)}"
    elif rule == "type":
        demand = f"must be {_type_names(value)}"
    elif rule == "format":
        demand = f"must have at most {places_of(schema)} decimals"
    else:
        demand = _DEMANDS.get(rule, "must keep to '{rule}' of the description")
        demand = demand.format(value=value, rule=rule)
    examples = schema.get("examples")
    return f"{demand}, for example {examples[0]}" if examples else demand


def _type_names(value: Any) -> str:
    names = {
        "number": "a JSON number",
        "integer": "an integer",
        "string": "a string",
        "object": "a JSON object",
        "array": "a JSON array",
        "boolean": "true or false",
        "null": "null",
    }
    kinds = [value] if isinstance(value, str) else value
    return " or ".join(names.get(kind, kind) for kind in kinds)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"

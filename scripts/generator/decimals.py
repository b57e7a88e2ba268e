"""Decimals in generated models: the two property classes that the generator looks up, replaced.

The generator has no plug-in point for property types. It finds `FloatProperty` and `UnionProperty`
by name in `openapi_python_client.parser.properties`, so subclasses are put there while it runs.
"""

from contextlib import AbstractContextManager
from typing import Any, ClassVar
from unittest.mock import patch

from attr import define, evolve
from openapi_python_client import schema as oai
from openapi_python_client.config import Config
from openapi_python_client.parser import properties
from openapi_python_client.parser.errors import PropertyError
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol, Value
from openapi_python_client.parser.properties.schemas import Schemas
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import PythonCode


@define
class DecimalProperty(FloatProperty):
    """A JSON number as `Decimal`, or as `Decimal | None` where the description allows null."""

    nullable: bool = False

    _type_string: ClassVar[str] = "Decimal"
    _json_type_string: ClassVar[str] = "Decimal"
    # In bodies and answers only: a query parameter would be written by str(), as 1E-8.
    _allowed_locations: ClassVar[set[oai.ParameterLocation]] = set()
    template: ClassVar[str] = "decimal_property.py.jinja"

    @classmethod
    def convert_value(cls, value: Any) -> Value | PropertyError | None:
        """Refuse a default: the YAML loader has made a float of it."""
        if value is None or isinstance(value, Value):
            return value
        return PropertyError(detail=f"a number has the default {value}, which YAML read as a float")

    def get_base_type_string(self) -> PythonCode:
        """The annotation in models."""
        return PythonCode("Decimal | None" if self.nullable else "Decimal")

    def get_base_json_type_string(self) -> PythonCode:
        """The annotation in `to_dict`: exact_json.dumps writes Decimals as they are."""
        return self.get_base_type_string()

    def get_imports(self, *, prefix: str) -> set[str]:
        """What a module that uses this property imports; ruff drops what it doesn't."""
        return super().get_imports(prefix=prefix) | {
            "from decimal import Decimal",
            f"from {prefix}exact_json import to_decimal",
            f"from {prefix}exact_json import to_optional_decimal",
        }


@define
class ExactUnionProperty(UnionProperty):
    """A union without numbers in it; a decimal that may be null or a string is one Decimal."""

    @classmethod
    def build(
        cls,
        *,
        data: oai.Schema,
        name: oai.UntrustedString,
        required: bool,
        schemas: Schemas,
        parent_name: str,
        config: Config,
    ) -> tuple[Any, Schemas]:
        """Like the generator's own, which would end in an unchecked cast of what is no number."""
        built, schemas = super().build(
            data=data,
            name=name,
            required=required,
            schemas=schemas,
            parent_name=parent_name,
            config=config,
        )
        if isinstance(built, PropertyError) or not any(map(_has_number, built.inner_properties)):
            return built, schemas
        numbers = [inner for inner in built.inner_properties if isinstance(inner, DecimalProperty)]
        kinds = set(data.type) if isinstance(data.type, list) else set()
        # The Decimal property reads decimal strings as well as numbers.
        allowed = {"number", "null", "string"} if data.schema_format == "decimal" else {"number"}
        if len(numbers) == 1 and "number" in kinds and kinds <= allowed | {"null"}:
            number = evolve(
                numbers[0],
                name=name,
                required=required,
                python_name=built.python_name,
                nullable="null" in kinds,
            )
            return number, schemas
        return PropertyError(
            detail="a union with a number in it can't be kept exact", data=data
        ), schemas


def _has_number(inner: PropertyProtocol) -> bool:
    """Also within a list: its items would pass through the same unchecked cast."""
    of_list = getattr(inner, "inner_property", None)
    return isinstance(inner, DecimalProperty) or (of_list is not None and _has_number(of_list))


def exact_decimals() -> AbstractContextManager[object]:
    """Within this block the generator makes Decimals of numbers."""
    return patch.multiple(
        properties, FloatProperty=DecimalProperty, UnionProperty=ExactUnionProperty
    )

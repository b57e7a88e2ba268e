"""Finds and loads the description of the API, `openapi/coinbtr.yaml`, with its numbers exact."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent

# In an installed package the description lies inside it, in a checkout beside it.
_PLACES = (_HERE / "openapi" / "coinbtr.yaml", _HERE.parent / "openapi" / "coinbtr.yaml")


def path() -> Path:
    """Tell where the description is.

    Raises:
        FileNotFoundError: it is neither in the package nor beside it.
    """
    for place in _PLACES:
        if place.is_file():
            return place
    raise FileNotFoundError(f"the description coinbtr.yaml is missing: looked in {_PLACES}")


@cache
def load() -> Mapping[str, Any]:
    """Load the description, once for a process; whoever gets it must not change it.

    Raises:
        FileNotFoundError: there is no description.
        ModuleNotFoundError: pyyaml isn't installed; the message says what to install.
    """
    loaded: Mapping[str, Any] = parsed(path().read_bytes())
    return loaded


def parsed(content: bytes) -> Any:
    """Parse YAML: a number with a decimal point is a Decimal, a date a string, as in JSON.

    Raises:
        ModuleNotFoundError: pyyaml isn't installed; the message says what to install.
        ValueError: it is no YAML.
    """
    try:
        import yaml
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "reading the description needs pyyaml: pip install 'coinbtr[sandbox]'", name="yaml"
        ) from missing

    # The C loader is ten times faster, where pyyaml was built with it.
    fast: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class ExactLoader(fast):  # type: ignore[misc, valid-type]  # a base chosen at run time
        """A loader that makes no float."""

    def decimal(loader: Any, node: Any) -> Decimal:
        return Decimal(loader.construct_scalar(node))

    def text(loader: Any, node: Any) -> str:
        return str(loader.construct_scalar(node))

    ExactLoader.add_constructor("tag:yaml.org,2002:float", decimal)
    ExactLoader.add_constructor("tag:yaml.org,2002:timestamp", text)
    try:
        return yaml.load(content, ExactLoader)  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None

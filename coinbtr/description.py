"""Finds and loads the descriptions, such as `openapi/coinbtr.yaml`, with their numbers exact."""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import coinbtr_api

_HERE = Path(__file__).parent

# In an installed package the descriptions lie inside it, in a checkout beside it.
_FOLDERS = (_HERE / "openapi", _HERE.parent / "openapi")

# What `make generate` has made of them, which is read in a tenth of the time.
_PREPARED = Path(coinbtr_api.__file__).parent / "descriptions"


def openapi_path() -> Path:
    """Where the description of the exchange's API is: OpenAPI 3.1, as YAML, for tools of your own.

    It is part of the package, and this package keeps to it; don't write to it. A number in it may
    have more digits than a float: money is `format: decimal`.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    return path()


def path(name: str = "coinbtr") -> Path:
    """Tell where a description is.

    Args:
        name: `coinbtr`, the exchange's API, or `sandbox`, the sandbox's control plane.

    Raises:
        FileNotFoundError: it is neither in the package nor beside it.
    """
    for folder in _FOLDERS:
        place = folder / f"{name}.yaml"
        if place.is_file():
            return place
    raise FileNotFoundError(f"the description {name}.yaml is missing: looked in {_FOLDERS}")


@cache
def load(name: str = "coinbtr") -> Mapping[str, Any]:
    """Load a description, once for a process; whoever gets it must not change it.

    Args:
        name: `coinbtr`, the exchange's API, or `sandbox`, the sandbox's control plane.

    Raises:
        FileNotFoundError: there is no such description.
        ModuleNotFoundError: pyyaml isn't installed; the message says what to install.
    """
    source = path(name).read_bytes()
    loaded: Mapping[str, Any] = _prepared(name, source) or parse(source)
    return loaded


def _prepared(name: str, source: bytes) -> Any:
    """What was prepared of exactly this source; None if nothing was."""
    try:
        made = json.loads((_PREPARED / f"{name}.json").read_bytes(), parse_float=Decimal)
    except FileNotFoundError:
        return None
    return made["description"] if made["source"] == sha256(source).hexdigest() else None


def parse(source: bytes) -> Any:
    """Read YAML or JSON without a float.

    Raises:
        ValueError: it is neither.
        ModuleNotFoundError: pyyaml isn't installed; the message says what to install.
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
        return yaml.load(source, ExactLoader)  # noqa: S506 - a safe one
    except (yaml.YAMLError, ArithmeticError) as error:
        raise ValueError(f"no YAML: {' '.join(str(error).split())}") from None

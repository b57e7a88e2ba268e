"""Names of a package that are imported when they are first asked for (PEP 562).

Importing the package then costs nothing for what isn't used, however much there is of it.
"""

from collections.abc import Callable, Mapping
from importlib import import_module


def lazy(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make the `__getattr__` and the `__dir__` of a package.

    Args:
        package: its name.
        homes: each name with the module that has it, from the package's own folder; a module of
            the package is its own home.
    """

    def get(name: str) -> object:
        if (home := homes.get(name)) is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        here = import_module(package)
        module = import_module(f"{package}.{home}")
        # Kept, so that it is looked for once.
        vars(here)[name] = value = module if home == name else getattr(module, name)
        return value

    def names() -> list[str]:
        return sorted({*vars(import_module(package)), *homes})

    return get, names

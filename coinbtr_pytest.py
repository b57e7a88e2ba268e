"""The pytest plugin of coinbtr: an exchange for each test, at no cost to tests that want none.

It stands beside the package, for pytest imports it in every run: the package only comes when a
fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from coinbtr.sandbox import Sandbox
    from coinbtr.sandbox.server import SandboxServer

_MARKER = "coinbtr_sandbox"
_SEED = "coinbtr_sandbox_seed"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting of the ini file."""
    parser.addini(_SEED, "The seed of coinbtr's sandboxes where a marker gives none.", default="0")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(**options): options of the fixtures coinbtr_sandbox and"
        " coinbtr_sandbox_server, such as seed=7 or live=True.",
    )


@pytest.fixture
def coinbtr_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A fresh CoinBTR exchange in this process, with play money and a clock that stands still."""
    options = _options(request)
    try:
        from coinbtr.testing import sandbox

        with sandbox(**options) as exchange:
            yield exchange
    except ModuleNotFoundError as missing:
        _fail(missing)


@pytest.fixture
def coinbtr_sandbox_server(request: pytest.FixtureRequest) -> Iterator[SandboxServer]:
    """A fresh CoinBTR exchange on a free port of loopback: `base_url`, `sandbox.token`."""
    options = _options(request)
    try:
        from coinbtr.testing import sandbox_server

        with sandbox_server(**options) as server:
            yield server
    except ModuleNotFoundError as missing:
        _fail(missing)


def _options(request: pytest.FixtureRequest) -> Any:
    seed = request.config.getini(_SEED)
    try:
        options: dict[str, Any] = {"seed": int(seed)}
    except ValueError:
        raise pytest.UsageError(f"{_SEED} must be a whole number, not {seed!r}") from None
    # The marker nearest to the test has the last word.
    for marker in reversed(list(request.node.iter_markers(_MARKER))):
        if marker.args:
            raise pytest.UsageError(f"{_MARKER} takes options by name only, such as seed=7")
        options |= marker.kwargs
    return options


def _fail(missing: ModuleNotFoundError) -> None:
    pytest.fail(str(missing), pytrace=False)

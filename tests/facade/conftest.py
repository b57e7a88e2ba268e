"""Both facades, and an environment without the variables of whoever runs the tests."""

import sys

import pytest

from tests.facade.scripted import Facade


@pytest.fixture(params=["sync", "async"])
def facade(request: pytest.FixtureRequest) -> Facade:
    """Each of the two facades in turn."""
    return Facade(request.param)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COINBTR_TOKEN", raising=False)
    monkeypatch.delenv("COINBTR_BASE_URL", raising=False)
    monkeypatch.delenv("COINBTR_ENGINE", raising=False)


@pytest.fixture(autouse=True)
def _nobody_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever another test imported: a program that looks at no spans is the usual one."""
    monkeypatch.delitem(sys.modules, "opentelemetry.trace", raising=False)


@pytest.fixture(autouse=True)
def _mutmut_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under `make mutation`, its frames between ours are ours, too: a warning looks past them."""
    if (between := sys.modules.get("mutmut.mutation.trampoline")) is not None:
        monkeypatch.setattr(between, "__name__", "coinbtr.mutmut")

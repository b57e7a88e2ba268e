"""The Arazzo workflows run against the sandbox, and a broken exchange makes them fail."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from coinbtr.sandbox.server import SandboxServer
from scripts import respect
from scripts.rulings import operations
from tests.contract.tampering import TamperedSandbox
from tests.mutants.catalogue import named


@pytest.fixture(scope="module")
def workflows(repository: Path) -> dict[str, Any]:
    """The workflows' file."""
    text = (repository / respect.WORKFLOWS).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def test_all_workflows_run(workflows: dict[str, Any]) -> None:
    """Each passes, one after the other on one sandbox: every step and every condition of it."""
    names = [one["workflowId"] for one in workflows["workflows"]]
    assert len(names) >= 12
    with SandboxServer() as server:
        assert respect.results(server) == dict.fromkeys(names, True)


@pytest.mark.parametrize(
    ("defect", "workflow"),
    [
        ("cancelling releases nothing", "place-and-cancel-a-purchase"),
        ("another amount in the list", "deposit-to-withdrawal"),
        ("offset ignored", "read-lists-by-page"),
    ],
)
def test_a_broken_exchange_is_noticed(defect: str, workflow: str) -> None:
    """With a defect in the sandbox the workflow about it fails."""
    sandbox = TamperedSandbox()
    sandbox.tamper = named(defect).make(sandbox)
    with SandboxServer(sandbox) as server:
        assert respect.results(server, "--workflow", workflow) == {workflow: False}


def test_every_operation_is_in_a_workflow(workflows: dict[str, Any], repository: Path) -> None:
    """None of the exchange's operations is left out."""
    used = {
        step["operationId"].rpartition(".")[2]
        for workflow in workflows["workflows"]
        for step in workflow["steps"]
    }
    text = (repository / "openapi/coinbtr.yaml").read_text(encoding="utf-8")
    assert {one["operationId"] for one in operations(yaml.safe_load(text))} <= used

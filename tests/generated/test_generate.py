"""`make generate` gives the same bytes each time, sees hand edits, and stops at inexact numbers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import generate
from scripts.generator import pins
from scripts.generator.package import write_package

SOURCES = (
    *("openapi/coinbtr.yaml", "openapi/sandbox.yaml", "openapi/workflows.arazzo.yaml"),
    *("scripts/rulings.py", "coinbtr/_async"),
)
OUTPUTS = (
    *("generated/coinbtr_api", "coinbtr/_sync"),
    *("docs/rulings.md", "docs/methods.md", "docs/workflows.md"),
)


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    """A copy of what is generated and of what it is generated from."""
    for name in (*SOURCES, *OUTPUTS):
        source, target = repository / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    return tmp_path


@pytest.mark.parametrize("seed", ["1", "2"])
def test_what_is_committed_is_what_is_generated(repository: Path, seed: str) -> None:
    """A fresh run changes no byte, whatever order Python's sets have in it."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.generate", "--check"],
        cwd=repository,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_hand_edits_are_noticed_and_undone(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited, an added and a deleted file are each named, and a new run puts them right."""
    package = copy / "generated/coinbtr_api"
    (package / "client.py").write_text("edited = True\n")
    (package / "models/extra.py").touch()
    (package / "api/market/get_ticker.py").unlink()
    (copy / "docs/rulings.md").write_text("edited\n")

    assert generate.main(["--check", "--root", str(copy)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "missing: generated/coinbtr_api/api/market/get_ticker.py",
        "changed: generated/coinbtr_api/client.py",
        "not generated: generated/coinbtr_api/models/extra.py",
        "changed: docs/rulings.md",
    ]
    assert (package / "models/extra.py").exists()

    assert generate.main(["--root", str(copy)]) == 0
    assert generate.main(["--check", "--root", str(copy)]) == 0


def test_a_forgotten_run_is_noticed(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After an edit of the description or of the async source, the check names what is stale."""
    description = copy / "openapi/coinbtr.yaml"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace("operationId: getTicker", "operationId: getTick"))
    client = copy / "coinbtr/_async/client.py"
    client.write_text(client.read_text(encoding="utf-8") + "\nADDED = 1\n")
    assert generate.main(["--check", "--root", str(copy)]) == 1
    said = capsys.readouterr().out
    assert "missing: generated/coinbtr_api/api/market/get_tick.py" in said
    assert "not generated: generated/coinbtr_api/api/market/get_ticker.py" in said
    assert "changed: coinbtr/_sync/client.py" in said


def test_another_version_of_a_tool_stops_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another generator or formatter would write other bytes: the message names both versions."""
    monkeypatch.setitem(pins.PINS, "ruff", "0.0.1")
    assert generate.main(["--check"]) == 1
    assert "is installed, but the generated code is made with 0.0.1" in capsys.readouterr().err


def described(field: dict[str, Any], **operation: Any) -> dict[str, Any]:
    """A description of one operation whose answer has one field."""
    thing = {"type": "object", "required": ["data"], "properties": {"data": field}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "paths": {
            "/thing": {
                "get": {
                    "operationId": "getThing",
                    "tags": ["market"],
                    "x-effect": "read",
                    "responses": {
                        "200": {
                            "description": "A thing.",
                            "content": {
                                "application/json": {
                                    "schema": {"$ref": "#/components/schemas/Thing"}
                                }
                            },
                        }
                    },
                    **operation,
                }
            }
        },
        "components": {"schemas": {"Thing": thing}},
    }


def written(document: dict[str, Any], folder: Path) -> Path:
    """Generate from a description; gives the package's folder."""
    source = folder / "description.yaml"
    source.write_text(yaml.safe_dump(document), encoding="utf-8")
    package = folder / "package"
    package.mkdir()
    write_package(source, package)
    return package


@pytest.mark.parametrize(
    ("field", "annotation"),
    [
        ({"type": "number", "format": "decimal"}, "data: Decimal\n"),
        ({"type": ["number", "null"], "format": "decimal"}, "data: Decimal | None\n"),
        (
            {"type": "array", "items": {"type": "number", "format": "decimal"}},
            "data: list[Decimal]\n",
        ),
        ({"type": ["string", "null"]}, "data: None | str\n"),
    ],
)
def test_numbers_become_decimals(field: dict[str, Any], annotation: str, tmp_path: Path) -> None:
    """Every number is a Decimal in the model, and None only where null may be."""
    model = (written(described(field), tmp_path) / "models/thing.py").read_text()
    assert annotation in model
    assert "float" not in model


@pytest.mark.parametrize(
    ("field", "operation", "why"),
    [
        ({"type": ["number", "string"]}, {}, "union with a number"),
        ({"type": ["number", "string", "null"]}, {}, "union with a number"),
        ({"oneOf": [{"type": "number"}, {"type": "null"}]}, {}, "union with a number"),
        (
            {"anyOf": [{"type": "array", "items": {"type": "number"}}, {"type": "string"}]},
            {},
            "union with a number",
        ),
        ({"type": "number", "default": 0.1}, {}, "has the default 0.1"),
        ({"type": "number"}, {}, "without a kind"),
        (
            {"type": "string"},
            {"parameters": [{"name": "x", "in": "query", "schema": {"type": "number"}}]},
            "not allowed in",
        ),
        ({"type": "string"}, {"tags": ["market", "wallet"]}, "exactly one tag"),
        ({"type": "string"}, {"x-effect": "none"}, "x-effect 'none'"),
        ({"type": "string"}, {"operationId": None}, "has no operationId"),
        ({"type": "string"}, {"responses": {}}, "no JSON answer at 200"),
    ],
)
def test_what_would_not_be_exact_stops_it(
    field: dict[str, Any], operation: dict[str, Any], why: str, tmp_path: Path
) -> None:
    """Nothing is generated from a number that would pass a float or an unchecked cast."""
    with pytest.raises(pins.GenerationError, match=why):
        written(described(field, **operation), tmp_path)


def test_a_lost_operation_stops_it(tmp_path: Path) -> None:
    """Two operations that would end in one module are noticed, though the generator is content."""
    document = described({"type": "string"})
    twin = {**document["paths"]["/thing"]["get"], "operationId": "get_thing"}
    document["paths"]["/twin"] = {"get": twin}
    with pytest.raises(pins.GenerationError, match="2 operations became 1 modules"):
        written(document, tmp_path)

"""Another generator makes a client of the description, and that client trades with the sandbox."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import coinbtr
from coinbtr.sandbox.server import SandboxServer
from scripts.linting import tool

PROGRAM = Path(__file__).parent / "other_client/use.ts"
COMPILER = (
    *("--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable"),
    *(
        "--module",
        "commonjs",
        "--moduleResolution",
        "node10",
        "--skipLibCheck",
        "--typeRoots",
        "generated/core",
    ),
)


def run(*command: str | Path, folder: Path) -> str:
    """What a command of node's says; it must succeed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program over the generated client, compiled; a wrong type would stop the compiler."""
    folder = tmp_path_factory.mktemp("other")
    shutil.copyfile(PROGRAM, folder / "use.ts")
    (folder / "node_modules").symlink_to(tool("tsc").parent.parent)
    description = coinbtr.openapi_path()
    run(
        *(tool("openapi-ts"), "-i", description, "-o", "generated", "-c", "@hey-api/client-fetch"),
        folder=folder,
    )
    run(tool("tsc"), *COMPILER, "use.ts", folder=folder)
    return folder / "use.js"


def test_it_trades(program: Path) -> None:
    """Markets, an order placed, listed and cancelled, and refusals with their codes."""
    with SandboxServer() as server:
        said = run("node", program, server.base_url, server.sandbox.token, folder=program.parent)
    found: dict[str, Any] = json.loads(said)
    assert "BTC-MXN" in found.pop("books")
    assert found == {
        "market": "BTC-MXN",
        "side": "BUY",
        "isOpen": True,
        "openIds": [True],
        "cancelled": False,
        "refused": [409, "insufficient_funds"],
        "unknown": [404, "coin_not_found"],
        "stranger": [401, "invalid_token"],
    }


def test_its_types_are_the_descriptions(program: Path) -> None:
    """A field that the description doesn't have is refused by the compiler."""
    wrong = program.with_name("wrong.ts")
    text = program.with_suffix(".ts").read_text(encoding="utf-8")
    wrong.write_text(text.replace("order.id === id", "order.identity === id"), encoding="utf-8")
    with pytest.raises(AssertionError, match="Property 'identity' does not exist"):
        run(tool("tsc"), *COMPILER, "--noEmit", "wrong.ts", folder=program.parent)

"""The console blocks of the page of the command, typed one after the other."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps(page: str) -> list[tuple[str, list[str]]]:
    """Each command of a page, with the lines that it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                found[-1][1].append(line)
    return found


def test_the_page_of_the_command_is_a_session(tmp_path: Path) -> None:
    """Each command ends with 0 and prints the lines that stand under it; … stands for anything."""
    commands = steps("docs/cli.md")
    assert commands[0][0] == "coinbtr sandbox --token my-sandbox-token"
    assert sum(bool(lines) for _, lines in commands) >= 4
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with SandboxServer(Sandbox(token="my-sandbox-token")) as server:
        for command, lines in commands[1:]:
            done = subprocess.run(
                ["bash", "-c", command.replace("http://127.0.0.1:8642", server.address)],
                env=os.environ | {"PATH": path},
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=60,
            )
            assert done.returncode == 0, (command, done.stdout)
            shown = [line.rstrip() for line in done.stdout.splitlines()]
            if lines:
                wanted = "\n".join(lines).replace("http://127.0.0.1:8642", server.address)
                pattern = re.escape(wanted).replace("…", ".*")
                assert re.fullmatch(pattern, "\n".join(shown)), (command, shown)


@pytest.mark.parametrize("status", range(5))
def test_the_page_names_each_status(status: int) -> None:
    """The table has a line for each."""
    assert f"| {status} | " in (ROOT / "docs/cli.md").read_text(encoding="utf-8")

"""Every console block is typed, page by page, and prints what stands under it.

`…` in a shown line stands for anything; a line that is nothing else stands for any lines. Two
things are not as printed: addresses are those of a sandbox of the test, the live one included, and
the contract test is cut short. A target of the Makefile is what another test runs.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coinbtr.recording.lines import read
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer
from tests.contract import sessions
from tests.docs.pages import ROOT, Step, blocks, steps

TOKEN = "my-sandbox-token"
PAGES = sorted({block.page for block in blocks() if block.language == "console"})
SERVERS = ("sandbox", "record")
PLACES = re.compile(r"http://127\.0\.0\.1:(8642|9000)/api/v1|https://coinbtr\.com/api/v1")

# Who runs the targets of the Makefile that pages name.
MADE = {
    "demo": "tests/docs/test_demo.py",
    "boundaries": "tests/description/test_boundaries.py",
    "generate": "tests/generated/test_generate.py",
    "new-operation": "tests/workshop/test_new_operation.py",
    "overlay": "tests/workshop/test_overlay.py",
    "test": ".ci/run",
}


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    """The exchange that the page's commands talk to."""
    with SandboxServer(Sandbox(token=TOKEN)) as running:
        yield running


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home without configuration, where `coinbtr` is the command of this checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COINBTR_")}
    for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        kept.pop(name, None)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return kept | {"HOME": str(tmp_path), "PATH": path, "NO_COLOR": "1", "COLUMNS": "200"}


@pytest.mark.parametrize("page", PAGES)
def test_the_console_blocks_of_a_page_are_a_session(
    page: str, server: SandboxServer, environment: dict[str, str], tmp_path: Path
) -> None:
    """Each command ends with 0 and prints the lines that stand under it."""
    _lay_out(tmp_path)
    for step in steps(page):
        words = _words(step)
        if words[0] == "make":
            _is_made(words[1])
        elif words[:1] == ["coinbtr"] and words[1] in SERVERS:
            _serves(step, server, environment, tmp_path)
        elif words[0] == "export":
            environment |= dict(word.split("=", 1) for word in _here(step, server).split()[1:])
        else:
            _runs(step, server, environment, tmp_path)


def test_what_is_printed_is_compared() -> None:
    """A line too many, too few or another one is seen; a placeholder takes what it must."""
    assert _fits(("a … c", "…", "z"), "a b c\n1\n2\nz")
    assert not _fits(("a",), "a\nb")
    assert not _fits(("a", "b"), "a")
    assert not _fits(("a.c",), "abc")


def _lay_out(folder: Path) -> None:
    """The files that pages name: a recording, the same as HAR, an overlay, accounts."""
    ordering = sessions.FOLDER / "ordering.jsonl"
    (folder / "session.jsonl").write_bytes(ordering.read_bytes())
    har = json.dumps(sessions.har(list(read(ordering.read_text(encoding="ascii")))))
    (folder / "session.har").write_text(har, encoding="utf-8")
    (folder / "overlay.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: a, version: '1'}\nactions:\n"
        "  - {target: $.info, update: {version: 1.0.1}}\n",
        encoding="utf-8",
    )
    (accounts,) = (
        block.text
        for block in blocks()
        if block.page == "docs/sandbox.md" and block.text.startswith("accounts:")
    )
    (folder / "accounts.yaml").write_text(accounts, encoding="utf-8")


def _words(step: Step) -> list[str]:
    """The words of a command, without variables for it alone and without what is piped into it."""
    words = step.command.split(" | ")[-1].split()
    while "=" in words[0]:
        words.pop(0)
    return words


def _here(step: Step, server: SandboxServer) -> str:
    """The command with the addresses of the test."""
    return PLACES.sub(server.base_url, step.command)


def _is_made(target: str) -> None:
    recipe = re.search(
        rf"^{target}:.* ## .*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert recipe, f"make {target} is no target"
    module = re.search(r"-m (?:[\w.]+\.)?(\w+)", recipe[1])
    runner = (ROOT / MADE[target]).read_text(encoding="utf-8")
    assert module
    assert module[1] in runner or f"make {target}" in runner


def _serves(step: Step, server: SandboxServer, environment: dict[str, str], folder: Path) -> None:
    """It comes up, says where, and ends at Ctrl-C."""
    command = re.sub(r" --port \d+", "", _here(step, server)) + " --port 0"
    output = folder / "served.txt"
    if "--out session.jsonl" in command:
        (folder / "session.jsonl").unlink()
    with output.open("w", encoding="utf-8") as out:
        running = subprocess.Popen(
            ["bash", "-c", f"exec env {command}"],
            env=environment,
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + 60
            while "http://127.0.0.1:" not in output.read_text(encoding="utf-8"):
                assert running.poll() is None, output.read_text(encoding="utf-8")
                assert time.monotonic() < until
                time.sleep(0.02)
            running.send_signal(signal.SIGINT)
            assert running.wait(60) == 0, output.read_text(encoding="utf-8")
        finally:
            running.kill()
    printed = output.read_text(encoding="utf-8")
    assert not step.lines or _fits(step.lines, printed), printed


def _runs(step: Step, server: SandboxServer, environment: dict[str, str], folder: Path) -> None:
    command = _here(step, server)
    if "coinbtr contract" in command and not re.search("judge|--replay", command):
        command += " --phase methods --phase orders"
    done = subprocess.run(
        ["bash", "-c", command],
        env=environment | {"COINBTR_OTHER_TOKEN": server.sandbox.other_token},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, (command, done.stdout)
    wanted = tuple(PLACES.sub(server.base_url, line) for line in step.lines)
    assert not wanted or _fits(wanted, done.stdout), (command, done.stdout)


def _fits(lines: tuple[str, ...], printed: str) -> bool:
    """Whether the lines are what was printed."""
    any_lines = re.escape("\n…\n")
    pattern = re.escape("\n" + "\n".join(lines) + "\n").replace(any_lines, r"\n(?:.*\n)*")
    shown = "\n".join(line.rstrip() for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern.replace("…", ".*"), f"\n{shown}\n") is not None

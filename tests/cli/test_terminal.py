"""At a terminal: questions, colours, and what refreshes in place."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coinbtr import CoinBTR
from coinbtr.sandbox.server import SandboxServer
from tests.cli.conftest import interruptible, process, run
from tests.cli.terminal import terminal

ORDER = ("btc-mxn", "--amount", "0.01", "--price", "900000")


@pytest.mark.parametrize(("answer", "status", "placed"), [("y", 0, 1), ("n", 1, 0), ("", 1, 0)])
def test_a_person_is_asked(answer: str, status: int, placed: int, at_sandbox: None) -> None:
    """Only yes sends; no, and nothing at all, end with 1 and send nothing."""
    asked = terminal("buy", *ORDER)
    assert asked.until(lambda now: "Place this order? [y/N]" in now.text), asked.text
    assert "SANDBOX" in asked.text
    assert json.loads(run("orders", "-o", "json").out) == []
    asked.type(f"{answer}\n")
    assert asked.end() == status
    assert len(json.loads(run("orders", "-o", "json").out)) == placed


def test_ctrl_c_at_the_question_sends_nothing(at_sandbox: None) -> None:
    """Who leaves at the question has sent nothing."""
    asked = terminal("buy", *ORDER)
    assert asked.until(lambda now: "[y/N]" in now.text)
    assert asked.interrupt() == 130
    assert "Traceback" not in asked.text
    assert json.loads(run("orders", "-o", "json").out) == []


def test_colours_on_a_terminal_only(at_sandbox: None) -> None:
    """A terminal gets them, a pipe and NO_COLOR don't."""
    shown = terminal("book", "btc-mxn")
    assert shown.end() == 0
    assert "\x1b[31m" in shown.raw
    assert "\x1b" not in process("book", "btc-mxn").out
    plain = terminal("book", "btc-mxn", NO_COLOR="1")
    plain.end()
    assert "\x1b[31m" not in plain.raw


def test_a_narrow_terminal_cuts_no_number(at_sandbox: None) -> None:
    """On 40 columns every balance stands there with all its digits."""
    shown = terminal("balances", columns=40)
    assert shown.end() == 0
    assert "1000000.00000000" in shown.text
    assert "…" not in shown.text


def test_watch_refreshes_in_place(server: SandboxServer, at_sandbox: None) -> None:
    """A change takes the place of what was shown before; Ctrl-C ends it."""
    watched = terminal("orders", "--watch", "--interval", "0.1")
    assert watched.until(lambda now: "none" in now.text)
    with CoinBTR(server.sandbox.token, base_url=server.base_url) as exchange:
        order = exchange.trading.buy_limit("btc-mxn", amount="0.01", price="900000")
    assert watched.until(lambda now: str(order.id) in now.text)
    assert "\x1b[2K" in watched.raw  # the line that was there is erased
    assert watched.interrupt() == 130
    assert "Traceback" not in watched.text


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_watch_writes_lines_where_no_terminal_is(
    form: str, server: SandboxServer, at_sandbox: None
) -> None:
    """Into a pipe each change is a line, at once, and without control characters."""
    command = [sys.executable, "-m", "coinbtr.cli", "balance", "mxn", "-w", "--interval", "0.1"]
    with subprocess.Popen(
        [*command, "-o", form], stdout=subprocess.PIPE, text=True, preexec_fn=interruptible
    ) as watching:
        assert watching.stdout is not None
        lines = [watching.stdout.readline()]
        if form == "csv":
            assert lines[0].startswith("coin,total")
            lines = [watching.stdout.readline()]
        server.sandbox.credit("mxn", "0.00000001")
        lines.append(watching.stdout.readline())
        watching.send_signal(signal.SIGINT)
    assert "1000000.00000000" in lines[0]
    assert "1000000.00000001" in lines[1]
    assert "\x1b" not in "".join(lines)


def test_reading_all_shows_progress(server: SandboxServer, at_sandbox: None) -> None:
    """At a terminal, what takes several pages says how far it is."""
    for _ in range(150):
        server.sandbox.credit("btc", "0.1")
    shown = terminal("deposits", "--all", columns=200)
    assert shown.end() == 0
    assert "Reading deposits" in shown.text
    assert "Reading deposits" not in process("deposits", "--all").err


def test_the_token_is_asked_for_without_an_echo(tmp_path: Path) -> None:
    """`config token` shows nothing of what is typed."""
    asked = terminal("config", "token", COINBTR_CONFIG=str(tmp_path / "c/config.toml"))
    assert asked.until(lambda now: "API token" in now.text and not now.echoes)
    asked.type("s3cret-key\n")
    assert asked.end() == 0
    assert "s3cret-key" not in asked.raw
    assert (tmp_path / "c/tokens/default").read_text() == "s3cret-key\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_completion(shell: str) -> None:
    """Each shell gets a script, which the shell itself can read."""
    script = subprocess.run(
        [sys.executable, "-c", "from coinbtr.cli import main; main()"],
        env=os.environ | {"_COINBTR_COMPLETE": f"source_{shell}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if not script.stdout:
        pytest.fail(script.stderr)
    assert "coinbtr" in script.stdout
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script.stdout, text=True, check=True)


def test_completion_knows_commands_options_and_profiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Tab offers: commands, options, forms, and the profiles of the file."""
    config = tmp_path / "config.toml"
    config.write_text("[profiles.savings]\n[profiles.spending]\n")

    def offered(line: str) -> set[str]:
        words = line.split(" ")
        done = subprocess.run(
            ["coinbtr"],
            executable=sys.executable.replace("python", "coinbtr"),
            env=os.environ
            | {
                "COINBTR_CONFIG": str(config),
                "_COINBTR_COMPLETE": "complete_bash",
                "COMP_WORDS": line,
                "COMP_CWORD": str(len(words) - 1),
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        return set(done.stdout.split())

    assert {"ticker", "transactions", "transaction"} <= offered("coinbtr t")
    assert "--price" in offered("coinbtr buy --p")
    assert offered("coinbtr buy --profile s") == {"savings", "spending"}
    assert offered("coinbtr ticker --output ") == {"table", "json", "csv"}

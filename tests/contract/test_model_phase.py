"""The phase of the model, as a user runs it: profiles, workers, bounds, and what it prints."""

import re
import subprocess
from pathlib import Path

import pytest

from coinbtr import CoinBTR
from coinbtr.sandbox.server import SandboxServer
from tests.contract.conftest import Command
from tests.contract.tampering import OTHER_TOKEN, TOKEN, TamperedSandbox
from tests.mutants.catalogue import named

MODEL = ("--phase", "model")


def test_a_sandbox_of_its_own_is_started(command: Command) -> None:
    """`sandbox:` needs neither a server nor tokens, and its clock can be moved."""
    outcome = command("sandbox:", *MODEL, "--profile", "quick", tokens=False)
    assert outcome.status == 0, outcome.text
    assert "KEEPS" in outcome.text
    assert "was not tried" not in outcome.text


def test_a_served_sandbox_is_played_on(url: str, command: Command) -> None:
    """The model plays over a socket, too; that its clock can't be moved is said."""
    outcome = command(url, *MODEL, "--profile", "quick")
    assert outcome.status == 0, outcome.text
    assert "the clock of this server can't be moved" in outcome.text.replace("\n", " ")


def test_without_a_second_token_it_says_so(url: str, command: Command) -> None:
    """Exact prediction takes two accounts: without the second one nothing is played."""
    outcome = command(url, *MODEL, "--token", TOKEN, tokens=False)
    assert "The phase model was not tried: it needs --other-token." in outcome.text


@pytest.mark.usefixtures("counted")
def test_time_is_bounded(command: Command) -> None:
    """`--max-time` ends a long profile soon after that many seconds, without a finding."""
    outcome = command("sandbox:", *MODEL, "--profile", "deep", "--max-time", "40", tokens=False)
    assert 100 < outcome.requests < 1_000
    assert outcome.codes == set()


def test_a_seed_repeats_the_plays() -> None:
    """The same seed sends the same requests; another seed sends others."""
    from tests.contract.test_model_findings import requests

    first = requests(seed=1)
    assert len(first) > 1_000
    assert requests(seed=1) == first
    assert requests(seed=2) != first


@pytest.mark.parametrize("target", ["sandbox:", "served"])
def test_workers_play_on_books_of_their_own(target: str, url: str, command: Command) -> None:
    """Two workers disturb each other neither on one server nor on sandboxes of their own."""
    where = url if target == "served" else "sandbox:"
    outcome = command(where, *MODEL, "--profile", "quick", "--workers", "2")
    assert outcome.status == 0, outcome.text
    assert "workers played" not in outcome.text


def test_too_many_workers_are_told(url: str, command: Command) -> None:
    """Balances are exact only if no coin is shared: more workers than such books are not had."""
    outcome = command(url, *MODEL, "--profile", "quick", "--workers", "5")
    assert outcome.status == 0, outcome.text
    assert "2 of 5 workers played" in outcome.text


def _found(
    name: str, sandbox: TamperedSandbox, url: str, command: Command
) -> tuple[list[str], list[str]]:
    """Let a defect be found over a socket, and give the lines of curl and of the facade."""
    sandbox.tamper = named(name).make(sandbox)
    outcome = command(url, *MODEL, "--profile", "full")
    assert outcome.status == 1, outcome.text
    repeat = outcome.text.partition("  repeat  ")[2]
    curl, _, rest = repeat.partition("  facade  ")
    facade = re.split(r"\n(?!  )", rest)[0]
    return [line.strip() for line in curl.splitlines()], [
        line.strip() for line in facade.splitlines()
    ]


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("name", ["the taker pays its own price", "cancelled twice"])
def test_the_lines_of_curl_repeat_a_case(
    name: str, sandbox: TamperedSandbox, url: str, command: Command, tmp_path: Path
) -> None:
    """Pasted into a shell, they send the same requests, ids of new orders included."""
    curl, _ = _found(name, sandbox, url, command)
    script = "\n".join(curl)
    done = subprocess.run(
        ["sh", "-eu", "-c", script],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "COINBTR_TOKEN": TOKEN, "COINBTR_OTHER_TOKEN": OTHER_TOKEN},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, script + done.stderr
    # The last answer is the one that deviates: a success, in both cases.
    assert '"success": true' in done.stdout.splitlines()[-1].replace('":', '": ').replace("  ", " ")


@pytest.mark.usefixtures("unhurried")
def test_the_calls_of_the_facade_repeat_a_case(
    sandbox: TamperedSandbox,
    url: str,
    command: Command,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Run with two clients, `mine` and `other`, they come to what deviates."""
    _, facade = _found("the taker pays its own price", sandbox, url, command)
    with (
        SandboxServer(TamperedSandbox()) as fresh,
        CoinBTR(token=TOKEN, base_url=fresh.base_url) as mine,
        CoinBTR(token=OTHER_TOKEN, base_url=fresh.base_url) as other,
    ):
        exec("\n".join(facade), {"mine": mine, "other": other})  # noqa: S102 - that is the test
    assert "Balance(" in capsys.readouterr().out

"""The command `coinbtr sandbox`: what it prints, keeps, refuses, and how it ends."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import frozen

from coinbtr.sandbox.accounts_file import AccountsFileError, read_accounts

TOKEN = "sandbox-token-of-the-tests"
COMMAND = [sys.executable, "-m", "coinbtr.cli", "sandbox"]


@frozen
class Running:
    """The command as it runs, and what it printed until it was ready."""

    process: subprocess.Popen[str]
    printed: str
    seconds: float

    def line(self, begin: str) -> str:
        """What stands behind the beginning of a line."""
        [found] = re.findall(rf"^{re.escape(begin)} +(.+)$", self.printed, re.MULTILINE)
        return str(found)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal; gives the exit status, and what was printed then."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


@contextmanager
def _running(*arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Running]:
    began = time.monotonic()
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
    )
    try:
        assert process.stdout
        assert process.stderr
        printed = ""
        while "Ctrl-C" not in printed:
            line = process.stdout.readline()
            assert line, printed + process.stderr.read()
            printed += line
        yield Running(process, printed, time.monotonic() - began)
    finally:
        process.kill()
        process.communicate()


def _curl(*arguments: str) -> tuple[int, object]:
    done = subprocess.run(
        ["curl", "-s", "-w", "\n%{http_code}", *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    content, _, code = done.stdout.rpartition("\n")
    return int(code), json.loads(content)


needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@needs_curl
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_and_stops_cleanly(number: signal.Signals) -> None:
    """Banner, address, tokens and secret; each line to try works as it stands; it exits with 0."""
    with _running("--token", TOKEN) as running:
        assert "SANDBOX" in running.printed
        assert running.line("Token (demo):") == TOKEN
        secrets = {running.line(f"{name}:") for name in ("Token (demo)", "Token (other)", "Secret")}
        assert len(secrets) == 3
        lines = re.findall(r"^  (curl .*)$", running.printed, re.MULTILINE)
        assert len(lines) == 3
        for line in lines:
            shown = subprocess.run(
                ["sh", "-c", line], capture_output=True, text=True, check=True, timeout=30
            )
            assert json.loads(shown.stdout)["success"] is True, line
        assert running.seconds < 30, "far beyond a slow machine's second"
        status, out, err = running.stop(number)
    assert status == 0
    assert "nothing was kept" in out
    assert "Traceback" not in out + err


@needs_curl
def test_a_program_of_any_language_drives_it() -> None:
    """`curl` alone places an order, sees it from the control plane, cancels it, and resets all."""
    with _running(env={"COINBTR_SANDBOX_CONTROL_SECRET": "a-secret-of-the-tests"}) as running:
        api, control = running.line("Address:"), running.line("Control plane:")
        control = control.removesuffix("/openapi.json")
        token = ["-H", f"Authorization: Token {running.line('Token (demo):')}"]
        secret = ["-H", "Authorization: Secret a-secret-of-the-tests"]
        kind = ["-H", "Content-Type: application/json"]
        order = '{"market": "btc-mxn", "amount": 0.01, "price": 500000}'
        status, placed = _curl(f"{api}/trading/place/buylimit", *token, *kind, "-d", order)
        assert status == 200
        number = placed["data"]["id"]  # type: ignore[index]  # JSON
        _, seen = _curl(f"{control}/orders?account=demo", *secret)
        assert [one["id"] for one in seen["data"]] == [number]  # type: ignore[index]  # JSON
        body = json.dumps({"id": number})
        status, _ = _curl(f"{api}/trading/cancel/buylimit", *token, *kind, "-d", body)
        assert status == 200
        _, seen = _curl(f"{control}/orders?account=demo", *secret)
        assert seen["data"] == []  # type: ignore[index]  # JSON
        assert _curl(f"{control}/orders?account=demo", *token)[0] == 401
        assert _curl("-X", "POST", f"{control}/reset", *secret)[0] == 200
        assert _curl(f"{api}/trading/getopenorder", *token, *kind, "-d", body)[0] == 404


def test_secrets_come_from_the_environment_or_with_a_warning() -> None:
    """A variable says nothing; an option is warned of, for every user of the machine can see it."""
    variables = {
        "COINBTR_SANDBOX_TOKEN": "token-one",
        "COINBTR_SANDBOX_OTHER_TOKEN": "token-two",
        "COINBTR_SANDBOX_CONTROL_SECRET": "",
    }
    with _running(env=variables) as running:
        assert running.line("Token (demo):") == "token-one"
        assert running.line("Token (other):") == "token-two"
        assert len(running.line("Secret:")) == 40, "an empty variable counts as unset"
        assert running.stop()[2] == ""
    with _running("--token", TOKEN, "--control-secret", "a-secret") as running:
        _, _, err = running.stop()
        assert "COINBTR_SANDBOX_TOKEN" in err
        assert "COINBTR_SANDBOX_CONTROL_SECRET" in err
        assert "OTHER_TOKEN" not in err
        assert TOKEN not in err


@needs_curl
def test_a_file_keeps_the_state(tmp_path: Path) -> None:
    """The second run says what it recovered, and takes the first one's token, whatever its own."""
    file = str(tmp_path / "state.db")
    with _running("--db", file, "--seed", "5", "--durability", "full") as first:
        token = first.line("Token (demo):")
        assert "Recovered" not in first.printed
        status, out, _ = first.stop()
        assert (status, file in out) == (0, True)
    assert token not in Path(file).read_bytes().decode("latin-1")
    with _running("--db", file, "--live") as second:
        assert "4 accounts" in second.line("Recovered")
        assert "seed 5" in second.line("Recovered")
        assert second.line("Token (demo):") != token
        header = f"Authorization: Token {token}"
        assert _curl("-H", header, f"{second.line('Address:')}/wallet/listbalances")[0] == 200
        third = subprocess.run(
            [*COMMAND, "--port", "0", "--db", file],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (third.returncode, "open" in third.stderr) == (4, True)


@needs_curl
def test_accounts_come_from_a_file(tmp_path: Path) -> None:
    """With balances, levels and tokens; a token that isn't given is made and printed."""
    file = tmp_path / "accounts.yaml"
    file.write_text(
        "accounts:\n"
        "  - username: ana\n"
        "    level: 3\n"
        "    balances: {btc: 0.10000001, MXN: 5}\n"
        "    tokens: [{token: a-token-of-ana, withdraw: false}]\n"
        "  - username: bob\n"
        "  - {username: demo, tokens: [{token: reads-only, trade: false}]}\n"
    )
    with _running("--accounts", str(file)) as running:
        api = running.line("Address:")
        _, balance = _curl(
            f"{api}/wallet/getbalance?coin=btc", "-H", "Authorization: Token a-token-of-ana"
        )
        assert balance["data"]["available"] == 0.10000001  # type: ignore[index]  # JSON
        bob = f"Authorization: Token {running.line('Token (bob):')}"
        _, profile = _curl(f"{api}/wallet/user/profile", "-H", bob)
        assert profile["data"]["username"] == "bob"  # type: ignore[index]  # JSON
        _, session = _curl(f"{api}/user/session", "-H", "Authorization: Token reads-only")
        assert session["data"]["username"] == "demo"  # type: ignore[index]  # JSON
        assert session["data"]["token"]["permissions"]["trade"] is False  # type: ignore[index]  # JSON


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[{username: ana, levl: 1}]", ["accounts.0.levl", "level"]),
        ("[{level: 1}]", ["accounts.0.username", "required"]),
        ("[{username: ana, level: 0}]", ["accounts.0.level", "1 or more"]),
        ("[{username: ana, balances: {btc: 0.000000001}}]", ["balances.btc", "8 decimals"]),
        ("[{username: ana, balances: {btc: '1'}}]", ["balances.btc", "number"]),
        ("[{username: ana, balances: {doge: 1}}]", ["accounts.0.balances", "DASH"]),
        ("[{username: demo, balances: {btc: 1}}]", ["accounts.0.balances", "tokens only"]),
        ("[{username: other, level: 2}]", ["accounts.0.level", "tokens only"]),
        ("[{username: ana}, {username: ana}]", ["accounts.1.username", "above"]),
        ("[{username: ana, tokens: [{token: short}]}]", ["tokens.0.token", "8 characters"]),
        ("[{username: ana, tokens: [{allowed_ips: [here]}]}]", ["accounts.0.tokens", "network"]),
        ("[]", ["accounts", "1 entries"]),
        ("{", ["YAML"]),
    ],
)
def test_a_bad_file_of_accounts_is_explained(
    tmp_path: Path, content: str, words: list[str]
) -> None:
    """The field, and what would be right; a token in it is not repeated."""
    file = tmp_path / "accounts.yaml"
    file.write_text(f"accounts: {content}")
    with pytest.raises(AccountsFileError) as caught:
        read_accounts(file)
    assert all(word in str(caught.value) for word in words), caught.value
    assert "\n" not in str(caught.value)
    assert "short" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "- ana", "accounts"])
def test_a_file_that_is_no_object_is_explained(tmp_path: Path, content: str) -> None:
    """The sentence speaks of the file, and of what it must have."""
    file = tmp_path / "accounts.yaml"
    file.write_text(content)
    with pytest.raises(
        AccountsFileError, match=r"accounts\.yaml: .*object with the field accounts"
    ):
        read_accounts(file)


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    """Each mistake ends with a sentence, no traceback, and a status: 2 wrong use, 4 can't run."""
    (tmp_path / "bad.yaml").write_text("accounts: [{}]")
    (tmp_path / "no.db").write_bytes(b"not a database at all, but long enough" * 50)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments, status, words in (
            (["--port", port], 4, "--port 0"),
            (["--port", "0", "--db", str(tmp_path / "no.db")], 4, "no.db"),
            (["--port", "0", "--host", "10.0.0.1"], 2, "loopback"),
            (["--host", "203.0.113.1", "--expose", "api"], 4, "address of this machine"),
            (["--port", "0", "--token", "two words"], 2, "visible ASCII"),
            (["--port", "0", "--token", "one", "--other-token", "one"], 2, "differ"),
            (["--port", "0", "--accounts", str(tmp_path / "none")], 2, "No such file"),
            (["--port", "0", "--accounts", str(tmp_path / "bad.yaml")], 2, "0.username"),
            (["--port", "0", "--durability", "some"], 2, "full"),
        ):
            done = subprocess.run(
                [*COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=60
            )
            assert (done.returncode, words in done.stderr) == (status, True), done.stderr
            assert "Traceback" not in done.stderr


def test_the_quick_way_to_it_is_the_same_command() -> None:
    """`coinbtr sandbox` loads no other command, and explains itself as it does among the others."""
    ways = ("coinbtr.cli.app import app", "coinbtr.cli.sandbox import alone as app")
    quick, told = "print('coinbtr.cli.market' in sys.modules)", set()
    for way in ways:
        script = f"import sys; from {way}; app(['sandbox', '--help'], prog_name='coinbtr')"
        asked = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
        )
        told.add(asked.stdout)
    assert len(told) == 1
    assert "--durability" in told.pop()
    script = f"import sys, coinbtr.cli.sandbox; {quick}"
    asked = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert asked.stdout.strip() == "False"


@needs_curl
def test_requests_are_logged_on_demand() -> None:
    """As lines of JSON on stderr, without a token; and not at all unless asked for."""
    for arguments, lines in (([], 0), (["--log-format", "json"], 1)):
        with _running(*arguments) as running:
            token = running.line("Token (demo):")
            header = f"Authorization: Token {token}"
            _curl("-H", header, f"{running.line('Address:')}/wallet/listbalances")
            _, _, err = running.stop()
        logged = [json.loads(line) for line in err.splitlines()]
        assert [one["operation"] for one in logged] == ["listBalances"] * lines
        assert token not in err


@needs_curl
def test_the_control_plane_stays_here_when_the_api_is_exposed() -> None:
    """`--expose api` listens everywhere; whether a caller may control is decided by its address."""
    with _running("--expose", "api") as running:
        port = running.line("Address:").split(":")[2].split("/")[0]
        secret = f"Authorization: Secret {running.line('Secret:')}"
        own = _own_address()
        if own is None:
            pytest.skip("this machine has no address but loopback")
        market = f"http://{own}:{port}/api/v1/market/listbooks"
        assert _curl(market)[0] == 200
        assert _curl("-H", secret, f"http://{own}:{port}/_sandbox/overview")[0] == 403
    with _running("--expose", "all") as running:
        port = running.line("Address:").split(":")[2].split("/")[0]
        secret = f"Authorization: Secret {running.line('Secret:')}"
        assert _curl("-H", secret, f"http://{own}:{port}/_sandbox/overview")[0] == 200


def _own_address() -> str | None:
    """An address of this machine that isn't loopback, found without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address

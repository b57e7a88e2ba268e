"""The exit status tells a program what happened, and stderr a person: in one sentence."""

import inspect
import socket
from collections.abc import Callable

import pytest

from coinbtr import errors
from coinbtr.cli.status import Status, status_of
from coinbtr.sandbox import Sandbox
from coinbtr.sending.intent import Intent
from tests.cli.conftest import process, run
from tests.facade.faults.front import HTML, Trouble, fronting, instead

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.CoinBTRError)
]


def nobody() -> str:
    """A base URL where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{bound.getsockname()[1]}/api/v1"


@pytest.mark.parametrize(
    "command",
    [("ticker", "abc-mxn"), ("balance", "abc"), ("order", "1"), ("transaction", "999999")],
)
def test_1_for_a_refusal(command: tuple[str, ...], at_sandbox: None) -> None:
    """What the exchange refuses ends with 1 and its words, on stderr only."""
    done = run(*command)
    assert (done.status, done.out) == (1, "")
    (sentence,) = (line for line in done.err.splitlines() if "note:" not in line)
    assert sentence.startswith(f"coinbtr {command[0]}: ")


def test_1_for_a_wrong_token(at_sandbox: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that the exchange doesn't know is refused."""
    monkeypatch.setenv("COINBTR_TOKEN", "unknown")
    done = run("balances")
    assert done.status == 1
    assert "invalid_token" in done.err


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("balance", "b!"), "coin must be"),
        (("ticker",), "coinbtr config set book"),
        (("order", "0"), "order_id must be"),
        (("buy", "btc-mxn", "--amount", "1e5", "--price", "1"), "no exponent"),
        (("balances", "--base-url", "http://example.org/api/v1"), "https"),
        (("balances", "--base-url", "https://user:secret@example.org"), "user or password"),
        (("balances", "--live", "--base-url", "https://example.org"), "--live"),
        (("balances", "--profile", "nobody"), "no profile"),
        (("balances", "--timeout", "0"), "timeout"),
        (("ticker", "btc-mxn", "--watch", "--interval", "0"), "interval"),
        (("orders", "--limit", "101"), "--limit"),
        (("orders", "--output", "xml"), "--output"),
        (("moon",), "moon"),
    ],
)
def test_2_for_wrong_use(command: tuple[str, ...], sentence: str, at_sandbox: None) -> None:
    """What can't be meant is said in a sentence, before anything is sent."""
    done = run(*command)
    assert (done.status, done.out) == (2, "")
    assert sentence in done.err
    assert "secret" not in done.err


def test_2_without_a_token_or_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are asked for by name."""
    assert "COINBTR_BASE_URL" in run("balances").err
    monkeypatch.setenv("COINBTR_BASE_URL", "http://127.0.0.1:1/api/v1")
    done = run("balances")
    assert done.status == 2
    assert "COINBTR_TOKEN" in done.err


def test_4_when_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that can't be reached ends with 4."""
    done = run("ticker", "btc-mxn", "--base-url", nobody(), "--timeout", "0.2")
    assert (done.status, done.out) == (4, "")
    assert "no connection" in done.err


@pytest.mark.parametrize("spoil", [instead(200, HTML), instead(502, HTML), instead(200, b"{")])
def test_4_for_what_is_no_answer(
    spoil: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTML, a proxy's error and truncated JSON are no answers of the exchange."""
    sandbox = Sandbox()
    with fronting(sandbox) as front:
        front.trouble = Trouble(spoil, times=9)
        done = run("balances", "--base-url", front.url, "--token", sandbox.token)
    assert done.status == 4
    assert "Traceback" not in done.err
    assert sandbox.token not in done.err + done.out


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_error_has_its_status(kind: type[errors.CoinBTRError]) -> None:
    """By its branch of the tree: each error ends with the status that its meaning asks for."""
    error = kind.__new__(kind)
    wanted = Status.UNREACHABLE
    if kind is errors.OutcomeUnknown:
        wanted = Status.UNKNOWN
        error = errors.OutcomeUnknown("?", intent=Intent(operation="withdraw"))
    elif issubclass(kind, (errors.Refused, errors.GuardRailError, errors.EmptyBook)):
        wanted = Status.REFUSED
    elif issubclass(kind, (errors.ArgumentError, errors.ConfigurationError, errors.IntentLogError)):
        wanted = Status.WRONG_USE
    assert status_of(error) is wanted


def test_a_limit_that_could_not_be_checked_is_no_refusal() -> None:
    """If the network kept a guard rail from being checked, that is what the status says."""
    error = errors.GuardRailUnchecked.__new__(errors.GuardRailUnchecked)
    error.__cause__ = errors.NoConnection("gone")
    assert status_of(error) is Status.UNREACHABLE


@pytest.mark.parametrize(
    "command",
    [
        ("balances",),
        ("buy", "btc-mxn", "--amount", "0.01", "--price", "900000", "--yes"),
        ("session", "-o", "json"),
        ("balances", "--base-url", "nonsense"),
        ("withdraw", "btc", "--amount", "1", "--address", "short", "--yes"),
    ],
)
def test_a_token_is_never_printed(
    command: tuple[str, ...], sandbox: Sandbox, at_sandbox: None
) -> None:
    """Neither stdout nor stderr ever holds it, whatever goes wrong."""
    done = process(*command)
    assert sandbox.token not in done.out + done.err


def test_a_token_on_the_command_line_is_warned_of(
    server: object, sandbox: Sandbox, at_sandbox: None
) -> None:
    """--token works, and says that the list of processes shows it."""
    done = run("balances", "--token", sandbox.token)
    assert done.status == 0
    assert "processes" in done.err
    assert sandbox.token not in done.out + done.err

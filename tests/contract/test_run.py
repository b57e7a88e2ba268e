"""A whole run against the sandbox: green, complete, repeatable, and silent about tokens."""

import re
from pathlib import Path

import pytest

from coinbtr.contract import PHASES, RULES, Options, Verdict, run
from coinbtr.contract.catalogue import PROBES
from coinbtr.contract.operations import operations
from coinbtr.contract.quantise import quantise
from coinbtr.sandbox.server import SandboxServer
from coinbtr.wire.engine import ExchangeBroken, Request, Response
from coinbtr.wire.httpx_engine import HttpxEngine
from tests.contract.conftest import Command
from tests.contract.tampering import OTHER_TOKEN, TOKEN, Handle, TamperedSandbox


def test_the_sandbox_keeps_to_the_description(url: str, command: Command) -> None:
    """The suite's profile, all phases, is green on the sandbox, and tries every operation."""
    outcome = command(url, "--profile", "quick")
    assert outcome.status == 0, outcome.text
    assert "KEEPS" in outcome.text
    tried = dict(re.findall(r"^(\w+)(?: \(inferred\))? +([\d,]+) ", outcome.text, re.MULTILINE))
    untried = [name for name in operations() if tried.get(name, "0") == "0"]
    assert untried == []
    assert all(re.search(rf"^  {phase} ", outcome.text, re.MULTILINE) for phase in PHASES)


def _sent(seed: int) -> list[tuple[str, str, bytes]]:
    """Run the generating phases on a fresh sandbox, and give everything that reached it."""
    sent: list[tuple[str, str, bytes]] = []

    def record(request: Request, handle: Handle) -> Response:
        sent.append((request.method, request.url, request.content))
        return handle(request)

    sandbox = TamperedSandbox()
    sandbox.tamper = record
    engine = HttpxEngine()
    with SandboxServer(sandbox) as server:
        options = Options(
            url=server.base_url,
            token=TOKEN,
            other_token=OTHER_TOKEN,
            seed=seed,
            profile="quick",
            phases=("fuzzing", "stateful"),
            operations=("placeBuyLimitOrder", "getOpenOrder", "cancelBuyLimitOrder"),
        )
        report = run(options, engine, progress=lambda *_: None)
    engine.close()
    assert report.verdict is Verdict.KEEPS, report.findings
    return sent


def test_a_seed_repeats_a_run() -> None:
    """The same seed sends the same requests in the same order; another seed sends others."""
    first = _sent(1)
    assert len(first) > 100
    assert _sent(1) == first
    assert _sent(2) != first


def test_no_token_is_printed(sandbox: TamperedSandbox, url: str, command: Command) -> None:
    """Neither a finding nor a curl line shows a token, even where the server repeats it."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        body = response.content.replace(b'"level":1', f'"level":"{TOKEN}"'.encode())
        return Response(status=response.status, headers=response.headers, content=body)

    sandbox.tamper = tamper
    for phase in ("tokens", "accounts", "fuzzing"):
        outcome = command(
            url, "--operation", "getProfile", "--operation", "getOpenOrder", "--phase", phase
        )
        assert TOKEN not in outcome.text
        assert OTHER_TOKEN not in outcome.text
        if phase == "fuzzing":
            assert outcome.status == 1, outcome.text
            assert "Authorization: Token $COINBTR_TOKEN" in outcome.text


def test_nothing_of_the_environment_joins_a_generated_request(
    sandbox: TamperedSandbox,
    url: str,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """No proxy is asked, which would see the token, and no password of a .netrc takes its place."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.invalid:3128")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    passwords = tmp_path / "netrc"
    passwords.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(passwords))
    sent: set[str] = set()

    def tamper(request: Request, handle: Handle) -> Response:
        sent.add(request.headers.get("authorization", "").partition(" ")[0])
        return handle(request)

    sandbox.tamper = tamper
    phases = ("--phase", "examples", "--phase", "stateful", "--profile", "quick")
    chosen = ("--operation", "placeBuyLimitOrder", "--operation", "getOpenOrder")
    outcome = command(url, *phases, *chosen)
    assert outcome.status == 0, outcome.text
    assert "Token" in sent
    assert "Basic" not in sent


def test_every_rule_has_a_sentence_and_a_user() -> None:
    """Each probe and check names rules of the catalogue; each rule is a sentence."""
    assert all(re.fullmatch(r"C[1-7]\d\d", code) for code in RULES)
    assert all(text.endswith(".") for text in RULES.values())


def test_every_operation_is_part_of_a_probe_or_of_all() -> None:
    """An operation that is added to the description is tried by probes that take all of them."""
    assert any(probe.operations is None for probe in PROBES)
    known = set(operations())
    assert all(probe.operations <= known for probe in PROBES if probe.operations is not None)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (0.30000000000000004, 0.3),
        (5e-324, 1e-08),
        ({"price": [0.1 + 0.7]}, {"price": [0.8]}),
        (-1e-300, -1e-300),
        (0.0, 0.0),
        (10**400, 10**400),
        ("0.123456789", "0.123456789"),
    ],
)
def test_generated_amounts_are_brought_to_eight_decimals(given: object, wanted: object) -> None:
    """What the schema allows becomes valid; what was meant to be a fault stays one."""
    assert quantise(given) == wanted


def test_a_broken_connection_is_a_finding(sandbox: TamperedSandbox) -> None:
    """A request that the server took and didn't answer is taken down (rule C105)."""

    class Broken:
        def send(self, request: Request) -> Response:
            if request.url.endswith("/market/listbooks"):
                raise ExchangeBroken("the connection broke")
            return sandbox.handle(request)

        def close(self) -> None:
            """Hold nothing."""

    options = Options(url=sandbox.base_url, token=sandbox.token, phases=("market",))
    report = run(options, Broken(), progress=lambda *_: None)
    assert [finding.code for finding in report.findings] == ["C105"]
    assert report.verdict is Verdict.DEVIATES

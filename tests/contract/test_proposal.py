"""What a server answers otherwise becomes a proposal, which makes the description fit."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from coinbtr import CoinBTR, description
from coinbtr.contract import Options, Report, Verdict, load_description, run
from coinbtr.contract.operations import described_by, operations
from coinbtr.contract.proposal import proposed
from coinbtr.sandbox import Sandbox
from coinbtr.wire.engine import Request, Response
from scripts.rulings import carriers
from tests.contract.conftest import Command
from tests.contract.server_of_2019 import BASE_URL, ServerOf2019
from tests.contract.tampering import TOKEN, Handle, TamperedSandbox


def _run(server: ServerOf2019, token: str = TOKEN) -> Report:
    return run(Options(url=BASE_URL, token=token), server, progress=lambda *_: None, pace=0.0)


@pytest.fixture(scope="module")
def server() -> ServerOf2019:
    """A server of 2019 with an open order and a withdrawal."""
    made = ServerOf2019()
    with CoinBTR(
        token=TOKEN, base_url=made.sandbox.base_url, engine=made.sandbox.engine()
    ) as exchange:
        exchange.trading.buy_limit("btc-mxn", amount="0.01", price="500000")
    return made


@pytest.fixture(scope="module")
def deviating(server: ServerOf2019) -> Report:
    """A run against it with our own description."""
    return _run(server)


@pytest.fixture(scope="module")
def proposal(deviating: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The overlay that this run proposes."""
    path = tmp_path_factory.mktemp("proposal") / "overlay.yaml"
    path.write_text(proposed(deviating)[0], encoding="utf-8")
    return path


def test_the_proposal_makes_the_next_run_green(
    server: ServerOf2019, deviating: Report, proposal: Path
) -> None:
    """From one run on 2019's shapes: with the proposal applied the same server keeps."""
    assert deviating.verdict is Verdict.DEVIATES
    with described_by(load_description(proposal)):
        again = _run(server)
    assert again.findings == ()
    assert again.verdict is Verdict.KEEPS
    assert {name for name, tally in again.tallies.items() if tally.tried} == {
        name for name, one in operations().items() if one.effect == "read"
    }


def test_a_ruling_stub_stands_for_each_change(proposal: Path) -> None:
    """Each is of confidence `observed`, says what was seen, and something rests on it."""
    overlay = description.parse(proposal.read_bytes())
    rulings = overlay["actions"][-1]["update"]
    assert overlay["actions"][-1]["target"] == "$['x-rulings']"
    known = description.load()["x-rulings"]
    assert len(rulings) > 20
    assert not set(rulings) & set(known)
    text = proposal.read_text(encoding="utf-8")
    for name, ruling in rulings.items():
        assert set(ruling) == set(known["R001"]) - {"quotes"}
        assert ruling["confidence"] == "observed"
        assert "seen by the contract test" in ruling["evidence"]
        assert text.count(f"- {name}\n") >= 1, name


def test_each_ruling_is_named_once(proposal: Path) -> None:
    """In the description with the proposal applied no part names a ruling twice."""
    whole = load_description(proposal)
    named = [part["x-provenance"].get("rulings", []) for _, part in carriers(whole)]
    assert [one for one in named if len(set(one)) < len(one)] == []
    used = {ruling for one in named for ruling in one}
    assert used == set(whole["x-rulings"])


def test_the_proposal_tells_no_values(proposal: Path, server: ServerOf2019) -> None:
    """Shapes only: no token, address, amount or name of the account."""
    text = proposal.read_text(encoding="utf-8")
    with CoinBTR(
        token=TOKEN, base_url=server.sandbox.base_url, engine=server.sandbox.engine()
    ) as exchange:
        secrets = [TOKEN, "demo"]
        for one in exchange.wallet.balances():
            secrets += [one.deposit_address or TOKEN, f"{one.available:f}"]
    assert [one for one in secrets if one in text] == []


def test_with_it_another_server_is_seen_to_deviate(proposal: Path) -> None:
    """It doesn't allow everything: held to 2019's shapes, a change of them is found."""
    server = ServerOf2019()
    send = server.send

    def changed(request: Request) -> Response:
        response = send(request)
        content = response.content.replace(b'"wallets"', b'"purses"')
        return Response(status=response.status, headers=response.headers, content=content)

    server.send = changed  # type: ignore[method-assign]  # a defect
    with described_by(load_description(proposal)):
        report = _run(server)
    assert {one.operation for one in report.findings} == {"listBalances"}


def test_refusals_in_other_shapes_are_proposed(tmp_path: Path) -> None:
    """A bare `detail` at 401 becomes part of the description of errors."""
    server = ServerOf2019()
    first = _run(server, token="no-such-token")
    assert first.verdict is Verdict.DEVIATES
    path = tmp_path / "overlay.yaml"
    path.write_text(proposed(first)[0], encoding="utf-8")
    with described_by(load_description(path)):
        assert _run(server, token="no-such-token").findings == ()


def test_a_status_that_is_not_documented_is_proposed(tmp_path: Path) -> None:
    """402 becomes an answer of its operation; that it refuses what is allowed stays a finding."""
    sandbox = Sandbox(token=TOKEN)

    class Paid:
        def send(self, request: Request) -> Response:
            if "/market/listbooks" in request.url:
                content = b'{"success": false, "msg": "pay", "price": 5}'
                headers = {"content-type": "application/json"}
                return Response(status=402, headers=headers, content=content)
            return sandbox.handle(request)

        def close(self) -> None:
            """Hold nothing."""

    options = Options(url=BASE_URL, profile="live", operations=("listBooks",))
    first = run(options, Paid(), progress=lambda *_: None, pace=0.0)
    assert {one.code for one in first.findings} == {"C102"}
    path = tmp_path / "overlay.yaml"
    path.write_text(proposed(first)[0], encoding="utf-8")
    with described_by(load_description(path)):
        again = run(options, Paid(), progress=lambda *_: None, pace=0.0)
    assert {one.code for one in again.findings} == {"C201"}
    unsaid = description.parse(proposed(again)[0].encode())["x-not-proposed"]
    assert [one["rule"] for one in unsaid] == ["C201"]


def test_where_nothing_deviates_nothing_is_proposed(
    url: str, command: Command, tmp_path: Path
) -> None:
    """On the sandbox the overlay has no actions, and the command says so."""
    path = tmp_path / "overlay.yaml"
    outcome = command(url, "--phase", "market", "--propose", str(path))
    assert outcome.status == 0, outcome.text
    assert "nothing to propose" in outcome.text
    assert description.parse(path.read_bytes())["actions"] == []


def quoting(names: bytes) -> Callable[[Request, Handle], Response]:
    """Write the numbers of some fields as text."""

    def quoted(request: Request, handle: Handle) -> Response:
        response = handle(request)
        content = re.sub(rb'"(%b)":([0-9.]+)' % names, rb'"\1":"\2"', response.content)
        return Response(status=response.status, headers=response.headers, content=content)

    return quoted


def test_the_command_proposes_and_takes_the_proposal(
    sandbox: TamperedSandbox, url: str, command: Command, tmp_path: Path
) -> None:
    """`--propose FILE`, then `--spec FILE`: the same server keeps, with the same command."""
    sandbox.tamper = quoting(rb"m[a-z]+_[a-z]+")
    path = str(tmp_path / "overlay.yaml")
    first = command(url, "--profile", "live", "--operation", "listBooks", "--propose", path)
    assert first.status == 1, first.text
    assert "rulings proposed" in first.text
    again = command(url, "--profile", "live", "--operation", "listBooks", "--spec", path)
    assert again.status == 0, again.text


def test_what_reads_another_shape_is_left_out_with_another_description(
    sandbox: TamperedSandbox, url: str, command: Command, tmp_path: Path
) -> None:
    """Prices as text, as `--spec` has them, are no finding of what reads numbers: a note tells."""
    sandbox.tamper = quoting(rb"last|bid|ask")
    path = str(tmp_path / "overlay.yaml")
    command(url, "--profile", "live", "--operation", "getTicker", "--propose", path)
    phases = ("orders", "market", "model")
    options = [word for phase in phases for word in ("--phase", phase)]
    outcome = command(url, "--profile", "quick", *options, "--spec", path)
    assert outcome.status == 0, outcome.text
    why = "getTicker answers in another shape than it reads."
    assert f"Note: The phase orders was not tried to its end: {why}" in outcome.text
    assert f"Note: The phase market was not tried to its end: {why}" in outcome.text
    assert f"Note: The phase model was not tried: {why}" in outcome.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[]", "neither a description nor an overlay"),
        ("a: b", "openapi: …"),
        ("{", "--spec"),
        ("openapi: 3.1.0", "no description of this API"),
        ("overlay: 2.0.0\nactions: []", "version 2.0.0"),
        ("overlay: 1.0.0\nactions: [{target: $.nothing, remove: true}]", "selects nothing"),
        ("overlay: 1.0.0\nactions: [{target: '$[', remove: true}]", "action 1"),
        ("overlay: 1.0.0\nactions: [{remove: true}]", "no target"),
        (
            "overlay: 1.0.0\nactions:\n- target: $.paths['/user/session']\n  remove: true",
            "getSession",
        ),
    ],
)
def test_another_description_must_be_one(
    content: str, sentence: str, tmp_path: Path, command: Command
) -> None:
    """A file that is neither is wrong use, with a sentence; nothing is sent."""
    path = tmp_path / "spec.yaml"
    path.write_text(content, encoding="utf-8")
    outcome = command("http://127.0.0.1:1/api/v1", "--spec", str(path))
    assert outcome.status == 2, outcome.text
    assert sentence in outcome.text


def test_our_own_description_may_be_given_as_a_file(url: str, command: Command) -> None:
    """`--spec` with the file that is the default changes nothing, generated phases included."""
    arguments = ["--operation", "getTicker", "--phase", "coverage", "--phase", "market"]
    outcome = command(url, "--spec", str(description.path()), *arguments)
    assert outcome.status == 0, outcome.text

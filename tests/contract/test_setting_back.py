"""What deviates is played again from how it was at first: a defect may spoil the accounts."""

import pytest
from attrs import define, evolve, field

from coinbtr.cli import contract_server
from coinbtr.cli.contract_server import served
from coinbtr.wire.engine import Request, Response
from tests.contract.conftest import Command
from tests.contract.tampering import Handle, Tamper, TamperedSandbox, answered
from tests.contract.test_model_findings import play
from tests.mutants.catalogue import named

SECRET = "the-secret-of-another-sandbox"


def test_cases_are_short_although_the_accounts_are_spoiled() -> None:
    """Each case has at most 5 requests, where lists are wrong for good after the first of them."""
    findings = play(named("foreign trades listed"), profile="full").findings
    assert findings
    for finding in findings:
        assert len(finding.curl.splitlines()) <= 5, finding.curl


@pytest.mark.usefixtures("unhurried")
def test_a_served_sandbox_is_set_back(sandbox: TamperedSandbox, url: str, command: Command) -> None:
    """With the secret of its control plane cases are short over a socket, too; no trace is left."""
    sandbox.tamper = named("every withdrawal twice").make(sandbox)
    secret = ("--control-secret", sandbox.control_secret)
    outcome = command(url, "--phase", "model", "--profile", "full", *secret)
    assert outcome.status == 1, outcome.text
    cases = outcome.text.split("  repeat  ")[1:]
    assert cases
    for case in cases:
        assert case.count("curl ") <= 5, case
    assert sandbox.snapshots() == ()
    assert sandbox.control_secret not in outcome.text


def test_a_wrong_secret_is_told(url: str, command: Command) -> None:
    """The command ends with status 2 before it sends anything else."""
    outcome = command(url, "--phase", "market", "--control-secret", SECRET)
    assert outcome.status == 2, outcome.text
    assert "--control-secret: the control plane answered 401" in outcome.text
    assert SECRET not in outcome.text


@define
class Elsewhere:
    """A server that takes everything, and is no sandbox."""

    seen: list[Request] = field(factory=list)

    def send(self, request: Request) -> Response:
        """Answer a success without a word about a sandbox."""
        self.seen.append(request)
        return Response(status=200, content=b'{"service":"coinbtr-sandbox"}')

    def close(self) -> None:
        """Hold nothing."""


def test_the_secret_goes_to_sandboxes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that doesn't prove to be one is asked whether it is, and told nothing."""
    server = Elsewhere()
    monkeypatch.setattr(contract_server, "HttpxEngine", lambda **_: server)
    with served("https://example.org/api/v1", None, None, SECRET) as connection:
        assert (connection.control, connection.reset, connection.token) == (None, None, None)
    [asked] = server.seen
    assert asked.url == "https://example.org/_sandbox/health"
    assert not any(SECRET in value for value in asked.headers.values())


def test_what_happens_once_does_not_end_the_search() -> None:
    """A failure that can't be played again is told, and so is what deviates always."""
    never = named("the volume never expires")
    failed: list[Request] = []

    def make(sandbox: TamperedSandbox) -> Tamper:
        wrong = never.make(sandbox)

        def once(request: Request, handle: Handle) -> Response:
            response = wrong(request, handle)
            if "/place/" in request.url and not failed:
                failed.append(request)
                return answered(response, {"success": False, "msg": "No"}, status=500)
            return response

        return once

    mutant = evolve(never, operations="", rules="C101 C607", make=make)
    found = {finding.code for finding in play(mutant, profile="full").findings}
    assert found >= set(mutant.rules)

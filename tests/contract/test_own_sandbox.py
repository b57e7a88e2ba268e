"""A sandbox that issued the tokens itself is held to them, and to saying that it is one."""

from pathlib import Path

import pytest

from coinbtr.cli.contract_server import Embedded
from coinbtr.contract import Options, Report, Verdict, reports, run
from coinbtr.contract.server import HEALTH_PATH
from coinbtr.wire.engine import ExchangeBroken, Request, Response
from tests.contract.conftest import Command
from tests.contract.tampering import OTHER_TOKEN, TOKEN, Handle, TamperedSandbox, answered
from tests.mutants.making import by
from tests.mutants.sequence import InProcess

REFUSAL = {"success": False, "msg": {"error": "No.", "code": "invalid_token"}}


def forgets(request: Request, handle: Handle) -> Response:
    """Know no token but the one that the sandbox began with."""
    response = handle(request)
    is_known = by(request) in ("", f"Token {TOKEN}") or "/_sandbox/" in request.url
    return response if is_known else answered(response, REFUSAL, status=401)


def judged(sandbox: TamperedSandbox, *, issued: tuple[str, ...], profile: str = "quick") -> Report:
    """Test one phase of it."""
    options = Options(
        url=sandbox.base_url,
        token=TOKEN,
        other_token=OTHER_TOKEN,
        profile=profile,
        phases=("market",),
    )
    engine = Embedded(InProcess(sandbox))
    return run(options, engine, progress=lambda *_: None, issued=issued, pace=0.0)


def codes(report: Report) -> set[tuple[str, str]]:
    """Rules, and where they were broken."""
    return {(finding.code, finding.operation) for finding in report.findings}


def test_a_token_that_it_issued_must_be_accepted(sandbox: TamperedSandbox) -> None:
    """C305 where the sandbox issued the token; a user's own may be a mistake of his."""
    sandbox.tamper = forgets
    found = judged(sandbox, issued=("mine", "other"))
    assert (found.verdict, codes(found)) == (Verdict.DEVIATES, {("C305", "getSession")})
    for issued in ((), ("mine",)):
        untested = judged(sandbox, issued=issued)
        assert (untested.verdict, untested.findings) == (Verdict.COULD_NOT_TEST, ())
        assert untested.problem == "the server does not know the token of --other-token"


@pytest.mark.parametrize(("tamper", "status"), [(None, 0), (forgets, 1)])
def test_with_the_secret_it_issues_what_is_missing(
    tamper: object, status: int, sandbox: TamperedSandbox, url: str, command: Command
) -> None:
    """The secret of its control plane stands for tokens; they are revoked in the end."""
    sandbox.tamper = tamper  # type: ignore[assignment]  # one of the two
    before = sandbox.tokens()
    secret = ("--control-secret", sandbox.control_secret)
    outcome = command(url, "--phase", "market", *secret, tokens=False)
    assert outcome.status == status, outcome.text
    assert outcome.codes == ({"C305"} if status else set())
    assert sandbox.tokens() == before


def test_a_wrong_token_of_the_user_stays_his_mistake(
    sandbox: TamperedSandbox, url: str, command: Command
) -> None:
    """4 although the secret is right: the sandbox did not issue that token."""
    secret = ("--control-secret", sandbox.control_secret)
    outcome = command(url, "--token", "no-such-token", *secret, tokens=False)
    assert (outcome.status, outcome.codes) == (4, set()), outcome.text


def unwell(status: int, content: bytes = b"") -> object:
    """Answer the health check otherwise; 0 breaks the connection."""

    def tamper(request: Request, handle: Handle) -> Response:
        if not request.url.endswith(HEALTH_PATH):
            return handle(request)
        if not status:
            raise ExchangeBroken("the connection broke")
        return Response(status=status, content=content)

    return tamper


@pytest.mark.parametrize(
    ("status", "code", "of_any"),
    [(500, "C101", True), (0, "C105", True), (404, "C121", False), (200, "C121", False)],
)
def test_a_health_check_is_judged(
    status: int, code: str, of_any: bool, sandbox: TamperedSandbox, tmp_path: Path
) -> None:
    """A failure or a broken connection is a finding; that it is no sandbox only of our own."""
    sandbox.tamper = unwell(status)  # type: ignore[assignment]  # it is one
    own = judged(sandbox, issued=("mine", "other"))
    assert (own.verdict, codes(own)) == (Verdict.DEVIATES, {(code, "getHealth")})
    reports.write(own, tmp_path)
    assert "getHealth" in (tmp_path / "junit.xml").read_text(encoding="utf-8")
    other = judged(sandbox, issued=())
    assert codes(other) == ({(code, "getHealth")} if of_any else set())
    assert other.verdict is (Verdict.DEVIATES if of_any else Verdict.COULD_NOT_TEST)
    # Who only reads holds nobody to a path that the exchange has not.
    assert judged(sandbox, issued=(), profile="live").verdict is Verdict.KEEPS


def test_a_sandbox_that_fails_breaks_the_connection(sandbox: TamperedSandbox) -> None:
    """An exception within the process is a finding, as a broken connection is on a socket."""

    def fail(request: Request, handle: Handle) -> Response:
        if request.url.endswith("/listbooks"):
            raise KeyError("books")
        return handle(request)

    sandbox.tamper = fail
    assert ("C105", "listBooks") in codes(judged(sandbox, issued=("mine", "other")))

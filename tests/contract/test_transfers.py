"""Transfers go on with the blocks of their coin; the control plane moves the clock and deposits."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from coinbtr.cli.contract_control import ControlPlane
from coinbtr.contract import Options, Report, Verdict, run
from coinbtr.contract.control import Control
from coinbtr.sandbox import ManualClock
from coinbtr.wire.engine import Request, Response
from tests.contract.conftest import Command
from tests.contract.tampering import OTHER_TOKEN, TOKEN, Handle, Tamper, TamperedSandbox, answered
from tests.contract.tampering import document as body_of
from tests.mutants.making import operation
from tests.mutants.sequence import InProcess

Edit = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def told(name: str, edit: Edit) -> Tamper:
    """Change what a list of transfers tells."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if operation(request) != name or response.status != 200:
            return response
        body = body_of(response)
        return answered(response, {**body, "data": edit(body["data"])})

    return tamper


def always(status: str) -> Edit:
    """Tell one status of everything."""
    return lambda entries: [{**one, "status": status} for one in entries]


def never(status: str, instead: str) -> Edit:
    """Tell another status in the place of one."""
    return lambda entries: [
        {**one, "status": instead if one["status"] == status else one["status"]} for one in entries
    ]


def unlisted(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what the control plane brought."""
    return [one for one in entries if one["amount"] != Decimal("0.12345678")]


def short() -> Edit:
    """Tell a unit less of what is available, of a coin that a deposit of was pending."""
    arrived: set[str] = set()

    def edit(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        arrived.update(one["coin"] for one in entries if one["pending"])
        return [
            {**one, "available": one["available"] - Decimal("1e-8")}
            if one["coin"] in arrived and not one["pending"]
            else one
            for one in entries
        ]

    return edit


def followed(tamper: Tamper | None, *, control: Callable[[ControlPlane], Control] | None) -> Report:
    """Run the phase of the wallet."""
    clock = ManualClock()
    sandbox = TamperedSandbox(clock=clock)
    sandbox.tamper = tamper
    engine = InProcess(sandbox)
    options = Options(
        url=sandbox.base_url,
        token=TOKEN,
        other_token=OTHER_TOKEN,
        profile="quick",
        phases=("wallet",),
    )
    plane = ControlPlane(sandbox.base_url, sandbox.control_secret, engine)
    return run(
        options,
        engine,
        progress=lambda *_: None,
        tick=lambda seconds: clock.advance(seconds=seconds),
        control=None if control is None else control(plane),
    )


def as_it_is(plane: ControlPlane) -> Control:
    """Use the control plane."""
    return plane


def test_the_sandbox_keeps_what_it_promises() -> None:
    """Nothing is found, and nothing is left out, with the control plane."""
    report = followed(None, control=as_it_is)
    assert (report.verdict, report.findings, report.notes) == (Verdict.KEEPS, (), ())


@pytest.mark.parametrize(
    ("name", "edit", "code"),
    [
        ("listWithdrawals", never("sent", "signed"), "C511"),
        ("listWithdrawals", never("confirmed", "sent"), "C511"),
        ("listWithdrawals", never("signed", "sent"), "C511"),
        ("listDeposits", always("confirmed"), "C511"),
        ("listDeposits", always("pending"), "C511"),
        ("listDeposits", unlisted, "C512"),
        ("listBalances", short(), "C512"),
    ],
    ids=["never sent", "never there", "sent at once", "too soon", "never", "unlisted", "short"],
)
def test_a_transfer_that_goes_another_way_is_found(name: str, edit: Edit, code: str) -> None:
    """A status too soon or too late, a deposit that isn't listed or isn't all there."""
    found = {finding.code for finding in followed(told(name, edit), control=as_it_is).findings}
    assert code in found


class Dumb(ControlPlane):
    """A control plane that doesn't do what it is told."""

    def tell(self, what: str, arguments: Mapping[str, object]) -> Any:
        """Ask for what isn't there."""
        return super().tell(f"no/{what}", arguments)


def test_without_its_control_plane_it_is_told() -> None:
    """Without a control plane, or with one that fails, a note says what was not tried."""
    for control in (None, lambda plane: Dumb("http://sandbox/api/v1", "wrong", plane._engine)):
        report = followed(None, control=control)
        assert report.verdict is Verdict.KEEPS, report.findings
        assert [note for note in report.notes if note.startswith("How transfers go on was not")]


def test_a_served_sandbox_with_a_clock_that_runs(
    url: str, sandbox: TamperedSandbox, command: Command
) -> None:
    """With the secret, transfers are followed over a socket, by the sandbox's own time."""
    outcome = command(url, "--phase", "wallet", "--control-secret", sandbox.control_secret)
    assert outcome.status == 0, outcome.text
    assert "How transfers go on" not in outcome.text
    assert any(one.status == "confirmed" for one in sandbox.transfers("demo")[:1])

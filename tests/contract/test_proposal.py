"""What a server answers otherwise becomes a proposal, which makes the description fit."""

from pathlib import Path

import pytest

from coinbtr import CoinBTR
from coinbtr.contract import Options, Report, Verdict, load_description, run
from coinbtr.contract.operations import described_by, operations
from coinbtr.contract.proposal import proposed
from tests.contract.server_of_2019 import BASE_URL, ServerOf2019
from tests.contract.tampering import TOKEN


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

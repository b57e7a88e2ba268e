"""Every operation of the description has its command."""

import re

import pytest
from coinbtr_api.operations import OPERATIONS

from coinbtr.sandbox import Sandbox
from coinbtr.wire.engine import Request, Response
from tests.cli.conftest import run
from tests.facade.faults.front import fronting

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
BUY = ("--amount", "0.01", "--price", "900000", "--yes", "-o", "json")
WITHDRAWAL = ("--amount", "0.01", "--address", ADDRESS, "--yes", "--allow-withdrawals")
SELL = ("--amount", "0.01", "--price", "1900000", "--yes", "-o", "json")


# What needs nothing that an earlier command brought about, by the operation that it carries out.
COMMANDS: dict[str, tuple[str, ...]] = {
    "getTicker": ("ticker", "btc-mxn"),
    "getOrderBook": ("book", "btc-mxn"),
    "listBooks": ("books",),
    "get24hVolume": ("volume", "btc-mxn"),
    "getCurrencies": ("currencies",),
    "listBalances": ("balances",),
    "getBalance": ("balance", "btc"),
    "getDepositAddress": ("deposit-address", "btc"),
    "listWithdrawals": ("withdrawals",),
    "listDeposits": ("deposits",),
    "listOpenOrders": ("orders",),
    "listTransactions": ("transactions",),
    "getProfile": ("profile",),
    "getSession": ("session",),
    "withdraw": ("withdraw", "btc", *WITHDRAWAL),
    "placeBuyLimitOrder": ("buy", "btc-mxn", "--amount", "0.001", "--price", "1900000", "--yes"),
}


class Noting(Sandbox):
    """A sandbox that notes which operations it carried out."""

    def __init__(self) -> None:
        super().__init__(token="t0ken")
        self.carried_out: set[str] = set()

    def handle(self, request: Request, *, peer: str = "127.0.0.1") -> Response:
        """The answer, noted if it is a success."""
        answer = super().handle(request, peer=peer)
        path = request.url.partition("/api/v1")[2].partition("?")[0]
        if answer.status == 200:
            self.carried_out |= {
                name
                for name, one in OPERATIONS.items()
                if (one.method, one.path) == (request.method, path)
            }
        return answer


def test_every_operation_has_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round through all commands carries out every operation; a missing one is named."""
    sandbox = Noting()
    with fronting(sandbox) as front:
        monkeypatch.setenv("COINBTR_BASE_URL", front.url)
        monkeypatch.setenv("COINBTR_TOKEN", sandbox.token)
        for command in COMMANDS.values():
            done = run(*command)
            assert done.status == 0, (command, done.err)
        for side in (("buy", "btc-mxn", *BUY), ("sell", "btc-mxn", *SELL)):
            found = re.search(r'"id":(\d+)', run(*side).out)
            assert found is not None
            assert run("order", found[1]).status == 0
            assert run("cancel", found[1], "--yes").status == 0
        trade = re.search(r'"id":(\d+)', run("transactions", "-o", "json").out)
        assert trade is not None
        assert run("transaction", trade[1]).status == 0
    assert set(OPERATIONS) - sandbox.carried_out == set()

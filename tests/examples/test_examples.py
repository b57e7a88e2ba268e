"""Each example runs against the sandbox and does what its first line says."""

import ast
import csv
import io
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from coinbtr import CoinBTR, Order, Side
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.engine import SandboxEngine
from coinbtr.sandbox.server import SandboxServer
from coinbtr.wire.engine import Request, Response
from tests.facade.faults.front import fronting

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TOKEN = "only-for-the-examples"


class Faulty(Sandbox):
    """A sandbox that drops connections, before or after it has done what it was asked to."""

    def __init__(self) -> None:
        super().__init__(token=TOKEN)
        self.planned: Iterator[str | None] = iter(())
        self.most_open = 0

    def handle(self, request: Request, *, peer: str = "127.0.0.1") -> Response:
        """The answer, unless it is the turn of a fault."""
        fault = next(self.planned, None)
        if fault == "before":
            raise OSError
        answer = super().handle(request, peer=peer)
        if "/trading/place" in request.url:
            sides = [order.side for order in self.open_orders()]
            self.most_open = max([self.most_open, sides.count(Side.BUY), sides.count(Side.SELL)])
        if fault == "after":
            raise OSError
        return answer

    def calm(self) -> CoinBTR:
        """A client that no fault hits."""
        engine = SandboxEngine(super().handle)
        return CoinBTR(TOKEN, base_url=self.base_url, engine=engine, rate_limit=None)

    def open_orders(self) -> list[Order]:
        """The open orders of the account."""
        return self.calm().trading.open_orders()


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    """A sandbox on a port."""
    with SandboxServer(Sandbox(token=TOKEN)) as served:
        yield served


def run(
    *command: str | Path, url: str | None = None, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """A program in an environment that names the exchange, with `coinbtr` on its path."""
    named = {} if url is None else {"COINBTR_BASE_URL": url, "COINBTR_TOKEN": TOKEN}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COINBTR_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        env=clean | {"PATH": path} | named | variables,
        capture_output=True,
        text=True,
        timeout=300,
    )


def python(
    name: str, *arguments: str, url: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """One of the examples in Python."""
    return run(sys.executable, EXAMPLES / name, *arguments, url=url)


def test_each_example_is_run_here() -> None:
    """No file of the folder is without its test, and the page lists each."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "examples"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = {line.removeprefix("examples/") for line in listed.stdout.split()} - {"README.md"}
    assert files
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([^)]+)\)", page)) == files
    # The one for ccxt runs where ccxt is.
    tests = "".join(
        path.read_text(encoding="utf-8")
        for path in (Path(__file__), ROOT / "tests" / "ccxt" / "test_docs.py")
    )
    assert [name for name in files if f'"{name}"' not in tests] == []


def test_the_watcher_draws_a_plot(server: SandboxServer) -> None:
    """It prints each change and draws all of them."""
    client = CoinBTR(TOKEN, base_url=server.base_url)
    command = [sys.executable, str(EXAMPLES / "watch_market.py"), "btc-mxn"]
    with (
        client,
        subprocess.Popen(
            [*command, "--changes", "2", "--interval", "0.1"],
            env=os.environ | {"COINBTR_BASE_URL": server.base_url},
            stdout=subprocess.PIPE,
            text=True,
        ) as watching,
    ):
        assert watching.stdout is not None
        first = watching.stdout.readline()
        best = client.market.order_book("btc-mxn").best_bid.price
        client.trading.buy_limit("btc-mxn", amount="0.01", price=best + 1)
        rest = watching.stdout.read()
    assert f"bid {best:f}" in first
    assert f"bid {best + 1:f}" in rest
    assert "BTC-MXN, 2 changes" in rest
    assert len(rest.splitlines()) > 20


@pytest.mark.parametrize("seed", [1, 2])
def test_the_market_maker_survives_faults(seed: int) -> None:
    """A third of all answers is lost: never more than one order a side, and none at the end."""
    sandbox = Faulty()
    chance = random.Random(seed)
    sandbox.planned = (
        chance.choice([None, None, None, None, "before", "after"]) for _ in range(400)
    )
    with fronting(sandbox) as front:
        done = python(
            "market_maker.py",
            *("btc-mxn", "--rounds", "4", "--pause", "0.01", "--settle", "0.01", "--unlimited"),
            url=front.url,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("quoted") == 4
    assert "to be looked up" in done.stdout or "given up" in done.stdout
    assert sandbox.most_open == 1
    assert sandbox.open_orders() == []


def bought(sandbox: Faulty) -> Decimal:
    """How much was bought today, at whatever price."""
    return sum((trade.amount for trade in sandbox.calm().trading.transactions()), Decimal(0))


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Without the note that listing trades is inferred."""
    with pytest.warns(match="inferred"):
        yield


@pytest.mark.usefixtures("_quiet")
def test_the_purchase_of_a_day_is_made_once(tmp_path: Path) -> None:
    """Two runs on one day buy once."""
    sandbox, log = Faulty(), str(tmp_path / "dca.jsonl")
    with fronting(sandbox) as front:
        first = python("dca.py", "btc-mxn", "500", "--log", log, url=front.url)
        amount = bought(sandbox)
        second = python("dca.py", "btc-mxn", "500", "--log", log, url=front.url)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "is made" in second.stdout
    assert 0 < amount == bought(sandbox)


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_lost_purchase_is_looked_up_by_the_next_run(fault: str, tmp_path: Path) -> None:
    """Whether the lost one was carried out or not, after two runs it was bought once."""
    sandbox, log = Faulty(), str(tmp_path / "dca.jsonl")
    arguments = ("btc-mxn", "500", "--log", log, "--settle", "0.1")

    def only_the_order(request: Request, *, peer: str = "127.0.0.1") -> Response:
        if "/trading/place" in request.url:
            sandbox.planned = iter([fault])
        return Faulty.handle(sandbox, request, peer=peer)

    sandbox.handle = only_the_order  # type: ignore[method-assign]
    with fronting(sandbox) as front:
        lost = python("dca.py", *arguments, url=front.url)
        assert lost.returncode == 3, lost.stdout + lost.stderr
        del sandbox.handle
        found = python("dca.py", *arguments, url=front.url)
    assert found.returncode == 0, found.stdout + found.stderr
    assert ("found" if fault == "after" else "not_found") in found.stdout
    assert len({trade.order_id for trade in sandbox.calm().trading.transactions()}) == 1


def test_a_purchase_that_is_refused_ends_with_1(tmp_path: Path) -> None:
    """More than there is can't be spent."""
    sandbox = Faulty()
    with fronting(sandbox) as front:
        log = str(tmp_path / "dca.jsonl")
        done = python("dca.py", "btc-mxn", "90000000", "--log", log, url=front.url)
    assert done.returncode == 1, done.stdout + done.stderr


def test_the_treasury_report_adds_up(server: SandboxServer) -> None:
    """Each value is total × price to the last digit, and the last line is their sum."""
    server.sandbox.credit("mxn", "19999999.9769")
    done = python("treasury.py", "mxn", url=server.base_url)
    assert done.returncode == 0, done.stderr
    *lines, last = list(csv.DictReader(io.StringIO(done.stdout)))
    values = {line["coin"]: line for line in lines}
    assert values["MXN"]["total"] == "20999999.97690000"
    assert values["XEM"]["value"] == ""
    for line in lines:
        if line["price"]:
            exact = Decimal(line["total"]) * Decimal(line["price"])
            assert line["value"] == f"{exact:f}"
    assert Decimal(last["value"]) == sum(Decimal(line["value"] or 0) for line in lines)


@pytest.mark.parametrize("on_a_server", [True, False])
def test_the_notebook_runs(on_a_server: bool, server: SandboxServer, tmp_path: Path) -> None:
    """Its cells, one after the other, print the shares; as a notebook it is well formed."""
    notebook: dict[str, Any] = json.loads((EXAMPLES / "portfolio.ipynb").read_text("utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    code = ["".join(one["source"]) for one in notebook["cells"] if one["cell_type"] == "code"]
    assert all(not one.get("outputs") for one in notebook["cells"])
    program = tmp_path / "notebook.py"
    program.write_text("\n".join(code), encoding="utf-8")
    done = run(sys.executable, program, url=server.base_url if on_a_server else None)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^BTC .* MXN .*%", done.stdout, re.MULTILINE)
    shares = [Decimal(share) for share in re.findall(r" ([0-9.]+)%", done.stdout)]
    assert abs(sum(shares, Decimal(-100))) < Decimal("0.1")


def test_the_bots_own_tests_pass(tmp_path: Path) -> None:
    """In a project of its own "bot/test_bot.py" tests "bot/bot.py", with the plugin's fixtures."""
    shutil.copytree(EXAMPLES / "bot", tmp_path / "bot")
    done = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path / "bot")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


def test_curl_trades(server: SandboxServer) -> None:
    """From a shell: a price, an order, its end, and a refusal with its words."""
    done = run("sh", EXAMPLES / "curl.sh", url=server.base_url)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [answer["success"] for answer in answers] == [True, True, True, False]
    assert answers[1]["data"]["id"] == answers[2]["data"]["id"]
    assert "insufficient_funds" in done.stdout


def test_the_makefile_runs_the_contract_test(server: SandboxServer) -> None:
    """`make contract` in a project of one's own; the Makefile is "contract/Makefile"."""
    makefile = EXAMPLES / "contract/Makefile"
    done = run(
        *("make", "--no-print-directory", "-f", makefile, "contract", f"URL={server.base_url}"),
        COINBTR_TOKEN=TOKEN,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "KEEPS" in done.stdout


def test_the_workflow_runs_the_contract_test(tmp_path: Path) -> None:
    """The steps of "contract/workflow.yml" after the installation, as a runner runs them."""
    workflow = yaml.safe_load((EXAMPLES / "contract/workflow.yml").read_text(encoding="utf-8"))
    (job,) = workflow["jobs"].values()
    steps = [step["run"] for step in job["steps"] if "run" in step]
    assert steps[0] == "pip install 'coinbtr[contract,sandbox]'"
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    variables = os.environ | job["env"] | {"PATH": path, "PORT": str(port)}
    script = "set -e\n" + "\n".join(f"bash -e -c '{step}'" for step in steps[1:])
    with subprocess.Popen(
        ["bash", "-c", script],
        env=variables,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as runner:
        try:
            out, _ = runner.communicate(timeout=300)
        finally:
            os.killpg(runner.pid, signal.SIGTERM)
    assert runner.returncode == 0, out
    assert "KEEPS" in out


def test_no_example_rounds_money() -> None:
    """No float in them, but for the pixels of the drawing."""
    for path in EXAMPLES.glob("*.py"):
        calls = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "float"
        ]
        assert len(calls) == (path.name == "watch_market.py"), path

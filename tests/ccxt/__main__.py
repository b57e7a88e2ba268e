"""Run the tests that ccxt has for its own exchanges on `coinbtr`, against a sandbox.

They ship with ccxt, and are not ours: they read `keys.json` and `skip-tests.json` beside the folder
in which ccxt lies, and print what they did. Everything that the exchange says it has must be tried
by them or be named, with the reason, in `skip-tests.json` (what they would refuse) or in UNTRIED
(what they have no test for).
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import ccxt

import coinbtr.ccxt
from coinbtr import CoinBTR
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer

HERE: Final = Path(__file__).parent
SKIPS: Final = HERE / "skip-tests.json"
ADDRESS: Final = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
TOKEN: Final = "for-the-tests-of-ccxt"

# What `has` says and ccxt has no test for; the tests beside this file try these.
UNTRIED: Final = {
    "cancelOrder": "tried within createOrder",
    "createLimitBuyOrder": "ccxt's own shorthand for createOrder",
    "createLimitOrder": "ccxt's own shorthand for createOrder",
    "createLimitSellOrder": "ccxt's own shorthand for createOrder",
    "fetchL2OrderBook": "ccxt's own shorthand for fetchOrderBook",
    "fetchDepositAddress": "ccxt calls it, and has no test of what it gives",
    "fetchMarkets": "tried within loadMarkets",
    "fetchOpenOrder": "ccxt has no test for it",
    "fetchOrder": "tried within createOrder",
    "withdraw": "ccxt has no test for it",
}
NO_METHODS: Final = {"publicAPI", "privateAPI", "sandbox", "spot"}


def run(*, sync: bool) -> str:
    """What ccxt's tests print about the exchange; they run in a process of their own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        SandboxServer(Sandbox(token=TOKEN)) as server,
    ):
        _trade(server)
        root = Path(folder)
        _lay_out(root / "python/ccxt")
        keys = {"coinbtr": {"apiKey": TOKEN, "urls": {"test": server.base_url}, "rateLimit": 1}}
        (root / "keys.json").write_text(json.dumps(keys), encoding="utf-8")
        (root / "skip-tests.json").write_bytes(SKIPS.read_bytes())
        kind = ["--sync"] if sync else []
        done = subprocess.run(
            [
                *(sys.executable, "-m", "coinbtr.ccxt", "tests_init", "coinbtr", *kind),
                *("--sandbox", "--private", "--fundedTests", "--info"),
            ],
            cwd=root,
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join(
                    [str(root / "python"), str(root / "python/ccxt/test"), *sys.path]
                )
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
    return done.stdout + ("" if done.returncode == 0 else f"[TEST_FAILURE] exit {done.returncode}")


def _trade(server: SandboxServer) -> None:
    """Let the account have an open order, trades and a withdrawal, so that no list is empty."""
    with CoinBTR(TOKEN, base_url=server.base_url, allow_withdrawals=True) as client:
        best = client.market.order_book("btc-mxn", limit=1)
        client.trading.buy_limit("btc-mxn", amount="0.002", price=best.best_ask.price)
        client.trading.sell_limit("btc-mxn", amount="0.001", price=best.best_bid.price)
        client.trading.buy_limit("btc-mxn", amount="0.001", price=best.best_bid.price)
        client.wallet.withdraw("btc", address=ADDRESS, amount="0.01")


def _lay_out(target: Path) -> None:
    """Show ccxt at another place: its tests refuse to test what lies in site-packages."""
    source = Path(ccxt.__file__).parent
    (target / "test").mkdir(parents=True)
    for path in (*source.iterdir(), *(source / "test").iterdir()):
        shown = target / path.relative_to(source)
        if not shown.exists():
            shown.symlink_to(path)


def problems(said: str) -> list[str]:
    """What is wrong with a run: failures, what could not be tried, and what nobody tried."""
    found = [line for line in said.splitlines() if re.match(r"\[TEST_(FAILURE|WARNING)\]", line)]
    tried = set(re.findall(r"^\[INFO\] TESTING DONE +coinbtr (\w+)", said, re.MULTILINE))
    skipped = set(json.loads(SKIPS.read_bytes())["coinbtr"]["skipMethods"])
    has = {name for name, value in coinbtr.ccxt.coinbtr().has.items() if value} - NO_METHODS
    found += [f"{name}: nobody tried it" for name in sorted(has - tried - skipped - set(UNTRIED))]
    found += [f"{name}: tried after all" for name in sorted(tried & set(UNTRIED))]
    return found


def main() -> int:
    """Run both kinds and say what came of it; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="print all that ccxt's tests say")
    verbose = parser.parse_args().verbose
    failed = False
    for sync in (True, False):
        said = run(sync=sync)
        wrong = problems(said)
        tried = len(set(re.findall(r"TESTING DONE +coinbtr (\w+)", said)))
        print(f"ccxt {ccxt.__version__}, {'sync' if sync else 'async'}: {tried} methods tried")
        if wrong or verbose:
            print(said, *wrong, sep="\n")
        failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

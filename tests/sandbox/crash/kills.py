"""Kills a sandbox under load, again and again, and looks whether it kept its word.

`python -m tests.sandbox.crash.kills 100` is what `make crash` runs.
"""

import http.client
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field

from coinbtr.sandbox import ManualClock, Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.crash.server import TOKENS

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
CLIENTS_EACH = 4


@define
class Trader:
    """What one client was told, and what it asked for last without being told."""

    token: str
    open: set[int] = field(factory=set)
    cancelled: set[int] = field(factory=set)
    txids: set[str] = field(factory=set)
    asked: tuple[str, int] | None = None

    def trade(self, base_url: str, luck: random.Random) -> None:
        """Order, cancel and withdraw until the server is gone."""
        url = urlsplit(base_url)
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}

        def post(path: str, body: dict[str, object], order: int = 0) -> dict[str, object]:
            self.asked = (path, order)
            connection.request("POST", url.path + path, json.dumps(body), headers)
            answer = json.loads(connection.getresponse().read())
            assert answer["success"], answer
            self.asked = None
            data: dict[str, object] = answer["data"]
            return data

        try:
            while True:
                chance = luck.random()
                if chance < 0.3 and self.open:
                    order = min(self.open)
                    post("/trading/cancel/buylimit", {"id": order}, order)
                    self.open.discard(order)
                    self.cancelled.add(order)
                elif chance < 0.4:
                    body: dict[str, object] = {"coin": "btc", "address": ADDRESS, "amount": 0.001}
                    self.txids.add(str(post("/wallet/withdraw", body)["txid"]))
                else:
                    body = {"market": "btc-mxn", "amount": 0.01, "price": 1000}
                    made = post("/trading/place/buylimit", body)["id"]
                    assert isinstance(made, int)
                    self.open.add(made)
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()


@define
class Score:
    """What became of all that was acknowledged."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    problems: list[str] = field(factory=list)


@contextmanager
def killed_at_the_end(db: Path, durability: str, *, answer_first: bool) -> Iterator[str]:
    """The base URL of a server in a process of its own."""
    command = [sys.executable, "-m", "tests.sandbox.crash.server", str(db), durability]
    process = subprocess.Popen(
        command + ["--answer-first"] * answer_first, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def kill_again_and_again(
    folder: Path, kills: int, *, durability: str = "normal", answer_first: bool = False
) -> Score:
    """Kill a server under load so many times, on one file; gives what was lost."""
    luck = random.Random(kills)
    score = Score()
    db = folder / "journal.db"
    traders = [Trader(token) for token in TOKENS for _ in range(CLIENTS_EACH)]
    for _ in range(kills):
        with killed_at_the_end(db, durability, answer_first=answer_first) as base_url:
            threads = [
                threading.Thread(target=trader.trade, args=(base_url, random.Random(luck.random())))
                for trader in traders
            ]
            for thread in threads:
                thread.start()
            time.sleep(0.1 + luck.random() * 0.3)
        for thread in threads:
            thread.join()
        score.kills += 1
        _look(db, traders, score)
    score.acknowledged = sum(
        len(one.open) + 2 * len(one.cancelled) + len(one.txids) for one in traders
    )
    return score


def _look(db: Path, traders: list[Trader], score: Score) -> None:
    """Open the file that was left, twice, and compare it with what was acknowledged."""
    demo, other = TOKENS
    # On a clock that stands where the journal ends, nothing happens but the recovery.
    with Sandbox(clock=ManualClock(), token=demo, other_token=other, db=db) as sandbox:
        totals = sandbox.exchange.ledger.totals()
        score.problems += [f"{coin} is off by {sum_}" for coin, sum_ in totals.items() if sum_]
        for token in TOKENS:
            own = [trader for trader in traders if trader.token == token]
            _compare(Caller(sandbox, token), own, score)
        state = _state(sandbox)
    with Sandbox(clock=ManualClock(), token=demo, other_token=other, db=db) as again:
        if _state(again) != state:
            score.problems.append("a second recovery gives another state")


def _state(sandbox: Sandbox) -> str:
    """All that a sandbox knows; in which order it lists accounts with open orders is no state."""
    state = sandbox.exchange.dump()
    state["trading"]["open"].sort()
    return json.dumps(state)


def _compare(caller: Caller, traders: list[Trader], score: Score) -> None:
    orders = {order["id"]: order for order in _all(caller, "/trading/listopenorders")}
    txids = {one["txid"] for one in _all(caller, "/wallet/listwithdraws", get=True)}
    told = set[int]().union(*(trader.open for trader in traders))
    gone = set[int]().union(*(trader.cancelled for trader in traders))
    asked = [trader.asked for trader in traders if trader.asked]
    # What was asked for and not answered may be done or not, but is one thing a client.
    maybe = {order for path, order in asked if "cancel" in path}
    score.lost += len(told - maybe - orders.keys()) + len(gone & orders.keys())
    sent = set[str]().union(*(trader.txids for trader in traders))
    score.lost += len(sent - txids)
    if len(orders.keys() - told - gone) > sum("place" in path for path, _ in asked):
        score.problems.append("orders that nobody asked for")
    if len(txids - sent) > sum("withdraw" in path for path, _ in asked):
        score.problems.append("withdrawals that nobody asked for")
    held = sum((one["amount"] * one["price"] for one in orders.values()), Decimal())
    balance = caller.get("/wallet/getbalance", coin="mxn").data
    if balance["balance"] - balance["available"] != held:
        score.problems.append(f"half done: {balance} with {held} held by orders")
    for trader in traders:  # from here on, the truth is what is there
        trader.asked = None
    first = traders[0]
    for trader in traders:
        trader.open &= orders.keys()
    first.open |= orders.keys() - told
    first.txids |= txids
    first.cancelled -= orders.keys()


def _all(caller: Caller, path: str, *, get: bool = False) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = {"limit": 100, "offset": len(found)}
        more = (caller.get(path, **page) if get else caller.post(path, page)).data
        found += more
        if len(more) < 100:
            return found


def main() -> int:
    """Kill as often as the command line says; 1 when anything was lost or half done."""
    kills = int(sys.argv[1])
    failed = False
    for durability in ("normal", "full"):
        with tempfile.TemporaryDirectory() as folder:
            score = kill_again_and_again(Path(folder), kills, durability=durability)
        print(f"{durability}: {score}")  # noqa: T201
        failed = failed or bool(score.lost or score.problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

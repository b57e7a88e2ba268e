"""Model and sandbox check each other: random steps on every book that there is room in.

`make agreement` does a million (`STEPS=…` for another number); the suite does a sample.
"""

import sys
from collections.abc import Iterator
from time import monotonic

from attrs import frozen

from coinbtr.contract.model.books import find
from coinbtr.contract.model.session import Session
from coinbtr.contract.model.shorten import Case
from coinbtr.contract.model.table import Table
from coinbtr.contract.server import Server
from coinbtr.sandbox import ManualClock, Sandbox

CHUNK = 10_000


@frozen
class Chunk:
    """What some steps on one book came to."""

    market: str
    steps: int
    requests: int
    cases: tuple[Case, ...]


def rooms(seed: int) -> list[str]:
    """The books of a sandbox that can be played on."""
    table = _table(seed)
    listed = table.look("listBooks", "mine", {}, judged=False).answer.data
    return [entry["name"] for entry in listed if find(table, 1, among={entry["name"]})]


def agree(steps: int, *, seed: int, chunk: int = CHUNK) -> Iterator[Chunk]:
    """Do random steps on a fresh sandbox for each chunk, book after book."""
    done, number = 0, 0
    while done < steps:
        markets = rooms(seed + number)
        market = markets[number % len(markets)]
        table = _table(seed + number)
        session = Session(
            table=table,
            market=market,
            steps=min(chunk, steps - done),
            seed=seed + number,
            out_of_time=lambda: False,
        )
        session.run()
        done, number = done + session.done, number + 1
        requests = sum(table.tried.values())
        yield Chunk(market, session.done, requests, tuple(session.cases.values()))


def _table(seed: int) -> Table:
    clock = ManualClock()
    sandbox = Sandbox(seed=seed, clock=clock)
    tokens = {"mine": sandbox.token, "other": sandbox.other_token}
    server = Server(sandbox.base_url, tokens, sandbox.engine())
    assert server.prove()
    return Table(server, lambda seconds: clock.advance(seconds=seconds))


def main(steps: int) -> int:
    """Do the steps and tell how it goes; 1 when the two ever differ."""
    started, done, differ = monotonic(), 0, 0
    for number, chunk in enumerate(agree(steps, seed=1), 1):
        done += chunk.steps
        differ += len(chunk.cases)
        sys.stdout.write(
            f"{done:>9,} steps, {monotonic() - started:6.0f} s, {chunk.market:<8}"
            f" seed {number}: {'they differ' if chunk.cases else 'they agree'}\n"
        )
        for case in chunk.cases:
            sys.stdout.write(f"  {case.deviation.problem.sentence}\n  {case.steps}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{differ} differences in {done:,} steps\n")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000))

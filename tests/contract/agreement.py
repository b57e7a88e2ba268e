"""Model and sandbox check each other: random steps on every book that there is room in.

`make agreement` does a million (`STEPS=…` for another number); the suite does a sample. What was
done is kept in build/agreement.jsonl, and counts as long as package and description are the same:
so it can be stopped, and gone on with.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from hashlib import sha256
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import Final

from attrs import asdict, frozen

from coinbtr.contract.model.books import find
from coinbtr.contract.model.session import Session
from coinbtr.contract.model.table import Table
from coinbtr.contract.server import Server
from coinbtr.sandbox import ManualClock, Sandbox

CHUNK: Final = 10_000
"""Steps on one sandbox; a number of steps is rounded up to whole ones."""

STATE: Final = Path("build/agreement.jsonl")
_SOURCES: Final = ("coinbtr/**/*.py", "generated/**/*.py", "openapi/*.yaml")


@frozen
class Chunk:
    """What some steps on one book came to; `differences` are empty when the two agree."""

    seed: int
    market: str
    steps: int
    requests: int
    differences: tuple[str, ...]


def rooms(seed: int) -> list[str]:
    """The books of a sandbox that can be played on."""
    table = _table(seed)
    listed = table.look("listBooks", "mine", {}, judged=False).answer.data
    return [entry["name"] for entry in listed if find(table, 1, among={entry["name"]})]


def agree(steps: int, *, seed: int) -> Chunk:
    """Do random steps on a fresh sandbox; the next seed plays on the next book."""
    markets = rooms(seed)
    table = _table(seed)
    session = Session(
        table=table,
        market=markets[seed % len(markets)],
        steps=steps,
        seed=seed,
    )
    session.run()
    return Chunk(
        seed,
        session.market,
        session.done,
        sum(table.tried.values()),
        tuple(f"{case.deviation}: {case.steps}" for case in session.cases.values()),
    )


def _table(seed: int) -> Table:
    clock = ManualClock()
    sandbox = Sandbox(seed=seed, clock=clock)
    tokens = {"mine": sandbox.token, "other": sandbox.other_token}
    server = Server(sandbox.base_url, tokens, sandbox.engine())
    assert server.prove()
    return Table(server, lambda seconds: clock.advance(seconds=seconds))


def fingerprint() -> str:
    """Tell one state of package and description from another."""
    digest = sha256()
    for file in sorted(file for pattern in _SOURCES for file in Path().glob(pattern)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def kept(sources: str) -> Iterator[Chunk]:
    """Give what was done with these sources."""
    lines = STATE.read_text(encoding="utf-8").splitlines() if STATE.exists() else []
    for line in lines:
        entry = json.loads(line)
        if entry.pop("sources") == sources:
            yield Chunk(**{**entry, "differences": tuple(entry["differences"])})


def keep(sources: str, chunk: Chunk) -> None:
    """Write down at once what was done."""
    STATE.parent.mkdir(exist_ok=True)
    with STATE.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"sources": sources, **asdict(chunk)}) + "\n")


def main(arguments: Sequence[str]) -> int:
    """Do the steps that are missing and tell how it goes; 1 when the two ever differ."""
    parser = argparse.ArgumentParser(prog="make agreement", description=__doc__)
    parser.add_argument("steps", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    sources, started = fingerprint(), monotonic()
    chunks = {chunk.seed: chunk for chunk in kept(sources)}
    seeds = range(1, ceil(given.steps / CHUNK) + 1)
    missing = [seed for seed in seeds if seed not in chunks]
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(agree, CHUNK, seed=seed) for seed in missing]):
            chunk = future.result()
            chunks[chunk.seed] = chunk
            keep(sources, chunk)
            sys.stdout.write(
                f"{monotonic() - started:6.0f} s, {chunk.market:<8} seed {chunk.seed}:"
                f" {'they differ' if chunk.differences else 'they agree'}\n"
            )
            sys.stdout.flush()
    found = [difference for chunk in chunks.values() for difference in chunk.differences]
    sys.stdout.writelines(f"{difference}\n" for difference in found)
    steps = sum(chunk.steps for chunk in chunks.values())
    requests = sum(chunk.requests for chunk in chunks.values())
    sys.stdout.write(f"{len(found)} differences in {steps:,} steps, {requests:,} requests\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

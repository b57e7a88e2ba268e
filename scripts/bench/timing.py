"""Measures CPU time: of functions in this process, interleaved, and of other processes."""

import gc
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from attrs import frozen


@frozen
class Cost:
    """CPU microseconds for one operation, or a ratio of two such, in each of some rounds."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The cost that half of the rounds did not reach."""
        return median(self.rounds)

    def against(self, other: "Cost") -> "Cost":
        """The ratio to another's in the same round: what disturbed the one disturbed the other."""
        return Cost(
            tuple(ours / theirs for ours, theirs in zip(self.rounds, other.rounds, strict=True))
        )

    def __str__(self) -> str:
        return f"{self.median:.2f} µs ({self.spread})"

    @property
    def spread(self) -> str:
        """From the least to the most, as people read it."""
        return f"{min(self.rounds):.2f} to {max(self.rounds):.2f}"


def interleaved(contenders: Mapping[str, Callable[[], int]], *, rounds: int) -> Mapping[str, Cost]:
    """Run functions in turns, so that what disturbs the machine disturbs all of them alike.

    Args:
        contenders: each does some work and tells how many operations that were.
        rounds: how often each is run.
    """
    seen: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            gc.collect()
            begin = time.process_time_ns()
            operations = work()
            seen[name].append((time.process_time_ns() - begin) / operations / 1000)
    return {name: Cost(tuple(costs)) for name, costs in seen.items()}


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process, and those that it starts within this block, on one core (Linux).

    Else a client that waits for its server lets its core fall asleep and pays for the waking, and
    one that is slower than the server does not.
    """
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def process_cpu(pid: int) -> float:
    """Tell the CPU seconds that a process has used, all its threads together (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

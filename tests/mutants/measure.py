"""How many mutants each way of testing notices: `make mutants` prints the table.

What was measured is kept in build/mutants.jsonl, and taken again as long as contract test, sandbox,
description and mutants are the same; so a run can be stopped, and gone on with.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from attrs import asdict, frozen

from coinbtr.contract import catalogue
from tests.mutants.arms import ARMS, DESCRIPTION, JUDGE, PLAIN, Outcome, attempt
from tests.mutants.catalogue import CATALOGUE
from tests.mutants.mutant import Mutant

SEEDS: Final = (1, 2, 3)
FAILED: Final = 70
STATE: Final = Path("build/mutants.jsonl")
_SOURCES: Final = ("coinbtr", "tests.contract", "tests.mutants")
_BY_ID: Final = {mutant.id: mutant for mutant in CATALOGUE}


@frozen(order=True)
class Task:
    """One attempt: the way, the mutant's id (empty for the sandbox as it is), and the seed."""

    arm: str
    mutant: str
    seed: int


class State:
    """What has been measured with the sources as they are."""

    def __init__(self, path: Path, sources: str) -> None:
        self._path = path
        self._sources = sources
        self.outcomes: dict[Task, Outcome] = {}
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for line in lines:
            kept = json.loads(line)
            if kept.pop("sources") == sources:
                task = Task(**kept.pop("task"))
                self.outcomes[task] = Outcome(**{**kept, "rules": tuple(kept["rules"])})

    def keep(self, task: Task, outcome: Outcome) -> None:
        """Write an outcome down at once."""
        self.outcomes[task] = outcome
        kept = {"sources": self._sources, "task": asdict(task), **asdict(outcome)}
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(kept) + "\n")

    def known(self, task: Task) -> bool:
        """Whether an attempt is made already: the profiles begin with the same probes."""
        if task in self.outcomes:
            return True
        deep = self.outcomes.get(Task("deep", task.mutant, task.seed))
        if task.arm in ("quick", "full") and deep and deep.phase in catalogue.PHASES:
            self.outcomes[task] = deep
            return True
        return False


def fingerprint() -> str:
    """Tell one state of the sources from another."""
    modules = [module for name, module in sys.modules.items() if name.startswith(_SOURCES)]
    files = {file for module in modules if (file := getattr(module, "__file__", None))}
    digest = sha256(DESCRIPTION.read_bytes())
    for file in sorted(files - {__file__}):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:16]


def tasks(arms: Sequence[str], mutants: Sequence[Mutant], seeds: Sequence[int]) -> Iterator[Task]:
    """List what is to be tried, the sandbox as it is first: deep on each seed, else on one."""
    order = [arm for arm in ("deep", JUDGE, "full", "quick", PLAIN) if arm in arms]
    for arm in order:
        yield from (Task(arm, "", seed) for seed in (seeds if arm == "deep" else seeds[:1]))
    for arm in order:
        for seed in seeds if arm == "deep" else seeds[:1]:
            yield from (Task(arm, mutant.id, seed) for mutant in mutants)


def tried(task: Task) -> tuple[Task, Outcome]:
    """Make an attempt; what stops the contract test itself is no kill."""
    try:
        return task, attempt(task.arm, _BY_ID.get(task.mutant), task.seed)
    except Exception as error:  # noqa: BLE001 - whatever it is, the run goes on
        return task, Outcome(FAILED, (type(error).__name__, str(error)[:200]), "", 0.0)


def measure(state: State, wanted: Sequence[Task], workers: int) -> None:
    """Make the attempts that are missing, and tell how it goes."""
    missing = [task for task in wanted if not state.known(task)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        # Those of one stage that a later one needs are done when it is asked for.
        for arm in dict.fromkeys(task.arm for task in missing):
            left = [task for task in missing if task.arm == arm and not state.known(task)]
            for number, future in enumerate(
                as_completed([pool.submit(tried, task) for task in left]), 1
            ):
                task, outcome = future.result()
                state.keep(task, outcome)
                _tell(f"{arm} {number}/{len(left)} {task.mutant or 'the sandbox as it is'}")
    _tell("")


def _tell(line: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line[:78]}")
    elif line:
        sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@frozen
class Score:
    """How many of some attempts killed, and the median CPU time to do it."""

    killed: int
    made: int
    seconds: float | None

    def __str__(self) -> str:
        if not self.made:
            return "–"
        return f"{self.killed}/{self.made} {self.killed / self.made:.0%}"


def score(state: State, arm: str, mutants: Sequence[Mutant], seeds: Sequence[int]) -> Score:
    """Count what an arm killed: a mutant is killed when it is on each seed that was tried."""
    killed, made, seconds = 0, 0, list[float]()
    for mutant in mutants:
        outcomes = [state.outcomes.get(Task(arm, mutant.id, seed)) for seed in seeds]
        known = [outcome for outcome in outcomes if outcome is not None]
        if not known:
            continue
        made += 1
        if all(outcome.kills(mutant) for outcome in known):
            killed += 1
            seconds += [outcome.seconds for outcome in known]
    return Score(killed, made, median(seconds) if seconds else None)


def table(state: State, arms: Sequence[str], mutants: Sequence[Mutant]) -> Iterator[str]:
    """Print who noticed what, by class; the median is in CPU seconds."""
    kinds = dict.fromkeys(mutant.kind for mutant in mutants)
    yield "  ".join(["class".ljust(10), "mutants", *(arm.rjust(13) for arm in arms)])
    for kind in (*kinds, None):
        chosen = [mutant for mutant in mutants if kind in (None, mutant.kind)]
        cells = [str(score(state, arm, chosen, SEEDS)) for arm in arms]
        name = (kind or "all").ljust(10)
        yield "  ".join([name, str(len(chosen)).rjust(7), *(cell.rjust(13) for cell in cells)])
    medians = [score(state, arm, mutants, SEEDS).seconds for arm in arms]
    cells = ["–" if one is None else f"{one:.2f} s" for one in medians]
    yield "  ".join(["median time to kill".ljust(19), *(cell.rjust(13) for cell in cells)])


def survivors(state: State, arm: str, mutants: Sequence[Mutant]) -> Iterator[str]:
    """List the mutants that an arm did not kill, with what was named instead."""
    for mutant in mutants:
        for seed in SEEDS:
            outcome = state.outcomes.get(Task(arm, mutant.id, seed))
            if outcome is not None and not outcome.kills(mutant):
                named = " ".join(outcome.rules) or "nothing"
                yield (
                    f"survived {arm}, seed {seed}: {mutant.kind}: {mutant.name}"
                    f" (must: {' '.join(mutant.rules)}; named: {named})"
                )


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 when the sandbox as it is deviates anywhere."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--arms", default=",".join(ARMS), help=f"some of {', '.join(ARMS)}")
    parser.add_argument("--sample", type=int, help="that many mutants, drawn at random")
    parser.add_argument("--only", help="mutants with this in their names")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="seeds of deep: 1 to 3")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--survivors", action="store_true", help="list survivors of every arm")
    given = parser.parse_args(arguments)
    arms = [arm for arm in ARMS if arm in given.arms.split(",")]
    mutants = [one for one in CATALOGUE if (given.only or "") in one.name]
    if given.sample:
        mutants = Random(2018).sample(mutants, given.sample)
    state = State(STATE, fingerprint())
    wanted = list(tasks(arms, mutants, SEEDS[: given.seeds]))
    measure(state, wanted, given.workers)
    tell = sys.stdout.write
    for line in table(state, arms, mutants):
        tell(f"{line}\n")
    for arm in arms if given.survivors else [arm for arm in arms if arm == "deep"]:
        for line in survivors(state, arm, mutants):
            tell(f"{line}\n")
    alarms = [task for task in wanted if not task.mutant and state.outcomes[task].status]
    for task in alarms:
        tell(f"false alarm: {task.arm}, seed {task.seed}: {state.outcomes[task].rules}\n")
    deep = score(state, "deep", mutants, SEEDS)
    tell(f"caught {deep.killed} of {deep.made}\n")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The phase of the model: chooses books, lets workers play on them, takes down what they find."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import monotonic
from typing import Final

from attrs import evolve, field, frozen

from coinbtr.contract.bench import UNUSABLE
from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.findings import Finding, Results
from coinbtr.contract.model import books, script
from coinbtr.contract.model.session import Session
from coinbtr.contract.model.sharing import database
from coinbtr.contract.model.shorten import Case
from coinbtr.contract.model.table import Deviation, Over, Table
from coinbtr.contract.operations import operations
from coinbtr.contract.server import Server, Unreachable
from coinbtr.wire.engine import Engine

PHASE: Final = "model"

Tick = Callable[[int], None]
"""Moves a server's clock on by some seconds."""

Reset = Callable[[], object]
"""Sets a server back to how it was at first, accounts and tokens included."""

Reach = Callable[[], tuple[Engine, Tick | None, Reset | None]]
"""Makes a worker's own way to the server, in the worker's process: it must survive pickling."""


@frozen(kw_only=True)
class Plan:
    """What to play.

    Attributes:
        url: the base URL of a server that proved to be the sandbox.
        tokens: those of two accounts, by `mine` and `other`.
        secrets: what is replaced wherever it would show.
        steps: how many steps in all.
        seed: what choices are drawn from.
        workers: how many play at a time, each on a book of its own.
        share: the address of a Redis where failures are shared, or None.
        seconds: the time that is left, or None.
        market: the book of one worker.
        alone: whether no other worker uses the accounts.
        stop_at: the rules of which one broken is enough.
    """

    url: str
    tokens: dict[str, str] = field(repr=False)
    secrets: dict[str, str] = field(repr=False)
    steps: int
    seed: int
    workers: int = 1
    share: str | None = field(default=None, repr=False)
    seconds: float | None = None
    market: str = ""
    alone: bool = True
    stop_at: frozenset[str] = frozenset()


@frozen
class Played:
    """What one worker brings home.

    `answers` are those that deviate; `was_cut` says that the time was up before it was done.
    """

    was_cut: bool
    tried: dict[str, int]
    findings: list[Finding]
    answers: list[tuple[Call, Answer]]


def run(
    plan: Plan,
    server: Server,
    results: Results,
    *,
    tick: Tick | None = None,
    reset: Reset | None = None,
    reach: Reach | None = None,
    clock: Callable[[], float] = monotonic,
    progress: Callable[[], None],
) -> None:
    """Play, and take down what deviates from the model.

    Args:
        plan: what to play.
        server: the server, for the choice of books and for a single worker.
        results: where findings go.
        tick: what moves the server's clock on, or None where it goes by itself.
        reset: what sets the server back to how it was at first, or None where that can't be done.
        reach: how further workers reach the server; each gets an exchange of its own where
            the clock can be moved.
        clock: what gives the seconds; further workers go by that of the machine.
        progress: told again and again that something was done.

    Raises:
        Unreachable: the server stopped answering.
    """
    started = clock()
    table = Table(server, tick, reset, _ending(plan, clock))
    alone = plan.workers == 1 or reach is None
    try:
        chosen = books.find(table, 1 if alone or tick is not None else plan.workers)
    except Deviation as found:
        results.judged(PHASE, found.call, found.answer, [found.problem])
        return
    except Over:
        _show(results, table.tried, progress)
        results.note(f"The time was up before anything was played in the phase {PHASE}.")
        return
    except UNUSABLE as error:
        results.note(f"The phase {PHASE} was not tried: {type(error).__name__}: {error}.")
        return
    if not chosen:
        results.note(f"The phase {PHASE} was not tried: no open book had room, and funds, for it.")
        return
    if tick is None:
        results.note(
            "Whether volume, high and low forget after 24 hours was not tried: the clock of this"
            " server can't be moved."
        )
    if alone or reach is None:
        one = evolve(plan, market=chosen[0])
        _take(results, _play(one, table, lambda done: _show(results, done, progress), clock))
        return
    markets = list(chosen) * plan.workers if tick is not None else list(chosen)
    workers = min(plan.workers, len(markets))
    if workers < plan.workers:
        results.note(
            f"{workers} of {plan.workers} workers played: there are no more books without a coin"
            " in common."
        )
    plans = [
        evolve(
            plan,
            market=market,
            seed=plan.seed + number,
            steps=plan.steps // workers,
            seconds=None if plan.seconds is None else plan.seconds - (clock() - started),
            alone=tick is not None or workers == 1,
        )
        for number, market in enumerate(markets[:workers])
    ]
    # A process each: one interpreter would let only one of them work at a time.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for played in pool.map(work, plans, [reach] * workers):
            _take(results, played)
            progress()


def work(plan: Plan, reach: Reach) -> Played:
    """Play in a process of its own.

    Raises:
        Unreachable: the server stopped answering, or isn't the sandbox any more.
    """
    engine, tick, reset = reach()
    try:
        server = Server(plan.url, plan.tokens, engine)
        if not server.prove():
            raise Unreachable("it is not the sandbox")
        table = Table(server, tick, reset, _ending(plan, monotonic))
        return _play(plan, table, lambda _: None, monotonic)
    finally:
        engine.close()


def _ending(plan: Plan, clock: Callable[[], float]) -> Callable[[], bool]:
    """Give what tells, from now on, whether the plan's seconds are over."""
    started = clock()
    return lambda: plan.seconds is not None and clock() - started > plan.seconds


def _play(
    plan: Plan,
    table: Table,
    progress: Callable[[dict[str, int]], None],
    clock: Callable[[], float],
) -> Played:
    session = Session(
        table=table,
        market=plan.market,
        steps=plan.steps,
        seed=plan.seed,
        alone=plan.alone,
        clock=clock,
        database=database(plan.share),
        progress=lambda: progress(table.tried),
        stop_at=plan.stop_at,
    )
    session.run()
    own = Results(operations(), plan.secrets)
    for case in session.cases.values():
        _add(own, plan.url, case)
    cases = [case.deviation for case in session.cases.values()]
    answers = [(one.call, one.answer) for one in cases if one.answer is not None]
    return Played(session.was_cut, table.tried, own.findings, answers)


def _add(results: Results, url: str, case: Case) -> None:
    found = case.deviation
    results.add(
        PHASE,
        found.call,
        found.answer,
        found.problem,
        curl=script.curl(url, case.steps, found.call),
        facade=script.facade(case.steps, found.call),
    )


def _show(results: Results, tried: dict[str, int], progress: Callable[[], None]) -> None:
    """Bring the tallies up to date; each count is handed over once."""
    for operation, count in tried.items():
        results.tallies[operation].tried += count
    tried.clear()
    progress()


def _take(results: Results, played: Played) -> None:
    if played.was_cut:
        results.note(f"The time was up in the phase {PHASE}, before all its steps were done.")
    for operation, count in played.tried.items():
        results.tallies[operation].tried += count
    for finding in played.findings:
        results.tallies[finding.operation].failed += 1
        results.keep(finding)
    for call, answer in played.answers:
        results.observed.add(call, answer)

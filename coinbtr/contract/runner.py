"""Runs the contract test against one server and gives the report."""

from collections.abc import Callable, Collection
from time import monotonic, sleep

from coinbtr.contract import canary, generated, health, live, phases, preconditions
from coinbtr.contract.catalogue import PROBES
from coinbtr.contract.control import Control
from coinbtr.contract.model.phase import Reach, Reset, Tick
from coinbtr.contract.options import LIVE, Options
from coinbtr.contract.profiles import PROFILES
from coinbtr.contract.report import NOT_SELECTED, Report
from coinbtr.contract.server import Server, Unreachable
from coinbtr.contract.trial import Progress, Trial
from coinbtr.wire.engine import Engine


def run(
    options: Options,
    engine: Engine,
    *,
    progress: Progress,
    pace: float = 1.0,
    clock: Callable[[], float] = monotonic,
    wait: Callable[[float], None] = sleep,
    issued: Collection[str] = (),
    tick: Tick | None = None,
    reset: Reset | None = None,
    control: Control | None = None,
    reach: Reach | None = None,
) -> Report:
    """Test a server; nothing is raised for what the server does.

    Args:
        options: what to test.
        engine: what carries the probes' requests.
        progress: told the phase, and the results so far, again and again.
        pace: seconds between two requests to a server that isn't the sandbox.
        clock: what gives the seconds.
        wait: what waits, in seconds.
        issued: which tokens, `mine` and `other`, the sandbox has just been given or made itself:
            that it refuses one is a finding, and so is that it does not say that it is the sandbox.
        tick: moves the server's clock on by some seconds; None where it goes by itself.
        reset: sets the sandbox back to how it was at first; None where that can't be done. It is
            done once something deviates, so that what was found can be played again.
        control: the control plane of the sandbox, or None.
        reach: how further workers reach the server, each in a process of its own.
    """
    given = {"mine": options.token, "other": options.other_token}
    tokens = {name: token for name, token in given.items() if token is not None}
    server = Server(
        options.url,
        tokens,
        engine,
        pace=pace,
        clock=clock,
        wait=wait,
        is_mine=options.is_mine and options.profile in PROFILES,
    )
    trial = Trial(
        options=options,
        server=server,
        tokens=tokens,
        clock=clock,
        progress=progress,
        issued=issued,
        tick=tick,
        reset=reset,
        control=control,
        reach=reach,
    )
    try:
        problem = _test(trial)
    except Unreachable as error:
        problem = f"no connection to the server: {error}"
    except generated.Trouble as error:
        problem = f"Schemathesis could not do its work: {error}"
    return _report(trial, problem)


def _test(trial: Trial) -> str | None:
    """Test what can be; tell why no more could be."""
    trial.server.prove()
    if trial.profile == LIVE:
        return _read(trial)
    if not trial.server.takes_all:
        _judge_health(trial)
        return (
            f"--profile {trial.profile} places orders and withdraws, and the server did not"
            " prove to be the sandbox; if it is yours, say --this-server-is-mine"
        )
    if (problem := preconditions.why_not(trial)) is not None:
        return problem
    under_way = preconditions.under_way(trial)
    for probe in PROBES:
        phases.probe(trial, probe, under_way)
    phases.play(trial, under_way)
    phases.generate(trial)
    return None


def _read(trial: Trial) -> str | None:
    """Only read, but for the one order that the user may have allowed."""
    bench = trial.bench(LIVE)
    is_known = live.run(bench, trial.tell, trial.out_of_time)
    if trial.options.canary is not None:
        bench.phase = canary.PHASE
        canary.run(bench, trial.options.canary)
        trial.tell(canary.PHASE)
    return None if is_known else preconditions.UNKNOWN_TOKEN.format("--token")


def _judge_health(trial: Trial) -> None:
    problem = health.problem(trial.server, is_ours=bool(trial.issued))
    if problem is not None:
        call, answer = health.call(trial.server), trial.server.health
        trial.results.judged_aside(health.PHASE, call, answer, problem)


def _report(trial: Trial, problem: str | None) -> Report:
    results = trial.results
    for tally in results.tallies.values():
        if not tally.tried and tally.not_tried is None:
            tally.not_tried = NOT_SELECTED if problem is None else problem
    return Report(
        url=trial.options.url,
        is_sandbox=trial.server.is_sandbox,
        profile=trial.profile,
        seed=trial.options.seed,
        findings=tuple(results.findings),
        tallies=results.tallies,
        notes=tuple(results.notes),
        observed=results.observed,
        seconds=trial.seconds,
        problem=problem,
    )

"""Runs the contract test against one server and gives the report."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from http import HTTPStatus
from time import monotonic, sleep
from typing import Final

from attrs import field, frozen

from coinbtr.contract import canary, generated, health, live
from coinbtr.contract.bench import UNUSABLE, Bench, Stopped
from coinbtr.contract.canary import Budget
from coinbtr.contract.catalogue import PROBES, Probe
from coinbtr.contract.control import Control
from coinbtr.contract.findings import Results
from coinbtr.contract.model import phase as model
from coinbtr.contract.operations import operations, shipped_operations
from coinbtr.contract.probes import deposits
from coinbtr.contract.profiles import PHASES, PROFILES
from coinbtr.contract.report import NOT_SELECTED, Report
from coinbtr.contract.server import Server, Unreachable
from coinbtr.wire.engine import Engine

DEFAULT_SEED: Final = 2018
LIVE: Final = "live"
_UNKNOWN: Final = "the server does not know the token of {}"

Progress = Callable[[str, Results], None]


@frozen(kw_only=True)
class Options:
    """What to test, and how much.

    Attributes:
        url: the base URL, such as `http://127.0.0.1:8642/api/v1`, checked.
        token: the token of the account to use.
        other_token: that of a second account, for trades and foreign orders.
        seed: what generated requests are drawn from.
        profile: one of `profiles.PROFILES`, or `live` for reads only; None for `full` on the
            sandbox and `live` on every other server.
        max_time: seconds after which nothing new is begun, or None.
        operations: the operationIds to try; all when empty.
        phases: some of `profiles.PHASES`; all when empty.
        workers: how many of the model's plays run at a time.
        share: the address of a Redis where found failures are shared, or None.
        canary: lets one order be placed and cancelled on a server that is only read from.
        is_mine: lets a profile that writes do so on a server that isn't the sandbox.
        stop_at: codes of rules; the run ends, without shortening, once one of them is broken.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    other_token: str | None = field(default=None, repr=False)
    seed: int = DEFAULT_SEED
    profile: str | None = None
    max_time: float | None = None
    operations: Sequence[str] = ()
    phases: Sequence[str] = ()
    workers: int = 1
    share: str | None = field(default=None, repr=False)
    canary: Budget | None = None
    is_mine: bool = False
    stop_at: Collection[str] = ()


def run(
    options: Options,
    engine: Engine,
    *,
    progress: Progress,
    pace: float = 1.0,
    clock: Callable[[], float] = monotonic,
    wait: Callable[[float], None] = sleep,
    issued: Collection[str] = (),
    tick: model.Tick | None = None,
    reset: model.Reset | None = None,
    control: Control | None = None,
    reach: model.Reach | None = None,
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
    return _Run(
        options, server, tokens, progress, clock, issued, tick, reset, control, reach
    ).report()


class _Run:
    def __init__(
        self,
        options: Options,
        server: Server,
        tokens: dict[str, str],
        progress: Progress,
        clock: Callable[[], float],
        issued: Collection[str],
        tick: model.Tick | None,
        reset: model.Reset | None,
        control: Control | None,
        reach: model.Reach | None,
    ) -> None:
        self._options = options
        self._server = server
        self._progress = progress
        self._clock = clock
        self._issued = issued
        self._tick = tick
        self._reset = reset
        self._control = control
        self._under_way: Sequence[str] = ()
        self._reach = reach
        self._tokens = tokens
        self._secrets = {
            token: "$COINBTR_TOKEN" if name == "mine" else "$COINBTR_OTHER_TOKEN"
            for name, token in tokens.items()
        }
        self._results = Results(operations(), self._secrets, options.stop_at)
        self._started = clock()
        wanted = set(options.operations or operations())
        self._selected = [one for name, one in operations().items() if name in wanted]
        self._phases = [name for name in PHASES if name in (options.phases or PHASES)]

    def report(self) -> Report:
        problem = None
        try:
            problem = self._test()
        except Unreachable as error:
            problem = f"no connection to the server: {error}"
        except generated.Trouble as error:
            problem = f"Schemathesis could not do its work: {error}"
        for tally in self._results.tallies.values():
            if not tally.tried and tally.not_tried is None:
                tally.not_tried = NOT_SELECTED if problem is None else problem
        return Report(
            url=self._options.url,
            is_sandbox=self._server.is_sandbox,
            profile=self._profile,
            seed=self._options.seed,
            findings=tuple(self._results.findings),
            tallies=self._results.tallies,
            notes=tuple(self._results.notes),
            observed=self._results.observed,
            seconds=self._seconds,
            problem=problem,
        )

    @property
    def _profile(self) -> str:
        return self._options.profile or ("full" if self._server.is_sandbox else LIVE)

    def _test(self) -> str | None:
        self._server.prove()
        if self._profile == LIVE:
            bench = self._bench(LIVE)
            is_known = live.run(bench, self._tell, self._out_of_time)
            if self._options.canary is not None:
                bench.phase = canary.PHASE
                canary.run(bench, self._options.canary)
                self._tell(canary.PHASE)
            return None if is_known else _UNKNOWN.format("--token")
        if not self._server.takes_all:
            self._judge_health()
            return (
                f"--profile {self._profile} places orders and withdraws, and the server did not"
                " prove to be the sandbox; if it is yours, say --this-server-is-mine"
            )
        if (problem := self._cannot_start()) is not None:
            return problem
        self._under_way = self._find_under_way()
        for probe in PROBES:
            self._probe(probe)
        self._play()
        self._generate()
        return None

    def _judge_health(self) -> None:
        problem = health.problem(self._server, is_ours=bool(self._issued))
        if problem is not None:
            call, answer = health.call(self._server), self._server.health
            self._results.judged_aside(health.PHASE, call, answer, problem)

    def _cannot_start(self) -> str | None:
        """Tell why a sandbox can't be tested: most of it needs a token that works."""
        names = {"mine": "--token", "other": "--other-token"}
        if not self._server.has_token("mine"):
            return "private operations need a token: give --token or set COINBTR_TOKEN"
        bench = self._bench("tokens")
        for name, option in names.items():
            if not self._server.has_token(name):
                continue
            try:
                reply = bench.ask("getSession", token=name)
            except Stopped:
                return None  # the answer was taken down; the probes see what else there is
            if reply.answer.status == HTTPStatus.UNAUTHORIZED:
                if name in self._issued:
                    bench.find("C305", reply, "It refuses a token that it has just issued itself.")
                return _UNKNOWN.format(option)
        return None

    def _find_under_way(self) -> Sequence[str]:
        """Name the deposits that may move balances while the probes compare them."""
        if self._tick is not None:
            return []  # the clock stands still
        bench = self._bench("wallet")
        names = [name for name in ("mine", "other") if self._server.has_token(name)]
        try:
            return [one for name in names for one in deposits.under_way(bench, name)]
        except Stopped:
            return []

    def _is_calm(self, phase: str) -> bool:
        """Tell whether balances can be compared in a phase; a note says why not."""
        if self._under_way:
            self._results.note(
                f"The phase {phase} was not tried in whole: a deposit is under way"
                f" ({self._under_way[0]}), which moves a balance when it is confirmed."
                " Run it again then."
            )
        return not self._under_way

    def _probe(self, probe: Probe) -> None:
        chosen = {one.id for one in self._selected}
        if probe.phase not in self._phases or (probe.operations and not probe.operations & chosen):
            return
        if self._results.enough:
            return
        if self._out_of_time():
            self._results.note(f"The time was up before the phase {probe.phase}.")
            return
        if probe.needs_other and not self._server.has_token("other"):
            self._results.note(f"The phase {probe.phase} was not tried: it needs --other-token.")
            return
        if probe.needs_calm and not self._is_calm(probe.phase):
            return
        self._tell(probe.phase)
        bench = self._bench(probe.phase)
        before = len(self._results.findings)
        try:
            probe.run(bench)
        except Stopped as stop:
            if not self._results.enough:
                why = f": {stop}" if str(stop) else ""
                self._results.note(f"The phase {probe.phase} was not tried to its end{why}.")
        except UNUSABLE as error:
            # An answer of another shape than documented; the checks of that answer tell.
            self._results.note(f"The phase {probe.phase} was not tried to its end.")
            if len(self._results.findings) == before and bench.last is not None:
                sentence = f"The answer can't be used: {type(error).__name__}: {error}."
                bench.find("C121", bench.last, sentence)
        self._tell(probe.phase)

    def _play(self) -> None:
        """Let the model play; it takes two accounts, and all operations."""
        is_whole = len(self._selected) == len(operations())
        if model.PHASE not in self._phases or not is_whole or self._results.enough:
            return
        if self._out_of_time():
            self._results.note(f"The time was up before the phase {model.PHASE}.")
            return
        if not self._server.has_token("other"):
            self._results.note(f"The phase {model.PHASE} was not tried: it needs --other-token.")
            return
        if not self._is_calm(model.PHASE):
            return
        self._tell(model.PHASE)
        if reshaped := self._find_reshaped():
            self._results.note(
                f"The phase {model.PHASE} was not tried: {', '.join(sorted(reshaped))} answers in"
                " another shape than it reads."
            )
            return
        options = self._options
        plan = model.Plan(
            url=options.url,
            tokens=self._tokens,
            secrets=self._secrets,
            steps=PROFILES[self._profile].model,
            seed=options.seed,
            workers=options.workers,
            share=options.share,
            seconds=None if options.max_time is None else options.max_time - self._seconds,
            stop_at=frozenset(options.stop_at),
        )
        model.run(
            plan,
            self._server,
            self._results,
            tick=self._tick,
            # It changes what is there: nothing for another server.
            reset=self._reset if self._server.is_sandbox else None,
            reach=self._reach,
            clock=self._clock,
            progress=lambda: self._tell(model.PHASE),
        )
        self._tell(model.PHASE)

    def _find_reshaped(self) -> Collection[str]:
        """Name the operations whose answers keep to another description, and not to our own."""
        if operations() is not shipped_operations():
            bench = self._bench(model.PHASE)
            for operation in self._selected:
                if operation.effect == "read":
                    with suppress(Stopped):
                        bench.ask(operation.id, operation.example)
        return self._results.reshaped

    def _generate(self) -> None:
        phases = [name for name in generated.PHASES if name in self._phases]
        if not phases or self._options.token is None or self._results.enough:
            return
        self._tell(phases[0])
        generated.run(
            self._server,
            self._options.token,
            self._results,
            phases=phases,
            selected=[one.id for one in self._selected],
            effort=PROFILES[self._profile],
            seed=self._options.seed,
            progress=self._tell,
            out_of_time=self._out_of_time,
        )

    def _bench(self, phase: str) -> Bench:
        seed = self._options.seed
        return Bench(
            self._server,
            self._selected,
            self._results,
            phase,
            seed,
            self._control,
            self._out_of_time,
        )

    def _tell(self, phase: str) -> None:
        self._progress(phase, self._results)

    def _out_of_time(self) -> bool:
        most = self._options.max_time
        return most is not None and self._seconds > most

    @property
    def _seconds(self) -> float:
        return self._clock() - self._started

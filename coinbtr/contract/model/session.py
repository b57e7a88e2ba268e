"""Plays again and again, by Hypothesis, until the steps or the time are used up."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from time import monotonic
from typing import Any, Final, NoReturn

import hypothesis
from attrs import define, field
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.database import ExampleDatabase
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from coinbtr.contract.model.machine import Trading
from coinbtr.contract.model.play import Play
from coinbtr.contract.model.shorten import Case, shorten
from coinbtr.contract.model.steps import Step
from coinbtr.contract.model.table import Deviation, Over, Table
from coinbtr.contract.server import Unreachable

_STEPS_A_PLAY: Final = 50
_MORE: Final = 1_000
"""Steps to look for other deviations, and shorter plays, after the first: steps, so that a busy
machine finds the same as a quiet one."""

_MORE_SECONDS: Final = 20.0
"""Where the server is slow, seconds end that sooner."""

# A play is long and slow on purpose.
_NOT_HERE: Final = (
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.large_base_example,
    HealthCheck.too_slow,
)

_SHORTENING: Final = 20.0
"""Seconds to leave out steps that the plays found don't need."""


@define(eq=False)
class Session:
    """One worker's plays on one market.

    Attributes:
        table: access to the server.
        market: the book to play on.
        steps: how many steps to do.
        seed: what choices are drawn from.
        alone: whether nobody else uses the accounts.
        clock: what gives the seconds.
        database: where failures are kept and shared, or None.
        stop_at: the rules of which one broken is enough.
        done: the steps that were done.
        cases: the shortest play for each rule and operation.
    """

    table: Table
    market: str
    steps: int
    seed: int
    alone: bool = True
    clock: Callable[[], float] = monotonic
    database: ExampleDatabase | None = None
    progress: Callable[[], None] = lambda: None
    stop_at: frozenset[str] = frozenset()
    done: int = 0
    cases: dict[tuple[str, str], Case] = field(factory=dict)
    _found_at: tuple[int, float] | None = field(init=False, default=None)
    _unreachable: Unreachable | None = None

    def run(self) -> None:
        """Play until the steps are done; after a deviation, find its like for a while, and shorten.

        Raises:
            Unreachable: the server stopped answering.
        """
        plays = max(self.steps // _STEPS_A_PLAY, 1) * 2
        settings = hypothesis.settings(
            max_examples=plays,
            stateful_step_count=_STEPS_A_PLAY,
            deadline=None,
            database=self.database,
            phases=(Phase.reuse, Phase.generate, Phase.shrink),
            suppress_health_check=_NOT_HERE,
            verbosity=Verbosity.quiet,
            report_multiple_bugs=True,
            print_blob=False,
        )
        # What doesn't come about again ends a search, and there may be more to find.
        for seed in count(self.seed):
            if self._search(seed, settings):
                break
        if not self._has_enough:
            self._shorten()

    def _search(self, seed: int, settings: hypothesis.settings) -> bool:
        """Let Hypothesis play; tell whether it came to its end."""
        try:
            run_state_machine_as_test(self._machine(seed), settings=settings)
        except Over:
            if self._unreachable is not None:
                raise self._unreachable from None
        except (Deviation, Flaky, BaseExceptionGroup) as error:
            if not self.cases:
                raise
            return not isinstance(error, Flaky)
        return True

    def _shorten(self) -> None:
        until = self.clock() + _SHORTENING
        # What takes several plays to come about isn't there after the server is set back.
        ways = (self._play,) if self.table.reset is None else (self._play_anew, self._play)
        for kind, case in self.cases.items():
            for begin in ways:
                # Where a play can't even begin any more, the case stays as it is.
                with suppress(Deviation):
                    self.cases[kind] = shorten(
                        case, begin, lambda: self.clock() > until or self.table.is_over()
                    )
                if len(self.cases[kind].steps) < len(case.steps):
                    break

    def _machine(self, seed: int) -> Any:
        session = self

        class Machine(_Counted):
            def __init__(self) -> None:
                super().__init__(session)

        return hypothesis.seed(seed)(Machine)

    def begin(self) -> Play:
        """Start a play, unless all is done."""
        self.check()
        try:
            play = self._play_anew() if self.cases else self._play()
        except Deviation as deviation:
            self.keep((), deviation)
            raise
        except Unreachable as lost:
            self.leave(lost)
        self.progress()
        return play

    def _play(self) -> Play:
        return Play(self.table, self.market, self.alone)

    def _play_anew(self) -> Play:
        """Start a play with the server set back, where that can be done: defects spoil accounts."""
        if self.table.reset is not None:
            self.table.reset()
        return self._play()

    def check(self) -> None:
        """End everything when steps or time are used up."""
        is_late = False
        if self._found_at is not None:
            done, when = self._found_at
            is_late = self.done > done + _MORE or self.clock() > when + _MORE_SECONDS
        is_done = self.done >= self.steps and not self.cases
        if is_late or is_done or self._has_enough or self.table.is_over():
            raise Over

    @property
    def was_cut(self) -> bool:
        """Whether the time was up before the steps were done."""
        return self.done < self.steps and self.table.is_over()

    @property
    def _has_enough(self) -> bool:
        return any(case.deviation.problem.code in self.stop_at for case in self.cases.values())

    def keep(self, steps: tuple[Step, ...], deviation: Deviation) -> None:
        """Keep a deviating play if it is the shortest of its kind."""
        if self._found_at is None:
            self._found_at = self.done, self.clock()
        case = Case(steps, deviation)
        known = self.cases.get(case.kind)
        if known is None or len(steps) < len(known.steps):
            self.cases[case.kind] = case

    def leave(self, lost: Unreachable) -> NoReturn:
        """End everything because the server is gone."""
        self._unreachable = lost
        raise Over from None


class _Counted(Trading):
    """The machine with its steps counted and its failures kept."""

    def __init__(self, session: Session) -> None:
        self._session = session
        super().__init__(session.begin, moves_time=session.table.tick is not None)

    def do(self, step: Step) -> None:
        """Do a step of the play, count it, and keep what it leads to."""
        self._session.check()
        self._session.done += 1
        try:
            super().do(step)
        except Deviation as deviation:
            self._session.keep(tuple(self.play.done), deviation)
            raise
        except Unreachable as lost:
            self._session.leave(lost)

    def teardown(self) -> None:
        """Leave nothing open, as far as the server can be reached."""
        try:
            super().teardown()
        except Unreachable as lost:
            self._session.leave(lost)

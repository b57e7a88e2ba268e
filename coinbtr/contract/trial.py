"""A run under way: what its phases have at hand, and how much of its time is left."""

from collections.abc import Callable, Collection, Sequence

from attrs import define, field

from coinbtr.contract.bench import Bench
from coinbtr.contract.control import Control
from coinbtr.contract.findings import Results
from coinbtr.contract.model.phase import Reach, Reset, Tick
from coinbtr.contract.operations import Operation, operations
from coinbtr.contract.options import LIVE, Options
from coinbtr.contract.profiles import PHASES
from coinbtr.contract.server import Server

Progress = Callable[[str, Results], None]

_SHOWN_AS = {"mine": "$COINBTR_TOKEN", "other": "$COINBTR_OTHER_TOKEN"}


@define(kw_only=True, eq=False)
class Trial:
    """One run against one server; `runner.run` says what most of it is.

    Attributes:
        tokens: those that there are, by `mine` and `other`.
        results: where everything is taken down.
        selected: the operations that are to be tried.
        phases: the phases that are to be tried.
    """

    options: Options
    server: Server
    tokens: dict[str, str] = field(repr=False)
    clock: Callable[[], float]
    progress: Progress
    issued: Collection[str] = ()
    tick: Tick | None = None
    reset: Reset | None = None
    control: Control | None = None
    reach: Reach | None = None
    results: Results = field(init=False)
    selected: Sequence[Operation] = field(init=False)
    phases: Sequence[str] = field(init=False)
    _started: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        options = self.options
        self.results = Results(operations(), self.secrets, options.stop_at)
        wanted = set(options.operations or operations())
        self.selected = [one for name, one in operations().items() if name in wanted]
        self.phases = [name for name in PHASES if name in (options.phases or PHASES)]
        self._started = self.clock()

    @property
    def secrets(self) -> dict[str, str]:
        """What must not be shown, by what is shown instead."""
        return {token: _SHOWN_AS[name] for name, token in self.tokens.items()}

    @property
    def profile(self) -> str:
        """The profile in use, chosen by what the server is where none was named."""
        return self.options.profile or ("full" if self.server.is_sandbox else LIVE)

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return self.clock() - self._started

    @property
    def seconds_left(self) -> float | None:
        """How long it may go on, None for as long as it takes."""
        most = self.options.max_time
        return None if most is None else most - self.seconds

    def out_of_time(self) -> bool:
        """Tell whether nothing new may be begun."""
        left = self.seconds_left
        return left is not None and left < 0

    def bench(self, phase: str) -> Bench:
        """Give a phase its access to the server."""
        return Bench(
            self.server,
            self.selected,
            self.results,
            phase,
            self.options.seed,
            self.control,
            self.out_of_time,
        )

    def tell(self, phase: str) -> None:
        """Tell that something was done in a phase."""
        self.progress(phase, self.results)

"""The rules in force: which requests go wrong, in an order that the seed decides."""

from collections.abc import Callable, Mapping
from random import Random
from threading import Lock

from attrs import define, field, frozen

from coinbtr.sandbox.faults.fault import MOST_MS, Fault, InvalidFault


@frozen
class ActiveFault:
    """A fault in force.

    Attributes:
        id: what it is removed by.
        fault: what goes wrong.
        seen: how many requests it could have happened to.
        done: to how many it did.
    """

    id: int
    fault: Fault
    seen: int
    done: int


@define
class Rule:
    """A fault in force, with its random series and its counts."""

    fault: Fault
    random: Random
    seen: int = 0
    done: int = 0

    def strikes(self) -> bool:
        """Tell whether it is this request's turn; each draws once, whatever comes of it."""
        fault, self.seen = self.fault, self.seen + 1
        drawn = self.random.randrange(fault.share.denominator) < fault.share.numerator
        if not drawn or self.seen <= fault.skip:
            return False
        return fault.count is None or self.done < fault.count

    def latency_ms(self) -> int:
        """Draw how long this one takes."""
        fault, ms = self.fault, self.fault.ms or 0
        most = MOST_MS if fault.max_ms is None else fault.max_ms
        if fault.distribution == "uniform":
            return self.random.randint(ms, most)
        if fault.distribution == "exponential" and ms:
            return min(round(self.random.expovariate(1 / ms)), most)
        return ms


@define
class Draw:
    """What happens to one request: a wait, and at most one other fault."""

    names: list[str] = field(factory=list)
    latency_ms: int = 0
    rule: Rule | None = None

    @property
    def fault(self) -> Fault | None:
        """What happens beside the wait."""
        return self.rule.fault if self.rule else None


class Faults:
    """Adds and removes faults; can be shared between threads.

    A rule draws from a random series of its own, made of the seed and the rule's id, once for each
    request to its operations: the same requests in the same order meet the same faults.

    Args:
        seed: what the series begin with.
        operations: of each operationId that there is whether it only reads.
        prepare: called with each fault before it is in force.
    """

    def __init__(
        self,
        seed: int,
        operations: Mapping[str, bool],
        prepare: Callable[[Fault], None] = lambda _: None,
    ) -> None:
        self._seed = seed
        self._prepare = prepare
        self._known = operations
        self._rules: dict[int, Rule] = {}
        self._lock = Lock()
        self._added = 0

    def __repr__(self) -> str:
        return f"<Faults {self.list()}>"

    def add(self, fault: Fault) -> int:
        """Put a fault in force; gives the id to remove it with. Ids count from 1.

        Raises:
            InvalidFault: it names an operation that there isn't, or that it can't happen to.
        """
        for name in fault.operations:
            if name not in self._known:
                known = ", ".join(sorted(self._known))
                raise InvalidFault("operations", f"has no {name!r}; there are: {known}")
            if fault.kind == "stale_read" and not self._known[name]:
                raise InvalidFault(
                    "operations", f"of stale_read must be reads, which {name!r} isn't"
                )
        self._prepare(fault)
        with self._lock:
            self._added += 1
            rule = Rule(fault, Random(f"{self._seed}/{self._added}"))  # noqa: S311 - repeatable
            # A new dict: who draws reads the one that was there.
            self._rules = {**self._rules, self._added: rule}
            return self._added

    def remove(self, fault_id: int) -> None:
        """Take a fault out of force.

        Raises:
            KeyError: there is none with that id.
        """
        with self._lock:
            rest = dict(self._rules)
            del rest[fault_id]
            self._rules = rest

    def clear(self) -> None:
        """Take all faults out of force; ids go on counting."""
        with self._lock:
            self._rules = {}

    def list(self) -> list[ActiveFault]:
        """Tell the faults in force, in the order in which they were added."""
        with self._lock:
            return [
                ActiveFault(number, rule.fault, rule.seen, rule.done)
                for number, rule in self._rules.items()
            ]

    def draw(self, operation: str, *, is_read: bool) -> Draw | None:
        """Decide what happens to a request; None is nothing.

        Latencies add up; of the other faults whose turn it is the first happens.
        """
        if not self._rules:
            return None
        drawn: Draw | None = None
        with self._lock:
            for rule in self._rules.values():
                fault = rule.fault
                if fault.operations and operation not in fault.operations:
                    continue
                if fault.kind == "stale_read" and not is_read:
                    continue
                if not rule.strikes():
                    continue
                drawn = drawn or Draw()
                if fault.kind == "latency":
                    drawn.latency_ms += rule.latency_ms()
                elif drawn.rule is None:
                    drawn.rule = rule
                else:
                    continue
                rule.done += 1
                drawn.names.append(fault.kind)
        return drawn

    def take_back(self, drawn: Draw) -> None:
        """Let a fault that could not be done not count as one that was."""
        if drawn.rule is not None:
            with self._lock:
                drawn.rule.done -= 1
            drawn.names.remove(drawn.rule.fault.kind)
            drawn.rule = None

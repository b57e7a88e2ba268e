"""The outcome of a run."""

from enum import IntEnum

from attrs import field, frozen

from coinbtr.contract.findings import Finding, Tally
from coinbtr.contract.observed import Observed

NOT_SELECTED = "it was not selected"
"""Why an operation wasn't tried when nothing was wrong with it."""


class Verdict(IntEnum):
    """What the run says; the value is the exit status."""

    KEEPS = 0
    DEVIATES = 1
    COULD_NOT_TEST = 4


@frozen(kw_only=True)
class Report:
    """What was tried and found.

    `tallies` are by operationId in the description's order; `notes` say what couldn't be tried;
    `seconds` is how long it took; `problem` is why nothing could be tested, or None; `observed` is
    what the answers looked like.
    """

    url: str
    is_sandbox: bool
    profile: str
    seed: int
    findings: tuple[Finding, ...] = ()
    tallies: dict[str, Tally]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    problem: str | None = None
    observed: Observed | None = field(default=None, repr=False)

    @property
    def verdict(self) -> Verdict:
        """Whether the server keeps to the description, as far as it was tried."""
        if self.findings:
            return Verdict.DEVIATES
        if self.problem is not None or not any(tally.tried for tally in self.tallies.values()):
            return Verdict.COULD_NOT_TEST
        return Verdict.KEEPS

"""What a run found and how much it tried: filled by the phases, read by the report."""

from collections.abc import Collection, Iterable

from attrs import define, field, frozen

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks import Problem
from coinbtr.contract.observed import Observed


@frozen(kw_only=True)
class Finding:
    """A broken rule with the smallest case that showed it.

    `code` is one of `rules.RULES`, `sentence` what was seen, `case` the request, `answer` what came
    back, `curl` the line that repeats it (without a token). Where it takes several requests, `curl`
    has a line for each, and `facade` the same as calls of two clients, `mine` and `other`.
    """

    code: str
    operation: str
    phase: str
    sentence: str
    case: str
    answer: str
    curl: str
    facade: str = ""


@define
class Tally:
    """How many requests of one operation were tried, and how many of their answers failed.

    `unreached` counts those that seem to have met nothing: no answer, or one that says that there
    is no such path; `reached` all others, the model's aside.
    """

    tried: int = 0
    failed: int = 0
    unreached: int = 0
    reached: int = 0
    not_tried: str | None = None
    codes: set[str] = field(factory=set)

    @property
    def passed(self) -> int:
        """Answers without a finding."""
        return self.tried - self.failed


def _is_unreached(call: Call, answer: Answer | None) -> bool:
    if answer is None:
        return True
    # To another method than the documented one, 405 is what a path that is there answers.
    absent = (404, 405, 501) if call.method == call.operation.method else (404, 501)
    return answer.status in absent and answer.code in (None, "not_found", "method_not_allowed")


class Results:
    """Findings, one for each rule and operation (the shortest case stays), and the tallies.

    Args:
        operations: the operationIds that may be tried.
        secrets: what is replaced wherever it would show, by what it is replaced with.
        stop_at: the rules of which one broken is enough.
    """

    def __init__(
        self,
        operations: Iterable[str],
        secrets: dict[str, str],
        stop_at: Collection[str] = (),
    ) -> None:
        self.tallies = {name: Tally() for name in operations}
        self.enough = False
        self._stop_at = stop_at
        self.notes: list[str] = []
        self.observed = Observed()
        # Operations that keep to another description in a shape that our own doesn't give them.
        self.reshaped: set[str] = set()
        self._secrets = secrets
        self._findings: dict[tuple[str, str], Finding] = {}

    @property
    def findings(self) -> list[Finding]:
        """All findings, by operation and code."""
        places = {name: place for place, name in enumerate(self.tallies)}
        return sorted(self._findings.values(), key=lambda one: (places[one.operation], one.code))

    @property
    def tried(self) -> int:
        """How many requests were judged."""
        return sum(tally.tried for tally in self.tallies.values())

    def judged(self, phase: str, call: Call, answer: Answer | None, found: list[Problem]) -> None:
        """Count one answer, with what was wrong with it."""
        tally = self.tallies[call.operation.id]
        tally.tried += 1
        tally.failed += bool(found)
        is_unreached = _is_unreached(call, answer)
        tally.unreached += is_unreached
        tally.reached += not is_unreached
        if answer is not None:
            self.observed.add(call, answer, keeps=not found)
        for problem in found:
            self.add(phase, call, answer, problem)

    def judged_aside(self, phase: str, call: Call, answer: Answer | None, problem: Problem) -> None:
        """Take down a finding about what is no operation of the description, at its end."""
        self.tallies[call.operation.id] = Tally(tried=1, failed=1)
        self.add(phase, call, answer, problem)

    def add(
        self,
        phase: str,
        call: Call,
        answer: Answer | None,
        problem: Problem,
        *,
        curl: str = "",
        facade: str = "",
    ) -> None:
        """Keep a finding, unless a better case of it is known.

        Args:
            phase: where it was found.
            call: the request whose answer is wrong.
            answer: what came back, if anything did.
            problem: what is wrong.
            curl: the lines that repeat it, if one is not enough.
            facade: the same as calls of the facade.
        """
        finding = Finding(
            code=problem.code,
            operation=call.operation.id,
            phase=phase,
            sentence=self._redacted(problem.sentence),
            case=self._redacted(str(call)),
            answer=self._redacted("" if answer is None else str(answer)),
            curl=self._redacted(curl or call.curl),
            facade=self._redacted(facade),
        )
        self.keep(finding)

    def keep(self, finding: Finding) -> None:
        """Keep a finding, unless a better case of it is known: whole, then short."""
        self.tallies[finding.operation].codes.add(finding.code)
        self.enough = self.enough or finding.code in self._stop_at
        key = (finding.code, finding.operation)
        known = self._findings.get(key)
        if known is None or _rank(finding) < _rank(known):
            self._findings[key] = finding

    def note(self, sentence: str) -> None:
        """Say once what couldn't be tried, and why."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def _redacted(self, text: str) -> str:
        for secret, shown in self._secrets.items():
            text = text.replace(secret, shown)
        return text


def _rank(finding: Finding) -> tuple[bool, int]:
    # A play begins with nothing; a single request may need what was done before it.
    return not finding.facade, len(finding.curl)

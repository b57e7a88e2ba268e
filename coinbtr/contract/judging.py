"""Judges a recording, and sends nothing: each answer by itself, and all of them as a history."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Final

from coinbtr.contract.checks import Problem, judge
from coinbtr.contract.checks.request import is_valid
from coinbtr.contract.checks.schema import is_as_shipped
from coinbtr.contract.findings import Results
from coinbtr.contract.history import Found, History, Step
from coinbtr.contract.operations import operations
from coinbtr.contract.recordings import Recorded, load
from coinbtr.contract.report import Report

PHASE: Final = "recording"
NOT_IN_IT: Final = "the recording has no request of it"
_REFUSED_AS_INVALID: Final = (400, 405, 413, 415)
_REFUSED_AS_IMPOSSIBLE: Final = (404, 409, 422)


def judge_recording(path: Path) -> Report:
    """Judge a recording, a HAR file or one of `coinbtr record`.

    Raises:
        RecordingError: it is neither.
        OSError: it can't be read.
    """
    began = monotonic()
    recording = load(path)
    results = Results(operations(), dict(recording.secrets))
    for note in recording.notes:
        results.note(note)
    knows_tokens = any(one.account is not None for one in recording.exchanges)
    history = History()
    changes = _Changes(recording.exchanges)
    for place, one in enumerate(recording.exchanges):
        if one.answer is None:
            results.note("Some requests have no answer in it: what became of them isn't known.")
            if one.call.operation.effect != "read":
                history.lose()
            continue
        problems = [*judge(one.call, one.answer), *_request(one, knows_tokens)]
        results.judged(PHASE, one.call, one.answer, problems)
        step = Step(recorded=one, account=one.account or "", alone=not changes.overlap(place))
        if not problems and (not one.answer.ok or is_as_shipped(one.call, one.answer)):
            _take_down(history.see(step), results)
        elif one.call.operation.effect != "read":
            history.lose()
    _take_down(history.end(), results)
    for tally in results.tallies.values():
        if not tally.tried:
            tally.not_tried = NOT_IN_IT
    return Report(
        url=path.name,
        is_sandbox=False,
        profile="judge",
        seed=0,
        findings=tuple(results.findings),
        tallies=results.tallies,
        notes=tuple(results.notes),
        observed=results.observed,
        seconds=monotonic() - began,
    )


def _take_down(found: Iterator[Found], results: Results) -> None:
    for recorded, problem in found:
        results.add(PHASE, recorded.call, recorded.answer, problem)


def _request(one: Recorded, knows_tokens: bool) -> Iterator[Problem]:
    """Hold an answer to its request: what is allowed is accepted, what is forbidden refused."""
    call, answer = one.call, one.answer
    if answer is None or call.method != call.operation.method:
        return
    if knows_tokens and call.operation.secured and one.account is None:
        if answer.status != 401:
            yield Problem("C301", f"Without a token it was answered with {answer.status}.")
        return
    if answer.status in (401, 429):
        return
    if is_valid(call):
        if answer.status in _REFUSED_AS_INVALID:
            yield Problem("C201", f"It was answered with {answer.status} {answer.code}.")
    elif answer.ok:
        yield Problem("C202", "It was accepted, not refused.")
    elif answer.status in _REFUSED_AS_IMPOSSIBLE:
        yield Problem("C203", f"It was refused with {answer.status} {answer.code}, not 400.")


class _Changes:
    """When something was changed, to tell what happened at the same time."""

    def __init__(self, exchanges: Sequence[Recorded]) -> None:
        self._all = exchanges
        self._longest = max((one.ended - one.began for one in exchanges), default=timedelta(0))

    def overlap(self, place: int) -> bool:
        """Tell whether another exchange that changes something overlaps with this one."""
        one = self._all[place]
        return any(
            other.call.operation.effect != "read" and other.ended > one.began
            for other in self._around(place)
        )

    def _around(self, place: int) -> Iterator[Recorded]:
        """Give the others that began before this one ended, and not too long before."""
        one = self._all[place]
        for index in range(place - 1, -1, -1):
            if self._all[index].began < one.began - self._longest:
                break
            yield self._all[index]
        for index in range(place + 1, len(self._all)):
            if self._all[index].began >= one.ended:
                break
            yield self._all[index]

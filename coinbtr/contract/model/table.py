"""Where a play asks the server: counts each request, judges answers, stops at the first problem."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from attrs import define, field, frozen
from coinbtr_api import exact_json

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks import Problem, http, judge
from coinbtr.contract.model.records import Who
from coinbtr.contract.operations import error_statuses, operations
from coinbtr.contract.server import NoAnswer, Server

_SHORT = 600


class Over(KeyboardInterrupt):
    """Ends everything at once: the one exception that Hypothesis lets through as it is."""


class Deviation(Exception):  # noqa: N818 - a finding about the server, not a mistake of ours
    """An answer that the model did not predict; its class differs by rule and operation."""

    def __init__(self, problem: Problem, call: Call, answer: Answer | None) -> None:
        super().__init__(f"{problem.code} {problem.sentence}")
        self.problem = problem
        self.call = call
        self.answer = answer

    @classmethod
    def of(cls, problem: Problem, call: Call, answer: Answer | None) -> "Deviation":
        """Make one of the class of its kind, so that Hypothesis shortens each kind by itself."""
        name = f"{problem.code}_{call.operation.id}"
        kind = _KINDS.get(name)
        if kind is None:
            kind = _KINDS[name] = type(name, (cls,), {})
        return kind(problem, call, answer)


_KINDS: dict[str, type[Deviation]] = {}


@frozen
class Asked:
    """A request with its answer, whose body is decoded."""

    call: Call
    answer: Answer

    @property
    def ok(self) -> bool:
        """Whether it was accepted."""
        return self.answer.ok


@define(eq=False)
class Table:
    """Access to the server for the plays of one run.

    Attributes:
        server: where requests go; it has proven to be the sandbox.
        tick: what moves the server's clock on by seconds, or None where it goes by itself.
        reset: what sets the server back to how it was at first, or None where that can't be done.
        is_over: tells whether nothing new may be begun.
        tried: how many requests were sent, by operation.
    """

    server: Server
    tick: Callable[[int], None] | None = None
    reset: Callable[[], object] | None = None
    is_over: Callable[[], bool] = lambda: False
    tried: dict[str, int] = field(factory=dict)
    _calls: dict[Any, Call] = field(factory=dict)
    _seen: dict[Any, Answer] = field(factory=dict)
    _sound: dict[Any, Answer] = field(factory=dict)
    _heads: dict[Any, Mapping[str, str]] = field(factory=dict)

    def look(
        self, operation: str, who: Who, arguments: Mapping[str, Any], *, judged: bool
    ) -> Asked:
        """Ask what is asked after each step; an answer like the last one is not read again.

        Raises:
            Deviation: it isn't a success, or `judged` found something wrong with it.
            Over: nothing new may be begun; a look that isn't taken leaves nothing open.
        """
        if self.is_over():
            raise Over
        key = operation, who, tuple(arguments.items())
        call = self._calls.get(key)
        if call is None:
            call = self._calls[key] = self.call(operation, who, arguments)
        answer, last = self._send(call), self._seen.get(key)
        self._judge_head(call, answer)
        if last is not None and last.content == answer.content and last.status == answer.status:
            answer = last
        else:
            judged = judged or _is_odd(answer)
        if judged and self._sound.get(key) is not answer:
            self._judge(call, answer)
            self._sound[key] = answer
        if not answer.ok:
            sentence = f"It was answered with {answer.status}, not 200."
            raise Deviation.of(Problem("C201", sentence), call, answer)
        # Kept at last: what is found wrong with an answer is found each time.
        self._seen[key] = answer
        return Asked(call, answer)

    def ask(self, operation: str, who: Who, arguments: Mapping[str, Any], *, judged: bool) -> Asked:
        """Send a request and judge its answer by itself: always if it is short or a failure.

        Raises:
            Deviation: something is wrong with the answer, whatever was asked.
        """
        call = self.call(operation, who, arguments)
        answer = self._send(call)
        # What equals a prediction has the right shape: a long one is judged now and then only.
        if judged or len(answer.content) < _SHORT or _is_odd(answer):
            self._judge(call, answer)
        else:
            self._judge_head(call, answer)
        return Asked(call, answer)

    def call(self, operation: str, who: Who, arguments: Mapping[str, Any]) -> Call:
        """Describe a request, without sending it."""
        found = operations()[operation]
        token = who if found.secured else None
        if found.method == "GET":
            return self.server.call(found, query=arguments, token=token)
        content = exact_json.dumps(dict(arguments))
        return self.server.call(
            found, content=content, content_type="application/json", token=token
        )

    def _send(self, call: Call) -> Answer:
        self.tried[call.operation.id] = self.tried.get(call.operation.id, 0) + 1
        try:
            return self.server.send(call)
        except NoAnswer as lost:
            raise Deviation.of(Problem("C105", f"No answer: {lost}."), call, None) from None

    def _judge(self, call: Call, answer: Answer) -> None:
        for problem in judge(call, answer):
            raise Deviation.of(problem, call, answer)

    def _judge_head(self, call: Call, answer: Answer) -> None:
        """Judge status and headers, unless they are those of an answer that was in order."""
        kind = call.operation, call.method, answer.status
        if self._heads.get(kind) == answer.headers:
            return
        for check in http.CHECKS:
            for problem in check(call, answer):
                raise Deviation.of(problem, call, answer)
        self._heads[kind] = answer.headers


def _is_odd(answer: Answer) -> bool:
    return not answer.ok or b"E-" in answer.content or b"e-" in answer.content


def is_documented(answer: Answer) -> bool:
    """Tell whether the status of a refusal is the one of its code."""
    status = error_statuses().get(answer.code or "")
    return answer.status != HTTPStatus.OK and status == answer.status

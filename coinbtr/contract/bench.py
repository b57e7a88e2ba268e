"""What probes work with: it asks the server, judges each answer, and takes down what they find."""

from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random
from typing import Any, Final

from attrs import define, evolve
from coinbtr_api import exact_json

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks import Problem, judge
from coinbtr.contract.checks.schema import is_as_shipped
from coinbtr.contract.control import Control
from coinbtr.contract.findings import Results
from coinbtr.contract.operations import Operation, operations
from coinbtr.contract.server import NoAnswer, Server

UNUSABLE: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading an answer of another shape than the documented one ends in."""


class Stopped(Exception):  # noqa: N818 - ends one probe, nothing else
    """A probe can't go on; why was taken down, or is its text."""


@define
class Reply:
    """A request with its answer; `failed` once something was found wrong with it.

    `is_reshaped`: it is a success in another shape than this package's own description gives it.
    """

    call: Call
    answer: Answer
    failed: bool = False
    is_reshaped: bool = False

    @property
    def data(self) -> Any:
        """What a success carried.

        Raises:
            Stopped: it is reshaped, so that nothing of ours was written to read it.
        """
        if self.is_reshaped:
            raise Stopped(f"{self.call.operation.id} answers in another shape than it reads")
        return self.answer.data


class Bench:
    """One phase's access to the server.

    Args:
        server: where requests go.
        selected: the operations that are to be tried; others may be needed on the way.
        results: where everything is taken down.
        phase: the phase's name.
        seed: what choices are drawn from.
        control: the control plane of a sandbox, or None.
        out_of_time: tells whether nothing new may be begun.
    """

    def __init__(
        self,
        server: Server,
        selected: Sequence[Operation],
        results: Results,
        phase: str,
        seed: int,
        control: Control | None = None,
        out_of_time: Callable[[], bool] = lambda: False,
    ) -> None:
        self.server = server
        self.selected = selected
        self.results = results
        self.phase = phase
        self.control = control
        self._out_of_time = out_of_time
        self.random = Random(seed)  # noqa: S311 - repeatable on purpose; nothing secret
        self.last: Reply | None = None

    def ask(
        self,
        operation_id: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        token: str | None = "mine",  # noqa: S107 - a name
    ) -> Reply:
        """Send the arguments where the operation takes them: in the query or in a JSON body."""
        operation = operations()[operation_id]
        if operation.method == "GET":
            return self.send(self.server.call(operation, query=arguments or {}, token=token))
        return self.send(self.post(operation, exact_json.dumps(arguments or {}), token=token))

    def post(
        self,
        operation: Operation,
        content: bytes,
        *,
        content_type: str = "application/json",
        token: str | None = "mine",  # noqa: S107 - a name
    ) -> Call:
        """Describe a request with these very bytes as its body."""
        return self.server.call(operation, content=content, content_type=content_type, token=token)

    def go_on(self) -> None:
        """Go on with a long probe, where nothing is left open.

        Raises:
            Stopped: the time is up; a note says so.
        """
        if self._out_of_time():
            self.results.note(f"The time was up in the phase {self.phase}.")
            raise Stopped

    def send(self, call: Call) -> Reply:
        """Send a request and judge the answer by itself.

        Raises:
            Stopped: there was no complete answer, or enough has been found.
        """
        if self.results.enough:
            raise Stopped
        if call.token in ("mine", "other") and not call.operation.secured:
            call = evolve(call, token=None)
        try:
            answer = self.server.send(call)
        except NoAnswer as lost:
            self.results.judged(self.phase, call, None, [Problem("C105", f"No answer: {lost}.")])
            raise Stopped from None
        problems = list(judge(call, answer))
        self.results.judged(self.phase, call, answer, problems)
        is_reshaped = answer.ok and not is_as_shipped(call, answer)
        if is_reshaped and not problems:
            self.results.reshaped.add(call.operation.id)
        self.last = Reply(call, answer, bool(problems), is_reshaped and not problems)
        return self.last

    def need(
        self,
        operation_id: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        token: str | None = "mine",  # noqa: S107 - a name
    ) -> Reply:
        """Send a request that must be accepted.

        Raises:
            Stopped: it wasn't (rule C201).
        """
        reply = self.ask(operation_id, arguments, token=token)
        if not reply.answer.ok:
            self.find("C201", reply, f"It was answered with {reply.answer.status}, and no success.")
            raise Stopped
        return reply

    def refused(
        self, reply: Reply, status: int, codes: Collection[str], *, accepted: str = "C202"
    ) -> bool:
        """Hold a reply to a refusal: `accepted` is broken by a success, C203 by another refusal."""
        answer = reply.answer
        if answer.ok or answer.status < 400:
            self.find(accepted, reply, f"It was accepted, not refused with {status}.")
            return False
        if answer.status != status or (answer.code is not None and answer.code not in codes):
            wanted = " or ".join(codes)
            self.find(
                "C203",
                reply,
                f"It was refused with {answer.status} {answer.code}, not {status} {wanted}.",
            )
            return False
        return True

    def find(self, code: str, reply: Reply, sentence: str) -> None:
        """Take down a broken rule; the answer that showed it counts as failed."""
        if not reply.failed:
            reply.failed = True
            self.results.tallies[reply.call.operation.id].failed += 1
        self.results.add(self.phase, reply.call, reply.answer, Problem(code, sentence))

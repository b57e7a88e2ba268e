"""What is done to each request and answer of Schemathesis, which takes hooks and checks by process.

They mind the description of a run of ours alone: who uses Schemathesis beside it meets none of it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final, TypeAlias

import requests
import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks import Problem, judge
from coinbtr.contract.operations import operations
from coinbtr.contract.quantise import quantise

Case: TypeAlias = schemathesis.Case[Any]

_EVENT_STREAM: Final = "text/event-stream"


class Document(dict[str, Any]):
    """The description of one run, with what tells that nothing new may be begun.

    `was_cut` says that a request was held back for it.
    """

    def __init__(self, description: Mapping[str, Any], is_over: Callable[[], bool]) -> None:
        super().__init__(description)
        self._is_over = is_over
        self.was_cut = False

    def require_time(self) -> None:
        """Hold a request back once nothing new may be begun.

        Raises:
            KeyboardInterrupt: nothing may; to Schemathesis, that is Ctrl-C, and it ends.
        """
        self.was_cut = self.was_cut or self._is_over()
        if self.was_cut:
            raise KeyboardInterrupt


class AnswerFailure(Failure):
    """Lets Schemathesis shrink a case that broke rules of ours, and carries them."""

    code: ClassVar[str] = "ST901"
    checks: ClassVar[tuple[str, ...]] = ("coinbtr_answer",)
    kind_title: ClassVar[str] = "Rules of the contract test"

    __slots__ = ("problems",)

    def __init__(self, operation: str, problems: Sequence[Problem]) -> None:
        text = "\n".join(f"{problem.code} {problem.sentence}" for problem in problems)
        # 4.32.0 wants the title; later ones take the kind's by themselves.
        super().__init__(operation=operation, title=self.kind_title, message=text)
        self.problems = tuple(problems)

    @property
    def _unique_key(self) -> str:
        return ",".join(sorted({problem.code for problem in self.problems}))


@schemathesis.check
def coinbtr_answer(ctx: schemathesis.CheckContext, response: Response, case: Case) -> None:
    """Put an answer through the checks that every answer goes through."""
    del ctx
    if not isinstance(case.operation.schema.raw_schema, Document):
        return
    problems = list(judge(call(case, response.request, token=None), answer(response)))
    if problems:
        raise AnswerFailure(case.operation.label, problems)


@schemathesis.hook("before_call")
def _prepare(context: schemathesis.HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Make a case exact, and its request one that is held back once the time is up."""
    del context
    document = case.operation.schema.raw_schema
    if not isinstance(document, Document):
        return
    document.require_time()
    case.body = quantise(case.body)
    kwargs["hooks"] = {"response": _read}


def _read(response: requests.Response, *_: Any, **__: Any) -> None:
    """Read an answer, so that one that can't be uncompressed is one that broke off.

    Of a connection that breaks Schemathesis tells with which request; else it gives up.
    """
    if response.headers.get("content-type", "").startswith(_EVENT_STREAM):
        return  # it may have no end
    try:
        response.content  # noqa: B018 - reads it
    except requests.exceptions.ContentDecodingError as error:
        raise requests.exceptions.ChunkedEncodingError(error, request=response.request) from None


def call(case: Case, request: Any, token: str | None) -> Call:
    """Describe what was sent; `request` is Schemathesis's record of it, or that of requests."""
    sent = {name.lower(): _first(value) for name, value in request.headers.items()}
    authorization = sent.get("authorization")
    body = request.body or b""
    return Call(
        operation=operations()[case.operation.definition.raw["operationId"]],
        method=request.method,
        url=getattr(request, "uri", None) or request.url,
        content=body.encode() if isinstance(body, str) else body,
        content_type=sent.get("content-type"),
        token="mine" if authorization == f"Token {token}" else authorization,
        encodings=sent.get("accept-encoding"),
    )


def _first(value: Any) -> str:
    one = value[0] if isinstance(value, list) else value
    return one.decode("latin-1") if isinstance(one, bytes) else one


def answer(response: Response) -> Answer:
    """Describe what came back."""
    headers = {name.lower(): ", ".join(values) for name, values in response.headers.items()}
    return Answer(status=response.status_code, headers=headers, content=response.content)

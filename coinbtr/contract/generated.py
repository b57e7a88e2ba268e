"""Schemathesis over the description: examples, coverage, fuzzing, and sequences along the links.

Its engine runs in this process; every answer goes through its checks and through ours. It is used
on the sandbox only: it sends methods and bodies that a real exchange must not be asked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final, TypeAlias

import schemathesis
from attrs import frozen
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import StopReason, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks import Problem, judge
from coinbtr.contract.checks.request import is_valid
from coinbtr.contract.findings import Results
from coinbtr.contract.operations import document, operations
from coinbtr.contract.quantise import quantise
from coinbtr.contract.server import Server, Unreachable

Case: TypeAlias = schemathesis.Case[Any]

PHASES: Final = ("examples", "coverage", "fuzzing", "stateful")

# Schemathesis's checks and our rules for the same thing.
_CODES: Final[Mapping[str, str]] = {
    "not_a_server_error": "C101",
    "status_code_conformance": "C102",
    "content_type_conformance": "C103",
    "response_headers_conformance": "C104",
    "response_schema_conformance": "C121",
    "positive_data_acceptance": "C201",
    "negative_data_rejection": "C202",
    "missing_required_header": "C301",
    "ignored_auth": "C301",
    "unsupported_method": "C205",
    "allow_header_conformance": "C206",
}
# These need DELETE and parameters in the path, which this API has not: they would check nothing.
_IDLE: Final = ("use_after_free", "ensure_resource_availability", "object_level_authorization")


@frozen(kw_only=True)
class Effort:
    """How much is generated: examples of an operation, sequences, and steps of the model."""

    fuzzing: int
    stateful: int
    model: int


class Trouble(Exception):  # noqa: N818 - the command says "could not test"
    """Schemathesis could not do its work; the text says why."""


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
    if not _is_ours(case):
        return
    call = _call(case, response.request, token=None)
    problems = list(judge(call, _answer(response)))
    if problems:
        raise AnswerFailure(case.operation.label, problems)


def run(
    server: Server,
    token: str,
    results: Results,
    *,
    phases: Sequence[str],
    selected: Sequence[str],
    effort: Effort,
    seed: int,
    progress: Callable[[str], None],
    out_of_time: Callable[[], bool],
) -> None:
    """Run the phases and take down what they find.

    Args:
        server: a server that takes everything.
        token: the token of the account to use.
        results: where answers and findings go.
        phases: some of `PHASES`.
        selected: the operationIds to try.
        effort: how much is generated.
        seed: what it is generated from.
        progress: told the phase when something was tried.
        out_of_time: asked between scenarios; the rest is left out once it says so.

    Raises:
        Unreachable: the server stopped answering.
        Trouble: Schemathesis could not do its work.
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    schema: schemathesis.BaseSchema = schemathesis.openapi.from_dict(
        _plain(document()), config=_config(server.url, token, phases, effort, seed)
    )
    if len(selected) < len(operations()):
        schema = schema.include(operation_id=list(selected))
    trouble: list[str] = []
    broke = is_stopped = False
    stream = from_schema(schema).execute()
    for event in stream:
        if isinstance(event, events.ScenarioFinished):
            phase = event.phase.value
            for call in _take_down(phase, event.recorder, results, token):
                if not server.listens():
                    raise Unreachable(f"it stopped answering; the last request was {call}")
                broke = True
                results.judged(phase, call, None, [Problem("C105", "The connection broke.")])
            progress(phase)
        elif isinstance(event, events.NonFatalError):
            text = " ".join(str(event.value).split())[:200]
            trouble.append(f"{event.label}: {type(event.value).__name__}: {text}")
        elif isinstance(event, events.Interrupted):
            # Schemathesis swallows Ctrl-C, and says the same after a stop of ours.
            if not is_stopped:
                raise KeyboardInterrupt  # what was tried so far is no verdict
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif getattr(event, "stop_reason", None) is StopReason.SERVER_UNAVAILABLE:
            raise Unreachable("it stopped answering")
        if is_stopped:
            continue
        if results.enough or out_of_time():
            if not results.enough:
                results.note("The time was up before all generated requests were sent.")
            is_stopped = True
            stream.stop()
    # A connection that broke is a finding; all else is a mistake of ours or of Schemathesis.
    if trouble and not broke:
        raise Trouble("; ".join(dict.fromkeys(trouble)))


def _plain(node: Any) -> Any:
    """Copy a node with its numbers as Schemathesis knows them: floats."""
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    return float(node) if isinstance(node, Decimal) else node


def _config(
    url: str, token: str, phases: Sequence[str], effort: Effort, seed: int
) -> schemathesis.Config:
    generation = {"database": "none", "max-examples": effort.fuzzing}
    return schemathesis.Config.from_dict(
        {
            "base-url": url,
            "headers": {"Authorization": f"Token {token}"},
            "seed": seed,
            "workers": 1,
            "max-redirects": 0,
            "request-timeout": 20,
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "generation": generation,
            "phases": {
                "examples": {"enabled": "examples" in phases},
                "coverage": {
                    "enabled": "coverage" in phases,
                    "generate-duplicate-query-parameters": True,
                },
                "fuzzing": {"enabled": "fuzzing" in phases},
                "stateful": {
                    "enabled": "stateful" in phases,
                    "generation": {**generation, "max-examples": effort.stateful},
                },
            },
            "checks": {
                # A request that keeps to the description may be refused for what the exchange
                # holds: no funds, no such order, beyond a limit. Never with 400.
                "positive_data_acceptance": {
                    "expected-statuses": ["200", "403", "404", "409", "422"]
                },
                "negative_data_rejection": {
                    "expected-statuses": ["400", "401", "404", "405", "413", "415"]
                },
                **{name: {"enabled": False} for name in _IDLE},
            },
        }
    )


# Schemathesis takes this hook and the check above for the whole process only.
@schemathesis.hook("before_call")
def _prepare(context: schemathesis.HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Make a case exact, and keep proxies and passwords of this machine out of its request."""
    del context
    if not _is_ours(case):
        return
    case.body = quantise(case.body)
    if (session := kwargs.get("session")) is not None:
        session.trust_env = False


def _is_ours(case: Case) -> bool:
    return "x-rulings" in case.operation.schema.raw_schema


def _take_down(
    phase: str, recorder: ScenarioRecorder, results: Results, token: str
) -> Iterator[Call]:
    """Take down a scenario's answers and findings; give the requests without an answer."""
    for case_id, interaction in recorder.interactions.items():
        case = recorder.cases[case_id].value
        call = _call(case, interaction.request, token=token)
        if interaction.response is None:
            yield call
            continue
        answer = _answer(interaction.response)
        problems: list[Problem] = []
        for check in recorder.checks.get(case_id, ()):
            if check.failure_info is not None and _is_sound(check.name, call):
                problems += _problems(check.name, check.failure_info.failure)
        results.judged(phase, call, answer, problems)


def _is_sound(check: str, call: Call) -> bool:
    """Tell whether a request is what a check takes it for: valid, or not.

    Schemathesis takes the absence of an optional body for a fault, for example.
    """
    if check == "positive_data_acceptance":
        return is_valid(call)
    return check != "negative_data_rejection" or not is_valid(call)


def _problems(check: str, failure: Failure) -> Sequence[Problem]:
    if isinstance(failure, AnswerFailure):
        return failure.problems
    sentence = " ".join(failure.message.split()) or failure.title
    return [Problem(_CODES.get(check, "C121"), f"{sentence[:200].rstrip('.')}.")]


def _call(case: Case, request: Any, token: str | None) -> Call:
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
    )


def _first(value: Any) -> str:
    one = value[0] if isinstance(value, list) else value
    return one.decode("latin-1") if isinstance(one, bytes) else one


def _answer(response: Response) -> Answer:
    headers = {name.lower(): ", ".join(values) for name, values in response.headers.items()}
    return Answer(status=response.status_code, headers=headers, content=response.content)

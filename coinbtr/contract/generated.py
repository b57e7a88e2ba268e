"""Schemathesis over the description: examples, coverage, fuzzing, and sequences along the links.

Its engine runs in this process; every answer goes through its checks and through ours. It is used
on the sandbox only: it sends methods and bodies that a real exchange must not be asked.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

import schemathesis
from attrs import frozen
from schemathesis.core.failures import Failure
from schemathesis.engine import StopReason, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from coinbtr.contract import hooks
from coinbtr.contract.calls import Call
from coinbtr.contract.checks import Problem
from coinbtr.contract.checks.request import is_valid
from coinbtr.contract.findings import Results
from coinbtr.contract.hooks import Document
from coinbtr.contract.operations import document, operations
from coinbtr.contract.server import Server, Unreachable

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
_BROKEN: Final = "The connection broke, or the answer could not be uncompressed."
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


@contextmanager
def _alone() -> Iterator[None]:
    """Keep proxies and passwords of this machine out of all requests: no setting would do that."""
    none = {"NO_PROXY": "*", "no_proxy": "*", "NETRC": os.devnull}
    before = {name: os.environ.get(name) for name in none}
    os.environ.update(none)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


@_alone()
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
        out_of_time: asked before each request; the rest is left out once it says so.

    Raises:
        Unreachable: the server stopped answering.
        Trouble: Schemathesis could not do its work.
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    description = Document(_plain(document()), lambda: results.enough or out_of_time())
    schema: schemathesis.BaseSchema = schemathesis.openapi.from_dict(
        description, config=_config(server.url, token, phases, effort, seed)
    )
    if len(selected) < len(operations()):
        schema = schema.include(operation_id=list(selected))
    trouble: list[str] = []
    broke = False
    tried = _Tried(phases, selected)
    for event in from_schema(schema).execute():
        tried.see(event, was_cut=description.was_cut)
        if isinstance(event, events.ScenarioFinished):
            phase = event.phase.value
            for call in _take_down(phase, event.recorder, results, token):
                if not server.listens():
                    raise Unreachable(f"it stopped answering; the last request was {call}")
                broke = True
                results.judged(phase, call, None, [Problem("C105", _BROKEN)])
            progress(phase)
        elif isinstance(event, events.NonFatalError):
            text = " ".join(str(event.value).split())[:200]
            trouble.append(f"{event.label}: {type(event.value).__name__}: {text}")
        elif isinstance(event, events.Interrupted):
            if not description.was_cut:
                # Schemathesis swallows Ctrl-C: what was tried so far is no verdict.
                raise KeyboardInterrupt
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif getattr(event, "stop_reason", None) is StopReason.SERVER_UNAVAILABLE:
            raise Unreachable("it stopped answering")
    if description.was_cut and not results.enough:
        results.note(f"The time was up {tried.left_out()}.")
    # A connection that broke is a finding; all else is a mistake of ours or of Schemathesis.
    if trouble and not broke:
        raise Trouble("; ".join(dict.fromkeys(trouble)))


class _Tried:
    """What was tried in whole: phases, and operations of the one that is under way."""

    def __init__(self, phases: Sequence[str], selected: Sequence[str]) -> None:
        self._left = list(phases)
        self._selected = selected
        self._whole: set[str] = set()

    def see(self, event: events.EngineEvent, *, was_cut: bool) -> None:
        """Take in what ended; nothing ends in whole once a request was held back."""
        if was_cut:
            return
        if isinstance(event, events.ScenarioFinished) and event.label is not None:
            self._whole.add(event.label)
        elif isinstance(event, events.PhaseFinished) and event.phase.name.value in self._left:
            self._left.remove(event.phase.name.value)
            self._whole.clear()

    def left_out(self) -> str:
        """Say what wasn't."""
        under_way, *later = self._left
        known = operations()
        missed = [
            name
            for name in self._selected
            if f"{known[name].method} {known[name].path}" not in self._whole
        ]
        text = f"in the phase {under_way}"
        if under_way != "stateful":
            text += f", not tried in whole for {', '.join(missed)}"
        return f"{text}; not tried at all: {', '.join(later)}" if later else text


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


def _take_down(
    phase: str, recorder: ScenarioRecorder, results: Results, token: str
) -> Iterator[Call]:
    """Take down a scenario's answers and findings; give the requests without an answer."""
    for case_id, interaction in recorder.interactions.items():
        case = recorder.cases[case_id].value
        call = hooks.call(case, interaction.request, token=token)
        if interaction.response is None:
            yield call
            continue
        answer = hooks.answer(interaction.response)
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
    if isinstance(failure, hooks.AnswerFailure):
        return failure.problems
    sentence = " ".join(failure.message.split()) or failure.title
    return [Problem(_CODES.get(check, "C121"), f"{sentence[:200].rstrip('.')}.")]

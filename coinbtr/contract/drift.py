"""Says of each operation whether it keeps to the description, and if not, how."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from attrs import frozen

from coinbtr.contract.changes import said
from coinbtr.contract.findings import Tally
from coinbtr.contract.observed import Observed, type_of
from coinbtr.contract.report import Report
from coinbtr.contract.rules import RULES

_SCHEMA = "C121"


class State(StrEnum):
    """What an operation does."""

    KEEPS = "keeps"
    DEVIATES = "deviates"
    UNREACHABLE = "unreachable"
    NOT_TRIED = "not tried"


@frozen(kw_only=True)
class Difference:
    """One deviation: where in the answer or by which rule, what was expected, what was observed."""

    where: str
    expected: str
    observed: str
    code: str


@frozen(kw_only=True)
class Drift:
    """One operation: `why` says why it wasn't tried, `undocumented` what else its answers have."""

    operation: str
    state: State
    why: str | None
    differences: Sequence[Difference]
    undocumented: Sequence[str]


def drift(report: Report) -> Mapping[str, Drift]:
    """Give the drift of every operation, in the description's order."""
    shapes = {} if report.observed is None else _shapes(report.observed)
    return {name: _of(report, name, tally, shapes) for name, tally in report.tallies.items()}


def _of(
    report: Report, name: str, tally: Tally, shapes: Mapping[str, Sequence[Difference]]
) -> Drift:
    differences = list(shapes.get(name, ()))
    differences += [
        Difference(
            where=finding.case,
            expected=RULES[finding.code],
            observed=finding.sentence,
            code=finding.code,
        )
        for finding in report.findings
        if finding.operation == name and not (finding.code == _SCHEMA and differences)
    ]
    state = State.KEEPS
    if not tally.tried:
        state = State.NOT_TRIED
    elif tally.unreached and not tally.reached:
        state = State.UNREACHABLE
    elif tally.codes:
        state = State.DEVIATES
    return Drift(
        operation=name,
        state=state,
        why=tally.not_tried if state is State.NOT_TRIED else None,
        differences=differences if state is not State.NOT_TRIED else [],
        undocumented=[] if report.observed is None else list(report.observed.undocumented(name)),
    )


def _shapes(observed: Observed) -> dict[str, list[Difference]]:
    """Give where answers leave their schemas, by operation: each place once."""
    found: dict[str, list[Difference]] = {}
    for place, seen in sorted(observed.places.items()):
        kinds = sorted({type_of(value) for value in seen.misfits})
        for operation, status, path in sorted(seen.wheres):
            where = f"{status} {path or 'the body'}"
            if kinds:
                expected = said(observed.plain(place))
                shown = _shown(seen.misfits[0]) if len(kinds) == 1 else ""
                difference = Difference(
                    where=where,
                    expected=expected,
                    observed=" or ".join(kinds) + shown,
                    code=_SCHEMA,
                )
            else:
                difference = Difference(
                    where=where, expected="present", observed="absent", code=_SCHEMA
                )
            found.setdefault(operation, []).append(difference)
    return found


def _shown(value: object) -> str:
    """Give the form of a text, and nothing of what it says."""
    if not isinstance(value, str):
        return ""
    form = "".join("9" if c.isdigit() else "a" if c.isalpha() else c for c in value[:32])
    return f", such as {form!r}"

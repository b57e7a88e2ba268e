"""What every report tells: a run in plain words, with what belongs to an account masked."""

import re
from collections.abc import Sequence
from typing import Final

from attrs import evolve, frozen

from coinbtr.__about__ import __version__
from coinbtr.contract.drift import Difference, Drift, drift
from coinbtr.contract.findings import Finding
from coinbtr.contract.operations import operations
from coinbtr.contract.report import Report
from coinbtr.contract.rules import RULES

# Fields of answers and requests whose values stay out of a report that may be passed on.
_PRIVATE: Final = re.compile(
    r'("(?:[A-Za-z_]*[Aa]ddress|txid|txId|username|email|ip|balance|available|pending|frozen'
    r'|sender|receiver)"\s*:\s*)("(?:[^"\\]|\\.)*"?|-?[0-9][0-9.eE+-]*)'
)
_MASK: Final = r'\1"…"'
_AMOUNT: Final = re.compile(r"[0-9]+\.[0-9]+")
# Their sentences name balances.
_OF_MONEY: Final = frozenset({"C143", "C501", "C502", "C503", "C504", "C505", "C507"})
_ADDRESS: Final = re.compile(r"\b(?=[A-Za-z]*[0-9])[0-9A-Za-z]{20,128}\b")


@frozen(kw_only=True)
class Summary:
    """A run, ready to be shown."""

    version: str
    server: str
    verdict: str
    profile: str
    seed: int
    seconds: float
    requests: int
    problem: str | None
    notes: Sequence[str]
    operations: Sequence[tuple[Drift, int, int]]
    findings: Sequence[tuple[Finding, str]]


def summary(report: Report) -> Summary:
    """Make a summary of a report."""
    findings = [_masked(finding) for finding in report.findings]
    drifts = drift(evolve(report, findings=tuple(findings)))
    return Summary(
        version=__version__,
        server=report.url,
        verdict=report.verdict.name.lower().replace("_", " "),
        profile=report.profile,
        seed=report.seed,
        seconds=round(report.seconds, 1),
        requests=sum(tally.tried for tally in report.tallies.values()),
        problem=report.problem,
        notes=[masked(note) for note in report.notes],
        operations=[
            (_masked_drift(one), report.tallies[name].tried, report.tallies[name].failed)
            for name, one in drifts.items()
        ],
        findings=[(finding, RULES[finding.code]) for finding in findings],
    )


def masked(text: str) -> str:
    """Give a text without the values of private fields, and without what looks like an address."""
    return _ADDRESS.sub("…", _PRIVATE.sub(_MASK, text))


def _masked(finding: Finding) -> Finding:
    sentence = masked(finding.sentence)
    if finding.code in _OF_MONEY:
        sentence = _AMOUNT.sub("…", sentence)
    answer = masked(finding.answer)
    operation = operations().get(finding.operation)
    if operation is not None and operation.path.startswith("/wallet/"):
        answer = _AMOUNT.sub("…", answer)
    return evolve(
        finding,
        sentence=sentence,
        case=masked(finding.case),
        answer=answer,
        curl=masked(finding.curl),
        facade=masked(finding.facade),
    )


def _masked_drift(one: Drift) -> Drift:
    return evolve(
        one,
        differences=[
            Difference(
                where=masked(difference.where),
                expected=difference.expected,
                observed=masked(difference.observed),
                code=difference.code,
            )
            for difference in one.differences
        ],
    )

"""Writes an OpenAPI Overlay that would bring the description to what was observed.

A person reviews it: each change is bound to a ruling stub of confidence `observed`, and what no
description can say (a wrong balance, an HTML page) is listed beside it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import yaml

from coinbtr.contract.changes import Actions, Change, changes
from coinbtr.contract.observed import Observed, Where
from coinbtr.contract.operations import operations
from coinbtr.contract.report import Report
from coinbtr.contract.rules import RULES

# Rules that a description states; all others are about behaviour.
_STATED: Final = frozenset({"C102", "C113", "C121", "C131"})


def proposed(report: Report) -> tuple[str, int]:
    """Give the overlay as YAML, and how many rulings it proposes."""
    observed = report.observed
    found = [] if observed is None else list(changes(observed))
    numbers = [int(name[1:]) for name in _rulings(observed)]
    actions: Actions = []
    rulings: dict[str, Any] = {}
    for number, change in enumerate(found, max(numbers, default=0) + 1):
        name = f"R{number:03}"
        actions += change.actions(name)
        rulings[name] = _stub(change, observed)
    actions += [{"target": "$['x-rulings']", "update": rulings}] if rulings else []
    overlay = {
        "overlay": "1.0.0",
        "info": {
            "title": "What a server answers otherwise than described, for a person to review",
            "version": "1.0.0",
        },
        "x-not-proposed": [
            {"operation": one.operation, "rule": one.code, "says": RULES[one.code]}
            for one in report.findings
            if one.code not in _STATED
        ],
        "actions": actions,
    }
    return yaml.dump(overlay, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120), len(
        rulings
    )


def _rulings(observed: Observed | None) -> Mapping[str, Any]:
    return {} if observed is None else observed.whole["x-rulings"]


def _stub(change: Change, observed: Observed | None) -> dict[str, Any]:
    lines = change.lines or _lines(observed, change.wheres)
    who = sorted({f"`{operation}` ({status})" for operation, status, _ in change.wheres})
    return {
        "title": change.title,
        "lines": list(lines),
        "says": f"Described so far: {change.expected}.",
        "evidence": f"Answers of {', '.join(who)}, seen by the contract test: {change.observed}.",
        "decision": f"Described as it was observed: {change.observed}.",
        "means": "Not said yet: written by the contract test, to be reviewed by a person.",
        "confidence": "observed",
    }


def _lines(observed: Observed | None, wheres: Sequence[Where]) -> Sequence[str]:
    """Give the lines of the reference that the operations rest on: a person finds better ones."""
    if observed is None:
        return []
    known = (operations()[name] for name in dict.fromkeys(name for name, _, __ in wheres))
    nodes = (observed.whole["paths"][one.path][one.method.lower()] for one in known)
    return next((lines for one in nodes if (lines := one["x-provenance"].get("lines"))), [])


class _Dumper(yaml.SafeDumper):
    """Writes Decimals as numbers, and what is used twice twice."""

    def ignore_aliases(self, data: Any) -> bool:
        """Say of everything that it is written out."""
        del data
        return True


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}")


_Dumper.add_representer(Decimal, _decimal)

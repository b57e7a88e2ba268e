"""The report for programs: JSON, version 1. docs/contract.md says what is in it."""

import json
from typing import Final

from attrs import asdict

from coinbtr.contract.reports.summary import Summary

FORMAT: Final = "coinbtr-contract-report"
VERSION: Final = 1


def document(told: Summary) -> str:
    """Give the document."""
    return (
        json.dumps(
            {
                "format": FORMAT,
                "version": VERSION,
                "coinbtr": told.version,
                "server": told.server,
                "verdict": told.verdict,
                "problem": told.problem,
                "profile": told.profile,
                "seed": told.seed,
                "seconds": told.seconds,
                "requests": told.requests,
                "notes": list(told.notes),
                "operations": [
                    {**asdict(drift), "tried": tried, "failed": failed}
                    for drift, tried, failed in told.operations
                ],
                "findings": [{**asdict(finding), "rule": rule} for finding, rule in told.findings],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )

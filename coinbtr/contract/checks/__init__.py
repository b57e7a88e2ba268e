"""The checks of one answer, which send nothing: every answer of every phase goes through all."""

from collections.abc import Iterator

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks import content, http, json, market, money, schema
from coinbtr.contract.checks.problem import Problem

_CHECKS = (*http.CHECKS, *json.CHECKS, *schema.CHECKS)
# These read what our own description promises, so they come only where that is kept.
_DEEPER = (*content.CHECKS, *money.CHECKS, *market.CHECKS)


def judge(call: Call, answer: Answer) -> Iterator[Problem]:
    """Give everything that is wrong with one answer by itself."""
    # The answer to a HEAD has no body to judge.
    if call.method == "HEAD":
        return
    found = [problem for check in _CHECKS for problem in check(call, answer)]
    yield from found
    if not found and answer.ok and answer.data is not None and schema.is_as_shipped(call, answer):
        for check in _DEEPER:
            yield from check(call, answer)


__all__ = ["Problem", "judge"]

"""Checks of the JSON text itself, which a decoded document no longer shows."""

import re
from collections.abc import Iterator

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks.problem import Check, Problem

# Strings are stepped over; what is left with an e in it is a number with an exponent.
_SUSPECT = re.compile(rb"[0-9][eE][+-]?[0-9]")
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+', re.DOTALL)


def exact(_: Call, answer: Answer) -> Iterator[Problem]:
    """Find a body that is no JSON, or none that can be read exactly."""
    if answer.problem is not None:
        yield Problem("C111", f"The body: {answer.problem}.")


def exponents(_: Call, answer: Answer) -> Iterator[Problem]:
    """Find numbers written with an exponent."""
    if not _SUSPECT.search(answer.content):
        return
    for match in _TOKEN.finditer(answer.content):
        if not match.group().startswith(b'"'):
            yield Problem("C112", f"A number is written as {match.group().decode()}.")
            return


CHECKS: tuple[Check, ...] = (exact, exponents)

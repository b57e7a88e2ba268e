"""The fault matrix: each fault, what may have been done, and what must come of it."""

from typing import Final, Literal

from attrs import frozen

from coinbtr import errors
from coinbtr.errors import CoinBTRError
from tests.facade.faults.front import (
    FAILED,
    HTML,
    SOMEBODY_ELSES,
    Spoil,
    cut,
    instead,
    reset,
    silence,
)


@frozen(kw_only=True)
class Fault:
    """One fault; `carried_out`: whether the server has done what was asked, before it failed.

    `stage` is how far the request came, `address` where it goes instead of to the server,
    `interrupts` whether the caller gives up, `repeats` whether it is certain that nothing was done,
    so that money is sent again.
    """

    name: str
    error: type[CoinBTRError]
    spoil: Spoil | None = None
    address: str | None = None
    stage: Literal["accepted", "begun", "read"] = "read"
    carried_out: bool = False
    interrupts: bool = False
    repeats: bool = False


def both(
    name: str, error: type[CoinBTRError], spoil: Spoil, *, interrupts: bool = False
) -> list[Fault]:
    """A fault that tells nothing: the server may have done it, or not."""
    return [
        Fault(name=name, error=error, spoil=spoil, carried_out=done, interrupts=interrupts)
        for done in (False, True)
    ]


def _limited(*headers: bytes) -> Spoil:
    return instead(429, FAILED % b"rate_limited", *headers)


FAULTS: Final = [
    Fault(name="refused", error=errors.NoConnection, address="refused", repeats=True),
    Fault(name="DNS", error=errors.NoConnection, address="dns", repeats=True),
    Fault(name="connect time-out", error=errors.ConnectTimeout, address="full", repeats=True),
    Fault(name="reset at once", error=errors.ConnectionLost, spoil=reset, stage="accepted"),
    Fault(name="reset while sending", error=errors.ConnectionLost, spoil=reset, stage="begun"),
    Fault(name="accepted, answer lost", error=errors.ConnectionLost, spoil=reset, carried_out=True),
    *both("read time-out", errors.AnswerTimeout, silence),
    *both("500", errors.ServerError, instead(500, FAILED % b"internal_error")),
    *both("502 with HTML", errors.BrokenServerAnswer, instead(502, HTML, kind=b"text/html")),
    *both("503 with `success: false`", errors.Unavailable, instead(503, FAILED % b"unavailable")),
    Fault(
        name="429 with Retry-After",
        error=errors.RateLimited,
        spoil=_limited(b"Retry-After: 7"),
        repeats=True,
    ),
    Fault(
        name="429 without Retry-After",
        error=errors.RateLimited,
        spoil=_limited(),
        repeats=True,
    ),
    Fault(name="truncated JSON", error=errors.UnreadableAnswer, spoil=cut, carried_out=True),
    *both("empty body", errors.EmptyAnswer, instead(200, b"")),
    *both("wrong content type", errors.WrongContentType, instead(200, b"ok", kind=b"text/plain")),
    *both("the answer to another request", errors.MalformedAnswer, instead(200, SOMEBODY_ELSES)),
    *both("redirect", errors.Redirected, instead(302, b"", b"Location: https://evil.test/")),
    *both("cancelled task", errors.ConnectionLost, silence, interrupts=True),
]

HEADINGS: Final = ("fault", "done?", "read", "order, withdrawal", "`reconcile()` says")


def render() -> str:
    """The page that says what the matrix proves."""
    rows = ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    rows += ["| " + " | ".join(_row(fault)) + " |" for fault in FAULTS]
    return _PAGE.format(table="\n".join(rows))


def _row(fault: Fault) -> tuple[str, ...]:
    error = f"`{fault.error.__name__}`"
    read = f"sent again; {error} when attempts or time are used up"
    if fault.interrupts:
        read = "the cancellation goes on; not sent again"
    if fault.repeats:
        wait = ", after Retry-After" if fault.name == "429 with Retry-After" else ""
        return fault.name, "no", read, f"sent again{wait}; {error} at last", "–"
    money = f"`OutcomeUnknown` (cause {error}), never sent again"
    if fault.interrupts:
        money = "the cancellation goes on; in `client.unresolved`, never sent again"
    found = "found; cancelled" if fault.carried_out else "not_found; still_open"
    return fault.name, "yes" if fault.carried_out else "no", read, money, found


_PAGE: Final = """\
# Faults

What happens when something goes wrong between this client and the exchange. Each line is a test,
with each of the five operations that move money and each of those that read, sync and async, over
real sockets in front of the sandbox, which knows what it has done: no duplicate, no silent loss,
the right error, and the right answer of `reconcile()`.

"Done?" says whether the exchange had carried the request out before it failed. From outside, the
two look alike.

{table}

A cancelled task is an interrupted call in the sync client. This page is written by
`python -m tests.facade.faults.page` and held to the tests.
"""

"""One fault as a value: its kind, what it happens to, how often, and the options of its kind."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal, get_args

from attrs import field, fields, frozen

FaultKind = Literal[
    "latency",
    "rate_limited",
    "server_error",
    "html_page",
    "wrong_content_type",
    "wrong_type",
    "truncated_body",
    "drop_answer",
    "reset_before",
    "reset_during",
    "stale_read",
    "duplicate_delivery",
]
"""What can go wrong; the page docs/sandbox-faults.md says what each does."""

_OPTIONS: Final[Mapping[FaultKind, Mapping[str, Any]]] = {
    "latency": {"distribution": "fixed", "ms": 1_000, "max_ms": None},
    "rate_limited": {"retry_after": 1},
    "server_error": {"status": 503, "takes_effect": False},
    "html_page": {"status": 502, "takes_effect": False},
    "wrong_content_type": {},
    "wrong_type": {"path": None},
    "truncated_body": {},
    "drop_answer": {},
    "reset_before": {},
    "reset_during": {},
    "stale_read": {},
    "duplicate_delivery": {"answer": "second"},
}

KINDS: Final[tuple[FaultKind, ...]] = get_args(FaultKind)
"""All kinds."""

MOST_MS: Final = 600_000
"""The longest latency, in milliseconds."""

_SHARE = re.compile(r"(?:0|1)(?:\.[0-9]{1,18})?|[0-9]{1,9}/[0-9]{1,9}")
_STATUSES: Final[Mapping[str, range]] = {
    "server_error": range(500, 600),
    "html_page": range(200, 600),
}
# No page can come with these: HTTP says that their answers end with the head.
_BODILESS: Final = (204, 304)


class InvalidFault(ValueError):  # noqa: N818 - it says what is wrong
    """A fault can't be what it was asked to be.

    Attributes:
        field: the name of the argument that is wrong.
    """

    def __init__(self, field: str, demand: str) -> None:
        super().__init__(field, demand)
        self.field = field
        self.demand = demand

    def __str__(self) -> str:
        return f"{self.field} {self.demand}"


def _share(given: object) -> Fraction:
    if isinstance(given, float):
        raise TypeError(f'share must be exact: write "{given}" or Decimal("{given}")')
    if isinstance(given, str) and not _SHARE.fullmatch(given):
        raise InvalidFault("share", f'must read like "0.25" or "1/4", not {given!r}')
    if isinstance(given, bool) or not isinstance(given, int | str | Decimal | Fraction):
        raise TypeError(f"share must be a Decimal, Fraction, int or str, not {given!r}")
    if isinstance(given, Decimal) and not (given.is_finite() and given.as_tuple().exponent >= -18):  # type: ignore[operator]  # finite: an int
        raise InvalidFault("share", f"must have at most 18 decimals, not {given}")
    try:
        share = Fraction(given)
    except ZeroDivisionError:
        raise InvalidFault("share", "must not be divided by zero") from None
    if not 0 <= share <= 1:
        raise InvalidFault("share", f"must be from 0 to 1, not {given}")
    return share


def _operations(given: object) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"operations must be a list of operationIds, not {given!r}")
    names = tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"operations must be a list of operationIds, not of {name!r}")
    return names


@frozen(kw_only=True)
class Fault:
    """What goes wrong, and how often.

    Options that the kind doesn't have are refused; those left out have the kind's default.

    Args:
        kind: one of `KINDS`.
        operations: the operationIds that it happens to; none means all.
        share: of how many of their requests it happens to, from 0 to 1, exact: `"0.25"`, `"1/4"`,
            a Decimal, a Fraction or an int; never a float.
        count: how often at most; None is without end.
        skip: how many requests to let pass first.
        distribution: `latency`: `fixed`, `uniform` or `exponential`; by default fixed.
        ms: `latency`: milliseconds; the least of a uniform one, the mean of an exponential one. By
            default 1,000.
        max_ms: `latency`, uniform and exponential: the most, in milliseconds, at most 600,000.
        retry_after: `rate_limited`: the header's whole seconds; -1 leaves it out. By default 1.
        status: `server_error` (500 to 599, by default 503), `html_page` (200 to 599 without 204 and
            304, by default 502): the HTTP status.
        takes_effect: `server_error` and `html_page`: whether the request is carried out all the
            same; by default not.
        path: `wrong_type`: the field, such as `data.price` or `data.0.status`; by default one that
            is drawn.
        answer: `duplicate_delivery`: which of the two answers goes out, `first` or `second`; by
            default the second.

    Raises:
        InvalidFault: a value is wrong; its attribute `field` names it.
        TypeError: a value has the wrong type, such as a float for `share`.
    """

    kind: FaultKind
    operations: tuple[str, ...] = field(default=(), converter=_operations)
    share: Fraction = field(default=Fraction(1), converter=_share)
    count: int | None = None
    skip: int = 0
    distribution: Literal["fixed", "uniform", "exponential"] | None = None
    ms: int | None = None
    max_ms: int | None = None
    retry_after: int | None = None
    status: int | None = None
    takes_effect: bool | None = None
    path: str | None = None
    answer: Literal["first", "second"] | None = None

    def __attrs_post_init__(self) -> None:
        if self.kind not in _OPTIONS:
            raise InvalidFault("kind", f"must be one of {', '.join(KINDS)}, not {self.kind!r}")
        _integer("count", self.count, 1, 10**9)
        _integer("skip", self.skip, 0, 10**9)
        options = _OPTIONS[self.kind]
        for name in _OPTION_NAMES:
            if name not in options:
                if getattr(self, name) is not None:
                    raise InvalidFault(name, f"is no option of {self.kind}")
            elif getattr(self, name) is None:
                object.__setattr__(self, name, options[name])
        self._check_latency()
        _integer("retry_after", self.retry_after, -1, 86_400)
        allowed = _STATUSES.get(self.kind)
        if allowed:
            _integer("status", self.status, allowed.start, allowed.stop - 1)
            if self.status in _BODILESS:
                raise InvalidFault("status", f"must be one with a body, not {self.status}")
        if not isinstance(self.takes_effect, bool | None):
            raise TypeError(f"takes_effect must be true or false, not {self.takes_effect!r}")
        if not isinstance(self.path, str | None):
            raise TypeError(f"path must be a str such as 'data.price', not {self.path!r}")
        if self.answer not in (None, "first", "second"):
            raise InvalidFault("answer", f"must be 'first' or 'second', not {self.answer!r}")

    def _check_latency(self) -> None:
        if self.kind != "latency":
            return
        if self.distribution not in ("fixed", "uniform", "exponential"):
            demand = f"must be fixed, uniform or exponential, not {self.distribution!r}"
            raise InvalidFault("distribution", demand)
        _integer("ms", self.ms, 0, MOST_MS)
        _integer("max_ms", self.max_ms, self.ms or 0, MOST_MS)
        if self.distribution == "fixed" and self.max_ms is not None:
            raise InvalidFault("max_ms", "is no option of a fixed latency")
        if self.distribution == "uniform" and self.max_ms is None:
            raise InvalidFault("max_ms", "is needed for a uniform latency")

    def describe(self) -> Mapping[str, Any]:
        """Give it as plain data: `Fault(**fault.describe())` makes it again."""
        described: dict[str, Any] = {"kind": self.kind, "operations": list(self.operations)}
        described |= {"share": str(self.share), "count": self.count, "skip": self.skip}
        return described | {name: getattr(self, name) for name in _OPTIONS[self.kind]}


_OPTION_NAMES: Final = tuple(
    name.name
    for name in fields(Fault)
    if name.name not in ("kind", "operations", "share", "count", "skip")
)


def _integer(name: str, value: object, least: int, most: int) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {value!r}")
    if not least <= value <= most:
        raise InvalidFault(name, f"must be from {least} to {most}, not {value}")

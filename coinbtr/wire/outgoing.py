"""Makes the request that an engine sends from what a generated operation built."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import floor, log10
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from coinbtr_api.operations import Operation

from coinbtr.__about__ import __version__
from coinbtr.wire.engine import Request, Timeout
from coinbtr.wire.secret import Token

USER_AGENT: Final = f"coinbtr-python/{__version__}"

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Outgoing:
    """Makes the requests to one server; the token goes only with operations that need one."""

    def __init__(self, base_url: str, token: Token | None) -> None:
        self._base_url = base_url
        plain = {"Accept": "application/json", "User-Agent": USER_AGENT}
        secured = plain if token is None else {**plain, "Authorization": token.header}
        # Made once: frozen, so that all requests can share them.
        self._headers = {
            False: MappingProxyType(plain),
            True: MappingProxyType(secured),
        }

    def request(self, operation: Operation, kwargs: Mapping[str, Any], timeout: Timeout) -> Request:
        """The complete request of what the generated `_get_kwargs` gave."""
        headers = self._headers[operation.secured]
        if "headers" in kwargs:
            headers = MappingProxyType({**headers, **kwargs["headers"]})
        query = _query(tuple(kwargs.get("params", _NOTHING).items()))
        url = f"{self._base_url}{kwargs['url']}{query}"
        # By name would cost twice as much.
        return Request(operation.method, url, headers, kwargs.get("content", b""), timeout)


@lru_cache(maxsize=256)
def _query(params: tuple[tuple[str, object], ...]) -> str:
    return f"?{urlencode(params)}" if params else ""


def within(timeout: Timeout, left: float | None) -> Timeout:
    """The time-outs of one attempt, none longer than what is left of the deadline.

    What is left is taken as its first two digits, so that an engine that prepares something for
    each Timeout sees few different ones.
    """
    if left is None or left >= timeout.longest:
        return timeout
    left = max(left, 0.001)
    step: float = 10.0 ** (floor(log10(left)) - 1)
    left = floor(left / step) * step
    return Timeout(
        connect=min(timeout.connect, left),
        read=min(timeout.read, left),
        write=min(timeout.write, left),
        pool=min(timeout.pool, left),
    )

"""Makes the request that an engine sends from what a generated operation built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from coinbtr_api.operations import Operation

from coinbtr.__about__ import __version__
from coinbtr.wire.engine import Request, Timeout
from coinbtr.wire.secret import Token

USER_AGENT: Final = f"coinbtr-python/{__version__}"


def outgoing(
    operation: Operation,
    kwargs: Mapping[str, Any],
    *,
    base_url: str,
    token: Token | None,
    timeout: Timeout,
) -> Request:
    """The complete request; the token goes only with operations that need one."""
    params: Mapping[str, object] = kwargs.get("params", {})
    query = f"?{urlencode(params)}" if params else ""
    headers = {
        "Accept": "application/json",
        "User-Agent": USER_AGENT,
        **kwargs.get("headers", {}),
    }
    if operation.secured and token is not None:
        headers["Authorization"] = token.header
    return Request(
        method=operation.method,
        url=f"{base_url}{kwargs['url']}{query}",
        headers=headers,
        content=kwargs.get("content", b""),
        timeout=timeout,
    )


def within(timeout: Timeout, left: float | None) -> Timeout:
    """The time-outs of one attempt, none longer than what is left of the deadline."""
    if left is None:
        return timeout
    left = max(left, 0.001)
    return Timeout(
        connect=min(timeout.connect, left),
        read=min(timeout.read, left),
        write=min(timeout.write, left),
        pool=min(timeout.pool, left),
    )

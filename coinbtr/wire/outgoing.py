"""Makes the request that an engine sends from what a generated operation built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from coinbtr_api.operations import Operation

from coinbtr.__about__ import __version__
from coinbtr.config import Config
from coinbtr.wire.engine import Request

USER_AGENT: Final = f"coinbtr-python/{__version__}"


def outgoing(config: Config, operation: Operation, kwargs: Mapping[str, Any]) -> Request:
    """The complete request; the token goes only with operations that need one."""
    params: Mapping[str, object] = kwargs.get("params", {})
    query = f"?{urlencode(params)}" if params else ""
    headers = {
        "Accept": "application/json",
        "User-Agent": USER_AGENT,
        **kwargs.get("headers", {}),
    }
    if operation.secured and config.token is not None:
        headers["Authorization"] = config.token.header
    return Request(
        method=operation.method,
        url=f"{config.base_url}{kwargs['url']}{query}",
        headers=headers,
        content=kwargs.get("content", b""),
        timeout=config.timeout,
    )

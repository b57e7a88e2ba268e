"""The address of a proxy: it may hold a password, so no error and no repr repeats it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from attrs import field, frozen

from coinbtr.errors import ConfigurationError

_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_WANTED: Final = (
    "must look like http://host:port or http://user:password@host:port, in visible ASCII"
)


@frozen
class ProxyAddress:
    """A proxy's URL in a wrapper that doesn't show it."""

    url: str = field(repr=False)


def checked_proxy(
    proxy: ProxyAddress | None, base_url: str, *, has_engine: bool
) -> ProxyAddress | None:
    """The proxy, if requests to `base_url` may go through it.

    A proxy sees where a TLS connection leads, and nothing of what goes through it. Plain http would
    show it the token, and would reach the proxy's loopback and not this machine's.

    Raises ConfigurationError.
    """
    if proxy is None:
        return None
    problem = _problem(proxy.url)
    if has_engine:
        problem = "goes with the default engine only: an engine that is given has its own"
    elif problem is None and not base_url.startswith("https:"):
        problem = "needs a base URL with https: over plain http it would see the token"
    if problem is not None:
        raise ConfigurationError(f"proxy {problem}")
    return proxy


def _problem(url: object) -> str | None:
    if not isinstance(url, str):
        return f"must be a str, not {type(url).__name__}"
    if not all("!" <= character <= "~" for character in url):
        return _WANTED
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _WANTED
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{port}")
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment
    is_http = parts.scheme.lower() in ("http", "https")
    return None if is_http and plain and _HOST.fullmatch(host) else _WANTED

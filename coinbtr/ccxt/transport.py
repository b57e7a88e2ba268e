"""How ccxt's own HTTP carries the package's requests: with its proxies, time-out and `verbose`.

Two things differ from what ccxt does for its own exchanges. A redirect is never followed, for it
would take an order elsewhere; and the answer to a request of ours is given to the wire seam as it
is, which alone judges it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import aiohttp
import ccxt
import ccxt.async_support
import requests
import urllib3

from coinbtr.wire.engine import (
    AnswerTimedOut,
    ConnectTimedOut,
    EngineError,
    ExchangeBroken,
    NotConnected,
    Response,
)

# What ccxt raises before it sends: settings that contradict each other, a closed exchange.
_UNSENT: Final = (ccxt.InvalidProxySettings, ccxt.ExchangeClosedByUser)
_SENDERS: Final = ("request", "get", "post")


class Hidden(str):
    """The value of a header that ccxt logs as `…`: it holds the token."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'"


class Headers(dict[str, str]):
    """The headers of a request of the wire seam, by which its answer is known again."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(headers)
        if "Authorization" in self:
            self["Authorization"] = Hidden(self["Authorization"])


class Answered(Exception):  # noqa: N818 - no error: it brings the answer past what ccxt makes of it
    """The answer to a request of the wire seam, on its way there."""

    def __init__(self, response: Response) -> None:
        super().__init__(response)
        self.response = response


class Unredirected:
    """A session of requests or aiohttp that follows no redirect."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._session, name)
        return partial(found, allow_redirects=False) if name in _SENDERS else found


def _unredirected(session: Any) -> Any:
    if session is None or isinstance(session, Unredirected):
        return session
    return Unredirected(session)


class Carrier:
    """What both exchanges have: the way of an answer past ccxt's own reading of it."""

    def handle_errors(self, *told: Any) -> None:
        """Take the answer to a request of the wire seam out of ccxt's hands; ccxt calls this."""
        status, _, _, _, headers, body, _, request_headers, _ = told
        if isinstance(request_headers, Headers):
            raise Answered(Response(status=status, headers=headers, content=body.encode()))

    def parse_json(self, body: str) -> None:
        """Read nothing: the seam does, exactly, and ccxt would make floats of amounts."""


class Transport(Carrier, ccxt.Exchange):
    """What carries the requests of the sync exchange: requests."""

    def fetch(
        self,
        url: str,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: str | None = None,
    ) -> Any:
        """Send one request; see ccxt. No redirect is followed."""
        self.session = _unredirected(self.session)
        return super().fetch(url, method, headers, body)

    def failure(self, error: ccxt.BaseError) -> EngineError:
        """What it means that no answer came: did a connection stand?"""
        cause = error.__cause__
        if isinstance(cause, requests.ConnectTimeout):
            return ConnectTimedOut(str(error))
        reason = cause.args[0] if isinstance(cause, requests.ConnectionError) else None
        if isinstance(getattr(reason, "reason", None), urllib3.exceptions.NewConnectionError):
            return NotConnected(str(error))
        return _broken(error)


class AsyncTransport(Carrier, ccxt.async_support.Exchange):
    """What carries the requests of the async exchange: aiohttp."""

    def open(self, lazy: bool = False) -> None:
        """Make the session; ccxt calls this before each request. It follows no redirect."""
        super().open(lazy)
        self.session = _unredirected(self.session)

    def get_socks_proxy_session(self, socksProxy: str) -> Any:  # noqa: N803 - ccxt's name
        """The session through a SOCKS proxy; it follows no redirect either."""
        return _unredirected(super().get_socks_proxy_session(socksProxy))

    def failure(self, error: ccxt.BaseError) -> EngineError:
        """What it means that no answer came: did a connection stand?"""
        if isinstance(error.__cause__, aiohttp.ConnectionTimeoutError):
            return ConnectTimedOut(str(error))
        if isinstance(error.__cause__, aiohttp.ClientConnectorError):
            return NotConnected(str(error))
        return _broken(error)


def _broken(error: ccxt.BaseError) -> EngineError:
    if isinstance(error, _UNSENT) and error.__cause__ is None and error.__context__ is None:
        return NotConnected(str(error))
    if isinstance(error, ccxt.RequestTimeout):
        return AnswerTimedOut(str(error))
    return ExchangeBroken(str(error))

"""No complete answer arrived: did a connection stand, or not?"""

# ruff: noqa: N818 - the names say what happened (OrderNotFound), and read so in an `except` line.
from __future__ import annotations

from coinbtr.errors.base import CoinBTRError


class NetworkError(CoinBTRError):
    """No complete answer arrived."""


class NoConnection(NetworkError):
    """No connection came about (refused, DNS, TLS): the server can't have seen the request."""


class ConnectTimeout(NoConnection, TimeoutError):
    """No connection came about in time: the server can't have seen the request."""


class ConnectionLost(NetworkError):
    """The connection stood and then failed: the request may have been carried out."""


class AnswerTimeout(ConnectionLost, TimeoutError):
    """The connection stood and no answer came in time: the request may have been carried out."""

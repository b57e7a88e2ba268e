# Derived from coinbtr/ccxt/_async/engine.py by `make generate`: edit that file, not this one.
"""The engine that carries the wire seam's requests through ccxt: its proxies, limiter, time-out."""

from __future__ import annotations

from time import perf_counter

import ccxt
from attrs import evolve

from coinbtr.ccxt.transport import Answered, Headers, Transport
from coinbtr.wire.engine import (
    MAX_ANSWER_BYTES,
    AnswerOverLimit,
    ExchangeBroken,
    Request,
    Response,
)

PRIVATE_COST = 0.2
"""A fifth of a public request: 300 a minute with a token, 60 without (ruling R048)."""


class CcxtEngine:
    """Sends through a ccxt exchange, which belongs to the user and is not closed."""

    def __init__(self, exchange: Transport) -> None:
        self._exchange = exchange

    def send(self, request: Request) -> Response:
        """Send `request` once, when ccxt's rate limiter lets it, and give the whole answer.

        ccxt's `timeout` counts, not the request's own. Raises an EngineError when none came.
        """
        exchange, headers = self._exchange, Headers(request.headers)
        if exchange.enableRateLimit:
            exchange.throttle(PRIVATE_COST if "Authorization" in headers else 1)
        exchange.set_last_rest_request_timestamp()
        started = perf_counter()
        try:
            exchange.fetch(request.url, request.method, headers, request.content.decode() or None)
        except Answered as answered:
            response = evolve(answered.response, elapsed=perf_counter() - started)
        except ccxt.BaseError as error:
            raise exchange.failure(error) from None
        else:
            raise ExchangeBroken("the answer was taken by a handle_errors that is not this one's")
        if len(response.content) > MAX_ANSWER_BYTES:
            raise AnswerOverLimit(f"it has more than {MAX_ANSWER_BYTES} bytes")
        return response

    def close(self) -> None:
        """Nothing to give back: the connections are ccxt's."""

"""Spans for OpenTelemetry, in a program that uses it; costs nothing in one that doesn't.

One span of the kind CLIENT for each attempt, by the semantic conventions for HTTP: never a query, a
header, a body or the token. No trace context is sent to the exchange.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from coinbtr.__about__ import __version__

if TYPE_CHECKING:
    from coinbtr.sending.observers import Attempt, Seen


def is_tracing() -> bool:
    """Whether the program has OpenTelemetry: one that collects spans has imported it long ago."""
    return "opentelemetry.trace" in sys.modules


@contextmanager
def recorded(about: Attempt, seen: Seen) -> Iterator[None]:
    """Record what happens within this block as a span, if the program has OpenTelemetry."""
    if not is_tracing():
        yield
        return
    trace: Any = sys.modules["opentelemetry.trace"]
    server = urlsplit(about.base_url)
    attributes = {
        "http.request.method": about.method,
        "url.template": about.path,
        "server.address": server.hostname or "",
        "server.port": server.port or (443 if server.scheme == "https" else 80),
        "coinbtr.operation": about.operation,
        "coinbtr.effect": about.effect,
    }
    if about.number > 1:
        attributes["http.request.resend_count"] = about.number - 1
    with trace.get_tracer("coinbtr", __version__).start_as_current_span(
        f"{about.method} {about.path}",
        kind=trace.SpanKind.CLIENT,
        attributes=attributes,
        # An exception's traceback has frames, and those have locals.
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        finally:
            if seen.status is not None:
                span.set_attribute("http.response.status_code", seen.status)
            problem = _problem(seen)
            if problem is not None:
                span.set_attribute("error.type", problem)
                span.set_status(trace.Status(trace.StatusCode.ERROR))


def _problem(seen: Seen) -> str | None:
    if not seen.ended:
        return "interrupted"
    return None if seen.error is None else type(seen.error).__name__

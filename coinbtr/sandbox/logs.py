"""Structured logs: one record for each request, with fields; a formatter that writes JSON lines.

The logger is `coinbtr.sandbox`. No record holds a token, a query or a body.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

from coinbtr.sandbox.request_log import RecordedRequest

LOGGER: Final = logging.getLogger("coinbtr.sandbox")
"""Requests at INFO, failures of the sandbox itself at ERROR."""

FIELDS: Final = (
    "method",
    "path",
    "operation",
    "account",
    "status",
    "duration_us",
    "faults",
)
"""The attributes that the record of a request has, beside those of every record."""


def log_request(request: RecordedRequest) -> None:
    """Write the record of a request, if anybody listens."""
    fields = {name: getattr(request, name) for name in FIELDS}
    status = "no answer" if request.status is None else request.status
    LOGGER.info("%s %s: %s", request.method, request.path, status, extra=fields)


class JSONLines(logging.Formatter):
    """Writes each record as one line of JSON: time, level, logger, message, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

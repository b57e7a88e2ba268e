"""The two envelopes that every answer comes in; the description says which status a code has."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from coinbtr_api import exact_json

from coinbtr.__about__ import __version__
from coinbtr.wire.engine import Response

MARK = "CoinBTR-Sandbox"
"""The header that every answer of the sandbox carries: nobody takes it for the real exchange."""

# In lower case and frozen: as they are, all answers can share them.
_COMMON: Final = MappingProxyType({"content-type": "application/json", MARK.lower(): __version__})


def answer(status: int, data: object, headers: Mapping[str, str] | None = None) -> Response:
    """Make an answer of JSON with the sandbox's mark on it."""
    content = exact_json.dumps(data)
    return Response(status, {**_COMMON, **headers} if headers else _COMMON, content)


def success(data: object) -> Response:
    """Make the answer of an operation that did what was asked."""
    return answer(HTTPStatus.OK, {"success": True, "msg": "", "data": data})


def failure(
    statuses: Mapping[str, int], code: str, sentence: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Make the answer of an operation that was refused.

    Args:
        statuses: the HTTP status of each error code.
        code: why, in one word that programs read.
        sentence: why, in one sentence that people read.
        headers: what the answer carries beside the usual ones.
    """
    body = {"success": False, "msg": {"error": sentence, "code": str(code)}}
    return answer(statuses[code], body, headers)

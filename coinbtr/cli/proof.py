"""Whether a server is the sandbox: it proves it, or money is taken for real."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from coinbtr_api import exact_json

from coinbtr.wire.engine import Engine, EngineError, Request, Timeout

_TIMEOUT: Final = Timeout(connect=2, read=2, write=2, pool=2)


def is_sandbox(engine: Engine, base_url: str) -> bool:
    """Whether header and health answer both say so; a server that doesn't answer is none."""
    parts = urlsplit(base_url)
    url = f"{parts.scheme}://{parts.netloc}/_sandbox/health"
    try:
        answer = engine.send(Request(method="GET", url=url, timeout=_TIMEOUT))
        health = exact_json.loads(answer.content)
    except (EngineError, exact_json.ExactJSONError):
        return False
    says_so = isinstance(health, dict) and health.get("service") == "coinbtr-sandbox"
    return answer.status == HTTPStatus.OK and "coinbtr-sandbox" in answer.headers and says_so

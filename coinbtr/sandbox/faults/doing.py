"""Does a fault to a request: what is carried out, and what goes out instead of the answer."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from attrs import evolve

from coinbtr.__about__ import __version__
from coinbtr.sandbox.answers import MARK, failure
from coinbtr.sandbox.delivery import Delivery, Ending
from coinbtr.sandbox.faults.fault import Fault, FaultKind
from coinbtr.sandbox.faults.rules import Draw, Rule
from coinbtr.sandbox.faults.spoiling import with_wrong_type
from coinbtr.wire.engine import Response

Perform = Callable[[], Response]

_ON_ORDER: Final = "The sandbox does so on order."
_ENDINGS: Final[Mapping[FaultKind, Ending]] = {
    "drop_answer": Ending.DROPPED,
    "reset_before": Ending.RESET,
    "reset_during": Ending.RESET_MIDWAY,
}


class NothingToSpoil(Exception):  # noqa: N818 - the answer is as good as it was
    """The answer hasn't the field whose type was to be wrong; `response` is the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def do(draw: Draw, perform: Perform, perform_earlier: Perform) -> Delivery:
    """Let happen to a request what was drawn for it.

    Args:
        draw: what happens.
        perform: carries the request out and gives its answer.
        perform_earlier: gives the answer that an earlier state would have given.

    Raises:
        NothingToSpoil: the answer, which was worked out, hasn't the field whose type is wrong.
    """
    if draw.rule is None:
        return Delivery(perform(), draw.latency_ms)
    ending = _ENDINGS.get(draw.rule.fault.kind, Ending.WHOLE)
    return Delivery(_response(draw.rule, perform, perform_earlier), draw.latency_ms, ending)


def _response(rule: Rule, perform: Perform, perform_earlier: Perform) -> Response:
    fault = rule.fault
    match fault.kind:
        case "reset_before":
            return Response(status=HTTPStatus.SERVICE_UNAVAILABLE)  # never sent
        case "rate_limited":
            return _rate_limited(fault)
        case "server_error" | "html_page":
            if fault.takes_effect:
                perform()
            return _server_error(fault) if fault.kind == "server_error" else _html_page(fault)
        case "stale_read":
            return perform_earlier()
        case "duplicate_delivery":
            answers = {"first": perform(), "second": perform()}
            return answers[fault.answer or "second"]
        case _:
            return _spoilt(rule, perform())


def _spoilt(rule: Rule, response: Response) -> Response:
    fault, content = rule.fault, response.content
    if fault.kind == "truncated_body":
        return evolve(response, content=content[: len(content) // 2])
    if fault.kind == "wrong_content_type":
        return evolve(response, headers={**response.headers, "content-type": "text/plain"})
    if fault.kind == "wrong_type":
        try:
            return evolve(response, content=with_wrong_type(content, fault.path, rule.random))
        except LookupError:
            raise NothingToSpoil(response) from None
    return response


def _rate_limited(fault: Fault) -> Response:
    wait = fault.retry_after
    headers = {} if wait is None or wait < 0 else {"retry-after": str(wait)}
    status = HTTPStatus.TOO_MANY_REQUESTS
    sentence = f"Too many requests; nothing was done. {_ON_ORDER}"
    return failure({"rate_limited": status}, "rate_limited", sentence, headers)


def _server_error(fault: Fault) -> Response:
    status = fault.status or HTTPStatus.SERVICE_UNAVAILABLE
    code = "internal_error" if status == HTTPStatus.INTERNAL_SERVER_ERROR else "unavailable"
    return failure({code: status}, code, f"The exchange is not available. {_ON_ORDER}")


def _html_page(fault: Fault) -> Response:
    status = fault.status or HTTPStatus.BAD_GATEWAY
    page = f"<!DOCTYPE html><html><body><h1>{status}</h1><p>{_ON_ORDER}</p></body></html>"
    headers = {MARK: __version__, "content-type": "text/html; charset=utf-8"}
    return Response(status=status, headers=headers, content=page.encode())

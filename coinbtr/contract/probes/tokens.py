"""Missing, wrong and malformed tokens: private operations refuse them, public ones need none."""

from coinbtr.contract.bench import Bench, Reply
from coinbtr.contract.operations import Operation

_MISSING = ("authentication_required",)
_INVALID = ("invalid_token",)


def run(bench: Bench) -> None:
    """Try every operation without a token, and every private one with tokens that are none."""
    for operation in bench.selected:
        bench.go_on()
        reply = _ask(bench, operation, None)
        if not operation.secured:
            if not reply.answer.ok:
                status = reply.answer.status
                bench.find("C201", reply, f"Without a token it answered {status}, and no success.")
            continue
        bench.refused(reply, 401, _MISSING, accepted="C301")
        bench.refused(_ask(bench, operation, "wrong"), 401, _INVALID, accepted="C302")
    private = next((one for one in bench.selected if one.secured), None)
    if private is not None:
        for header in ("Token", "Bearer " + "0" * 40, "0" * 40):
            reply = _ask(bench, private, header)
            bench.refused(reply, 401, _MISSING + _INVALID, accepted="C302")
        if bench.server.has_token("mine"):
            for name in ("scheme", "end"):
                reply = _ask(bench, private, name)
                bench.refused(reply, 401, _MISSING + _INVALID, accepted="C302")


def _ask(bench: Bench, operation: Operation, token: str | None) -> Reply:
    return bench.ask(operation.id, operation.example, token=token)

"""Methods that no operation of a path has: refused with 405, which lists those that there are."""

from attrs import evolve
from coinbtr_api import exact_json

from coinbtr.contract.bench import Bench
from coinbtr.contract.calls import Call
from coinbtr.contract.operations import Operation

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def run(bench: Bench) -> None:
    """Send each operation's example by every other method."""
    for operation in bench.selected:
        for method in _METHODS:
            if method == operation.method:
                continue
            bench.go_on()
            reply = bench.send(evolve(_example(bench, operation), method=method))
            allowed = {name.strip() for name in reply.answer.headers.get("allow", "").split(",")}
            if reply.answer.status != 405:
                sentence = f"{method} was answered with {reply.answer.status}, not 405."
                bench.find("C205", reply, sentence)
            elif operation.method not in allowed:
                bench.find("C206", reply, f"Allow does not list {operation.method}.")


def _example(bench: Bench, operation: Operation) -> Call:
    if operation.method == "GET":
        return bench.server.call(operation, query=operation.example, token="mine")  # noqa: S106
    return bench.post(operation, exact_json.dumps(operation.example))

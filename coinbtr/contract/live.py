"""Reads only, as they are documented, one a second: for every server that isn't the sandbox."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from coinbtr.contract.bench import Bench, Stopped
from coinbtr.contract.operations import Operation
from coinbtr.contract.probes import deposits

WRITES = "it moves money"
NO_TOKEN = "it needs a token"  # noqa: S105 - a sentence

_DEPOSITS: Final = frozenset({"listDeposits", "listBalances"})

Seen = dict[str, list[Any]]


def run(bench: Bench, progress: Callable[[str], None], out_of_time: Callable[[], bool]) -> bool:
    """Try each selected read with valid requests, values for them taken from earlier answers.

    Returns:
        Whether the server knows the token: not where it refused it in every operation.
    """
    tallies, seen = bench.results.tallies, Seen()
    private: set[int] = set()
    # Lists first: their names and ids are what the others ask for.
    for operation in sorted(bench.selected, key=lambda one: bool(_needs(one))):
        tally = tallies[operation.id]
        if operation.effect != "read":
            tally.not_tried = WRITES
            continue
        if operation.secured and not bench.server.has_token("mine"):
            tally.not_tried = NO_TOKEN
            continue
        for arguments in _requests(operation, seen):
            if out_of_time():
                tally.not_tried = "the time was up"
                break
            try:
                reply = bench.ask(operation.id, arguments)
            except Stopped:
                break
            progress(bench.phase)
            answer = reply.answer
            if operation.secured:
                private.add(answer.status)
            # What isn't there isn't a deviation: a name or an id may be gone by now. A refusal at
            # 200 that broke no rule is one that the description in use documents.
            if (
                not reply.failed
                and not answer.ok
                and answer.status not in (200, 401, 403, 404, 422, 429)
            ):
                bench.find("C201", reply, f"It was answered with {answer.status}.")
            _remember(operation, answer.data, seen)
            if answer.status == HTTPStatus.UNAUTHORIZED:
                break
    is_known = private != {HTTPStatus.UNAUTHORIZED}
    chosen = {operation.id for operation in bench.selected}
    if is_known and chosen >= _DEPOSITS and bench.server.has_token("mine") and not out_of_time():
        with suppress(Stopped):
            deposits.pending(bench, "mine")
    return is_known


def _needs(operation: Operation) -> list[str]:
    required = [name for name, item in operation.parameters.items() if item.get("required")]
    return required + list((operation.body or {}).get("required", ()))


def _requests(operation: Operation, seen: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Give valid requests: the plain one, then one for each optional argument's bounds."""
    plain: dict[str, Any] = {}
    for name in _needs(operation):
        key = f"{operation.id}.id" if name == "id" else name
        plain[name] = next(iter(seen.get(key, ())), operation.example[name])
    yield plain
    fields = {name: item["schema"] for name, item in operation.parameters.items()}
    fields |= (operation.body or {}).get("properties", {})
    for name, schema in fields.items():
        if name in plain:
            if isinstance(plain[name], str):
                yield {**plain, name: plain[name].lower()}
        elif schema.get("type") == "integer":
            # The greatest offset of a list answers nothing: it is valid all the same.
            yield {**plain, name: schema["minimum"]}
            yield {**plain, name: schema["maximum"]}
        elif seen.get(name):
            yield {**plain, name: seen[name][0]}


def _remember(operation: Operation, data: Any, seen: Seen) -> None:
    entries = data if isinstance(data, list) else []
    wanted = {"listBooks": ("name", "market"), "getCurrencies": ("coin", "coin")}
    key, name = wanted.get(operation.id, ("id", ""))
    name = name or {
        "listOpenOrders": "getOpenOrder.id",
        "listTransactions": "getTransaction.id",
    }.get(operation.id, "")
    values = [entry[key] for entry in entries if isinstance(entry, dict) and key in entry]
    if name and values:
        seen[name] = values

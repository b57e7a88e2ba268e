"""What a call costs the client: one ticker, fifty at once, and a large order book."""

from collections.abc import Mapping
from functools import partial

from scripts.bench.clients import Calls, async_tickers, books, sync_tickers
from scripts.bench.figures import Figure, Part, at_most
from scripts.bench.static import LEVELS, serving
from scripts.bench.timing import Cost, interleaved, one_core

CALLERS = 50


def measure(*, quick: bool) -> Part:
    """Make the same calls with all clients, in turns."""
    number, rounds = (50, 5) if quick else (100, 45)
    with serving() as url, sync_tickers(url) as calls:
        apart = _measured(calls, number, rounds)
    with one_core(), serving() as url:
        with sync_tickers(url) as calls:
            sync = _measured(calls, number, rounds)
        with async_tickers(url, CALLERS) as calls:
            at_once = _measured(calls, number, rounds)
        with async_tickers(url, 1, peers=False) as calls:
            alone = _measured(calls, number, rounds)
        with books(url) as calls:
            book = _measured(calls, number // 10, rounds)
    goals = {"coinbtr, httpx": 1.0, "coinbtr, fast": 0.30}
    figures = [
        *_goals("sync call", sync, goals),
        *_goals("sync call, a core each", apart, goals),
        *_goals(
            f"async call, {CALLERS} at once",
            at_once,
            {"coinbtr, httpx": 0.9, "coinbtr, fast": 0.09},
        ),
        *_goals(
            f"order book, {LEVELS} levels a side",
            book,
            {"coinbtr, httpx": 1.3, "coinbtr, fast": 0.9},
        ),
        *(
            _growth(
                name, at_once[name].median / alone[name].median, 1.25 if "fast" in name else None
            )
            for name in alone
        ),
    ]
    about = (
        "CPU of the client's process for a call, its threads included, against one static server"
        " in a process of its own; connections kept alive; httpx's `get(…).json()` = 1. Ours check"
        " each answer and give exact Decimals. Client and server share a core, so that nobody"
        " waits. With a core each, who waits for the answer also pays for a core that falls asleep"
        " and for what has left its cache."
    )
    return Part("Calls", about, figures)


def _measured(calls: Mapping[str, Calls], number: int, rounds: int) -> Mapping[str, Cost]:
    for call in calls.values():
        call(max(100, number // 4))  # connections, caches
    return interleaved({name: partial(call, number) for name, call in calls.items()}, rounds=rounds)


def _goals(what: str, costs: Mapping[str, Cost], goals: Mapping[str, float]) -> list[Figure]:
    unit = costs["httpx"]
    figures = []
    for name, cost in costs.items():
        ratio = cost.against(unit)
        if name in goals:
            note = f" ({ratio.spread})"
            figures.append(at_most(f"{what}: {name}", ratio.median, goals[name], note=note))
        elif name == "httpx":
            figures.append(Figure(f"· {what}: {name}", f"1.00 ({unit.median:.0f} µs)"))
        else:
            figures.append(Figure(f"· {what}: {name}", f"{ratio.median:.2f} ({ratio.spread})"))
    return figures


def _growth(name: str, value: float, goal: float | None) -> Figure:
    what = f"CPU of an async call, {CALLERS} callers to 1: {name}"
    return Figure(f"· {what}", f"{value:.2f}") if goal is None else at_most(what, value, goal)

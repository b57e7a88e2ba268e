"""`make bench`: measures, prints tables, and writes docs/benchmarks.md.

`QUICK=1` in the environment measures less of everything and writes nothing.
"""

import logging
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from scripts.bench import calls, core, embedded, footprint, journal, servers
from scripts.bench.books import ENGINES
from scripts.bench.figures import Part, markdown, show

PAGE = Path(__file__).parents[2] / "docs/benchmarks.md"

PARTS: dict[str, Callable[..., Part]] = {
    "calls": calls.measure,
    "footprint": footprint.measure,
    "core": core.measure,
    "embedded": embedded.measure,
    "journal": journal.measure,
    "servers": servers.measure,
}


def main(chosen: list[str]) -> int:
    """Measure some parts, or all of them; 1 when a goal was missed."""
    logging.disable()  # one of the peers logs each order
    quick = bool(os.environ.get("QUICK"))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    parts = []
    for name in chosen or PARTS:
        with console.status(f"measuring: {name}"):
            part = PARTS[name](quick=quick)
        show(part, console)
        parts.append(part)
    if not quick and not chosen:
        PAGE.write_text(_page(parts), encoding="utf-8")
        console.print(f"written: {PAGE.relative_to(PAGE.parents[1])}")
    missed = [figure for part in parts for figure in part.figures if figure.met is False]
    console.print(f"{len(missed)} goals missed" if missed else "all goals met")
    return 1 if missed else 0


def _page(parts: list[Part]) -> str:
    packages = [
        *("httpx", "pycurl", "msgspec", "requests", "aiohttp", "ccxt"),
        *("python-kraken-sdk", "uvicorn", "starlette", *ENGINES),
    ]
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"""\
# Benchmarks

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}. Ratios come from one run, with the contenders taking turns; medians, and
the spread in brackets. Times are CPU times of a shared machine: compare ratios, not times.

{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}; {versions};
Prism as pinned in `scripts/bench/package-lock.json`.

{markdown(parts)}"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

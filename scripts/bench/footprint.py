"""What it costs to import the package, and to hold a client that does nothing."""

import compileall
import subprocess
import sys
from statistics import median

import coinbtr_api

import coinbtr
from scripts.bench.figures import Figure, Part, at_most

# Without httpx's command line, which it imports where rich and click happen to be installed.
_BARE = "import sys; sys.modules['rich'] = sys.modules['click'] = None; "
_TIMED = (
    _BARE + "import time; begin = time.process_time(); {}; "
    "print((time.process_time() - begin) * 1000, len(sys.modules))"
)
_HELD = _BARE + "{}; print(*open('/proc/self/statm').read().split()[1:2], 0)"

IMPORTS = {
    "httpx": "import httpx",
    "coinbtr": "import coinbtr",
    "coinbtr's client": "from coinbtr import CoinBTR",
    "both clients": "from coinbtr import AsyncCoinBTR, CoinBTR",
    "a client of httpx": "import httpx; client = httpx.Client()",
    "a client": (
        "import coinbtr; client = coinbtr.CoinBTR(base_url='http://127.0.0.1:8642/api/v1')"
    ),
    "requests": "import requests",
    "aiohttp": "import aiohttp",
    "ccxt": "import ccxt",
    "python-kraken-sdk": "import kraken.spot",
}
IDLE = {"httpx": IMPORTS["a client of httpx"], "coinbtr": IMPORTS["a client"]}
PAGE_KB = 4


def measure(*, quick: bool) -> Part:
    """Start processes in turns."""
    rounds = 3 if quick else 15
    # As pip does with what it installs; ours is not installed but looked up in the checkout.
    for package in (coinbtr, coinbtr_api):
        compileall.compile_dir(package.__path__[0], quiet=1)
    times: dict[str, list[float]] = {name: [] for name in IMPORTS}
    modules: dict[str, int] = {}
    held: dict[str, list[float]] = {name: [] for name in IDLE}
    for _ in range(rounds):
        for name, code in IMPORTS.items():
            milliseconds, modules[name] = _run(_TIMED.format(code))
            times[name].append(milliseconds)
        for name, code in IDLE.items():
            held[name].append(_run(_HELD.format(code))[0] * PAGE_KB / 1024)
    unit, plain = median(times["httpx"]), median(held["httpx"])
    figures = [
        at_most("`import coinbtr`, `import httpx` = 1", median(times["coinbtr"]) / unit, 1.35),
        at_most(
            "`from coinbtr import CoinBTR`, `import httpx` = 1",
            median(times["coinbtr's client"]) / unit,
            1.35,
        ),
        Figure(
            "· importing and making a client, httpx's = 1",
            f"{median(times['a client']) / median(times['a client of httpx']):.2f}",
        ),
        at_most(
            "modules of a client, more than of httpx's",
            modules["a client"] - modules["a client of httpx"],
            70,
        ),
        at_most("an idle client, more than httpx's", median(held["coinbtr"]) - plain, 4, " MB"),
        Figure("· an idle httpx client, its process whole", f"{plain:.1f} MB"),
        *(
            Figure(
                f"· import of {name}",
                f"{median(values) / unit:.2f} ({median(values):.0f} ms, {modules[name]} modules)",
            )
            for name, values in times.items()
        ),
    ]
    about = (
        "CPU of the import in a fresh process, and what the process then holds; httpx without its"
        " command line."
    )
    return Part("Import and memory", about, figures)


def _run(code: str) -> tuple[float, int]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second = done.stdout.split()
    return float(first), int(second)

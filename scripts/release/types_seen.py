"""Type checkers over a user's program and the installed wheel: right must pass, wrong must not."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

from scripts.release.running import NODE_TOOLS, RELEASE_TOOLS, TOOLS, Failed, Workplace, run

# Each is a mistake; a checker that sees no types of ours would see none of them.
_MISTAKES: Final = [
    'exchange.trading.buy_limit("btc-mxn", amount=0.01, price="1")',
    'exchange.market.ticker(book_name="btc-mxn")',
    'exchange.market.ticker("btc-mxn").lats',
    'exchange.market.order_book("btc-mxn").spread.nothing',
    'exchange.wallet.balance("mxn").available = 1',
]
_PROGRAM: Final = "from coinbtr import CoinBTR\n\nexchange = CoinBTR()\n"


def types_seen(place: Workplace) -> str:
    """Run mypy --strict, pyright and pyrefly from outside the source, on the environment `all`."""
    folder = place.folder / "types"
    folder.mkdir(exist_ok=True)
    sample = Path(__file__).parent / "samples/typed.py"
    shutil.copy(sample, folder / "right.py")
    (folder / "wrong.py").write_text(_PROGRAM + "\n".join(_MISTAKES) + "\n", encoding="utf-8")
    python = place.python("all")
    checkers: dict[str, list[str | Path]] = {
        "mypy": [TOOLS / "mypy", "--strict", "--python-executable", python],
        "pyright": [NODE_TOOLS / "pyright", "--pythonpath", python],
        "pyrefly": [
            *(RELEASE_TOOLS / "pyrefly", "check", "--python-interpreter-path", python),
            *("--output-format", "min-text"),
        ],
    }
    first = _PROGRAM.count("\n") + 1
    lines = set(range(first, first + len(_MISTAKES)))
    for name, command in checkers.items():
        run(*command, "right.py", cwd=folder)
        said = run(*command, "wrong.py", cwd=folder, may_fail=True).stdout
        found = {int(line) for line in re.findall(r"wrong\.py:(\d+)", said)}
        if found != lines:
            raise Failed(f"{name} sees mistakes in lines {found}, not in {lines}:\n{said}")
    return f"{', '.join(checkers)}: a right program passes, {len(_MISTAKES)} mistakes are seen"

"""`make demo` plays its whole session and ends well, and the README's picture shows it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from coinbtr.description import load
from scripts.pictures import recording

ROOT = Path(__file__).parents[2]


def test_the_demo_plays_every_scene_and_ends_well() -> None:
    """Exit status 0, each scene's outcome in plain sight, and the contract test's verdict."""
    count = sum(len(item) for item in load()["paths"].values())
    assert "-m scripts.demo" in (ROOT / "Makefile").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "scripts.demo"],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    for outcome in (
        "SANDBOX",
        "BTC-MXN",
        "█",
        "spread",
        r"326 +SELL",
        r"327 +BUY .* open",
        "open orders left: 0",
        r"txid [0-9a-f]{64}",
        "InsufficientFunds, HTTP 409, insufficient_funds",
        "InvalidType: price must be exact",
        r"BTC +10\.0283",
        rf"KEEPS .*{count} of {count} operations",
        "What to try next",
    ):
        assert re.search(outcome, done.stdout), outcome
    picture = (ROOT / "docs/images/demo.svg").read_text(encoding="utf-8")
    assert same(recording.text(picture)) == same(recording.scenes(done.stdout)), "make pictures"


def same(printed: str) -> str:
    """What is the same in every run: no port, time or number of requests, and no line break."""
    printed = re.sub(r":\d+/api|[\d,]+ requests|\d+ s\b", "", printed)
    return re.sub(r"\s+", "", printed)

"""The command tells its version, its subcommands, and what is not installed."""

import subprocess
import sys
from pathlib import Path

from coinbtr import __version__

command = Path(sys.executable).with_name("coinbtr")
for words, said in ((["--version"], __version__), (["--help"], "reconcile")):
    done = subprocess.run([command, *words], capture_output=True, text=True, check=True)
    assert said in done.stdout, done.stdout
done = subprocess.run([command, "sandbox", "--port", "0"], capture_output=True, text=True)
assert done.returncode != 0
assert "coinbtr[sandbox]" in done.stderr, done.stderr

"""Everything at once: the contract test of a sandbox in its own process."""

import subprocess
import sys
from pathlib import Path

command = Path(sys.executable).with_name("coinbtr")
done = subprocess.run(
    [command, "contract", "sandbox:", "--profile", "quick"], capture_output=True, text=True
)
assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)

"""`make pictures`: record the demo and draw the layers, into docs/images."""

import os
import subprocess
import sys
from pathlib import Path

from scripts.pictures import layers, recording

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Write both pictures; gives the exit status of the demo."""
    images = ROOT / "docs/images"
    (images / "layers.svg").write_text(layers.draw(ROOT / "pyproject.toml"), encoding="utf-8")
    print("docs/images/layers.svg")
    played = subprocess.run(
        [sys.executable, "-m", "scripts.demo"],
        cwd=ROOT,
        env=os.environ | {"FORCE_COLOR": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if played.returncode == 0:
        (images / "demo.svg").write_text(recording.draw(played.stdout), encoding="utf-8")
        print("docs/images/demo.svg")
    return played.returncode


if __name__ == "__main__":
    sys.exit(main())

"""Write docs/faults.md from the matrix."""

from pathlib import Path

from tests.facade.faults.matrix import render

PAGE = Path(__file__).parents[3] / "docs/faults.md"

if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")

"""`make docs`: build the documentation in site/, or say what is wrong with it."""

import shutil
import sys
import tempfile
from pathlib import Path

from scripts.site.build import SiteError, build

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Build beside, then put in the place of what was there; gives the exit status."""
    target = ROOT / "site"
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "site")
        try:
            build(ROOT, made)
        except SiteError as error:
            print(error, file=sys.stderr)
            return 1
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(made, target)
    print(f"site/index.html: {sum(1 for _ in target.rglob('*.html'))} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make generate`: write everything that follows from the description and from the async source.

The low-level client, the sync facade and the pages of rulings and methods are made in a temporary
folder first; then they either replace what is there, or, with `--check`, are compared with it.
Nothing is written when anything fails.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

from scripts import methods, rulings
from scripts.generator.package import write_package
from scripts.generator.pins import GenerationError, require_pins
from scripts.generator.trees import differences, replace_tree
from scripts.unasync import write_sync

ROOT: Final = Path(__file__).parent.parent
DESCRIPTION: Final = Path("openapi/coinbtr.yaml")
PACKAGE: Final = Path("generated/coinbtr_api")
ASYNC_SOURCE: Final = Path("coinbtr/_async")
SYNC: Final = Path("coinbtr/_sync")
CCXT_SOURCE: Final = Path("coinbtr/ccxt/_async")
CCXT_SYNC: Final = Path("coinbtr/ccxt/_sync")
RULINGS: Final = Path("docs/rulings.md")
METHODS: Final = Path("docs/methods.md")
OUTPUTS: Final = (PACKAGE, SYNC, CCXT_SYNC, RULINGS, METHODS)


def generate(root: Path, target: Path) -> None:
    """Make all outputs from the sources under `root`, into `target`."""
    (target / PACKAGE).mkdir(parents=True)
    write_package(root / DESCRIPTION, target / PACKAGE)
    for source, twin in ((ASYNC_SOURCE, SYNC), (CCXT_SOURCE, CCXT_SYNC)):
        write_sync(root / source, target / twin, source)
    pages = {
        RULINGS: rulings.render(root / DESCRIPTION),
        METHODS: methods.render(root / ASYNC_SOURCE, root / DESCRIPTION),
    }
    (target / "docs").mkdir()
    for page, text in pages.items():
        (target / page).write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(prog="generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail on a difference")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        require_pins()
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder)
            generate(options.root, target)
            changes = [
                change
                for output in OUTPUTS
                for change in differences(target / output, options.root / output)
            ]
            if not options.check:
                for output in OUTPUTS:
                    replace_tree(target / output, options.root / output)
    except GenerationError as error:
        print(error, file=sys.stderr)
        return 1
    return _report(changes, options.root, check=options.check)


def _report(changes: list[tuple[str, Path]], root: Path, *, check: bool) -> int:
    for what, path in changes:
        print(f"{what}: {path.relative_to(root)}")
    if not check:
        print(f"generated: {len(changes)} files changed")
        return 0
    if changes:
        print(
            "Generated files differ from what their sources give: edit the sources "
            f"(openapi/coinbtr.yaml, {ASYNC_SOURCE}, {CCXT_SOURCE}), then run `make generate`.",
            file=sys.stderr,
        )
        return 1
    print("generated files are up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())

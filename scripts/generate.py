"""`make generate`: write everything that follows from the description and from the async source.

The description is linted first. The low-level client, the sync facade and the pages are made in a
temporary folder; then they either replace what is there, or, with `--check`, are compared with it.
Nothing is written when anything fails. At the end it tells what changed for users since the last
commit (`--base`: since another), and which hand-written places need a hand.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

from scripts import changes, linting, methods, places, rulings, workflows
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
WORKFLOWS: Final = Path("docs/workflows.md")
OUTPUTS: Final = (PACKAGE, SYNC, CCXT_SYNC, RULINGS, METHODS, WORKFLOWS)

# What a check calls a difference, as a run that writes tells it.
_WRITTEN: Final = {"missing": "added", "changed": "changed", "not generated": "removed"}


def generate(root: Path, target: Path) -> None:
    """Make all outputs from the sources under `root`, into `target`."""
    (target / PACKAGE).mkdir(parents=True)
    write_package(root / DESCRIPTION, target / PACKAGE)
    for source, twin in ((ASYNC_SOURCE, SYNC), (CCXT_SOURCE, CCXT_SYNC)):
        write_sync(root / source, target / twin, source)
    pages = {
        RULINGS: rulings.render(root / DESCRIPTION),
        METHODS: methods.render(root / ASYNC_SOURCE, root / DESCRIPTION),
        WORKFLOWS: workflows.render((root / DESCRIPTION).parent),
    }
    (target / "docs").mkdir()
    for page, text in pages.items():
        (target / page).write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(prog="generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail on a difference")
    parser.add_argument("--base", default="HEAD", help="the commit that users have now")
    parser.add_argument(
        "--lint-later", action="store_true", help="generate all the same, and tell what is wrong"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        require_pins()
        if not options.check and not options.lint_later:
            linting.require_sound(DESCRIPTION, options.root)
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder)
            generate(options.root, target)
            differing = [
                difference
                for output in OUTPUTS
                for difference in differences(target / output, options.root / output)
            ]
            if not options.check:
                for output in OUTPUTS:
                    replace_tree(target / output, options.root / output)
    except GenerationError as error:
        print(error, file=sys.stderr)
        return 1
    if options.check:
        return _checked(differing, options.root)
    _report(differing, options.root, options.base)
    if options.lint_later and (wrong := linting.problems(DESCRIPTION, options.root)):
        print("\n".join(["the description itself needs a hand:", *wrong]))
    return 0


def _report(differing: list[tuple[str, Path]], root: Path, base: str) -> None:
    for what, path in differing:
        print(f"{_WRITTEN[what]}: {path.relative_to(root)}")
    print(f"generated: {len(differing)} {'file' if len(differing) == 1 else 'files'} changed")
    for line in (*changes.report(root, DESCRIPTION, base), *places.told(places.stale(root))):
        print(line)


def _checked(differing: list[tuple[str, Path]], root: Path) -> int:
    for what, path in differing:
        print(f"{what}: {path.relative_to(root)}")
    if differing:
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

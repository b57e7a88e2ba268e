"""Copies the pages' libraries from the pinned npm packages, or checks the copies.

python -m scripts.vendor [--check]
"""

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "scripts/page/node_modules"
VENDOR = ROOT / "coinbtr/sandbox/page/vendor"
DOCS_VENDOR = ROOT / "docs/vendor"

COPIES: Mapping[Path, Mapping[str, str]] = {
    VENDOR: {
        "lightweight-charts.js": (
            "lightweight-charts/dist/lightweight-charts.standalone.production.mjs"
        ),
        "lightweight-charts.LICENSE.txt": "lightweight-charts/LICENSE",
        "lit-html.js": "lit-html/lit-html.js",
        "lit-html.LICENSE.txt": "lit-html/LICENSE",
        "openapi-explorer.js": "openapi-explorer/dist/browser/openapi-explorer.min.js",
        "openapi-explorer.LICENSE.txt": "openapi-explorer/LICENSE",
    },
    # What the search of the documentation needs where the pages are opened as files.
    DOCS_VENDOR: {
        "iframe-worker.js": "iframe-worker/shim/index.js",
        "iframe-worker.LICENSE.txt": "iframe-worker/LICENSE",
    },
}
"""What each file of each folder is a copy of."""


def wanted(copies: Mapping[str, str]) -> Mapping[str, bytes]:
    """Give each file as its package has it.

    A hint where the source map lies is cut off: the map isn't shipped.
    """
    return {
        name: b"".join(
            line
            for line in (PACKAGES / source).read_bytes().splitlines(keepends=True)
            if not line.startswith(b"//# sourceMappingURL=")
        )
        for name, source in copies.items()
    }


def deviations(folder: Path, copies: Mapping[str, str]) -> list[str]:
    """Name the files of a folder that aren't what the packages have, or are missing or too many."""
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    files = dict(wanted(copies))
    return sorted(name for name in found | files if found.get(name) != files.get(name))


def main(arguments: list[str]) -> int:
    """Copy, or with `--check` compare; gives the exit status."""
    status = 0
    for folder, copies in COPIES.items():
        if arguments == ["--check"]:
            if different := deviations(folder, copies):
                print(f"{folder.relative_to(ROOT)}: not as pinned: {', '.join(different)}.")
                print(
                    "'make page' copies them from the packages of scripts/page/package-lock.json."
                )
                status = 1
            continue
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        for name, content in wanted(copies).items():
            (folder / name).write_bytes(content)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

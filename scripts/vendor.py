"""Copies the web page's libraries from the pinned npm packages into the page, or checks the copies.

python -m scripts.vendor [--check]
"""

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "scripts/page/node_modules"
VENDOR = ROOT / "coinbtr/sandbox/page/vendor"

COPIES: Mapping[str, str] = {
    "lightweight-charts.js": (
        "lightweight-charts/dist/lightweight-charts.standalone.production.mjs"
    ),
    "lightweight-charts.LICENSE.txt": "lightweight-charts/LICENSE",
    "lit-html.js": "lit-html/lit-html.js",
    "lit-html.LICENSE.txt": "lit-html/LICENSE",
    "openapi-explorer.js": "openapi-explorer/dist/browser/openapi-explorer.min.js",
    "openapi-explorer.LICENSE.txt": "openapi-explorer/LICENSE",
}
"""What each file of the folder `vendor` is a copy of."""


def wanted() -> Mapping[str, bytes]:
    """Give each file as its package has it.

    A hint where the source map lies is cut off: the map isn't shipped.
    """
    return {
        name: b"".join(
            line
            for line in (PACKAGES / source).read_bytes().splitlines(keepends=True)
            if not line.startswith(b"//# sourceMappingURL=")
        )
        for name, source in COPIES.items()
    }


def deviations(folder: Path) -> list[str]:
    """Name the files of a folder that aren't what the packages have, or are missing or too many."""
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    files = dict(wanted())
    return sorted(name for name in found | files if found.get(name) != files.get(name))


def main(arguments: list[str]) -> int:
    """Copy, or with `--check` compare; gives the exit status."""
    if arguments == ["--check"]:
        different = deviations(VENDOR)
        if different:
            print(f"{VENDOR.relative_to(ROOT)}: not as pinned: {', '.join(different)}.")
            print("'make page' copies them from the packages of scripts/page/package-lock.json.")
        return bool(different)
    VENDOR.mkdir(exist_ok=True)
    for path in VENDOR.iterdir():
        path.unlink()
    for name, content in wanted().items():
        (VENDOR / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Builds the site: gathers its pages, renders them, and takes every outside address out.

The generator reads one folder only. So the pages are put together in a temporary one: those of
docs/, the changelog and the page for contributors from where people look for them in a checkout,
and the reference of the HTTP API, made from the description.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from scripts.site import http_page
from scripts.site.links import broken
from scripts.site.outside import named, seal

_CONFIG: Final = "mkdocs.yml"
# Where links that are right in a checkout lead in the site.
_MOVED: Final = {
    "docs/": "",
    "../docs/": "",
    "../CHANGELOG.md": "changelog.md",
    "../CONTRIBUTING.md": "contributing.md",
    "../openapi/coinbtr.yaml": "http.html",
    "changes/README.md": "changelog.md",
}
_LINK: Final = re.compile(rf"\]\(({'|'.join(map(re.escape, _MOVED))})")
_SOURCES: Final = ("coinbtr", "generated")
_TO_COME: Final = re.compile(r"^What is coming .*$", re.MULTILINE)
_TOOLS: Final = Path(sys.executable).parent


class SiteError(Exception):
    """The site can't be built, or isn't complete in itself."""


def build(root: Path, target: Path) -> None:
    """Build the site of a checkout into a folder that isn't there yet.

    Raises:
        SiteError: the generator warns, a link leads nowhere, or an outside address is left.
    """
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder).resolve()
        _gather(root, stage)
        made = subprocess.run(
            [_TOOLS / "zensical", "build", "--strict", "-f", _CONFIG],
            cwd=stage,
            env=os.environ | {"NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        said = made.stdout + made.stderr
        if made.returncode or "No issues found" not in said:
            raise SiteError(re.sub(r"\x1b\[[0-9;]*m", "", said).partition("Traceback")[0])
        shutil.copytree(stage / "site", target)
    (target / "sitemap.xml").unlink()  # for search engines, and empty without an address
    seal(target)
    wrong = [*named(target), *broken(target)]
    if wrong:
        raise SiteError("\n".join(wrong))


def _gather(root: Path, stage: Path) -> None:
    shutil.copy(root / _CONFIG, stage)
    shutil.copytree(root / "docs", stage / "docs")
    for name in _SOURCES:
        (stage / name).symlink_to(root / name)
    contributing = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (stage / "docs/contributing.md").write_text(contributing, encoding="utf-8")
    (stage / "docs/changelog.md").write_text(_changes(root), encoding="utf-8")
    for page in (stage / "docs").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(_LINK.sub(lambda link: f"]({_MOVED[link[1]]}", text), encoding="utf-8")
    http_page.write(root, stage / "docs/http.html")


def _changes(root: Path) -> str:
    """The change log, with what is to come in the place of the sentence that says where it is.

    Raises:
        SiteError: a fragment of the change log is not as it should be.
    """
    draft = subprocess.run(
        [_TOOLS / "towncrier", "build", "--draft", "--version", "To come", "--date", "not yet"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if draft.returncode:
        raise SiteError(draft.stderr)
    released = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    return _TO_COME.sub(lambda _: draft.stdout.strip().replace(" (not yet)", ""), released)

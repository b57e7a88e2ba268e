"""The pages' libraries are the pinned packages, and a changed or forgotten copy is seen."""

import shutil
from pathlib import Path

import pytest

from scripts import vendor

needs_packages = pytest.mark.skipif(
    not vendor.PACKAGES.is_dir(), reason="`make lint-page` installs the packages"
)


@needs_packages
@pytest.mark.parametrize("folder", vendor.COPIES, ids=lambda folder: folder.parent.name)
def test_the_copies_are_the_packages(folder: Path) -> None:
    """Byte for byte."""
    assert vendor.deviations(folder, vendor.COPIES[folder]) == []


@needs_packages
def test_a_deviation_is_seen(tmp_path: Path) -> None:
    """A changed byte, a missing file and a file too many are each named."""
    copy = tmp_path / "vendor"
    shutil.copytree(vendor.VENDOR, copy)
    (copy / "lit-html.js").write_bytes((copy / "lit-html.js").read_bytes() + b" ")
    (copy / "openapi-explorer.LICENSE.txt").unlink()
    (copy / "added.js").touch()
    copies = vendor.COPIES[vendor.VENDOR]
    assert vendor.deviations(copy, copies) == [
        "added.js",
        "lit-html.js",
        "openapi-explorer.LICENSE.txt",
    ]

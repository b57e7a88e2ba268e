"""The description comes with the package, and is found without knowing where."""

import subprocess
import sys

import yaml

import coinbtr
from coinbtr import description


def test_it_is_found() -> None:
    """`openapi_path()` is a file, and the very description that the package works by."""
    path = coinbtr.openapi_path()
    assert path.is_file()
    assert path == description.path("coinbtr")
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["info"]["title"] == "CoinBTR API"


def test_asking_for_it_imports_no_yaml() -> None:
    """A base install, which has no YAML, can tell where it is."""
    code = "import sys, coinbtr; coinbtr.openapi_path(); assert 'yaml' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)

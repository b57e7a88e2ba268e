"""What is built is complete: both packages, the description, the types and the command."""

import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import coinbtr.__about__


@pytest.fixture(scope="module")
def dist(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, "."],
        cwd=repository,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def wheel(dist: Path) -> zipfile.ZipFile:
    """The built wheel."""
    (path,) = dist.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_has_all_that_is_imported(wheel: zipfile.ZipFile) -> None:
    """Both packages with their types, and the descriptions where the package looks for them."""
    names = set(wheel.namelist())
    assert {
        "coinbtr/__init__.py",
        "coinbtr/py.typed",
        "coinbtr/openapi/coinbtr.yaml",
        "coinbtr/openapi/sandbox.yaml",
        "coinbtr_pytest.py",
        "coinbtr_api/__init__.py",
        "coinbtr_api/py.typed",
        "coinbtr_api/exact_json.py",
    } <= names
    assert {name.split("/")[0] for name in names} == {
        "coinbtr",
        "coinbtr_api",
        "coinbtr_pytest.py",
        f"coinbtr-{coinbtr.__about__.__version__}.dist-info",
    }


@pytest.mark.parametrize("name", ["coinbtr.yaml", "sandbox.yaml"])
def test_the_wheel_ships_the_descriptions_as_they_are(
    wheel: zipfile.ZipFile, repository: Path, name: str
) -> None:
    """The sandbox of an installed package keeps to the very descriptions of the repository."""
    shipped = wheel.read(f"coinbtr/openapi/{name}")
    assert shipped == (repository / "openapi" / name).read_bytes()


def test_the_wheel_has_a_pytest_plugin(wheel: zipfile.ZipFile) -> None:
    """pytest finds it by its entry point."""
    [name] = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "[pytest11]\ncoinbtr = coinbtr_pytest" in wheel.read(name).decode()


def test_the_wheel_ships_the_web_page(wheel: zipfile.ZipFile, repository: Path) -> None:
    """Each file of it, with the licences of the libraries in it."""
    folder = repository / "coinbtr/sandbox/page"
    files = {path.relative_to(repository).as_posix() for path in folder.rglob("*.*")}
    assert {
        f"coinbtr/sandbox/page/{name}" for name in ("index.html", "app.js", "style.css")
    } < files
    assert files <= set(wheel.namelist())
    libraries = [name for name in files if "/vendor/" in name and name.endswith(".js")]
    assert {name.replace(".js", ".LICENSE.txt") for name in libraries} < files


def test_the_base_install_is_small(wheel: zipfile.ZipFile) -> None:
    """httpx, attrs and tenacity; all else is an extra, and `all` has every one of them but ccxt."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = Parser().parsestr(wheel.read(name).decode())
    required = metadata.get_all("Requires-Dist", [])
    assert [item for item in required if "extra ==" not in item] == [
        "attrs>=22.2",
        "httpx<1,>=0.25.2",
        "tenacity>=8.0",
    ]
    extras = set(metadata.get_all("Provides-Extra", []))
    assert extras == {
        *("all", "ccxt", "cli", "contract", "fast", "keyring", "otel", "pandas", "redis"),
        "sandbox",
    }
    extras = {item.split(";")[0].strip() for item in required if "extra == 'all'" in item}
    assert extras >= {
        *("typer>=0.16", "uvicorn<1,>=0.36", "schemathesis<4.33,>=4.32", "limits[redis]>=5.1"),
        *("opentelemetry-api<2,>=1.20", "pandas>=2.2.2"),
        *("msgspec>=0.21", "pycurl>=7.46"),
    }
    assert not any(item.startswith("ccxt") for item in extras)  # its pins bind others
    assert metadata["License-Expression"] == "MIT"


def test_the_wheel_has_the_command(wheel: zipfile.ZipFile) -> None:
    """`coinbtr` is on the path after an install."""
    (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "coinbtr = coinbtr.cli:main" in wheel.read(name).decode()


def test_the_source_archive_is_what_the_wheel_needs(dist: Path) -> None:
    """No test, no lock file and no local folder travels along."""
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        tops = {name.split("/")[1] for name in archive.getnames()}
    assert tops == {
        *("coinbtr", "coinbtr_pytest.py", "generated", "openapi", "pyproject.toml", "PKG-INFO"),
        *("CHANGELOG.md", "LICENSE", "README.md", ".gitignore"),
    }

"""The documentation is one site, complete in itself: nothing is loaded, no link leads nowhere."""

import re
from pathlib import Path

import pytest
import yaml

import coinbtr
from scripts.pictures import layers
from scripts.site.build import build
from scripts.site.links import broken
from scripts.site.outside import in_script, named, seal
from tests.docs.pages import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it, which fails at any warning."""
    target = tmp_path_factory.mktemp("docs") / "site"
    build(ROOT, target)
    return target


def test_the_site_builds_and_is_complete_in_itself(site: Path) -> None:
    """Every page of docs/ is in it and in its navigation; no outside address, no broken link."""
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} | {"changelog", "contributing"}
    start = (site / "index.html").read_text(encoding="utf-8")
    for page in pages:
        assert (site / f"{page}.html").is_file()
        assert page == "index" or f'href="./{page}.html"' in start
    assert [*named(site), *broken(site)] == []


def test_the_reference_of_the_http_api_is_one_page(site: Path) -> None:
    """It holds every path and its renderer, and loads no file, not even one of the site."""
    text = (site / "http.html").read_text(encoding="utf-8")
    document = yaml.safe_load((ROOT / "openapi/coinbtr.yaml").read_text(encoding="utf-8"))
    assert [path for path in document["paths"] if f'"{path}"' not in text] == []
    assert "customElements.define" in text
    head = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"<script[^>]* src=|<link[^>]*stylesheet|@import|url\(", head)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://cdn.example.net/a.js"></script>'),
        ("a.html", '<link rel="stylesheet" href="//cdn.example.net/a.css">'),
        ("a.html", '<img src="http://cdn.example.net/a.png">'),
        ("a.html", "<script>fetch('https://cdn.example.net/a')</script>"),
        ("a.html", "<script>new Worker('//cdn.example.net/a.js')</script>"),
        ("a.html", "<style>@import 'https://cdn.example.net/a.css';</style>"),
        ("a.html", '<p style="background: url(https://cdn.example.net/a.png)">'),
        ("a.css", 'p { background: url("https://cdn.example.net/a.png") }'),
        ("a.js", 'import("https://cdn.example.net/a.js")'),
        ("a.svg", '<svg><image xlink:href="https://cdn.example.net/a.png"/></svg>'),
    ],
)
def test_an_outside_address_is_seen(tmp_path: Path, name: str, text: str) -> None:
    """Whichever way a page could load it."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    (found,) = named(tmp_path)
    assert "cdn.example.net" in found


def test_a_link_to_follow_is_no_outside_address(tmp_path: Path) -> None:
    """Readers may be led anywhere, scripts may name vocabularies, text may show addresses."""
    (tmp_path / "a.html").write_text(
        '<a href="https://cdn.example.net/">there</a> https://cdn.example.net/'
        '<script type="application/json">{"at": "https://cdn.example.net/"}</script>',
        encoding="utf-8",
    )
    assert [*named(tmp_path)] == []
    assert in_script('"http://www.w3.org/2000/svg"') == []


def test_what_the_generator_could_load_is_taken_out(tmp_path: Path) -> None:
    """The address is gone, the script around it stays."""
    script = tmp_path / "bundle.js"
    script.write_text('load("https://unpkg.com/mermaid@1/m.js");go()', encoding="utf-8")
    seal(tmp_path)
    assert script.read_text(encoding="utf-8") == 'load("about:blank");go()'


@pytest.mark.parametrize(
    "link",
    [
        'href="b.html"',
        'href="#nowhere"',
        'href="a.html#nowhere"',
        'src="no.png"',
        'href="http://x.y"',
    ],
)
def test_a_broken_link_is_seen(tmp_path: Path, link: str) -> None:
    """A page, a place in it, an image; an outside link has to be https."""
    (tmp_path / "a.html").write_text(f'<a id="here" {link}>', encoding="utf-8")
    assert len([*broken(tmp_path)]) == 1
    (tmp_path / "a.html").write_text('<a id="here" href="#here">', encoding="utf-8")
    assert [*broken(tmp_path)] == []


def test_the_drawing_of_the_layers_is_up_to_date() -> None:
    """`make pictures` would draw the same from the contract that import-linter holds."""
    drawn = (ROOT / "docs/images/layers.svg").read_text(encoding="utf-8")
    assert drawn == layers.draw(ROOT / "pyproject.toml")
    shown = " ".join(re.findall(r'class="layer"[^>]*>([^<]*)<', drawn)).replace("\xa0", " ").split()
    names = [name for layer in layers.layers(ROOT / "pyproject.toml") for name in layer]
    assert shown == names
    assert {"cli", "wire", "coinbtr_api"} <= set(names)


def test_a_layer_without_a_caption_is_seen(tmp_path: Path) -> None:
    """A new layer stops the drawing until somebody says what it is for."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    changed = tmp_path / "pyproject.toml"
    changed.write_text(text.replace('"coinbtr.outcomes",', '"coinbtr.novelty",'), encoding="utf-8")
    with pytest.raises(KeyError, match="novelty"):
        layers.draw(changed)


def test_every_public_name_is_documented(site: Path) -> None:
    """Each is on the page of the Python API or of the errors; async and raw twins by their twin."""
    places = "".join(
        (site / f"{page}.html").read_text(encoding="utf-8") for page in ("api", "errors")
    )
    documented = set(re.findall(r'id="coinbtr\.(?:errors\.)?(\w+)"', places))
    twins = {f"{twin}{name}" for name in documented for twin in ("Async", "Raw", "AsyncRaw")}
    assert set(coinbtr.__all__) - documented - twins == {"__version__"}

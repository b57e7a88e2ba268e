"""`make overlay FILE=…` changes what the overlay selects, and leaves the rest byte for byte."""

import shutil
from difflib import unified_diff
from pathlib import Path

import pytest
import yaml

from coinbtr.contract import Options, Verdict, load_description, run
from coinbtr.contract.operations import described_by
from coinbtr.contract.proposal import proposed
from scripts import overlay
from tests.contract.server_of_2019 import BASE_URL, ServerOf2019
from tests.contract.tampering import TOKEN

DESCRIPTION = Path("openapi/coinbtr.yaml")


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    """A copy of what is generated, and of its sources."""
    root = tmp_path / "copy"
    descriptions = [f"openapi/{name}" for name in ("coinbtr.yaml", "sandbox.yaml")]
    pages = [f"docs/{name}.md" for name in ("rulings", "methods", "workflows")]
    for name in (*descriptions, "openapi/workflows.arazzo.yaml", *pages):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(repository / name, root / name)
    for package in ("generated", "coinbtr"):
        shutil.copytree(
            repository / package, root / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return root


def _changed(before: str, after: str) -> list[str]:
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_an_action_that_adds_nothing_changes_nothing(repository: Path) -> None:
    """Comments, quotes, flow style, anchors and zeros at the end of numbers stay as they are."""
    text = (repository / DESCRIPTION).read_text(encoding="utf-8")
    nothing = {"target": "$.info", "update": {}}
    assert overlay.applied(text, overlay_of(nothing)) == text


def test_only_what_is_selected_changes(repository: Path) -> None:
    """A field more and a requirement less: three lines of the diff, and no other."""
    text = (repository / DESCRIPTION).read_text(encoding="utf-8")
    actions = [
        {"target": "$.components.schemas.Volume.required[?@ == 'value']", "remove": True},
        {
            "target": "$.components.schemas.Volume.properties.value",
            "update": {"description": "In the quote coin, if it is told."},
        },
    ]
    changed = _changed(text, overlay.applied(text, overlay_of(*actions)))
    assert changed == [
        "-      required: [market, volume, value]",
        "+      required: [market, volume]",
        "-          description: In the quote coin.",
        "+          description: In the quote coin, if it is told.",
    ]


def test_arrays_are_appended_to_and_objects_merged(repository: Path) -> None:
    """As the standard has it: an array grows, an object keeps its other fields."""
    text = (repository / DESCRIPTION).read_text(encoding="utf-8")
    update = {"required": ["note"], "properties": {"note": {"type": "string"}}}
    actions = [{"target": "$.components.schemas.Volume", "update": update}]
    changed = _changed(text, overlay.applied(text, overlay_of(*actions)))
    assert changed == [
        "-      required: [market, volume, value]",
        "+      required: [market, volume, value, note]",
        "+        note:",
        "+          type: string",
    ]


def test_it_is_applied_and_everything_is_generated(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A field that an overlay adds is in the description and in the generated model."""
    file = tmp_path / "overlay.yaml"
    file.write_text(
        "overlay: 1.0.0\ninfo: {title: Trades, version: 1.0.0}\n"
        "actions:\n- target: $.components.schemas.Volume\n  update:\n"
        "    properties:\n      trades:\n        description: How many trades.\n"
        "        type: integer\n        x-provenance: {status: inferred, rulings: [R051]}\n"
    )
    assert overlay.main([str(file), "--root", str(copy)]) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "compatible: get24hVolume: field `Volume.trades` was added." not in said, "no git there"
    assert "Volume.trades is not read" in said
    assert "How many trades." in (copy / DESCRIPTION).read_text(encoding="utf-8")
    model = copy / "generated/coinbtr_api/models/volume.py"
    assert "trades" in model.read_text(encoding="utf-8")


def test_a_proposal_is_applied_and_everything_is_generated(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a server of 2019 leads to, in the description's file: the next run with it is green."""
    server, options = ServerOf2019(), Options(url=BASE_URL, token=TOKEN)
    first = run(options, server, progress=lambda *_: None, pace=0.0)
    file = tmp_path / "overlay.yaml"
    file.write_text(proposed(first)[0], encoding="utf-8")
    assert overlay.main([str(file), "--root", str(copy)]) == 0, capsys.readouterr().err
    with described_by(load_description(copy / DESCRIPTION)):
        again = run(options, server, progress=lambda *_: None, pace=0.0)
    assert (first.verdict, again.verdict) == (Verdict.DEVIATES, Verdict.KEEPS)
    comments = [line for line in (copy / DESCRIPTION).read_text().splitlines() if "# --" in line]
    assert len(comments) > 10
    assert "**The decision**, observed." in (copy / "docs/rulings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "overlay: 1.0.0\ninfo: {title: No, version: 1.0.0}\n"
        "actions: [{target: $.nothing, remove: true}]",
        "overlay: 1.0.0\nactions: [{target: $.info, remove: true}]",
        "overlay: 3.0.0",
        "{",
    ],
)
def test_what_can_not_be_applied_changes_nothing(
    copy: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another file, or a target that selects nothing: a sentence, status 1, and no change."""
    file = tmp_path / "overlay.yaml"
    file.write_text(text)
    before = (copy / DESCRIPTION).read_bytes()
    assert overlay.main([str(file), "--root", str(copy)]) == 1
    assert str(file) in capsys.readouterr().err
    assert (copy / DESCRIPTION).read_bytes() == before


TRADES = {
    "description": "How many trades there were.",
    "type": "integer",
    "format": "int32",
    "minimum": 0,
    "maximum": 2147483647,
}


def overlay_of(*actions: object) -> dict[str, object]:
    """An overlay of these actions."""
    info = {"title": "What was seen", "version": "1.0.0"}
    return {"overlay": "1.0.0", "info": info, "actions": list(actions)}


def next_ruling(text: str) -> str:
    """The number that the next ruling has."""
    return f"R{len(yaml.safe_load(text)['x-rulings']) + 1:03}"


def test_the_ruling_that_an_overlay_names_is_recorded(repository: Path) -> None:
    """As a stub of confidence `observed`, on which what was changed rests."""
    text = (repository / DESCRIPTION).read_text(encoding="utf-8")
    name = next_ruling(text)
    more = {
        "target": "$.components.schemas.Volume.properties.value",
        "description": "The server tells the value of both sides.",
        "x-ruling": name,
        "update": {"description": "In the quote coin, both sides."},
    }
    document = yaml.safe_load(overlay.applied(text, overlay_of(more)))
    ruling = document["x-rulings"][name]
    assert ruling["confidence"] == "observed"
    assert ruling["title"] == "The server tells the value of both sides"
    assert ruling["lines"] == ["251-253"]
    assert all(ruling.values())
    value = document["components"]["schemas"]["Volume"]["properties"]["value"]
    assert value["x-provenance"] == {
        "status": "inferred",
        "lines": ["251-253"],
        "rulings": ["R051", name],
    }


def test_what_was_documented_is_corrected_then(repository: Path) -> None:
    """Only what the reference says and nothing contradicts is `documented`."""
    text = (repository / DESCRIPTION).read_text(encoding="utf-8")
    less = {
        "target": "$.components.schemas.CoinBalance.properties.coin",
        "x-ruling": [next_ruling(text)],
        "update": {"description": "Its symbol."},
    }
    document = yaml.safe_load(overlay.applied(text, overlay_of(less)))
    coin = document["components"]["schemas"]["CoinBalance"]["properties"]["coin"]
    assert coin["x-provenance"]["status"] == "corrected"
    assert coin["x-provenance"]["rulings"] == [next_ruling(text)]


def test_what_is_added_says_itself_what_it_rests_on(repository: Path) -> None:
    """A field more brings its provenance, and an overlay that gives the ruling itself keeps it."""
    text = (repository / DESCRIPTION).read_text(encoding="utf-8")
    name = next_ruling(text)
    update = {"trades": {**TRADES, "x-provenance": {"status": "inferred", "rulings": [name]}}}
    fields = {"target": "$.components.schemas.Volume.properties", "x-ruling": name}
    document = yaml.safe_load(overlay.applied(text, overlay_of({**fields, "update": update})))
    assert document["x-rulings"][name]["confidence"] == "observed"
    with pytest.raises(ValueError, match=r"nothing at .*Volume\.properties can rest on it"):
        overlay.applied(text, overlay_of({**fields, "update": {"trades": TRADES}}))


def test_a_ruling_has_the_next_free_number(repository: Path) -> None:
    """Another one is refused with the number that is free."""
    text = (repository / DESCRIPTION).read_text(encoding="utf-8")
    action = {"target": "$.components.schemas.Volume", "x-ruling": "R999", "update": {}}
    with pytest.raises(ValueError, match=f"R999: the next free number is {next_ruling(text)}"):
        overlay.applied(text, overlay_of(action))

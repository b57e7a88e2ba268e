"""`make release-check` tells three outcomes apart, and takes nothing for a pass that is none."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

import coinbtr
from coinbtr.__about__ import __version__
from scripts.release import compatibility, dependencies, installed, installing
from scripts.release.__main__ import Check, main, report
from scripts.release.running import Failed, NotDone, Workplace, run


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    """A folder of its own, and a release before that nobody looks at."""
    return Workplace(folder=tmp_path, base="HEAD~1")


def good(place: Workplace) -> str:
    """Pass."""
    return f"all of {place.base}"


def bad(_: Workplace) -> str:
    """Fail."""
    raise Failed("two builds differ\nin these files")


def impossible(_: Workplace) -> str:
    """Say that it can't be done."""
    raise NotDone("nobody answers")


def broken(_: Workplace) -> str:
    """Break by itself."""
    raise FileNotFoundError("no such tool")


@pytest.mark.parametrize(
    ("checks", "status"),
    [
        ({"one": good}, 0),
        ({"one": bad, "two": good}, 1),
        ({"one": good, "two": impossible}, 3),
        ({"one": impossible, "two": bad}, 1),
        ({"one": broken}, 3),
    ],
)
def test_only_what_passed_is_a_pass(
    checks: Mapping[str, Check], status: int, place: Workplace
) -> None:
    """A failure ends with 1, what could not be done with 3, and neither stops the others."""
    assert report(checks, place) == status


def test_the_table_names_each_check(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    """What passed, what failed and what was not done, with a word on each, and how many of each."""
    report({"one": good, "two": bad, "three": impossible}, place)
    *_, one, two, three, _, counts = capsys.readouterr().out.splitlines()
    assert one == "one    passed    all of HEAD~1"
    assert two == "two    FAILED    two builds differ"
    assert three == "three  not done  nobody answers"
    assert counts == "1 passed, 1 failed, 1 not done, 0 excused"


@pytest.mark.parametrize(
    ("check", "status", "outcome"),
    [(impossible, 0, "excused"), (bad, 1, "FAILED"), (broken, 3, "not done"), (good, 0, "passed")],
)
def test_only_what_could_not_be_done_has_an_excuse(
    check: Check,
    status: int,
    outcome: str,
    place: Workplace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It ends with 0, told with both reasons in the table and the reports; a failure never does."""
    assert report({"audit": check}, place, {"audit": "asked by hand"}) == status
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("audit ")]
    assert line.startswith(f"audit  {outcome}")
    told = place.reports / "audit-not-done.txt"
    assert told.exists() == (outcome == "excused")
    if told.exists():
        assert told.read_text(encoding="utf-8") == "asked by hand (nobody answers)\n"
        assert line.endswith("asked by hand (nobody answers)")


def test_an_excuse_is_of_the_audit_and_has_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a reason nothing is begun."""
    with pytest.raises(SystemExit, match="2"):
        main(["--without-audit", " "])
    assert "--without-audit needs a reason" in capsys.readouterr().err


def test_a_tool_that_fails_fails_the_check(tmp_path: Path) -> None:
    """Its exit status counts, and its last words are kept."""
    with pytest.raises(Failed, match="ended with 7\nwhy"):
        run("sh", "-c", "echo why; exit 7", cwd=tmp_path)
    assert run("sh", "-c", "exit 7", cwd=tmp_path, may_fail=True).returncode == 7


def test_a_tool_that_never_ends_is_not_done(tmp_path: Path) -> None:
    """It is ended, and that is no pass."""
    with pytest.raises(NotDone, match=r"sleep took more than"):
        run("sleep", "600", cwd=tmp_path, seconds=0.1)


def test_nothing_of_this_checkout_reaches_what_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a path of Python's nor a token."""
    monkeypatch.setenv("PYTHONPATH", "here")
    monkeypatch.setenv("COINBTR_TOKEN", "secret")
    said = run("env", cwd=tmp_path).stdout
    assert "PYTHONPATH" not in said
    assert "COINBTR_TOKEN" not in said


def test_the_wheel_says_what_there_is(place: Workplace) -> None:
    """Its extras, and what `all` of them need here: the markers that don't hold are left out."""
    place.dist.mkdir()
    with zipfile.ZipFile(place.dist / "coinbtr-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr(
            "coinbtr-1.dist-info/METADATA",
            "Metadata-Version: 2.4\nName: coinbtr\nVersion: 1\nRequires-Dist: attrs>=23.1\n"
            "Provides-Extra: fast\nProvides-Extra: all\n"
            "Requires-Dist: msgspec>=0.19; extra == 'fast'\n"
            "Requires-Dist: msgspec>=0.19; extra == 'all'\n"
            "Requires-Dist: never; (python_version < '3') and extra == 'all'\n",
        )
    assert installing.extras(place) == ["all", "fast"]
    assert installing.requirements(place) == ["attrs>=23.1", "msgspec>=0.19"]


@pytest.mark.parametrize("tried", [{"attrs": "2", "pytest": "9"}, {"attrs": "1"}, {}])
def test_the_newest_are_those_that_the_tests_ran_with(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, tried: dict[str, str]
) -> None:
    """An older version of one, or none at all, fails; a tool of the tests more is no matter."""
    there = {"shipped": {"attrs": "2"}, "all": tried}
    monkeypatch.setattr(dependencies, "_install", lambda *_: None)
    monkeypatch.setattr(dependencies, "_installed", lambda _, name: there[name])
    monkeypatch.setattr(dependencies, "_run_programs", lambda *_: "8 programs")
    if tried.get("attrs") == "2":
        assert dependencies.newest(place) == "1 packages as in the tests, 8 programs"
    else:
        with pytest.raises(Failed, match=f"attrs==2, not {tried.get('attrs')}"):
            dependencies.newest(place)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "could not ask the index: no route"),
        ('{"dependencies": [{"name": "jinja2", "version": "2.10", "vulns": []}]}', "tells of none"),
        ('{"dependencies": [{"name": "jinja2", "skip_reason": "unknown"}]}', "no data on jinja2"),
    ],
)
def test_an_audit_that_asked_nobody_is_no_pass(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, said: str, words: str
) -> None:
    """No answer, an index that knows of no weakness at all, or not of the package: not done."""
    tool = place.folder / "pip-audit"
    tool.write_text(f"#!/bin/sh\necho '{said}'\necho 'no route' >&2\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setattr(dependencies, "RELEASE_TOOLS", place.folder)
    with pytest.raises(NotDone, match=f"^no weaknesses were looked for: .*{words}"):
        dependencies.audit(place)


def _tool(place: Workplace, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    """Let a tool of the release be this script."""
    tool = place.folder / name
    tool.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setattr(dependencies, "RELEASE_TOOLS", place.folder)


@pytest.mark.parametrize(
    ("version", "licence", "fault"),
    [
        ("1", "MIT", None),
        (
            "1",
            "GPL-3.0-only AND MIT",
            "licences that nobody has looked at:\nattrs==1: GPL-3.0-only",
        ),
        ("1", "UNKNOWN", "attrs==1: UNKNOWN"),
        ("2", "MIT", "the report lacks attrs==1"),
    ],
)
def test_each_licence_is_on_the_list(
    place: Workplace,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    licence: str,
    fault: str | None,
) -> None:
    """Word for word: one that is on it in part fails, and so does a package that isn't told."""
    told = json.dumps([{"Name": "attrs", "Version": version, "License": licence}])
    _tool(place, monkeypatch, "pip-licenses", f"echo '{told}'")
    monkeypatch.setattr(dependencies, "_installed", lambda *_: {"attrs": "1"})
    if fault is None:
        assert dependencies.licences(place) == "reports/licences.json: 1 packages"
    else:
        with pytest.raises(Failed, match=fault):
            dependencies.licences(place)


@pytest.mark.parametrize(
    ("name", "place_told", "fault"),
    [
        ("Jaraco.Context", "", None),
        ("jaraco", "", "the report lacks jaraco-context==1"),
        ("jaraco.context", "file:///home/me/coinbtr.whl", "a place on this machine"),
    ],
)
def test_the_bill_of_materials_lacks_nothing(
    place: Workplace,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    place_told: str,
    fault: str | None,
) -> None:
    """Each package is in it, however its name is written, and no path of whoever wrote it."""
    told = json.dumps({"components": [{"name": name, "version": "1", "url": place_told}]})
    _tool(place, monkeypatch, "cyclonedx-py", f"for report; do :; done\necho '{told}' >\"$report\"")
    monkeypatch.setattr(dependencies, "_installed", lambda *_: {"jaraco-context": "1"})
    if fault is None:
        assert dependencies.bill_of_materials(place) == "reports/sbom.cdx.json: 1 components"
    else:
        with pytest.raises(Failed, match=fault):
            dependencies.bill_of_materials(place)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("coinbtr/_sync/market.py:70: Market.ticker(book): Parameter was removed", Failed),
        ("fatal: not a git repository", NotDone),
    ],
)
def test_a_break_of_the_api_must_be_told(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, said: str, outcome: type[Exception]
) -> None:
    """What griffe finds fails, unless it is told; that it could not compare is no pass."""
    fragments = place.folder / "changes"
    fragments.mkdir()
    log = place.folder / "CHANGELOG.md"
    log.write_text("## 0.0.1 (2020-01-01)\n\n### Breaking\n\n- Old.\n", encoding="utf-8")
    tool = place.folder / "griffe"
    tool.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setattr(compatibility, "RELEASE_TOOLS", place.folder)
    monkeypatch.setattr(compatibility, "_FRAGMENTS", fragments)
    monkeypatch.setattr(compatibility, "_CHANGELOG", log)
    with pytest.raises(outcome):
        compatibility.api(place)
    (fragments / "+ticker.breaking.md").write_text("`ticker` takes `market`.", encoding="utf-8")
    if outcome is Failed:
        assert compatibility.api(place) == "since HEAD~1: 1 breaking, told as such"
        # A release moves the file's words into the log.
        (fragments / "+ticker.breaking.md").unlink()
        heading = f"## {__version__} (2026-01-01)\n\n### Breaking\n\n- `ticker`.\n\n"
        log.write_text(heading + log.read_text(encoding="utf-8"), encoding="utf-8")
        assert compatibility.api(place) == "since HEAD~1: 1 breaking, told as such"


def test_what_users_import_is_looked_at() -> None:
    """Each public name is written in a file whose breaks count."""
    places = {getattr(getattr(coinbtr, name), "__module__", "coinbtr") for name in coinbtr.__all__}
    files = {f"{place.replace('.', '/')}.py" for place in places if place.startswith("coinbtr.")}
    assert len(files) > 10
    assert {file for file in files if not file.startswith(compatibility._PUBLIC)} == set()


def test_a_break_inside_is_nobodys(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules that users don't import may change."""
    tool = place.folder / "griffe"
    line = "coinbtr/sandbox/core/book.py:7: BookSide: Public object was removed"
    tool.write_text(f"#!/bin/sh\necho '{line}' >&2\nexit 1\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setattr(compatibility, "RELEASE_TOOLS", place.folder)
    monkeypatch.setattr(compatibility, "_FRAGMENTS", place.folder)
    assert compatibility.api(place) == "since HEAD~1: 0 breaking"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("tests/test_old.py::test_was  # the word is another one", None),
        ("tests/test_old.py::test_was", "says no reason"),
        ("tests/test_old.py::test_is  # gone", "has no tests/test_old.py::test_is: take it out"),
        ("tests/test_none.py::test_was  # gone", "has no tests/test_none.py::test_was"),
        ("tests/test_old.py  # all of it", "has all tests of tests/test_old.py"),
        ("tests/none.py  # gone", "has no tests/none.py"),
    ],
)
def test_an_old_test_is_left_out_by_name_and_reason(
    place: Workplace, monkeypatch: pytest.MonkeyPatch, line: str, fault: str | None
) -> None:
    """Nothing else is, and a line that has served its turn fails."""
    (place.folder / "tests").mkdir()
    (place.folder / "tests/test_old.py").write_text("def test_was(): ...\n", encoding="utf-8")
    listed = place.folder / "outdated.txt"
    listed.write_text(f"{line}\n", encoding="utf-8")
    monkeypatch.setattr(installed, "OUTDATED", listed)
    if fault is None:
        assert installed.outdated(place.folder) == ["tests/test_old.py::test_was"]
    else:
        with pytest.raises(Failed, match=fault):
            installed.outdated(place.folder)


def test_what_old_tests_share_may_be_brought_up_to_date(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is taken from this state, with a reason, and no test is left out for it."""
    now, old = place.folder / "now", place.folder / "old"
    for root, text in ((now, "NOW = 1\n"), (old, "OLD = 1\n")):
        root.mkdir()
        (root / "shared.py").write_text(text, encoding="utf-8")
    listed = place.folder / "outdated.txt"
    listed.write_text("shared.py  # it has another name\n", encoding="utf-8")
    monkeypatch.setattr(installed, "OUTDATED", listed)
    monkeypatch.setattr(installed, "ROOT", now)
    assert installed.outdated(old) == []
    assert (old / "shared.py").read_text(encoding="utf-8") == "NOW = 1\n"

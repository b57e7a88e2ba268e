"""What the package rests on: oldest and newest versions, their licences, known weaknesses."""

from __future__ import annotations

import json
from typing import Any, Final

from packaging.utils import canonicalize_name

from scripts.release import installing
from scripts.release.installed import SHORT, copied, run_sample, run_tests
from scripts.release.running import RELEASE_TOOLS, TOOLS, Failed, NotDone, Workplace, run

# What may be shipped without asking a lawyer, as packages write it, each word for word: part of a
# text says little, for "MIT" is in "limited". The MPL binds its own files only.
_LICENCES: Final = {
    "Apache Software License",
    "Apache Software License; MIT License",
    "Apache-2.0",
    "Apache-2.0 OR BSD-2-Clause",
    "Apache-2.0 OR BSD-3-Clause",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "ISC License (ISCL)",
    "LGPL-2.1-only OR MIT",
    "MIT",
    "MIT License",
    "MIT-0",
    "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)",
    "PSF-2.0",
}
# Has weaknesses that every database of them knows.
_WEAK: Final = {"jinja2": "2.10"}
_NO_AUDIT: Final = "no weaknesses were looked for"
# Whose programs don't run beside all the others: ccxt is not in `all`, and the command's wants
# that of the sandbox to be missing.
_ALONE: Final = {"ccxt", "cli"}


def newest(place: Workplace) -> str:
    """See that `tests` ran with the newest versions that the wheel allows; run the programs there.

    Raises:
        Failed: it ran with another version of one, or a program failed.
    """
    _install(place, "shipped", "highest")
    versions, tried = _installed(place, "shipped"), _installed(place, "all")
    others = [
        f"{name}=={version}, not {tried.get(name)}"
        for name, version in versions.items()
        if tried.get(name) != version
    ]
    if others:
        raise Failed("\n".join(["the newest, with which the tests did not run:", *others]))
    return f"{len(versions)} packages as in the tests, {_run_programs(place, 'shipped')}"


def lowest(place: Workplace) -> str:
    """Run the short tests and the programs with the oldest versions that the wheel allows."""
    _install(place, "lowest", "lowest-direct")
    versions = _installed(place, "lowest")
    # The tests' own tools come last, and may move none of what is tried.
    kept = place.folder / "lowest-kept.txt"
    pins = [f"{one}=={version}" for one, version in versions.items() if one != "coinbtr"]
    kept.write_text("\n".join(pins) + "\n", encoding="utf-8")
    tools = installing.TEST_TOOLS
    installing.install(place, "lowest", *tools, options=["--constraints", str(kept)])
    said = run_tests(place, "lowest", copied(place), SHORT)
    return f"{len(versions)} packages, {said}, {_run_programs(place, 'lowest')}"


def bill_of_materials(place: Workplace) -> str:
    """Write reports/sbom.cdx.json, CycloneDX, of what `newest` has installed and nothing else."""
    place.reports.mkdir(exist_ok=True)
    report = place.reports / "sbom.cdx.json"
    run(
        *(RELEASE_TOOLS / "cyclonedx-py", "environment", place.python("shipped"), "--of", "JSON"),
        *("--output-reproducible", "-o", report),
        cwd=place.folder,
    )
    text = report.read_text(encoding="utf-8")
    if "file:" in text or str(place.folder) in text:
        raise Failed("the bill of materials names a place on this machine")
    components = json.loads(text)["components"]
    _must_be_all(place, {(one["name"], one["version"]) for one in components})
    return f"{report.relative_to(place.folder)}: {len(components)} components"


def licences(place: Workplace) -> str:
    """Write reports/licences.json; a licence that isn't on the list fails."""
    place.reports.mkdir(exist_ok=True)
    report = place.reports / "licences.json"
    text = run(
        *(RELEASE_TOOLS / "pip-licenses", "--python", place.python("shipped"), "--from=mixed"),
        *("--with-system", "--format=json", "--with-urls"),
        cwd=place.folder,
    ).stdout
    report.write_text(text, encoding="utf-8")
    listed = json.loads(text)
    _must_be_all(place, {(one["Name"], one["Version"]) for one in listed})
    foreign = [
        f"{one['Name']}=={one['Version']}: {one['License']}"
        for one in listed
        if one["License"] not in _LICENCES
    ]
    if foreign:
        raise Failed("\n".join(["licences that nobody has looked at:", *foreign]))
    return f"{report.relative_to(place.folder)}: {len(listed)} packages"


def audit(place: Workplace) -> str:
    """Ask the index for known weaknesses of what is installed with all extras.

    Raises:
        NotDone: the index doesn't answer, or knows nothing of a version whose weaknesses are known.
    """
    place.reports.mkdir(exist_ok=True)
    if not any(one["vulns"] for one in _audited(place, _WEAK)):
        raise NotDone(f"{_NO_AUDIT}: the index tells of none in jinja2 2.10, which has some")
    installed = _installed(place, "shipped")
    del installed["coinbtr"]
    found = _audited(place, installed)
    (place.reports / "audit.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    weak = [
        f"{one['name']} {one['version']}: {fault['id']}" for one in found for fault in one["vulns"]
    ]
    if weak:
        raise Failed("\n".join(weak))
    return f"{len(found)} packages, no known weakness"


def _install(place: Workplace, name: str, resolution: str) -> None:
    """Make an environment of what the wheel needs with all extras, and of the wheel."""
    installing.make(place, name)
    wanted = place.folder / f"{name}.txt"
    wanted.write_text("\n".join(installing.requirements(place)) + "\n", encoding="utf-8")
    installing.install(place, name, "-r", wanted, options=["--resolution", resolution])
    # By its name, so that no path of this machine is written down with it.
    local = "--no-index", "--find-links", str(place.dist), "--refresh-package", "coinbtr"
    installing.install(place, name, "coinbtr", options=["--no-deps", *local])


def _run_programs(place: Workplace, environment: str) -> str:
    programs = [extra for extra in installing.extras(place) if extra not in _ALONE]
    for extra in programs:
        run_sample(place, environment, extra)
    return f"{len(programs)} programs"


def _installed(place: Workplace, name: str) -> dict[str, str]:
    listed = run(
        *(TOOLS / "uv", "pip", "list", "--format=json", "--python", place.python(name)),
        cwd=place.folder,
    ).stdout
    return {canonicalize_name(one["name"]): one["version"] for one in json.loads(listed)}


def _must_be_all(place: Workplace, listed: set[tuple[str, str]]) -> None:
    """A report of what is shipped must have each package in the version that is installed."""
    known = {(canonicalize_name(name), version) for name, version in listed}
    absent = [
        f"{name}=={version}"
        for name, version in _installed(place, "shipped").items()
        if (name, version) not in known
    ]
    if absent:
        raise Failed(f"the report lacks {', '.join(absent)}")


def _audited(place: Workplace, versions: dict[str, str]) -> list[dict[str, Any]]:
    wanted = place.folder / "audit.txt"
    pins = sorted(f"{name}=={version}" for name, version in versions.items())
    wanted.write_text("\n".join(pins) + "\n", encoding="utf-8")
    done = run(
        *(RELEASE_TOOLS / "pip-audit", "-r", wanted, "--no-deps", "--disable-pip"),
        *("--format=json", "--progress-spinner=off"),
        cwd=place.folder,
        seconds=300,
        may_fail=True,
    )
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise NotDone(f"{_NO_AUDIT}: pip-audit could not ask the index: {last}") from None
    skipped = [f"{one['name']}: {one['skip_reason']}" for one in found if "skip_reason" in one]
    if skipped:
        raise NotDone(f"{_NO_AUDIT}: the index gives no data on {'; '.join(skipped)}")
    return found

"""What the package rests on: oldest and newest versions, their licences, known weaknesses."""

from __future__ import annotations

import json
from typing import Any, Final

from packaging.utils import canonicalize_name

from scripts.release import installing
from scripts.release.installed import SHORT, copied, run_tests
from scripts.release.running import RELEASE_TOOLS, TOOLS, Failed, NotDone, Workplace, run

# What may be shipped without asking a lawyer; the MPL binds its own files only.
_LICENCES: Final = (
    "Apache",
    "BSD",
    "ISC",
    "MIT",
    "Mozilla Public License 2.0",
    "MPL-2.0",
    "PSF",
    "Python Software Foundation",
    "Unlicense",
)
# Their metadata name no licence; read by hand, for this version: Apache-2.0.
_READ_BY_HAND: Final = ("pyreqwest:0.15.1",)
# Has weaknesses that every database of them knows.
_WEAK: Final = {"jinja2": "2.10"}


def lowest(place: Workplace) -> str:
    """Run the short tests with the oldest versions that the wheel allows."""
    return _with_versions(place, "lowest", "lowest-direct")


def newest(place: Workplace) -> str:
    """Run the short tests with the newest versions that the wheel allows."""
    return _with_versions(place, "newest", "highest")


def bill_of_materials(place: Workplace) -> str:
    """Write reports/sbom.cdx.json, CycloneDX, of the wheel with all extras; nothing may lack."""
    place.reports.mkdir(exist_ok=True)
    report = place.reports / "sbom.cdx.json"
    run(
        *(RELEASE_TOOLS / "cyclonedx-py", "environment", place.python("newest"), "--of", "JSON"),
        *("--output-reproducible", "-o", report),
        cwd=place.folder,
    )
    listed: dict[str, str] = {
        canonicalize_name(component["name"]): component["version"]
        for component in json.loads(report.read_text(encoding="utf-8"))["components"]
    }
    absent = {
        f"{name}=={version}"
        for name, version in _installed(place, "newest").items()
        if listed.get(name) != version
    }
    if absent or "coinbtr" not in listed:
        raise Failed(f"the bill of materials lacks {', '.join(sorted(absent)) or 'coinbtr'}")
    return f"{report.relative_to(place.folder)}: {len(listed)} components"


def licences(place: Workplace) -> str:
    """Write reports/licences.json; a licence that isn't on the list fails."""
    place.reports.mkdir(exist_ok=True)
    report = place.reports / "licences.json"
    command = RELEASE_TOOLS / "pip-licenses", "--python", place.python("newest"), "--from=mixed"
    allowed = "--partial-match", f"--allow-only={';'.join(_LICENCES)}"
    run(*command, *allowed, "--ignore-packages", *_READ_BY_HAND, cwd=place.folder)
    listed = run(*command, "--format=json", "--with-urls", cwd=place.folder).stdout
    report.write_text(listed, encoding="utf-8")
    return f"{report.relative_to(place.folder)}: {len(json.loads(listed))} packages"


def audit(place: Workplace) -> str:
    """Ask the index for known weaknesses of what is installed with all extras.

    Raises:
        NotDone: the index doesn't answer, or knows nothing of a version whose weaknesses are known.
    """
    place.reports.mkdir(exist_ok=True)
    if not any(one["vulns"] for one in _audited(place, _WEAK)):
        raise NotDone("the index tells no weaknesses: it knows none of jinja2 2.10")
    installed = _installed(place, "newest")
    del installed["coinbtr"]
    found = _audited(place, installed)
    (place.reports / "audit.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    weak = [
        f"{one['name']} {one['version']}: {fault['id']}" for one in found for fault in one["vulns"]
    ]
    if weak:
        raise Failed("\n".join(weak))
    return f"{len(found)} packages, no known weakness"


def _with_versions(place: Workplace, name: str, resolution: str) -> str:
    installing.make(place, name)
    wanted = place.folder / f"{name}.txt"
    wanted.write_text("\n".join(installing.requirements(place)) + "\n", encoding="utf-8")
    installing.install(place, name, "-r", wanted, options=["--resolution", resolution])
    installing.install(place, name, place.wheel, options=["--no-deps"])
    versions = _installed(place, name)
    # The tests' own tools come last, and may move none of what is tried.
    kept = place.folder / f"{name}-kept.txt"
    pins = [f"{one}=={version}" for one, version in versions.items() if one != "coinbtr"]
    kept.write_text("\n".join(pins) + "\n", encoding="utf-8")
    installing.install(place, name, *installing.TEST_TOOLS, options=["--constraints", str(kept)])
    return f"{len(versions)} packages, {run_tests(place, name, copied(place), SHORT)}"


def _installed(place: Workplace, name: str) -> dict[str, str]:
    listed = run(
        *(TOOLS / "uv", "pip", "list", "--format=json", "--python", place.python(name)),
        cwd=place.folder,
    ).stdout
    return {canonicalize_name(one["name"]): one["version"] for one in json.loads(listed)}


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
        raise NotDone(f"pip-audit could not ask the index: {last}") from None
    skipped = [f"{one['name']}: {one['skip_reason']}" for one in found if "skip_reason" in one]
    if skipped:
        raise NotDone(f"the index doesn't know {'; '.join(skipped)}")
    return found

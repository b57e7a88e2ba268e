"""Random edits of the sandbox's own source, each tried in a process of its own.

`make automutants` tells how many of those that show in an answer the contract test notices.
"""

import argparse
import importlib.abc
import importlib.util
import json
import os
import re
import resource
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.machinery import ModuleSpec
from pathlib import Path
from random import Random
from types import CodeType, ModuleType
from typing import Final

from attrs import asdict, frozen

from coinbtr.contract import RULES, Verdict
from tests.mutants.edits import Edit, edit, sites

SANDBOX: Final = Path("coinbtr/sandbox")
DESCRIPTION: Final = Path("openapi/coinbtr.yaml")
_SOURCES: Final = (SANDBOX, Path("coinbtr/contract"), Path("generated"))
STATE: Final = Path("build/automutants.jsonl")
# What answers requests. What it begins with (seeding, prices) is no promise; files, control plane,
# faults and the live market have tests of their own.
MODULES: Final = (
    *("core/book", "core/catalogue", "core/commands", "core/exchange", "core/ledger"),
    *("core/market", "core/order_rules", "core/orders", "core/records", "core/statistics"),
    *("core/tokens", "core/trading", "core/transfer_log", "core/transfers", "core/units"),
    *("handlers/account", "handlers/call", "handlers/market", "handlers/trading"),
    *("handlers/wallet", "answers", "api", "router", "validation"),
)
# Sentences for people, and hashes.
_FREE: Final = re.compile(rb'"(error|txid)":"[^"]*"')
PROFILES: Final = ("quick", "deep")
"""What tries an edit, one after the other: the long one only what the short one lets live."""

SECONDS: Final = 240
"""CPU seconds that the contract test of one edit may take."""

LOOKING: Final = 20
"""CPU seconds to look whether an edit shows; it takes one where nothing hangs."""

BROKEN, SAME, KILLED, SURVIVED = "doesn't start", "no difference", "killed", "survived"
UNTESTED: Final = "could not test"
"""The run ended with status 4, or broke off: no kill, whatever it says."""


@frozen
class Place:
    """A place that can be edited: the module, and which of its places."""

    module: str
    number: int


@frozen
class Tried:
    """An edit, and what became of it."""

    where: str
    before: str
    after: str
    verdict: str
    rules: tuple[str, ...]

    @property
    def survives(self) -> bool:
        """Whether it shows, and nothing was found."""
        return self.verdict in (SURVIVED, UNTESTED)


def places() -> list[Place]:
    """List every place of the sandbox that can be edited."""
    return [
        Place(module, number)
        for module in MODULES
        for number in range(sites((SANDBOX / f"{module}.py").read_text(encoding="utf-8")))
    ]


def edited(place: Place) -> Edit:
    """Make the edit of a place."""
    return edit((SANDBOX / f"{place.module}.py").read_text(encoding="utf-8"), place.number)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Gives one module of the sandbox another source."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self._name = name
        self._path = path
        self._code = code

    def find_spec(
        self, fullname: str, path: object, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for that module only."""
        del path, target
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def get_source(self, fullname: str) -> str:
        """Give what stands in the file."""
        del fullname
        return self._path.read_text(encoding="utf-8")

    def get_code(self, fullname: str) -> CodeType:
        """Give what is run in place of it."""
        del fullname
        return self._code


def _seen() -> Iterator[str]:
    """Answer every sequence of the catalogue; digests of all that isn't free in the answers."""
    from tests.mutants.catalogue import CATALOGUE
    from tests.mutants.sequence import play

    for shows in dict.fromkeys(mutant.shows for mutant in CATALOGUE):
        digest = sha256()
        try:
            for answer in play(shows, None):
                digest.update(_FREE.sub(b"", answer.content))
                digest.update(f"{answer.status} {answer.headers}".encode())
        except Exception as error:  # noqa: BLE001 - whatever a broken exchange raises
            digest.update(type(error).__name__.encode())
        yield digest.hexdigest()[:16]


def _child(
    place: Place | None, expected: Sequence[str], profile: str, seed: int
) -> tuple[str, Sequence[str]]:
    """Import the sandbox with its edit, look whether it shows, and test it."""
    if place is not None:
        name = "coinbtr.sandbox." + place.module.replace("/", ".")
        path = SANDBOX / f"{place.module}.py"
        code = compile(edited(place).tree, str(path), "exec")
        sys.meta_path.insert(0, _Finder(name, path, code))
    try:
        from tests.mutants.sequence import exchange

        exchange(None)
    except Exception:  # noqa: BLE001 - it can't be served at all
        return BROKEN, []
    if place is None:
        return SAME, list(_seen())
    if all(seen == wanted for seen, wanted in zip(_seen(), expected, strict=True)):
        return SAME, []
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from tests.mutants.arms import run_profile

    report = run_profile(profile, None, seed, stop_at=RULES.keys())
    named = sorted({finding.code for finding in report.findings})
    if report.verdict is Verdict.DEVIATES:
        return KILLED, named
    return (SURVIVED, []) if report.verdict is Verdict.KEEPS else (UNTESTED, [report.problem or ""])


def attempt(
    place: Place | None, expected: Sequence[str], *, profile: str, seed: int
) -> tuple[str, Sequence[str]]:
    """Try an edit in a child of this process, which has loaded all but the sandbox."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_CPU, (LOOKING, SECONDS))
        answer: tuple[str, Sequence[str]] = (UNTESTED, ["crash"])
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            answer = _child(place, expected, profile, seed)
        except BaseException as error:  # noqa: BLE001 - told to the parent
            answer = (UNTESTED, [f"{type(error).__name__}: {error}"[:200]])
        finally:
            os.write(writer, json.dumps(answer).encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if not told:
        hangs = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
        # On a server such a request isn't answered in time, which is C105.
        return (KILLED, ["C105"]) if hangs else (UNTESTED, ["crash"])
    verdict, rules = json.loads(told)
    return verdict, rules


def _fingerprint() -> str:
    """Tell one state of sandbox, contract test and description from another."""
    digest = sha256(DESCRIPTION.read_bytes())
    for path in sorted(path for folder in _SOURCES for path in folder.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def main(arguments: Sequence[str]) -> int:
    """Try edits and tell what became of them."""
    parser = argparse.ArgumentParser(prog="make automutants", description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2018, help="what the edits are drawn from")
    given = parser.parse_args(arguments)
    chosen = places()
    Random(given.seed).shuffle(chosen)
    key = _fingerprint()
    lines = STATE.read_text(encoding="utf-8").splitlines() if STATE.exists() else []
    known = {
        (line["profile"], line["module"], line["number"]): line
        for line in map(json.loads, lines)
        if line["key"] == key
    }
    _, expected = attempt(None, (), profile="quick", seed=given.seed)
    found: dict[Place, Tried] = {}
    for profile in PROFILES:
        left = [one for one in chosen[: given.count] if one not in found or found[one].survives]
        for number, place in enumerate(left, 1):
            line = known.get((profile, place.module, place.number))
            if line is None:
                verdict, rules = attempt(place, expected, profile=profile, seed=given.seed)
                line = {
                    "key": key,
                    "profile": profile,
                    **asdict(place),
                    "verdict": verdict,
                    "rules": rules,
                }
                STATE.parent.mkdir(exist_ok=True)
                with STATE.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
            change = edited(place)
            where = f"{place.module}.py:{change.line}"
            found[place] = Tried(
                where, change.before, change.after, line["verdict"], tuple(line["rules"])
            )
            sys.stderr.write(f"{profile} {number}/{len(left)} {where}: {line['verdict']}\n")
    done = list(found.values())
    tell = sys.stdout.write
    for one in done:
        if one.survives:
            why = f" ({' '.join(one.rules)})" if one.rules else ""
            tell(f"{one.verdict}{why}: {one.where}\n    {one.before}\n    {one.after}\n")
    counts = Counter(one.verdict for one in done)
    shown = counts[KILLED] + counts[SURVIVED] + counts[UNTESTED]
    tell(f"{len(done)} edits of {len(chosen)} places: {counts[BROKEN]} don't start, ")
    tell(f"{counts[SAME]} show nowhere, {shown} show\n")
    tell(
        f"killed {counts[KILLED]} of {shown}"
        + (f" ({counts[KILLED] / shown:.1%})\n" if shown else "\n")
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

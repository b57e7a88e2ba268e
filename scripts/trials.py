"""Tries mutants for scripts/mutation.py, each in a fork of one session that knows the tests.

mutmut starts pytest anew for each mutant, and with it all that is imported late: a hundred times
what the test takes that notices it. Only that is done otherwise here. What is broken, which tests
come by a function, and how a trial ended are mutmut's own, in its files; it shows them as ever.
"""

from __future__ import annotations

import gc
import importlib
import json
import math
import os
import resource
import signal
import sys
import time
import traceback
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from attrs import define, field
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.utils.format_utils import mangled_name_from_mutant_name

from scripts.mutation import outcome

# How a trial ended, as mutmut has it; a signal's number, negative, is that it was ended. What
# breaks pytest itself, whose session has just run the same tests, is noticed as well.
SURVIVED, KILLED, BROKEN, NO_TEST = 0, 1, 3, 33

EVERY: Final = 15.0
"""Seconds from one word of how far the trials are to the next."""

# Not OpenTelemetry: what is tried goes by whether a program has imported it.
IMPORTED_ONCE: Final = frozenset({"anyio", "asyncio", "coinbtr", "coinbtr_api", "email", "h11"}) | {
    *("httpcore", "httpx", "jsonschema", "limits", "msgspec", "pycurl", "redis", "ssl"),
    *("tenacity", "yaml"),
}


@define(eq=False)
class Trials:
    """A pytest plugin: instead of the tests it runs mutants, each against those that come by it."""

    names: list[str]
    children: int
    tests: dict[str, list[str]]
    durations: dict[str, float]
    told: Told
    items: dict[str, pytest.Item] = field(factory=dict)
    killers: dict[str, Counter[str]] = field(factory=lambda: defaultdict(Counter))
    running: dict[int, tuple[str, TemporaryDirectory[str]]] = field(factory=dict)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the mutants, after the tests alone: what fails with nothing broken proves nothing."""
        self.items = {item.nodeid: item for item in session.items}
        wanted = {test for name in self.names for test in self.tests_of(name)}
        self._start("", [test for test in self.items if test in wanted])
        code, failed = self._ended()
        if code:
            raise pytest.UsageError(f"with nothing broken these fail: {', '.join(failed)}")
        gc.freeze()
        for name in self.names:
            if tests := self.tests_of(name):
                while len(self.running) >= self.children:
                    self._ended()
                self._start(name, tests)
            else:
                keep(name, NO_TEST)
                self.told.ended(name, NO_TEST, time.monotonic())
        while self.running:
            self._ended()
        return True

    def tests_of(self, name: str) -> list[str]:
        """What is run for a mutant: first what noticed others of its function, then the quickest.

        Of a test with parameters each has its turn: one of every test comes before two of any.
        """
        function = mangled_name_from_mutant_name(name)
        known = [test for test in self.tests.get(function, []) if test in self.items]
        known.sort(key=lambda test: (self.durations.get(test, 0.0), test))
        turns, seen = dict[str, int](), Counter[str]()
        for test in known:
            turns[test] = seen[test.partition("[")[0]]
            seen[test.partition("[")[0]] += 1
        killers = self.killers[function]
        known.sort(key=lambda test: (-killers[test], turns[test]))
        return known

    def _start(self, name: str, tests: list[str]) -> None:
        folder = TemporaryDirectory(prefix="mutant-", ignore_cleanup_errors=True)
        if pid := os.fork():
            self.running[pid] = name, folder
            return
        code = BROKEN
        try:
            os.setsid()  # so that whatever it starts can be ended with it
            os.environ["PYTEST_DEBUG_TEMPROOT"] = folder.name  # numbered folders are not for many
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            if name:
                usual = sum(self.durations.get(test, 0.0) for test in tests)
                limit = int(time.process_time() + 4 * usual + 8)
                resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
            set_mutant_under_test(name)
            failed = self._run(tests, stop=bool(name))
            code = KILLED if failed else SURVIVED
            modules = [one for one in sys.modules if one.partition(".")[0] in IMPORTED_ONCE]
            said = json.dumps({"failed": failed, "modules": [] if name else modules})
            Path(folder.name, "said").write_text(said, encoding="utf-8")
        except KeyboardInterrupt:
            code = KILLED  # a test's own, that nothing has caught
        except BaseException:  # noqa: BLE001 - whatever it is, the fork ends here
            traceback.print_exc()
        finally:
            os._exit(code)

    def _run(self, tests: list[str], *, stop: bool) -> list[str]:
        noticed = Noticed()
        items = [self.items[test] for test in tests]
        items[0].config.pluginmanager.register(noticed)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if noticed.failed and stop:
                break
        return noticed.failed

    def _ended(self) -> tuple[int, list[str]]:
        pid, status = os.wait()
        name, folder = self.running.pop(pid)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)  # servers of a test that was cut short
        with folder:
            file = Path(folder.name, "said")
            said = json.loads(file.read_text("utf-8")) if file.exists() else {}
        code = os.waitstatus_to_exitcode(status)
        failed: list[str] = said.get("failed", [])
        for module in said.get("modules", []):
            importlib.import_module(module)
        if name:
            self.killers[mangled_name_from_mutant_name(name)].update(failed)
            keep(name, code)
            self.told.ended(name, code, time.monotonic())
        return code, failed


@define(eq=False)
class Told:
    """What is printed of the trials: each that was not noticed, and now and then how far they are.

    Times are in seconds, of a clock that nobody sets.
    """

    wanted: int
    begun: float
    done: int = 0
    last: float = -math.inf

    def ended(self, name: str, code: int, now: float) -> None:
        """Count a trial that ended so."""
        self.done += 1
        if (found := outcome(code)) != "killed":
            print(f"  {found}: {name}", flush=True)
        if now - self.last >= EVERY or self.done == self.wanted:
            self.last = now
            print(f"  {self.done} of {self.wanted} in {now - self.begun:.0f} s", flush=True)


@define(eq=False)
class Noticed:
    """A pytest plugin that remembers which tests failed."""

    failed: list[str] = field(factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure of the test itself, of its preparation or its end."""
        if report.failed:
            self.failed.append(report.nodeid)


def keep(name: str, code: int) -> None:
    """Write how the trial of a mutant ended where mutmut keeps it."""
    meta = Path(f"{name.rpartition('.')[0].replace('.', '/')}.py.meta")
    kept: dict[str, Any] = json.loads(meta.read_text("utf-8"))
    kept["exit_code_by_key"][name] = code
    whole = meta.with_suffix(".new")  # so that whoever stops it leaves the one or the other
    whole.write_text(json.dumps(kept, indent=4), encoding="utf-8")
    whole.replace(meta)


def main(children: str, *arguments: str) -> int:
    """Try the mutants named on standard input, in the folder `mutants`; the rest is pytest's."""
    stats = json.loads(Path("mutmut-stats.json").read_text("utf-8"))
    names = sys.stdin.read().split()
    trials = Trials(
        names=names,
        children=int(children),
        tests=stats["tests_by_mangled_function_name"],
        durations=stats["duration_by_test"],
        told=Told(len(names), time.monotonic()),
    )
    own = ["-q", "--rootdir=.", "--capture=no", "--tb=native"]
    return int(pytest.main([*own, *arguments], plugins=[trials]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

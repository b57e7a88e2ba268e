"""The ways to try a mutant: each profile of the contract test, a recording, plain Schemathesis."""

import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

from attrs import frozen

from coinbtr.cli.contract_control import ControlPlane
from coinbtr.cli.contract_server import Embedded
from coinbtr.contract import Options, Report, run
from coinbtr.contract.judging import judge_recording
from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.server import SandboxServer
from tests.contract import sessions
from tests.contract.tampering import OTHER_TOKEN, TOKEN, TamperedSandbox
from tests.mutants.mutant import Mutant
from tests.mutants.sequence import InProcess, begin_again, exchange

PROFILES: Final = ("quick", "full", "deep")
JUDGE: Final = "judge"
PLAIN: Final = "plain"
ARMS: Final = (PLAIN, JUDGE, *PROFILES)
SESSIONS: Final = ("ordering", "looking", "withdrawing", "mistaken", "trading")
DESCRIPTION: Final = Path("openapi/coinbtr.yaml")
# The one check that finds something on the sandbox as it is: it takes 422 for what the exchange
# holds (no such address) for a refusal of the request, and sends amounts of 5e-324.
_UNSOUND: Final = "positive_data_acceptance"


@frozen
class Outcome:
    """What an attempt came to: its exit status, the rules that were named, where, and its cost."""

    status: int
    rules: tuple[str, ...]
    phase: str
    seconds: float

    def kills(self, mutant: Mutant) -> bool:
        """Whether the mutant is named for what it is."""
        return self.status == 1 and (self.phase == PLAIN or bool({*self.rules} & {*mutant.rules}))


def attempt(arm: str, mutant: Mutant | None, seed: int) -> Outcome:
    """Try a mutant, or the sandbox as it is, in one way; stop as soon as its rule is broken."""
    began = process_time()
    rules = () if mutant is None else mutant.rules
    if arm == PLAIN:
        return _plain(mutant, seed)
    report = (
        _judged(mutant, rules) if arm == JUDGE else run_profile(arm, mutant, seed, stop_at=rules)
    )
    found = {finding.code: finding.phase for finding in report.findings}
    phase = next((found[rule] for rule in rules if rule in found), "")
    seconds = process_time() - began
    return Outcome(int(report.verdict), tuple(sorted(found)), phase, round(seconds, 2))


def run_profile(
    profile: str,
    mutant: Mutant | None,
    seed: int,
    *,
    stop_at: Collection[str] = (),
) -> Report:
    """Do what `coinbtr contract sandbox: --profile …` does, with a defect in the sandbox."""
    sandbox, clock = exchange(mutant)
    engine = Embedded(InProcess(sandbox))
    with SandboxServer(sandbox) as server:
        options = Options(
            url=server.base_url,
            token=TOKEN,
            other_token=OTHER_TOKEN,
            profile=profile,
            seed=seed,
            stop_at=stop_at,
        )
        return run(
            options,
            engine,
            progress=lambda *_: None,
            clock=lambda: 0.0,  # steps bound a search, on any machine
            issued=("mine", "other"),
            tick=lambda seconds: clock.advance(seconds=seconds),
            reset=lambda: begin_again(sandbox, mutant),
            control=ControlPlane(server.base_url, sandbox.control_secret, engine),
        )


def _judged(mutant: Mutant | None, rules: Collection[str]) -> Report:
    """Record the golden sessions with a defect, and judge them until one shows it."""

    def make(clock: ManualClock) -> Sandbox:
        sandbox = TamperedSandbox(seed=7, clock=clock)
        if mutant is not None:
            sandbox.tamper = mutant.make(sandbox)
        return sandbox

    def engine(sandbox: Sandbox) -> InProcess:
        assert isinstance(sandbox, TamperedSandbox)
        return InProcess(sandbox)

    worst = None
    with TemporaryDirectory() as folder:
        for name in SESSIONS:
            path = Path(folder) / f"{name}.jsonl"
            sessions.record(name, path, make=make, engine=engine)
            report = judge_recording(path)
            if {finding.code for finding in report.findings} & {*rules}:
                return report
            if worst is None or report.verdict:
                worst = report
    assert worst is not None
    return worst


def _plain(mutant: Mutant | None, seed: int) -> Outcome:
    """Run Schemathesis as it comes, all phases and links, with the checks that are sound here."""
    sandbox, _ = exchange(mutant)
    with SandboxServer(sandbox) as server, TemporaryDirectory() as folder:
        command = [
            str(Path(sys.executable).with_name("schemathesis")),
            *("run", str(DESCRIPTION.absolute()), "--url", server.base_url),
            *("--header", f"Authorization: Token {TOKEN}", "--seed", str(seed)),
            *("--exclude-checks", _UNSOUND, "--max-failures", "1", "--generation-database", "none"),
        ]
        before, here = os.times(), process_time()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        after = os.times()
    children = after.children_user + after.children_system
    spent = children - before.children_user - before.children_system + process_time() - here
    if done.returncode > 1:
        raise RuntimeError(done.stdout[-500:] + done.stderr[-500:])
    return Outcome(done.returncode, (), PLAIN, round(spent, 2))

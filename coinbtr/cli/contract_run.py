"""Tests a server for `coinbtr contract`, or judges a recording, and writes what came of it."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from coinbtr.cli import contract_arguments as arguments
from coinbtr.cli.contract_arguments import wrong_use

if TYPE_CHECKING:
    from coinbtr.contract import Options, Report

SANDBOX = "sandbox:"


def judged(recording: Path) -> "Report":
    """Judge a recording, and send nothing."""
    from coinbtr.contract.judging import judge_recording
    from coinbtr.recording.lines import RecordingError

    try:
        return judge_recording(recording)
    except OSError as error:
        wrong_use(f"{recording}: {error.strerror}")
    except RecordingError as error:
        wrong_use(f"{recording}: {error}")


def tested(
    url: str,
    tokens: tuple[str | None, str | None],
    secret: str | None,
    options: Callable[..., "Options"],
    console: Any,
) -> "Report":
    """Test a server, or a fresh sandbox of this process, with these tokens and control secret."""
    from coinbtr import contract as tester
    from coinbtr.cli.contract_server import fresh, served
    from coinbtr.contract.control import NoControl
    from coinbtr.contract.terminal import Progress

    with ExitStack() as stack:
        # Hypothesis would leave a folder of its own in the folder that the command is run in.
        scratch = stack.enter_context(TemporaryDirectory())
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", scratch)
        make = (
            fresh(*tokens) if url == SANDBOX else served(arguments.base_url(url), *tokens, secret)
        )
        try:
            connection = stack.enter_context(make)
        except NoControl as error:
            wrong_use(f"--control-secret: {error}")
        with Progress(console) as progress:
            return tester.run(
                options(
                    url=connection.url,
                    token=connection.token,
                    other_token=connection.other_token,
                ),
                connection.engine,
                progress=progress,
                issued=connection.issued,
                tick=connection.tick,
                reset=connection.reset,
                control=connection.control,
                reach=connection.reach,
            )


def write(outcome: "Report", report: Path | None, propose: Path | None, console: Any) -> None:
    """Write the report into a folder, and the proposal into a file, where they are wanted."""
    from coinbtr.contract import reports
    from coinbtr.contract.proposal import proposed

    try:
        if report is not None:
            reports.write(outcome, report)
            console.print(f"Report: {report / 'report.html'}", soft_wrap=True, markup=False)
        if propose is not None:
            text, count = proposed(outcome)
            propose.write_text(text, encoding="utf-8")
            what = f"{count} rulings proposed" if count else "nothing to propose"
            console.print(f"Proposal: {propose} ({what})", soft_wrap=True, markup=False)
    except OSError as error:
        wrong_use(f"{error.filename}: {error.strerror}")

"""The report for people: progress while it runs, then a table, the findings, and the verdict."""

from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.table import Table
from rich.text import Text

from coinbtr.contract.drift import Drift, State, drift
from coinbtr.contract.findings import Finding, Results, Tally
from coinbtr.contract.operations import operations
from coinbtr.contract.report import NOT_SELECTED, Report, Verdict
from coinbtr.contract.rules import RULES

_MOST_FINDINGS = 40


class Progress:
    """Tells how far a run is: a line for each phase, and on a terminal one that moves."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("connecting")
        self._phase: str | None = None
        self._began = monotonic()
        self._before = 0
        self._results: Results | None = None

    def __enter__(self) -> Self:
        self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._status.stop()

    def __call__(self, phase: str, results: Results) -> None:
        """Take note of what has been tried."""
        if phase != self._phase:
            self._finish()
            self._phase, self._began = phase, monotonic()
        self._results = results
        self._status.update(f"{phase}: {results.tried} requests, {len(results.findings)} findings")

    def _finish(self) -> None:
        if self._phase is not None and self._results is not None:
            tried, self._before = self._results.tried - self._before, self._results.tried
            took = monotonic() - self._began
            _line(self._console, f"  {self._phase:<12} {tried:>6,} requests {took:>7.1f} s")


def show(report: Report, console: Console) -> None:
    """Print a finished run."""
    if report.problem is None and report.profile == "live":
        _line(
            console,
            "This server is only read from: documented requests, one a second.",
        )
    if any(tally.tried for tally in report.tallies.values()):
        console.print()
        console.print(_table(report))
        _show_differences(report, console)
    for finding in report.findings[:_MOST_FINDINGS]:
        _show_finding(finding, console)
    if len(report.findings) > _MOST_FINDINGS:
        _line(console, f"\n… and {len(report.findings) - _MOST_FINDINGS} more findings.")
    if report.notes:
        console.print()
    for note in report.notes:
        _line(console, f"Note: {note}")
    console.print()
    console.print(_verdict(report), soft_wrap=True)


def _table(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("operation", no_wrap=True)
    for name in ("tried", "passed", "failed"):
        table.add_column(name, justify="right")
    table.add_column("")
    drifts = drift(report)
    for name, tally in report.tallies.items():
        if not tally.tried and tally.not_tried == NOT_SELECTED:
            continue
        operation = operations().get(name)
        label = f"{name}{' (inferred)' if operation is not None and operation.inferred else ''}"
        failed = Text(f"{tally.failed:,}", style="bold red" if tally.failed else "")
        table.add_row(
            label, f"{tally.tried:,}", f"{tally.passed:,}", failed, _what(tally, drifts[name])
        )
    return table


def _what(tally: Tally, drift: Drift) -> Text:
    if drift.state is State.NOT_TRIED:
        return Text(f"not tried: {drift.why}", style="yellow")
    if drift.state is State.KEEPS:
        text = Text("keeps", style="green")
    else:
        text = Text(f"{drift.state}: {' '.join(sorted(tally.codes))}", style="red")
    if drift.undocumented:
        text.append(f" ({_count(len(drift.undocumented), 'undocumented field')})", style="yellow")
    return text


def _show_differences(report: Report, console: Console) -> None:
    """Print where answers leave their schemas: expected and observed side by side."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("operation", "where", "expected", "observed"):
        table.add_column(name, overflow="fold")
    for name, one in drift(report).items():
        for difference in one.differences:
            if difference.code == "C121":
                table.add_row(
                    name, Text(difference.where), Text(difference.expected), difference.observed
                )
        if one.undocumented:
            table.add_row(name, Text(", ".join(one.undocumented)), "", "undocumented")
    if table.row_count:
        console.print()
        console.print(table)


def _show_finding(finding: Finding, console: Console) -> None:
    console.print()
    heading = Text(finding.code, style="bold red")
    heading.append(f"  {finding.operation}  ", style="bold")
    heading.append(RULES[finding.code], style="not bold")
    console.print(heading, soft_wrap=True)
    _line(console, f"  seen    {finding.sentence} (phase {finding.phase})")
    _line(console, f"  case    {finding.case}")
    if finding.answer:
        _line(console, f"  answer  {finding.answer}")
    for label, lines in (("repeat", finding.curl), ("facade", finding.facade)):
        for number, line in enumerate(lines.splitlines()):
            _line(console, f"  {label if not number else '':<6}  {line}")


def _verdict(report: Report) -> Text:
    tried = [tally for tally in report.tallies.values() if tally.tried]
    figures = (
        f"{len(tried)} of {len(report.tallies)} operations,"
        f" {sum(tally.tried for tally in tried):,} requests, {report.seconds:.0f} s,"
        f" profile {report.profile}, seed {report.seed}"
    )
    if report.verdict is Verdict.DEVIATES:
        rules = len({finding.code for finding in report.findings})
        where = len({finding.operation for finding in report.findings})
        text = f"{report.url} breaks {_count(rules, 'rule')} in {_count(where, 'operation')}"
        cut = f"; cut short: {report.problem}" if report.problem else ""
        return Text(f"DEVIATES  {text} ({figures}){cut}.", style="bold red")
    if report.verdict is Verdict.COULD_NOT_TEST:
        why = report.problem or "no operation could be tried"
        return Text(f"COULD NOT TEST  {report.url}: {why}.", style="bold yellow")
    so_far = "" if len(tried) == len(report.tallies) and not report.notes else ", as far as tried"
    return Text(
        f"KEEPS  {report.url} keeps to the description{so_far} ({figures}).", style="bold green"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _line(console: Console, text: str) -> None:
    # No markup, no wrapping: a curl line must survive being copied.
    console.print(Text(text), soft_wrap=True)

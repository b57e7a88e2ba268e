"""Reports as files: a page for people, JUnit for CI, JSON for programs.

None holds a token; amounts, addresses and texts of an account are masked in the answers shown.
"""

from pathlib import Path

from coinbtr.contract.report import Report
from coinbtr.contract.reports import html, junit, machine
from coinbtr.contract.reports.summary import Summary, summary

__all__ = ["Summary", "summary", "write"]


def write(report: Report, folder: Path) -> None:
    """Write `report.html`, `junit.xml` and `report.json` into a folder, which is made if needed.

    Raises:
        OSError: they can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = summary(report)
    (folder / "report.html").write_text(html.page(told), encoding="utf-8")
    (folder / "junit.xml").write_bytes(junit.document(told))
    (folder / "report.json").write_text(machine.document(told), encoding="utf-8")

"""What a benchmark tells: figures with their goals, as a table for people and as Markdown."""

from collections.abc import Iterable, Sequence

from attrs import frozen
from rich.console import Console
from rich.table import Table


@frozen
class Figure:
    """One measured figure.

    Attributes:
        what: what was measured.
        shown: the figure with its unit, as people read it.
        goal: what it should be, as people read it; empty when it is shown for comparison only.
        met: whether it is; None without a goal.
    """

    what: str
    shown: str
    goal: str = ""
    met: bool | None = None


def at_most(what: str, value: float, goal: float, unit: str = "", note: str = "") -> Figure:
    """Make a figure that should not be larger than its goal."""
    shown = f"{value:.2f}{unit}{note}"
    return Figure(what, shown, f"≤ {goal:g}{unit}", value <= goal)


def at_least(what: str, value: float, goal: float, unit: str = "", note: str = "") -> Figure:
    """Make a figure that should not be smaller than its goal."""
    shown = f"{value:.2f}{unit}{note}"
    return Figure(what, shown, f"≥ {goal:g}{unit}", value >= goal)


@frozen
class Part:
    """The figures of one part of the project."""

    title: str
    about: str
    figures: Sequence[Figure]


_MARKS = {True: "yes", False: "NO", None: ""}


def show(part: Part, console: Console) -> None:
    """Print a part as a table."""
    table = Table(title=part.title, title_justify="left", caption=part.about)
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("goal", justify="right")
    table.add_column("met")
    for figure in part.figures:
        style = "red" if figure.met is False else None
        table.add_row(figure.what, figure.shown, figure.goal, _MARKS[figure.met], style=style)
    console.print(table)


def markdown(parts: Iterable[Part]) -> str:
    """Write parts as Markdown sections."""
    lines: list[str] = []
    for part in parts:
        lines += [f"## {part.title}", "", part.about, ""]
        lines += ["| what | measured | goal | met |", "|---|---:|---:|---|"]
        lines += [
            f"| {figure.what} | {figure.shown} | {figure.goal} | {_MARKS[figure.met]} |"
            for figure in part.figures
        ]
        lines.append("")
    return "\n".join(lines)

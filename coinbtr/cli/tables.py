"""Results for people: tables whose numbers are never cut, and order books with their depth."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from coinbtr.cli.records import Record, rows, text_of
from coinbtr.cli.reporting import printable
from coinbtr.models import OrderBook, PriceLevel
from coinbtr.money import product, to_step, total

_BAR: Final = 24
_ANY: Final = 10_000
_STYLES: Final = {"BUY": "green", "SELL": "red", "buy": "green", "sell": "red"}


def render(result: Any, console: Console) -> RenderableType:
    """A result as the console shows it: a table, or records one below the other if it's narrow."""
    if isinstance(result, OrderBook):
        return _ladder(result, console)
    found = rows(result, _time)
    if not found:
        return Text("none", style="dim")
    if not isinstance(result, list):
        return _record(found[0])
    table = _table(found)
    # A terminal's width is no reason to cut a number.
    if Measurement.get(console, console.options.update(width=_ANY), table).maximum > console.width:
        return Group(*(part for one in found for part in (_record(one), Text(""))))
    return table


def facts(record: Record, units: Mapping[str, str]) -> RenderableType:
    """One record, each number with its coin; what has a name ending in `_coin` only names one."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(justify="right", overflow="fold")
    grid.add_column()
    for name, value in record.items():
        if name in units:
            grid.add_row(_title(name), _cell(value), units[name])
    words = Table.grid(padding=(0, 1))
    words.add_column(style="dim", no_wrap=True)
    words.add_column(overflow="fold")
    for name, value in record.items():
        if name not in units and not name.endswith("_coin"):
            words.add_row(_title(name), _cell(value))
    return Group(words, grid)


def _table(found: list[Record]) -> Table:
    table = _grid()
    for name in found[0]:
        right = any(_is_number(one[name]) for one in found)
        table.add_column(_title(name), justify="right" if right else "left", no_wrap=True)
    for one in found:
        table.add_row(*(_cell(value) for value in one.values()))
    return table


def _record(record: Record) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold", justify="left")
    width = max((len(_cell(one)) for one in record.values() if _is_number(one)), default=0)
    for name, value in record.items():
        cell = _cell(value)
        if _is_number(value):
            cell.pad_left(width - len(cell))
        grid.add_row(_title(name), cell)
    return grid


def _ladder(book: OrderBook, console: Console) -> RenderableType:
    """Asks above, bids below, the best prices in the middle; bars show what adds up to there."""
    grid = _grid()
    for name in ("price", "amount", "total"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("depth", width=_BAR, no_wrap=True)
    asks, bids = _adding_up(book.asks), _adding_up(book.bids)
    most = max((levels[-1][1] for levels in (asks, bids) if levels), default=Decimal(0))
    block = "█" if console.encoding.startswith("utf") else "#"
    for level, depth in reversed(asks):
        grid.add_row(*_level(level, depth, most, block, "red"))
    spread = f"{book.spread:f}" if asks and bids else "none"
    grid.add_row(Text(spread, style="bold"), Text("spread", style="dim"), "", "")
    for level, depth in bids:
        grid.add_row(*_level(level, depth, most, block, "green"))
    return Group(Text(printable(book.book), style="bold"), grid)


def _adding_up(levels: tuple[PriceLevel, ...]) -> list[tuple[PriceLevel, Decimal]]:
    """Each level with the amount of all levels up to it."""
    found, depth = [], Decimal(0)
    for level in levels:
        depth = total([depth, level.amount])
        found.append((level, depth))
    return found


def _level(level: PriceLevel, depth: Decimal, most: Decimal, block: str, style: str) -> list[Text]:
    # Multiplied before it is divided by whole steps: no float, and no rounding that matters.
    bar = 0 if not most else int(to_step(product(depth, Decimal(_BAR)), most, "up", "depth") / most)
    return [
        Text(f"{level.price:f}", style=style),
        Text(f"{level.amount:f}"),
        Text(f"{depth:f}", style="dim"),
        Text(block * bar, style=style),
    ]


def _grid() -> Table:
    return Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="bold")


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"


def _cell(value: Any) -> Text:
    text = printable(text_of(value))
    return Text(text, style=_STYLES.get(text, ""))


def _title(name: str) -> str:
    return name.replace("_", " ")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)

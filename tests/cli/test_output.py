"""Results: exact for programs, whole for people."""

import csv
import io
import json
from decimal import Decimal

import pytest
from rich.console import Console

from coinbtr.cli import output, records, tables
from coinbtr.cli.options import Form
from coinbtr.models import Balance, OrderBook, PriceLevel
from coinbtr.sandbox import Sandbox
from tests.cli.conftest import run

LONG, TINY = "20999999.97690000", "0.00000001"


@pytest.fixture
def rich_account(sandbox: Sandbox, at_sandbox: None) -> None:
    """An account with a long balance and a tiny deposit."""
    sandbox.credit("mxn", Decimal(LONG) - 1_000_000)
    sandbox.credit("btc", TINY)


def test_json_numbers_are_exact(rich_account: None) -> None:
    """JSON has numbers with every digit that the exchange gave, without an exponent."""
    text = run("balances", "--output", "json").out
    (pesos,) = (one for one in json.loads(text, parse_float=str) if one["coin"] == "MXN")
    assert pesos["total"] == LONG
    deposits = run("deposits", "-o", "json").out
    assert TINY in {one["amount"] for one in json.loads(deposits, parse_float=str)}


def test_csv_numbers_are_exact(rich_account: None) -> None:
    """CSV has a header and the same digits."""
    rows = list(csv.DictReader(io.StringIO(run("balances", "-o", "csv").out)))
    (pesos,) = (row for row in rows if row["coin"] == "MXN")
    assert (pesos["total"], pesos["deposit_address"]) == (LONG, "")
    deposits = csv.DictReader(io.StringIO(run("deposits", "-o", "csv").out))
    assert TINY in {row["amount"] for row in deposits}


def test_tables_are_exact(rich_account: None) -> None:
    """A table shows the same digits, right-aligned, whatever the width of the terminal."""
    shown = run("balances").out
    assert f" {LONG} " in shown
    ends = {
        line.index(one) + len(one) for line in shown.splitlines() for one in (LONG,) if one in line
    }
    for line in shown.splitlines():
        if line.strip().startswith("LTC "):
            ends.add(line.index("200.00000000") + len("200.00000000"))
    assert len(ends) == 1


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_terminal_is_too_narrow_for_a_number(width: int) -> None:
    """Where a table doesn't fit, records stand one below the other; no digit is ever cut."""
    one = Balance(
        coin="MXN",
        total=Decimal(LONG),
        available=Decimal(LONG),
        pending=Decimal(TINY),
        deposit_address=None,
    )
    console = Console(file=io.StringIO(), width=width, record=True)
    console.print(tables.render([one, one], console))
    text = console.export_text()
    assert "…" not in text
    if width >= 40:
        assert text.count(LONG) == 4
    assert text.replace("\n", "").replace(" ", "").count("20999999") == 4


def test_an_order_book_shows_its_depth() -> None:
    """The bar of a level is as long as its share of all that is offered; the best are adjacent."""
    levels = tuple(PriceLevel(price=Decimal(100 + n), amount=Decimal(1)) for n in range(4))
    book = OrderBook(
        book="BTC-MXN", asks=levels, bids=(PriceLevel(price=Decimal(99), amount=Decimal(2)),)
    )
    console = Console(file=io.StringIO(), width=100, record=True)
    console.print(tables.render(book, console))
    lines = console.export_text().splitlines()
    bars = {line.split()[0]: line.count("█") for line in lines if "█" in line}
    assert bars == {"103": 24, "102": 18, "101": 12, "100": 6, "99": 12}
    order = [line.split()[0] for line in lines if line.strip()[:1].isdigit()]
    assert order == ["103", "102", "101", "100", "1", "99"]


def test_an_empty_order_book_is_shown() -> None:
    """A book without orders has neither bars nor a spread."""
    console = Console(file=io.StringIO(), width=100, record=True)
    console.print(tables.render(OrderBook(book="BTC-MXN", asks=(), bids=()), console))
    assert "none" in console.export_text()


def test_an_order_book_in_json_and_csv(at_sandbox: None) -> None:
    """JSON keeps the two sides; CSV has a line for each level."""
    book = json.loads(run("book", "btc-mxn", "-l", "3", "-o", "json").out)
    assert (len(book["asks"]), len(book["bids"])) == (3, 3)
    rows = list(csv.DictReader(io.StringIO(run("book", "btc-mxn", "-l", "3", "-o", "csv").out)))
    assert [row["side"] for row in rows] == ["ask"] * 3 + ["bid"] * 3


def test_what_a_server_says_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters of a server's text are shown, not obeyed."""
    output.show({"name": "\x1b[2Jgone\u202e"}, Form.TABLE)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\\x1b[2Jgone\\u202e" in shown


def test_markup_of_a_server_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Square brackets in a text stay what they are."""
    output.show({"name": "[red]x[/red] :smile:"}, Form.TABLE)
    assert "[red]x[/red] :smile:" in capsys.readouterr().out


def test_a_nested_record_is_flat_in_csv() -> None:
    """A field of a field has a name of both."""
    assert records.rows({"a": {"b": True}, "c": [Decimal("0.10")]}) == [{"a_b": True, "c": "0.10"}]


def test_an_empty_list(at_sandbox: None) -> None:
    """No orders are an empty array, a header without rows, and the word none."""
    assert run("orders", "-o", "json").out == "[]\n"
    header = "id,book,side,price,amount,remaining,filled,is_open,created_at\n"
    assert run("orders", "-o", "csv").out == header
    assert run("orders").out.strip() == "none"
    assert run("buy", "btc-mxn", "--amount", "0.01", "--price", "900000", "--yes").status == 0
    assert run("orders", "-o", "csv").out.startswith(header)


@pytest.mark.parametrize("command", ["balances", "deposits", "books", "currencies"])
def test_the_header_of_an_empty_list_is_that_of_a_full_one(command: str, at_sandbox: None) -> None:
    """The kind that a command names has the fields that its rows have, in their order."""
    kind = {"currencies": "Currency"}.get(command, command[:-1].title())
    assert ",".join(records.names_of(kind)) == run(command, "-o", "csv").out.splitlines()[0]


def test_all_reads_page_by_page(sandbox: Sandbox, at_sandbox: None) -> None:
    """--all gives more than a page has."""
    for _ in range(105):
        sandbox.credit("btc", TINY)
    assert len(json.loads(run("deposits", "btc", "-o", "json").out)) == 50
    every = json.loads(run("deposits", "btc", "--all", "-o", "json").out)
    assert len(every) >= 105

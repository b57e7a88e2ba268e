"""The page of all methods has all of them, as they are called."""

import inspect
import re
from pathlib import Path

import pytest
from coinbtr_api.operations import OPERATIONS

import coinbtr
from scripts.methods import render

PARTS = {
    "CoinBTR": "exchange",
    "Account": "exchange.account",
    "Wallet": "exchange.wallet",
    "Trading": "exchange.trading",
    "Market": "exchange.market",
}
ROW = re.compile(r"^\| `([\w.]+)(?:\((.*?)\))?` \| (.*?) \| (.+?) \| (.*?) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def rows(repository: Path) -> dict[str, tuple[str, str, str, str]]:
    """The rows of the page, by what is called: arguments, result, sentence, request."""
    page = (repository / "docs/methods.md").read_text(encoding="utf-8")
    found = [match.groups() for match in ROW.finditer(page)]
    assert len(found) == len({name for name, *_ in found}), "a method stands there twice"
    return {name: (arguments or "", *rest) for name, arguments, *rest in found}  # type: ignore[misc] # a row has five cells


@pytest.mark.parametrize("kind", PARTS)
def test_every_public_method_is_on_the_page(
    kind: str, rows: dict[str, tuple[str, str, str, str]]
) -> None:
    """Each method with the names of its arguments, and none that isn't there."""
    owner = getattr(coinbtr, kind)
    named = {}
    for name, member in inspect.getmembers_static(owner):
        if not name.startswith("_"):
            on = kind if isinstance(member, classmethod) else PARTS[kind]
            function = getattr(member, "__func__", member)
            named[f"{on}.{name}"] = (
                list(inspect.signature(function).parameters)[1:] if callable(function) else []
            )
    if kind == "CoinBTR":
        named["CoinBTR"] = list(inspect.signature(owner).parameters)
    assert named
    listed = {
        call: re.findall(r"(?:^|, )(\w+)", rows[call][0])
        for call in rows
        if call.rpartition(".")[0] in (PARTS[kind], kind) or call == kind
    }
    assert listed == named


def test_every_operation_is_on_the_page(rows: dict[str, tuple[str, str, str, str]]) -> None:
    """Each request of the description is that of a method, and inferred ones are marked."""
    shown = " ".join(request for *_, request in rows.values())
    for operation in OPERATIONS.values():
        mark = " *inferred*" if operation.inferred else ""
        assert f"`{operation.method} {operation.path}`{mark}" in shown
    assert shown.count("*inferred*") == sum(one.inferred for one in OPERATIONS.values())


def test_the_sentence_is_the_docstrings(rows: dict[str, tuple[str, str, str, str]]) -> None:
    """What a method does is said once, in the code."""
    _, gives, does, _ = rows["exchange.trading.cancel"]
    assert does == (coinbtr.Trading.cancel.__doc__ or "").split("\n")[0]
    assert gives == "`Order \\| None`"


def test_an_edit_changes_the_page(repository: Path, tmp_path: Path) -> None:
    """A renamed argument arrives on the page: nothing on it is written by hand."""
    for path in (repository / "coinbtr/_async").glob("*.py"):
        text = path.read_text(encoding="utf-8").replace("order_id: int", "number: int")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    page = render(tmp_path, repository / "openapi/coinbtr.yaml")
    assert "`exchange.trading.open_order(number)`" in page

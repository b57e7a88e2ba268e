"""A hand-written place that no longer agrees with the description is named, with what to write."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coinbtr.description import load
from scripts.places import pages, stale, told
from scripts.rulings import operations

DESCRIPTION = "openapi/coinbtr.yaml"
# What the list is made of.
READ = ("openapi", "coinbtr/_async", "coinbtr/cli", "coinbtr/contract", "coinbtr/models")
READ_TOO = (
    "coinbtr/sandbox/core",
    "coinbtr/sandbox/handlers",
    "coinbtr/wire",
    "tests/facade",
    "tests/sandbox",
    "tests/cli",
    "tests/mutants",
)
PAGES = ("README.md", "docs/contract.md", "docs/images/demo.svg")


def test_nothing_needs_a_hand(repository: Path) -> None:
    """Facade, sandbox, contract test, command, tests and corrections follow the description."""
    places = stale(repository)
    assert not places, "\n".join(told(places))


@pytest.fixture(scope="module")
def kept(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the list is made of."""
    root = tmp_path_factory.mktemp("kept")
    for folder in (*READ, *READ_TOO, "tests/description"):
        shutil.copytree(
            repository / folder,
            root / folder,
            ignore=shutil.ignore_patterns("__pycache__", "node_modules"),
        )
    for page in PAGES:
        (root / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(repository / page, root / page)
    return root


@pytest.fixture
def copy(kept: Path) -> Iterator[Path]:
    """That copy, whose description may be changed."""
    before = (kept / DESCRIPTION).read_text(encoding="utf-8")
    yield kept
    (kept / DESCRIPTION).write_text(before, encoding="utf-8")


def changed(copy: Path, *edits: tuple[str, str]) -> list[str]:
    """The list after edits of the description, line numbers aside."""
    text = (copy / DESCRIPTION).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (copy / DESCRIPTION).write_text(text, encoding="utf-8")
    return [re.sub(r":\d+:", ":", str(place)) for place in stale(copy)]


def test_the_copy_is_in_order(copy: Path) -> None:
    """Without a change nothing is named."""
    assert changed(copy) == []


def test_a_renamed_field_is_named_wherever_it_is_written(copy: Path) -> None:
    """Model of the contract test, facade, sandbox: each lacks the new name and has the old one."""
    places = changed(
        copy,
        ("        fee_coin:\n", "        coin_of_fee:\n"),
        ("fee_amount, fee_coin, filled_as", "fee_amount, coin_of_fee, filled_as"),
    )
    answers = ("listTransactions", "getTransaction")
    model, handlers = "coinbtr/contract/model/records.py", "coinbtr/sandbox/handlers/trading.py"
    reading, corrections = "coinbtr/models/reading.py", "openapi/corrections.overlay.yaml"
    assert {place for place in places if not place.startswith(corrections)} == {
        f'{model}: "fee_coin": Transaction has no such field any more',
        f'{model}: Trade: predict "coin_of_fee" of Transaction',
        f"{reading}: Transaction.coin_of_fee is not read:"
        " take data.coin_of_fee into models.Transaction",
        f"{reading}: data.fee_coin: Transaction has no such field any more",
        *(f'{handlers}: give "coin_of_fee" of Transaction in the answer of {n}' for n in answers),
        *(f'{handlers}: "fee_coin": the answer of {n} has no such field any more' for n in answers),
    }
    assert len([place for place in places if place.startswith(corrections)]) == 3


def test_another_parameter_is_named(copy: Path) -> None:
    """The facade passes each parameter and no other, and so with the fields of a body."""
    query = "      name: {}\n      in: query\n      required: false\n      description: How many e"
    field = (
        "        {}:\n          $ref: {}\n          x-provenance: {{status: corrected, lines: [{}]"
    )
    amount = ('"#/components/schemas/MoneyInput"', '"156"')
    places = changed(
        copy,
        (query.format("limit"), query.format("size")),
        ("required: [coin, address, amount]\n", "required: [coin, address, total]\n"),
        (field.format("amount", *amount), field.format("total", *amount)),
    )
    wallet = "coinbtr/_async/wallet.py"
    assert {place for place in places if place.startswith(wallet)} == {
        f"{wallet}: amount=: WithdrawRequest has no such field any more",
        f"{wallet}: give total= to wire.WithdrawRequest: the body has it",
        f"{wallet}: limit=: list_deposits has no such parameter any more",
        f"{wallet}: limit=: list_withdrawals has no such parameter any more",
        f"{wallet}: pass size= to api.list_deposits: the operation takes it",
        f"{wallet}: pass size= to api.list_withdrawals: the operation takes it",
    }


def test_another_value_or_code_of_an_open_list_is_named(copy: Path) -> None:
    """The enums of facade and sandbox, and what refuses, lack the new word and have the old one."""
    places = changed(
        copy,
        ("[signed, sent, pending, confirmed, failed]", "[signed, sent, pending, done, failed]"),
        ("  self_trade: {status: 409", "  own_trade: {status: 409"),
    )
    facade, core = "coinbtr/models/enums.py", "coinbtr/sandbox/core/records.py"
    refusals, refused = "coinbtr/wire/refusals.py", "coinbtr/sandbox/core/errors.py"
    gone = "rename or remove it"
    assert [place for place in places if not place.startswith("openapi/")] == [
        'coinbtr/contract/history/deposits.py: _RANKS: "confirmed" is no known TransferStatus'
        " any more",
        'coinbtr/contract/model/play.py: _WITHDRAWAL: "confirmed" is no known TransferStatus'
        " any more",
        f'{facade}: TransferStatus: add DONE = "done"',
        f'{facade}: TransferStatus: "confirmed" is not known any more: {gone}',
        f'{refused}: "self_trade" is no error code any more: {gone}',
        f'{core}: TransferStatus: add DONE = "done"',
        f'{core}: TransferStatus: "confirmed" is not known any more: {gone}',
        f'{refusals}: BY_CODE: add "own_trade": a class below that of status 409',
        f'{refusals}: "self_trade" is no error code any more: {gone}',
    ]


def test_another_open_list_is_named(copy: Path) -> None:
    """An enum whose schema has another name is named, once, and so is the one to write."""
    places = changed(copy, ("TransferStatus", "TransferState"))
    assert [place for place in places if not place.startswith("openapi/")] == [
        "coinbtr/models/enums.py:"
        " TransferState: write an OpenEnum of signed, sent, pending, confirmed, failed",
        "coinbtr/models/enums.py: TransferStatus is no open list any more: rename or remove it",
    ]


def test_another_operation_is_named(copy: Path) -> None:
    """One name lacks its place everywhere, and the one that it had is left over everywhere."""
    places = changed(copy, ("operationId: getTicker", "operationId: getTick"))
    files = {place.split(":")[0] for place in places}
    assert files == {
        "coinbtr/_async/market.py",
        "coinbtr/contract/catalogue.py",
        "coinbtr/contract/model/answers.py",
        "coinbtr/contract/model/script.py",
        "coinbtr/sandbox/handlers/__init__.py",
        "openapi/corrections.overlay.yaml",
        "openapi/workflows.arazzo.yaml",
        "tests/facade/scripted.py",
        "tests/mutants",
        "tests/sandbox/test_description_served.py",
    }
    assert (
        'coinbtr/sandbox/handlers/__init__.py: HANDLERS: add "getTick": market.get_tick, '
        "and write get_tick() in coinbtr/sandbox/handlers/market.py" in places
    )
    left = '"getTicker" is no operation any more: rename or remove it'
    assert f"coinbtr/sandbox/handlers/__init__.py: {left}" in places


def test_another_path_or_effect_is_named(copy: Path) -> None:
    """The table of the tests, and the bounds that are kept."""
    places = changed(
        copy,
        ("  /market/get24hvolume:\n", "  /market/volume:\n"),
        ("x-effect: withdrawal", "x-effect: order"),
    )
    table = "tests/description/test_completeness.py"
    assert f"{table}: EXPECTED: add ('market', 'GET', '/market/volume', 'read')" in places
    assert f"{table}: EXPECTED: add ('wallet', 'POST', '/wallet/withdraw', 'order')" in places
    bounds = "tests/description/boundaries.jsonl"
    assert f"{bounds}: `make boundaries` writes what get24hVolume takes" in places


def test_a_docstring_that_warns_wrongly_is_named(copy: Path) -> None:
    """Whoever reads a method knows whether its first call warns, and no method warns of nothing."""
    inferred = '{status: inferred, lines: ["234"], rulings: [R023, R039]}'
    known = (
        '{status: corrected, lines: ["247-249"], rulings: [R001, R025, R026, R051]}\n      security'
    )
    places = changed(
        copy,
        (inferred, inferred.replace("inferred", "documented")),
        (known, known.replace("corrected", "inferred")),
    )
    trading, market = "coinbtr/_async/trading.py", "coinbtr/_async/market.py"
    rule = "the docstring {} (InferredOperationWarning)"
    assert [place for place in places if place.startswith((trading, market))] == [
        f"{market}: ticker: {rule.format('must say that the first call warns')}",
        f"{trading}: transaction: {rule.format('still says that the first call warns')}",
    ]


def test_a_page_that_counts_otherwise_is_named(copy: Path) -> None:
    """Pages that show a verdict show how many operations there are, and are counted anew."""
    before = {page: (copy / page).read_bytes() for page in PAGES}
    try:
        for page, text in pages.recounted(copy, 7):
            (copy / page).write_text(text, encoding="utf-8")
        count = len(list(operations(load())))
        assert changed(copy) == [
            f"README.md: write {count} of {count} operations: so many there are",
            f"docs/contract.md: write {count} of {count} operations: so many there are",
            f"docs/images/demo.svg: `make pictures` records it anew: there are {count} operations",
        ]
        assert {page: text.encode() for page, text in pages.recounted(copy, count)} == before
    finally:
        for page, content in before.items():
            (copy / page).write_bytes(content)


def test_a_command_that_is_missing_is_named(copy: Path) -> None:
    """An operation whose method no command calls."""
    command = copy / "coinbtr/cli/market.py"
    before = command.read_text(encoding="utf-8")
    command.write_text(before.replace("desk.exchange.market.volume(", "str("), encoding="utf-8")
    try:
        assert changed(copy) == [
            "coinbtr/cli/market.py: add a command that calls exchange.market.volume"
        ]
    finally:
        command.write_text(before, encoding="utf-8")

"""What a change of the description means for users is told in words, and rated."""

import json
import re
from pathlib import Path

import pytest

from coinbtr.description import load
from scripts import changes

DESCRIPTION = Path("openapi/coinbtr.yaml")
VOLUME = "      required: [market, volume, value]\n"
NOTE = "        note: {type: string, description: A note.}\n"
ORDER = '        price:\n          $ref: "#/components/schemas/MoneyInput"\n'

# `{kind/name}` stands for the operations that a component is of.
PAIRS = {
    "an operation gone": (
        [("  /market/get24hvolume:\n", "  /market/getdayvolume:\n")],
        ["breaking: Path `/market/get24hvolume` was renamed to `/market/getdayvolume`."],
    ),
    "another operationId": (
        [("operationId: getCurrencies", "operationId: listCurrencies")],
        [
            "breaking: listCurrencies: `operationId` of operation `GET /market/getcurrencies` "
            "changed from 'getCurrencies' to 'listCurrencies'."
        ],
    ),
    "a field of an answer more": (
        [(VOLUME + "      properties:\n", VOLUME + "      properties:\n" + NOTE)],
        ["compatible: {schemas/Volume}: field `Volume.note` was added."],
    ),
    "a field of an answer less sure": (
        [(VOLUME, "      required: [market, volume]\n")],
        ["breaking: {schemas/Volume}: Properties of `Volume` are no longer required: `value`."],
    ),
    "a field that a request may have": (
        [(ORDER, NOTE + ORDER)],
        [
            "compatible: {schemas/LimitOrderRequest}: "
            "field `LimitOrderRequest.note` was added."
        ],
    ),
    "a field that a request must have": (
        [
            (ORDER, NOTE + ORDER),
            ("required: [market, amount, price]", "required: [market, amount, price, note]"),
        ],
        [
            "breaking: {schemas/LimitOrderRequest}: "
            "Properties of `LimitOrderRequest` became required: `note`.",
            "compatible: {schemas/LimitOrderRequest}: "
            "field `LimitOrderRequest.note` was added.",
        ],
    ),
    "a field of another type": (
        [("          description: Whether the market takes orders now.\n          type: boolean\n",
          "          description: Whether the market takes orders now.\n          type: string\n")],
        ["breaking: {schemas/Book}: Type of `Book.is_open` widened from 'boolean' to 'string'."],
    ),
    "a parameter less": (
        [('        - {$ref: "#/components/parameters/Levels"}\n', "")],
        ["breaking: getOrderBook: `limit` query parameter was removed."],
    ),
    "a bound of a request": (
        [("      minimum: 0\n      maximum: 100000\n", "      minimum: 0\n      maximum: 1000\n")],
        [
            "breaking: {schemas/Offset}: "
            "Upper bound of `Offset` changed from '<= 100000' to '<= 1000'."
        ],
    ),
    "what it does to money": (
        [("x-effect: withdrawal", "x-effect: order")],
        ["breaking: withdraw: what it does to money changed from withdrawal to order."],
    ),
    "no longer inferred": (
        [('{status: inferred, lines: ["234"], rulings: [R023, R039]}',
          '{status: documented, lines: ["234"], rulings: [R023, R039]}')],
        [
            "compatible: getTransaction: it is documented and no longer inferred; "
            "the client does no longer warn about it."
        ],
    ),
    "error codes": (
        [("  self_trade: {status: 409", "  own_trade: {status: 409"),
         ("  invalid_step: {status: 422", "  invalid_step: {status: 400")],
        [
            "breaking: error code `invalid_step` moved from status 422 to 400.",
            "breaking: error code `self_trade` (409) was removed.",
            "compatible: error code `own_trade` (409) was added.",
        ],
    ),
    "known values": (
        [("[signed, sent, pending, confirmed, failed]", "[signed, sent, pending, done, failed]"),
         ("x-known-values: [maker, taker]", "x-known-values: [maker, taker, both]")],
        [
            "breaking: known value `confirmed` of `TransferStatus` was removed.",
            "compatible: known value `both` of `FilledAs` was added.",
            "compatible: known value `done` of `TransferStatus` was added.",
        ],
    ),
    "prose alone": ([("summary: List the coins", "summary: List all coins")], []),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_each_change_is_told_and_rated(repository: Path, name: str) -> None:
    """The change, whose it is, and whether it breaks anything; and no other."""
    before = (repository / DESCRIPTION).read_text(encoding="utf-8")
    after = before
    edits, wanted = PAIRS[name]
    for old, new in edits:
        assert old in after
        # The first one: an operation that was added since is further down.
        after = after.replace(old, new, 1)
    told = [re.sub(r"\{(.+?)\}", lambda part: users(part[1]), line) for line in wanted]
    assert [str(one) for one in changes.changes(before, after)] == told


def users(component: str) -> str:
    """The operations that a component is of, by name if they are few, found by text alone."""
    document = load()
    parts = {
        f"{kind}/{name}": json.dumps(node, default=str)
        for kind in ("schemas", "parameters")
        for name, node in document["components"][kind].items()
    }
    parts |= {
        operation["operationId"]: json.dumps(operation, default=str)
        for item in document["paths"].values()
        for operation in item.values()
    }
    found = {component}
    while more := {
        name
        for name, text in parts.items()
        if name not in found and any(f'"#/components/{one}"' in text for one in found)
    }:
        found |= more
    names = [name for name in parts if name in found and "/" not in name]
    return ", ".join(names) if len(names) <= 4 else f"{len(names)} operations"


def test_the_base_is_what_git_has(tmp_path: Path) -> None:
    """Where there is no commit it says so, and nothing fails."""
    (tmp_path / DESCRIPTION).parent.mkdir()
    (tmp_path / DESCRIPTION).write_text("openapi: 3.1.0\n")
    [line] = changes.report(tmp_path, DESCRIPTION)
    assert line.startswith("what changed can't be told: git has no openapi/coinbtr.yaml at HEAD")


def test_breaking_changes_come_first() -> None:
    """And they are counted."""
    found = sorted([changes.Change("compatible", "a."), changes.Change("breaking", "z.")])
    assert list(changes.told(found, "HEAD")) == [
        "what changed for users since HEAD: 2 changes, 1 breaking",
        "  breaking: z.",
        "  compatible: a.",
    ]

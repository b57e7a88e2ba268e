"""Whether the contract test's model predicts the fields that answers have now."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scripts.places.place import Place, keys, parsed

_ANSWERS: Final = "coinbtr/contract/model/answers.py"
_RECORDS: Final = "coinbtr/contract/model/records.py"

# What predicts which object: file, class or function, schema.
_PREDICTED: Final = (
    (_RECORDS, "Order", "Order"),
    (_RECORDS, "Trade", "Transaction"),
    (_RECORDS, "Withdrawal", "Withdrawal"),
    (_ANSWERS, "_of_coin", "CoinBalance"),
    (_ANSWERS, "_address", "DepositAddress"),
    (_ANSWERS, "_book", "OrderBook"),
    (_ANSWERS, "_levels", "OrderBookLevel"),
    (_ANSWERS, "_ticker", "Ticker"),
    (_ANSWERS, "_volume", "Volume"),
)
# It moves on by itself: a model of what was asked for can't tell it.
_UNPREDICTED: Final = {"Withdrawal.status"}


def stale(root: Path, document: Mapping[str, Any]) -> Iterator[Place]:
    """The predictions that lack a field, and those that still have one that is gone."""
    for file, name, schema in _PREDICTED:
        node = _named(parsed(root, file), name)
        if node is None:
            yield Place(file, 0, f"{name}, which predicts {schema}, is gone")
            continue
        known = document["components"]["schemas"].get(schema)
        if known is None:
            yield Place(file, node.lineno, f"{schema}, which {name} predicts, is gone")
            continue
        predicted = keys(node)
        for field in known["properties"]:
            if field not in predicted and f"{schema}.{field}" not in _UNPREDICTED:
                yield Place(file, node.lineno, f'{name}: predict "{field}" of {schema}')
        for field, line in predicted.items():
            if field not in known["properties"]:
                yield Place(file, line, f'"{field}": {schema} has no such field any more')


def _named(tree: ast.Module, name: str) -> ast.ClassDef | ast.FunctionDef | None:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            return node
    return None

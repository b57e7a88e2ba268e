"""Lists: limit and offset cut them, filters filter them, and any case names a coin or market."""

from typing import Any

from coinbtr.contract.bench import Bench
from coinbtr.contract.probes import playground

_KEYS = {
    "listOpenOrders": ("id", "market"),
    "listTransactions": ("id", "market"),
    "listWithdrawals": ("txid", "coin"),
    "listDeposits": ("txid", "coin"),
}


def run(bench: Bench) -> None:
    """Place orders in two markets, so that there is a list, and cut every list in pieces."""
    ground = playground.find(bench)
    second = playground.find(bench, other_than=ground.market)
    placed = [
        playground.place(bench, "BUY", where, price)
        for where, price in (
            (ground, ground.prices[0]),
            (second, second.prices[0]),
            (ground, ground.prices[1]),
        )
    ]
    for operation, (key, name) in _KEYS.items():
        _cut(bench, operation, key)
        _filter(bench, operation, key, name)
    for reply in placed:
        playground.cancel(bench, "BUY", reply.data["id"])
    _case(bench, ground.market, ground.base)


def _cut(bench: Bench, operation: str, key: str) -> None:
    whole = [entry[key] for entry in bench.need(operation, {"limit": 100}).data]
    for limit, offset in ((1, 0), (2, 0), (1, 1), (2, 1), (100, len(whole))):
        part = bench.need(operation, {"limit": limit, "offset": offset})
        seen = [entry[key] for entry in part.data]
        if len(whole) < 100 and seen != whole[offset : offset + limit]:
            bench.find(
                "C701", part, f"limit {limit} and offset {offset} answered other entries than that."
            )


def _filter(bench: Bench, operation: str, key: str, name: str) -> None:
    whole: list[dict[str, Any]] = bench.need(operation, {"limit": 100}).data
    for value in sorted({entry[name] for entry in whole})[:2]:
        part = bench.need(operation, {name: value.lower(), "limit": 100})
        wanted = [entry[key] for entry in whole if entry[name] == value]
        if len(whole) < 100 and [entry[key] for entry in part.data] != wanted:
            bench.find("C702", part, f"There are {len(wanted)} entries of {value}.")


def _case(bench: Bench, market: str, coin: str) -> None:
    for operation, name, value in (
        ("getOrderBook", "market", market),
        ("get24hVolume", "market", market),
        ("getBalance", "coin", coin),
    ):
        upper = bench.ask(operation, {name: value.upper()})
        for form in (value.lower(), value.title()):
            reply = bench.ask(operation, {name: form})
            if reply.data != upper.data or not reply.answer.ok:
                bench.find("C703", reply, f"It answered otherwise than for {value.upper()}.")

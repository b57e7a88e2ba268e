"""An order's life: placed, listed, fetched, in the book, cancelled, gone; and what it holds."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from coinbtr.contract.bench import Bench, Reply
from coinbtr.contract.probes import playground
from coinbtr.contract.probes.playground import CANCEL, Playground

_GONE = ("order_not_found",)


def run(bench: Bench) -> None:
    """Follow an order to buy and one to sell from placing to after cancelling."""
    ground = playground.find(bench)
    ids: list[int] = []
    for side in ("BUY", "SELL"):
        before = playground.balances(bench)
        price = ground.prices[0 if side == "BUY" else -1]
        placed = playground.place(bench, side, ground, price)
        order = placed.data
        if order["id"] in ids:
            bench.find("C406", placed, f"The id {order['id']} was given twice.")
        ids.append(order["id"])
        if order["filled"] or not order["is_open"]:
            bench.find("C401", placed, "It is not open although it meets no other order.")
            return
        _check_held(bench, ground, placed, before)
        _check_found(bench, ground, placed)
        _check_market(bench, ground, placed)
        other_side = "SELL" if side == "BUY" else "BUY"
        wrong = bench.ask(CANCEL[other_side], {"id": order["id"]})
        bench.refused(wrong, 404, _GONE, accepted="C407")
        if not wrong.answer.ok:
            playground.cancel(bench, side, order["id"])
        _check_gone(bench, ground, placed, before)


def _check_held(bench: Bench, ground: Playground, placed: Reply, before: Mapping[str, Any]) -> None:
    order = placed.data
    buys = order["side"] == "BUY"
    coin = ground.quote if buys else ground.base
    held = ground.amount * (order["price"] if buys else Decimal(1))
    after = playground.balances(bench)
    available = playground.moved(before, after, "available")
    if available != {coin: -held}:
        bench.find(
            "C501", placed, f"{held} {coin} should be held; available moved: {_text(available)}."
        )
    if total := playground.moved(before, after):
        bench.find("C501", placed, f"Balances moved, though nothing was traded: {_text(total)}.")


def _check_found(bench: Bench, ground: Playground, placed: Reply) -> None:
    order = placed.data
    listed = bench.need("listOpenOrders", {"market": ground.market.lower(), "limit": 100})
    mine = [entry for entry in listed.data if entry["id"] == order["id"]]
    if not mine:
        bench.find("C402", listed, f"Order {order['id']} is open and not in the list.")
    elif _differing(mine[0], order):
        bench.find("C402", listed, f"Order {order['id']}: {_differing(mine[0], order)}.")
    fetched = bench.ask("getOpenOrder", {"id": order["id"]})
    if not fetched.answer.ok:
        bench.find("C403", fetched, f"Order {order['id']} is open and wasn't found.")
    elif _differing(fetched.data, order):
        bench.find("C403", fetched, f"Order {order['id']}: {_differing(fetched.data, order)}.")


def _check_market(bench: Bench, ground: Playground, placed: Reply) -> None:
    order = placed.data
    buys = order["side"] == "BUY"
    name, best = ("bids", "bid") if buys else ("asks", "ask")
    levels = bench.need("getOrderBook", {"market": ground.market.lower(), "limit": 1})
    top = levels.data[name][0] if levels.data[name] else None
    if top is None or (top["price"], top["amount"]) != (order["price"], order["amount"]):
        bench.find("C601", levels, f"The best of the {name} should be order {order['id']}.")
    ticker = bench.need("getTicker", {"market": ground.market.lower()})
    if ticker.data[best] != order["price"]:
        bench.find("C604", ticker, f"{best} should be {order['price']}, the book's best price.")


def _check_gone(bench: Bench, ground: Playground, placed: Reply, before: Mapping[str, Any]) -> None:
    order = placed.data
    after = playground.balances(bench)
    for part in ("available", "balance"):
        if left := playground.moved(before, after, part):
            bench.find(
                "C502", placed, f"Placed and cancelled, it left {part} changed: {_text(left)}."
            )
    fetched = bench.ask("getOpenOrder", {"id": order["id"]})
    bench.refused(fetched, 404, _GONE, accepted="C404")
    listed = bench.need("listOpenOrders", {"market": ground.market, "limit": 100})
    if any(entry["id"] == order["id"] for entry in listed.data):
        bench.find("C404", listed, f"Order {order['id']} was cancelled and is listed.")
    again = bench.ask(CANCEL[order["side"]], {"id": order["id"]})
    bench.refused(again, 404, _GONE, accepted="C405")
    levels = bench.need("getOrderBook", {"market": ground.market, "limit": 1000}).data
    if any(level["price"] == order["price"] for level in levels["bids"] + levels["asks"]):
        bench.find("C601", placed, "It was cancelled and still shows in the order book.")


def _differing(seen: Mapping[str, Any], placed: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} is {seen.get(name)} and was {value}"
        for name, value in placed.items()
        if seen.get(name) != value
    )


def _text(changes: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{change:+f} {coin}" for coin, change in changes.items()) or "nothing"

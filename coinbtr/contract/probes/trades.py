"""Trades between the two accounts: price, priority, fees, and what each of them moves."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from coinbtr.contract.bench import Bench, Reply
from coinbtr.contract.probes import playground
from coinbtr.contract.probes.playground import Playground

_UNIT = Decimal("1e-8")


def run(bench: Bench) -> None:
    """Let the other account take an order of ours, then see whom the next order meets."""
    ground = playground.find(bench)
    _one_trade(bench, ground)
    _partial_fill(bench, ground)
    _priority(bench, ground)


def _one_trade(bench: Bench, ground: Playground) -> None:
    price, more = ground.prices[1], ground.prices[3]
    volume = bench.need("get24hVolume", {"market": ground.market}).data
    before = playground.balances(bench), playground.balances(bench, "other")
    made = playground.place(bench, "SELL", ground, price)
    taken = playground.place(bench, "BUY", ground, more, token="other")  # noqa: S106 - a name
    if taken.data["filled"] != ground.amount or taken.data["is_open"]:
        bench.find("C602", taken, f"It should be filled at once by order {made.data['id']}.")
        playground.cancel(bench, "SELL", made.data["id"])
        return
    after = playground.balances(bench), playground.balances(bench, "other")
    value = ground.amount * price
    maker_fee = _fee(value, ground.book["maker_fee"])
    taker_fee = _fee(ground.amount, ground.book["taker_fee"])
    expected = (
        {ground.base: -ground.amount, ground.quote: value - maker_fee},
        {ground.base: ground.amount - taker_fee, ground.quote: -value},
    )
    for who, old, new, wanted in zip(
        ("The seller", "The buyer"), before, after, expected, strict=True
    ):
        for part in ("balance", "available"):
            if (seen := playground.moved(old, new, part)) != wanted:
                bench.find(
                    "C503", taken, f"{who}'s {part} moved by {_text(seen)}, not {_text(wanted)}."
                )
    facts = {"market": ground.market, "price": price, "amount": ground.amount, "value": value}
    seller = {"side": "SELL", "filled_as": "maker", "fee_amount": maker_fee}
    buyer = {"side": "BUY", "filled_as": "taker", "fee_amount": taker_fee}
    _check_transaction(bench, made, {**facts, **seller}, "mine")
    _check_transaction(bench, taken, {**facts, **buyer}, "other")
    _check_statistics(bench, ground, volume, price)
    gone = bench.ask("getOpenOrder", {"id": made.data["id"]})
    bench.refused(gone, 404, ("order_not_found",), accepted="C404")


def _check_transaction(bench: Bench, placed: Reply, facts: Mapping[str, Any], token: str) -> None:
    order_id = placed.data["id"]
    listed = bench.need(
        "listTransactions", {"market": str(facts["market"]).lower(), "limit": 10}, token=token
    )
    mine = [entry for entry in listed.data if entry["order_id"] == order_id]
    if not mine:
        bench.find("C606", listed, f"The trade of order {order_id} is not in the list.")
        return
    for name, value in facts.items():
        if mine[0][name] != value:
            rule = {"price": "C602", "fee_amount": "C503", "value": "C503"}.get(name, "C606")
            bench.find(rule, listed, f"{name} is {mine[0][name]}, not {value}.")
    single = bench.ask("getTransaction", {"id": mine[0]["id"]}, token=token)
    if not single.answer.ok or single.data != mine[0]:
        bench.find("C606", single, f"The trade {mine[0]['id']} is listed and not answered alike.")


def _check_statistics(
    bench: Bench, ground: Playground, before: Mapping[str, Any], price: Decimal
) -> None:
    ticker = bench.need("getTicker", {"market": ground.market})
    if ticker.data["last"] != price:
        bench.find(
            "C604", ticker, f"last is {ticker.data['last']}, and the last trade was at {price}."
        )
    low, high = ticker.data["low"], ticker.data["high"]
    if low is None or high is None or not low <= price <= high:
        bench.find("C604", ticker, f"The last trade, at {price}, is not within low and high.")
    volume = bench.need("get24hVolume", {"market": ground.market})
    for name, traded in (("volume", ground.amount), ("value", ground.amount * price)):
        if (grown := volume.data[name] - before[name]) != traded:
            bench.find("C605", volume, f"{name} grew by {grown}, and {traded} was traded.")
    if ticker.data["volume"] != volume.data["volume"]:
        bench.find("C605", ticker, f"The ticker's volume is not {volume.data['volume']}.")


def _partial_fill(bench: Bench, ground: Playground) -> None:
    before = playground.balances(bench)
    double = 2 * ground.amount
    made = playground.place(bench, "SELL", ground, ground.prices[1], amount=double)
    playground.place(bench, "BUY", ground, ground.prices[1], token="other")  # noqa: S106 - a name
    left = bench.ask("getOpenOrder", {"id": made.data["id"]})
    if not left.answer.ok:
        bench.find("C403", left, "A partly filled order is open and wasn't found.")
        return
    if left.data["filled"] != ground.amount or left.data["amount"] != ground.amount:
        bench.find("C403", left, f"Half of it was filled, and filled is {left.data['filled']}.")
    cancelled = playground.cancel(bench, "SELL", made.data["id"])
    moved = playground.moved(before, playground.balances(bench), "available")
    if moved.get(ground.base) != -ground.amount:
        bench.find(
            "C502",
            cancelled,
            f"{ground.amount} was sold and the rest cancelled; available moved by {_text(moved)}.",
        )


def _priority(bench: Bench, ground: Playground) -> None:
    double = 2 * ground.amount
    older = playground.place(bench, "SELL", ground, ground.prices[2], amount=double)
    younger = playground.place(bench, "SELL", ground, ground.prices[2])
    better = playground.place(bench, "SELL", ground, ground.prices[1])
    if len({reply.data["id"] for reply in (older, younger, better)}) < 3:
        bench.find("C406", better, "Two orders were given the same id.")
    first = playground.place(bench, "BUY", ground, ground.prices[2], token="other")  # noqa: S106
    if _is_open(bench, better):
        bench.find("C602", first, "It didn't meet the lowest ask.")
    second = playground.place(bench, "BUY", ground, ground.prices[2], token="other")  # noqa: S106
    if not _is_open(bench, younger):
        bench.find("C603", second, "It filled the younger of two orders at one price.")
    third = playground.place(bench, "BUY", ground, ground.prices[2], token="other")  # noqa: S106
    if _is_open(bench, older) and not _is_open(bench, younger):
        bench.find("C603", third, "What was left of the older order lost its place to the younger.")
    for reply in (older, younger, better):
        if _is_open(bench, reply):
            playground.cancel(bench, "SELL", reply.data["id"])


def _is_open(bench: Bench, placed: Reply) -> bool:
    return bench.ask("getOpenOrder", {"id": placed.data["id"]}).answer.ok


def _fee(received: Decimal, rate: Decimal) -> Decimal:
    # Rounded up at the eighth decimal (ruling R046).
    return (received * rate).quantize(_UNIT, ROUND_CEILING)


def _text(changes: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{change:+f} {coin}" for coin, change in changes.items()) or "nothing"

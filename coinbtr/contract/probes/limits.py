"""The market's limits and steps, one fault at a time; and orders that must not be taken at all."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from coinbtr.contract.bench import Bench
from coinbtr.contract.probes import playground
from coinbtr.contract.probes.playground import PLACE, Playground

_MOST = Decimal(10) ** 12


def run(bench: Bench) -> None:
    """Try orders beyond each limit, beyond the funds, on a market that isn't, and with oneself."""
    ground = playground.find(bench)
    before = playground.balances(bench)
    for side in PLACE:
        for amount, price, codes in _beyond(ground, side):
            reply = bench.ask(
                PLACE[side], {"market": ground.market, "amount": amount, "price": price}
            )
            bench.refused(reply, 422, codes, accepted="C409")
        nowhere = {"market": "nil-nil", "amount": ground.amount, "price": ground.prices[0]}
        bench.refused(bench.ask(PLACE[side], nowhere), 404, ("book_not_found",))
    _overdraw(bench, ground)
    _self_trade(bench, ground)
    if changes := playground.moved(before, playground.balances(bench), "available"):
        reply = bench.need("listBalances")
        bench.find("C408", reply, f"Refused orders changed what is available of {list(changes)}.")


def _beyond(ground: Playground, side: str) -> Iterator[tuple[Decimal, Decimal, tuple[str, ...]]]:
    book = ground.book
    # The side decides which price is far from every other order, so that nothing trades.
    amount, price = ground.amount, ground.prices[0 if side == "BUY" else -1]
    low, high = ("below_minimum", "below_minimum_value"), ("above_maximum",)
    step, tick = book["amount_step"], book["price_step"]
    if book["min_amount"] - step > 0:
        yield book["min_amount"] - step, price, low
    if book["max_amount"] + step <= _MOST:
        yield book["max_amount"] + step, price, high
    if side == "BUY" and book["min_price"] - tick > 0:
        yield amount, book["min_price"] - tick, low
    if side == "SELL" and book["max_price"] + tick <= _MOST:
        yield amount, book["max_price"] + tick, high
    for number, other, is_amount in ((step, amount, True), (tick, price, False)):
        finer = number / 10
        if finer == finer.quantize(Decimal("1e-8")) and finer:
            off = other + finer
            yield (off, price, ("invalid_step",)) if is_amount else (amount, off, ("invalid_step",))
    if side == "BUY":
        # The least amount at the lowest price is worth less than the minimum value, as a rule.
        least = book["min_amount"]
        if least * book["min_price"] < book["min_value"]:
            yield least, book["min_price"], ("below_minimum_value",)


def _overdraw(bench: Bench, ground: Playground) -> None:
    funds, book = playground.balances(bench), ground.book
    codes = ("insufficient_funds",)
    step = book["amount_step"]
    amount = (funds[ground.base]["available"] / step).to_integral_value(ROUND_FLOOR) * step + step
    price = ground.prices[-1]
    if amount <= book["max_amount"]:
        reply = bench.ask(
            PLACE["SELL"], {"market": ground.market, "amount": amount, "price": price}
        )
        if not bench.refused(reply, 409, codes, accepted="C505") and reply.answer.ok:
            playground.cancel(bench, "SELL", reply.data["id"])
    price = ground.prices[0]
    amount = (funds[ground.quote]["available"] / price / step).to_integral_value(ROUND_CEILING)
    amount = amount * step + step
    if amount <= book["max_amount"]:
        reply = bench.ask(PLACE["BUY"], {"market": ground.market, "amount": amount, "price": price})
        if not bench.refused(reply, 409, codes, accepted="C505") and reply.answer.ok:
            playground.cancel(bench, "BUY", reply.data["id"])


def _self_trade(bench: Bench, ground: Playground) -> None:
    resting = playground.place(bench, "SELL", ground, ground.prices[1])
    asked = {"market": ground.market, "amount": ground.amount, "price": ground.prices[1]}
    bench.refused(bench.ask(PLACE["BUY"], asked), 409, ("self_trade",), accepted="C410")
    still = bench.ask("getOpenOrder", {"id": resting.data["id"]})
    if still.answer.ok:
        playground.cancel(bench, "SELL", resting.data["id"])

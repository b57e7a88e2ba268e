"""Checks of order books and tickers by themselves."""

from collections.abc import Iterator
from itertools import pairwise

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks.problem import Check, Problem


def order_book(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find a book that is unsorted, names a price twice, is crossed, or has an empty level."""
    if call.operation.id != "getOrderBook":
        return
    asks = [level["price"] for level in answer.data["asks"]]
    bids = [level["price"] for level in answer.data["bids"]]
    if any(first >= second for first, second in pairwise(asks)):
        yield Problem("C144", "The asks don't rise.")
    if any(first <= second for first, second in pairwise(bids)):
        yield Problem("C144", "The bids don't fall.")
    if asks and bids and bids[0] >= asks[0]:
        yield Problem("C144", f"The book is crossed: bid {bids[0]}, ask {asks[0]}.")
    if not all(level["amount"] for side in ("asks", "bids") for level in answer.data[side]):
        yield Problem("C144", "A level has the amount 0.")


def ticker(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find a ticker that contradicts itself."""
    if call.operation.id != "getTicker":
        return
    low, high = answer.data["low"], answer.data["high"]
    bid, ask = answer.data["bid"], answer.data["ask"]
    if (low is None) is not (high is None) or (low is not None and low > high):
        yield Problem("C148", f"low is {low}, high is {high}.")
    if bid is not None and ask is not None and bid >= ask:
        yield Problem("C148", f"bid is {bid}, ask is {ask}.")


CHECKS: tuple[Check, ...] = (order_book, ticker)

"""A matching engine in forty lines, to measure the exchange's own book against and to check it by.

It does what the book does on scaled integers (place, cancel, fills, depth totals) and nothing else:
no accounts, no money, no records.
"""

from bisect import bisect_left, insort
from collections import OrderedDict

ReferenceFill = tuple[int, int, int]
"""Maker's id, price and amount."""


class ReferenceBook:
    """Bids have the sign 1 and asks -1: times its sign, a better price is a greater key."""

    def __init__(self) -> None:
        self.keys: dict[int, list[int]] = {1: [], -1: []}
        self.queues: dict[int, dict[int, OrderedDict[int, int]]] = {1: {}, -1: {}}
        self.totals: dict[int, dict[int, int]] = {1: {}, -1: {}}
        self.placed: dict[int, tuple[int, int]] = {}

    def place(self, number: int, sign: int, amount: int, price: int) -> list[ReferenceFill]:
        """Match an order and let the rest wait; gives its fills."""
        fills: list[ReferenceFill] = []
        keys, queues, totals = self.keys[-sign], self.queues[-sign], self.totals[-sign]
        while amount and keys and keys[-1] >= -sign * price:
            key = keys[-1]
            queue = queues[key]
            maker, left = next(iter(queue.items()))
            part = min(amount, left)
            fills.append((maker, -sign * key, part))
            amount -= part
            totals[key] -= part
            if part < left:
                queue[maker] = left - part
                break
            del queue[maker], self.placed[maker]
            if not queue:
                del queues[key], totals[key], keys[-1]
        if amount:
            key = sign * price
            if key not in self.totals[sign]:
                insort(self.keys[sign], key)
                self.queues[sign][key] = OrderedDict()
                self.totals[sign][key] = 0
            self.queues[sign][key][number] = amount
            self.totals[sign][key] += amount
            self.placed[number] = sign, key
        return fills

    def cancel(self, number: int) -> int:
        """Take a waiting order out; gives what was left of it."""
        sign, key = self.placed.pop(number)
        left = self.queues[sign][key].pop(number)
        self.totals[sign][key] -= left
        if not self.queues[sign][key]:
            del self.queues[sign][key], self.totals[sign][key]
            keys = self.keys[sign]
            del keys[bisect_left(keys, key)]
        return left

"""A plain order book on scaled integers, as short as one writes it by hand: the measure of ours."""

from bisect import bisect_left, insort


class ReferenceBook:
    """Price and time priority, partial fills, cancels, totals for each level; nothing else."""

    def __init__(self) -> None:
        self.levels: tuple[dict[int, dict[int, list[int]]], ...] = ({}, {})
        self.totals: tuple[dict[int, int], ...] = ({}, {})
        self.prices: tuple[list[int], ...] = ([], [])  # sorted, the best price last
        self.orders: dict[int, tuple[bool, int]] = {}
        self.fills: list[tuple[int, int, int, int]] = []

    def place(self, number: int, buys: bool, price: int, amount: int) -> None:
        levels, totals, prices = self.levels[not buys], self.totals[not buys], self.prices[not buys]
        while amount and prices:
            best = -prices[-1] if buys else prices[-1]
            if best > price if buys else best < price:
                break
            level = levels[best]
            for maker, order in list(level.items()):
                part = min(amount, order[0])
                self.fills.append((maker, number, best, part))
                amount -= part
                order[0] -= part
                totals[best] -= part
                if not order[0]:
                    del level[maker], self.orders[maker]
                if not amount:
                    break
            if not level:
                del levels[best], totals[best], prices[-1]
        if amount:
            if price not in self.levels[buys]:
                self.levels[buys][price], self.totals[buys][price] = {}, 0
                insort(self.prices[buys], price if buys else -price)
            self.levels[buys][price][number] = [amount]
            self.totals[buys][price] += amount
            self.orders[number] = (buys, price)

    def cancel(self, number: int) -> None:
        if number in self.orders:
            buys, price = self.orders.pop(number)
            level = self.levels[buys][price]
            self.totals[buys][price] -= level.pop(number)[0]
            if not level:
                del self.levels[buys][price], self.totals[buys][price]
                prices = self.prices[buys]
                del prices[bisect_left(prices, price if buys else -price)]

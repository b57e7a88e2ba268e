"""A bot that keeps one bid in a book, always at the best price that others bid.

It is what `test_bot.py` beside it tests: against a real exchange, in process, without a socket.
"""

from decimal import Decimal

from coinbtr import CoinBTR, OutcomeUnknown, Refused


class Joiner:
    """Joins the best bid, and moves its order when others bid more.

    Args:
        exchange: where it trades.
        book: the book, such as `btc-mxn`.
        amount: how much it bids for, in the base coin.
    """

    def __init__(self, exchange: CoinBTR, book: str, amount: Decimal | str) -> None:
        self._exchange = exchange
        self._book = book
        self._amount = amount

    def step(self) -> Decimal | None:
        """Look once, and trade if it must; gives the price that it bids, or None if it can't."""
        mine = self._exchange.trading.open_orders(self._book)
        best = self._exchange.market.order_book(self._book).best_bid
        if [order.price for order in mine] == [best.price]:
            return best.price
        for order in mine:
            self._exchange.trading.cancel(order)
        try:
            placed = self._exchange.trading.buy_limit(
                self._book, amount=self._amount, price=best.price
            )
        except Refused:
            return None
        except OutcomeUnknown as lost:  # never sent again: looked up
            found = lost.reconcile()
            return best.price if found else None
        return placed.price

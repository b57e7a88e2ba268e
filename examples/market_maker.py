"""A market maker that survives faults: `python market_maker.py btc-mxn --rounds 20`.

COINBTR_BASE_URL and COINBTR_TOKEN name the exchange and the account. In each round it first finds
out what became of requests whose answers were lost, then cancels what is open, then quotes anew. So
a fault at any point costs a round, and never leaves a second order behind.
"""

import argparse
import sys
import time
from decimal import Decimal

from coinbtr import Book, CoinBTR, CoinBTRError, OutcomeUnknown, Refused

HALF_SPREAD = Decimal("0.004")
AMOUNT = Decimal("0.01")


def main() -> int:
    """Quote for some rounds; leave nothing open at the end, or say that it can't be told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between two rounds")
    parser.add_argument("--settle", type=float, default=5.0)
    parser.add_argument("--unlimited", action="store_true", help="on a sandbox of your own")
    options = parser.parse_args()

    with CoinBTR(
        max_price_deviation="0.05",
        rate_limit=None if options.unlimited else "default",
    ) as exchange:
        done = 0
        while done < options.rounds:
            try:
                clear(exchange, options.book, options.settle)
                quote(exchange, options.book)
                done += 1
            except OutcomeUnknown as lost:
                print(f"lost, to be looked up: {lost.intent}")
            except CoinBTRError as error:
                print(f"this round is given up: {error}")
            time.sleep(options.pause)
        for _ in range(10):
            try:
                clear(exchange, options.book, options.settle)
            except CoinBTRError as error:
                print(f"once more: {error}")
                time.sleep(options.pause)
            else:
                print("nothing is open any more")
                return 0
    return 1


def clear(exchange: CoinBTR, book: str, settle: float) -> None:
    """Look up what was lost, and cancel all that is open; raises what keeps it from that."""
    for lost in exchange.unresolved:
        print(f"{lost.intent}: {exchange.reconcile(lost, settle=settle).kind}")
    for result in exchange.trading.cancel_all(book):
        # An order that was filled in the meantime is refused: it is not open any more either.
        if result.error is not None and not isinstance(result.error, Refused):
            raise result.error


def quote(exchange: CoinBTR, name: str) -> None:
    """Place one order on each side of the middle."""
    rules = rules_of(exchange, name)
    book = exchange.market.order_book(name, limit=1)
    middle = (book.best_bid.price + book.best_ask.price) / 2
    bid = rules.quantize_price(middle * (1 - HALF_SPREAD), "down")
    ask = rules.quantize_price(middle * (1 + HALF_SPREAD), "up")
    bought = exchange.trading.buy_limit(name, amount=AMOUNT, price=bid)
    sold = exchange.trading.sell_limit(name, amount=AMOUNT, price=ask)
    print(f"quoted {bought.price:f} / {sold.price:f}")


def rules_of(exchange: CoinBTR, name: str) -> Book:
    """The book's limits and steps."""
    wanted = name.upper().replace("/", "-")
    return next(book for book in exchange.market.books() if book.name == wanted)


if __name__ == "__main__":
    sys.exit(main())

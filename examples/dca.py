"""Buys for a fixed sum once a day, as a cron job: `python dca.py btc-mxn 500 --log ~/dca.jsonl`.

    0 9 * * *  COINBTR_BASE_URL=… COINBTR_TOKEN=… python dca.py btc-mxn 500 --log ~/dca.jsonl

Safe to run again: a purchase of today is seen, and one whose answer was lost is looked up first. It
ends with 0 when today's purchase is made, 1 when it was refused, 3 when it can't be told.
"""

import argparse
import sys
from datetime import UTC, datetime
from decimal import Decimal

from coinbtr import CoinBTR, GuardRailError, OutcomeUnknown, Refused, Side, outcomes


def main() -> int:
    """Reconcile, look whether today's purchase is made, and make it if not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book")
    parser.add_argument("sum", type=Decimal, help="how much to spend, in the book's second coin")
    parser.add_argument("--log", required=True, help="file of the intent log")
    parser.add_argument("--settle", type=float, default=5.0)
    options = parser.parse_args()
    coin = options.book.upper().replace("/", "-").partition("-")[2]

    with CoinBTR(
        intent_log=options.log, watermark="read", max_order_value={coin: options.sum}
    ) as exchange:
        for lost in exchange.unresolved:  # also of a run that was killed
            outcome = exchange.reconcile(lost, settle=options.settle)
            print(f"{lost.intent}: {outcome.kind}")
            if isinstance(outcome, outcomes.Ambiguous):
                print(f"look yourself: {outcome.reason}")
                return 3
        if bought_today(exchange, options.book):
            print("today's purchase is made")
            return 0
        try:
            buy(exchange, options.book, options.sum)
        except OutcomeUnknown as lost:
            print(f"to be looked up by the next run: {lost.intent}")
            return 3
        except (Refused, GuardRailError) as refused:
            print(f"refused: {refused}")
            return 1
    return 0


def bought_today(exchange: CoinBTR, book: str) -> bool:
    """Whether an order to buy of today is open, or was traded."""
    today = datetime.now(UTC).date()
    for order in exchange.trading.iter_open_orders(book):
        if order.side == Side.BUY and order.created_at.date() == today:
            return True
    for trade in exchange.trading.iter_transactions(book):
        if trade.created_at.date() != today:
            return False  # newest first
        if trade.side == Side.BUY:
            return True
    return False


def buy(exchange: CoinBTR, name: str, spend: Decimal) -> None:
    """Buy for what is to be spent, at the best price of now."""
    wanted = name.upper().replace("/", "-")
    rules = next(book for book in exchange.market.books() if book.name == wanted)
    price = exchange.market.order_book(name, limit=1).best_ask.price
    amount = rules.quantize_amount(spend / price, "down")
    order = exchange.trading.buy_limit(name, amount=amount, price=price)
    print(f"order {order.id}: {order.filled:f} of {order.amount:f} at {order.price:f}")


if __name__ == "__main__":
    sys.exit(main())

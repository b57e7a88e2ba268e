"""Writes what an account holds and what it is worth, as CSV: `python treasury.py mxn >report.csv`.

COINBTR_BASE_URL and COINBTR_TOKEN name the exchange and the account; it only reads. A coin without
a market in the currency of the report has no value there, and is listed without one.
"""

import argparse
import csv
import sys
from decimal import Decimal, localcontext

from coinbtr import CoinBTR


def main() -> None:
    """One line for each coin, and one for the whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("currency", help="the coin to count in, such as mxn")
    currency = parser.parse_args().currency.upper()

    report = csv.writer(sys.stdout, lineterminator="\n")
    report.writerow(["coin", "available", "frozen", "pending", "total", "price", "value", "in"])
    with CoinBTR() as exchange, localcontext(prec=60):
        books = {book.name for book in exchange.market.books()}
        whole = Decimal(0)
        for balance in exchange.wallet.balances():
            book = f"{balance.coin}-{currency}"
            price = None
            if balance.coin == currency:
                price = Decimal(1)
            elif book in books:
                price = exchange.market.ticker(book).last
            value = None if price is None else balance.total * price
            whole += value or 0
            amounts = (balance.available, balance.frozen, balance.pending, balance.total)
            cells = [balance.coin, *(plain(one) for one in (*amounts, price, value)), currency]
            report.writerow(cells)
        report.writerow(["", "", "", "", "", "", plain(whole), currency])


def plain(number: Decimal | None) -> str:
    """All digits, and no exponent."""
    return "" if number is None else f"{number:f}"


if __name__ == "__main__":
    main()

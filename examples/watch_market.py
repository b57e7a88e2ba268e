"""Watches a market and draws what its price did: `python watch_market.py btc-mxn --changes 60`.

Needs `pip install coinbtr 'plotext<6'`. COINBTR_BASE_URL names the exchange, such as the sandbox's;
without it this is the live one, whose market data needs no token.
"""

import argparse

import plotext  # type: ignore[import-untyped]

from coinbtr import CoinBTR


def main() -> None:
    """Collect the changes of a ticker, and draw them at the end or after Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book")
    parser.add_argument("--changes", type=int, default=60, help="how many to wait for")
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between two readings")
    options = parser.parse_args()

    tickers = []
    with CoinBTR() as exchange:
        try:
            for ticker in exchange.market.watch_ticker(options.book, interval=options.interval):
                prices = (ticker.last, ticker.bid, ticker.ask)
                last, bid, ask = ("none" if price is None else f"{price:f}" for price in prices)
                print(f"{ticker.book} last {last} bid {bid} ask {ask}", flush=True)
                tickers.append(ticker)
                if len(tickers) >= options.changes:
                    break
        except KeyboardInterrupt:
            pass

    # A drawing has pixels, not money: the only place where a price may become a float.
    for name in ("bid", "last", "ask"):
        found = [getattr(ticker, name) for ticker in tickers]
        plotext.plot([float(price) for price in found if price is not None], label=name)
    plotext.theme("clear")
    plotext.title(f"{options.book.upper()}, {len(tickers)} changes")
    plotext.plotsize(80, 20)
    plotext.show()


if __name__ == "__main__":
    main()

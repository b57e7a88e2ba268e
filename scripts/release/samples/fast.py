"""The compiled engine carries a call, and tells a connection that never came about."""

import sys

from coinbtr import CoinBTR, NoConnection

with CoinBTR(base_url="http://127.0.0.1:9/api/v1", retries=1, engine="fast") as exchange:
    try:
        exchange.market.ticker("btc-mxn")
    except NoConnection:
        pass
    else:
        sys.exit("nothing listens there, and yet there was an answer")

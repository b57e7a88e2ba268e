"""A budget that is shared warns once where Redis is not there, and the client's own one counts."""

import warnings

from coinbtr import CoinBTR, NoConnection, RateLimit, SharedLimitWarning

limit = RateLimit(redis="redis://127.0.0.1:9/0")
with (
    warnings.catch_warnings(record=True) as caught,
    CoinBTR(base_url="http://127.0.0.1:9/api/v1", retries=1, rate_limit=limit) as exchange,
):
    warnings.simplefilter("always")
    for _ in range(2):
        try:
            exchange.market.ticker("btc-mxn")
        except NoConnection:
            pass
assert [one.category for one in caught] == [SharedLimitWarning], caught

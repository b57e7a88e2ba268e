"""The package alone: public names, the description, a call, and a word about what is missing."""

import sys

import coinbtr
from coinbtr import CoinBTR, NoConnection, description

assert all(hasattr(coinbtr, name) for name in coinbtr.__all__)
assert description.path().is_file()
with CoinBTR(base_url="http://127.0.0.1:9/api/v1", retries=1) as exchange:
    try:
        exchange.market.ticker("btc-mxn")
    except NoConnection as error:
        assert error.operation == "getTicker", error
    else:
        sys.exit("nothing listens there, and yet there was an answer")
try:
    CoinBTR.sandbox()
except (ModuleNotFoundError, coinbtr.ConfigurationError) as error:
    assert "pip install 'coinbtr[sandbox]'" in str(error), error
else:
    sys.exit("the sandbox works without what it needs")

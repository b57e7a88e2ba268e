"""Steps that show more than one mutant, as `sequence` reads them; the seed's spread is in them."""

BUY = "order = placeBuyLimitOrder market=btc-mxn amount=0.01 price=900000"
SELL = "order = placeSellLimitOrder market=btc-mxn amount=0.01 price=1200000"
TWO = (
    "one = placeBuyLimitOrder market=btc-mxn amount=0.01 price=900000;"
    "two = placeBuyLimitOrder market=btc-mxn amount=0.02 price=900000"
)
POOR = "placeBuyLimitOrder market=btc-mxn amount=50 price=900000"
RESTING = "rest = other placeSellLimitOrder market=btc-mxn amount=0.01 price=1016000"
TRADE = f"{RESTING}; took = placeBuyLimitOrder market=btc-mxn amount=0.004 price=1016000"
TRADES = f"{TRADE}; placeBuyLimitOrder market=btc-mxn amount=0.006 price=1016000"
TRADED = f"{TRADE}; trades = listTransactions"
BALANCES = "listBalances; other listBalances"
ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
WITHDRAW = f"withdraw coin=btc address={ADDRESS} amount=0.5"
BOUGHT = "placeBuyLimitOrder market=btc-mxn amount=0.01 price=1020000"

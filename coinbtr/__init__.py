"""The Python client of the crypto exchange CoinBTR."""

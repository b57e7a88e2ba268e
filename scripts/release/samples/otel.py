"""A program that uses OpenTelemetry gets on; with the API alone its spans go nowhere."""

import sys

from opentelemetry import trace

from coinbtr import CoinBTR, NoConnection
from coinbtr.sending.telemetry import is_tracing

assert trace.get_tracer("sample") is not None
assert is_tracing()
with CoinBTR(base_url="http://127.0.0.1:9/api/v1", retries=1) as exchange:
    try:
        exchange.market.ticker("btc-mxn")
    except NoConnection:
        pass
    else:
        sys.exit("nothing listens there, and yet there was an answer")

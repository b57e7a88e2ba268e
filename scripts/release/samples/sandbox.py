"""An exchange in the process, and a served one: an order is placed, found and cancelled."""

from decimal import Decimal

from coinbtr import CoinBTR
from coinbtr.sandbox.server import SandboxServer


def trade(exchange: CoinBTR) -> None:
    """Place an order that rests, and cancel it; what was held is free again."""
    before = exchange.wallet.balance("mxn").available
    order = exchange.trading.buy_limit("btc-mxn", amount="0.01", price="100000")
    assert exchange.wallet.balance("mxn").available < before
    assert order.remaining == Decimal("0.01")
    exchange.trading.cancel(order)
    assert exchange.wallet.balance("mxn").available == before


with CoinBTR.sandbox() as exchange:
    trade(exchange)
with (
    SandboxServer() as server,
    CoinBTR(server.sandbox.token, base_url=server.base_url) as exchange,
):
    trade(exchange)

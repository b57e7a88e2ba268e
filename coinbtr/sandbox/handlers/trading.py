"""The operations of the tag `trading`: limit orders and the trades that come of them."""

from coinbtr.sandbox.core.commands import CancelOrder, PlaceOrder
from coinbtr.sandbox.core.orders import Order, Side
from coinbtr.sandbox.core.records import Transaction
from coinbtr.sandbox.core.units import to_decimal
from coinbtr.sandbox.handlers.call import Call, iso


def place_buy_limit_order(call: Call) -> object:
    """Answer `placeBuyLimitOrder`."""
    return _place(call, Side.BUY)


def place_sell_limit_order(call: Call) -> object:
    """Answer `placeSellLimitOrder`."""
    return _place(call, Side.SELL)


def cancel_buy_limit_order(call: Call) -> object:
    """Answer `cancelBuyLimitOrder`."""
    return _cancel(call, Side.BUY)


def cancel_sell_limit_order(call: Call) -> object:
    """Answer `cancelSellLimitOrder`."""
    return _cancel(call, Side.SELL)


def list_open_orders(call: Call) -> object:
    """Answer `listOpenOrders`."""
    found = call.exchange.trading.open_orders(
        call.account_id, market=call.optional("market"), **call.page()
    )
    return [_order(order) for order in found]


def get_open_order(call: Call) -> object:
    """Answer `getOpenOrder`."""
    return _order(call.exchange.trading.open_order(call.account_id, call.integer("id")))


def list_transactions(call: Call) -> object:
    """Answer `listTransactions`."""
    found = call.exchange.trading.transactions(
        call.account_id, market=call.optional("market"), **call.page()
    )
    return [_transaction(entry) for entry in found]


def get_transaction(call: Call) -> object:
    """Answer `getTransaction`."""
    return _transaction(call.exchange.trading.transaction(call.account_id, call.integer("id")))


def _place(call: Call, side: Side) -> object:
    amount, price = call.units("amount"), call.units("price")
    command = PlaceOrder(call.account_id, call.text("market"), side, amount, price)
    return _order(call.execute(command))


def _cancel(call: Call, side: Side) -> object:
    return _order(call.execute(CancelOrder(call.account_id, call.integer("id"), side)))


def _order(order: Order) -> object:
    return {
        "id": order.id,
        "market": order.market,
        "side": str(order.side),
        "price": to_decimal(order.price),
        "initial_amount": to_decimal(order.initial),
        "amount": to_decimal(order.left),
        "filled": to_decimal(order.filled),
        "is_open": order.is_open,
        "created_at": iso(order.created_ms),
    }


def _transaction(entry: Transaction) -> object:
    return {
        "id": entry.id,
        "order_id": entry.order_id,
        "market": entry.market,
        "side": str(entry.side),
        "price": to_decimal(entry.price),
        "amount": to_decimal(entry.amount),
        "value": to_decimal(entry.value),
        "fee_amount": to_decimal(entry.fee),
        "fee_coin": entry.fee_coin,
        "filled_as": str(entry.filled_as),
        "created_at": iso(entry.created_ms),
    }

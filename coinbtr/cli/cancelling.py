"""The plan of cancelling orders: those that were shown, one by one, and no other."""

from collections.abc import Sequence

from coinbtr import CoinBTR
from coinbtr.cli.desk import Desk
from coinbtr.cli.plans import Plan, Sent
from coinbtr.cli.records import Record, record_of
from coinbtr.cli.reporting import progress
from coinbtr.errors import CoinBTRError, ConfigurationError
from coinbtr.models import Order


def plan(desk: Desk, ids: Sequence[int], *, every: bool, book: str | None) -> Plan:
    """What is to be cancelled: the open orders of these ids, or all of them.

    Raises ConfigurationError unless ids or `every` are given, and what reading raises, such as
    OrderNotFound for an id of no open order.
    """
    if bool(ids) == every or (book is not None and not every):
        raise ConfigurationError("name the ids of orders, or --all (and --book), not both")
    trading = desk.exchange.trading
    if every:
        orders = desk.all_of(trading.iter_open_orders(book), "orders")
    else:
        orders = [trading.open_order(one) for one in dict.fromkeys(ids)]
    return Plan(
        question=f"Cancel {'this order' if len(orders) == 1 else f'these {len(orders)} orders'}?",
        record=[{"operation": "cancel", **record_of(one)} for one in orders],
        send=lambda exchange: _cancel(exchange, orders),
        adds=False,
    )


def _cancel(exchange: CoinBTR, orders: Sequence[Order]) -> Sent:
    done: list[Record] = []
    errors: list[CoinBTRError] = []
    with progress("Cancelling") as counter:
        for order in orders:
            try:
                cancelled = exchange.trading.cancel(order) or order
            except CoinBTRError as error:
                errors.append(error)
                done.append({**record_of(order), "outcome": type(error).__name__})
            else:
                done.append({**record_of(cancelled), "outcome": "cancelled"})
            counter.step()
    return Sent(result=done, errors=tuple(errors))

"""Follows the life of each order: placed as asked, there while it is open, gone when cancelled."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from attrs import define, field

from coinbtr.contract.checks import Problem
from coinbtr.contract.history.accounts import Owners
from coinbtr.contract.history.step import Found, Step, number
from coinbtr.contract.recordings import Recorded

_PLACES: Final = ("placeBuyLimitOrder", "placeSellLimitOrder")
_CANCELS: Final = ("cancelBuyLimitOrder", "cancelSellLimitOrder")
_LASTING: Final = ("market", "side", "price", "initial_amount", "created_at")


@define
class _Known:
    """What is known of an order; `missing` is where it wasn't found although not cancelled."""

    account: str
    order: dict[str, Any]
    filled: Decimal
    is_placed: bool = False
    is_cancelled: bool = False
    missing: list[tuple[Recorded, str]] = field(factory=list)


class Orders:
    """What the answers so far say of orders and of the trades that filled them.

    Args:
        owners: tells whose the tokens are.
    """

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._orders: dict[int, _Known] = {}
        self._trades: dict[tuple[str, int], dict[int, Decimal]] = {}
        self._newest: dict[str, datetime] = {}

    def see(self, step: Step) -> Iterator[Found]:
        """Take one exchange in, and give what contradicts the earlier ones."""
        if not step.ok:
            yield from self._refused(step)
        elif step.operation in _PLACES:
            yield from self._placed(step)
        elif step.operation == "listOpenOrders":
            yield from self._listed(step)
        elif step.operation == "getOpenOrder":
            yield from self._met(step, step.data, "C403")
        elif step.operation in _CANCELS:
            yield from self._cancelled(step)
        elif step.operation == "listTransactions":
            yield from self._traded(step)

    def _placed(self, step: Step) -> Iterator[Found]:
        order, asked = step.data, step.arguments
        wanted = {
            "market": str(asked["market"]).upper(),
            "price": number(asked["price"]),
            "initial_amount": number(asked["amount"]),
        }
        for name, value in wanted.items():
            if order[name] != value:
                yield self._now(step, "C401", f"{name} is {order[name]}, not {value} as asked for.")
        known = self._orders.get(order["id"])
        if known is not None and (known.is_placed or step.alone):
            yield self._now(step, "C406", f"The id {order['id']} was another order's.")
        yield from self._dated(step, order)
        self._orders[order["id"]] = _Known(
            step.account, order, number(order["filled"]), is_placed=True
        )

    def _dated(self, step: Step, order: dict[str, Any]) -> Iterator[Found]:
        made = datetime.fromisoformat(order["created_at"])
        before = self._newest.get("order")
        if step.alone and before is not None and made < before:
            yield self._now(
                step, "C420", f"It is dated {order['created_at']}, before the order placed earlier."
            )
        self._newest["order"] = made if before is None else max(before, made)

    def _listed(self, step: Step) -> Iterator[Found]:
        for order in step.data:
            yield from self._met(step, order, "C402")
        if not (step.alone and step.is_whole):
            return
        listed = {order["id"] for order in step.data}
        for id_, known in self._orders.items():
            market = step.market in (None, known.order["market"])
            if known.account == step.account and market and id_ not in listed:
                self._miss(known, step, "C402")

    def _refused(self, step: Step) -> Iterator[Found]:
        known = self._orders.get(step.arguments.get("id", 0))
        if known is None or step.code != "order_not_found" or not step.alone:
            return
        if step.operation == "getOpenOrder" and known.account == step.account:
            self._miss(known, step, "C403")
        yield from ()

    def _cancelled(self, step: Step) -> Iterator[Found]:
        id_ = step.arguments["id"]
        known = self._orders.get(id_)
        if known is not None and known.is_cancelled:
            yield self._now(step, "C405", f"Order {id_} was cancelled before.")
            return
        side = "BUY" if step.operation == "cancelBuyLimitOrder" else "SELL"
        if known is not None and known.order["side"] != side:
            yield self._now(step, "C407", f"Order {id_} is a {known.order['side']}.")
        if step.data is not None:
            yield from self._met(step, step.data, "C413")
        elif known is not None:
            yield from self._was_open(step, known)
        known = self._orders.get(id_)
        if known is not None:
            known.is_cancelled = True

    def _met(self, step: Step, order: dict[str, Any], code: str) -> Iterator[Found]:
        """Compare an order that is said to be open with what is known of it."""
        id_ = order["id"]
        known = self._orders.get(id_)
        if known is None:
            self._orders[id_] = _Known(step.account, order, number(order["filled"]))
            return
        if self._owners.differ(known.account, step.account):
            yield self._now(step, "C303", f"Order {id_} is another account's.")
            return
        if known.is_cancelled and step.alone:
            yield self._now(step, "C404", f"Order {id_} was cancelled before.")
            return
        if step.alone and known.filled >= number(known.order["initial_amount"]):
            yield self._now(step, "C404", f"Order {id_} was filled before.")
            return
        for name in _LASTING:
            if order[name] != known.order[name]:
                sentence = f"Order {id_}: {name} was {known.order[name]}, and is {order[name]}."
                yield self._now(step, code, sentence)
        filled = number(order["filled"])
        if step.alone and filled < known.filled:
            yield self._now(step, code, f"Order {id_}: filled was {known.filled}, and is {filled}.")
        known.filled = max(known.filled, filled)
        yield from self._was_open(step, known)

    def _was_open(self, step: Step, known: _Known) -> Iterator[Found]:
        """Give where an order wasn't found that is open even now."""
        id_ = known.order["id"]
        for recorded, code in known.missing:
            yield (
                recorded,
                Problem(code, f"Order {id_} isn't there; {step.operation} finds it open later."),
            )
        known.missing.clear()

    def _miss(self, known: _Known, step: Step, code: str) -> None:
        is_open = known.order["is_open"] and not known.is_cancelled
        if is_open and known.filled < number(known.order["initial_amount"]):
            known.missing.append((step.recorded, code))

    def _traded(self, step: Step) -> Iterator[Found]:
        for trade in step.data:
            traded = self._trades.setdefault((step.account, trade["order_id"]), {})
            traded[trade["id"]] = number(trade["amount"])
        for id_, known in self._orders.items():
            if known.account != step.account:
                continue
            traded_of_it = sum(self._trades.get((step.account, id_), {}).values(), start=Decimal(0))
            initial = number(known.order["initial_amount"])
            if traded_of_it > initial:
                yield self._now(step, "C503", f"Order {id_}: {traded_of_it} of {initial} traded.")
            whole = step.alone and step.is_whole and step.market in (None, known.order["market"])
            if whole and traded_of_it < initial:
                for recorded, code in known.missing:
                    sentence = f"Order {id_} isn't there, and only {traded_of_it} of it was traded."
                    yield recorded, Problem(code, sentence)
                known.missing.clear()

    @staticmethod
    def _now(step: Step, code: str, sentence: str) -> Found:
        return step.recorded, Problem(code, sentence)

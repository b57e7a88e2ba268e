"""Defects of behaviour seeded into the sandbox, each with the rule by which the model names it.

Another one is a line in `BEHAVIOURS`: what is wrong, the rule, and what makes it wrong.
"""

from collections.abc import Callable
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from coinbtr.sandbox.core.catalogue import Catalogue
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.ledger import OUTSIDE, Bucket, Reason
from coinbtr.sandbox.core.orders import Side
from coinbtr.sandbox.core.units import value_of
from coinbtr.wire.engine import Request, Response
from tests.contract import defects
from tests.contract.defects import Defect
from tests.contract.tampering import (
    TOKEN,
    Handle,
    Tamper,
    TamperedSandbox,
    answered,
    document,
)

Make = Callable[[TamperedSandbox], Tamper]

_MODEL = ("model",)


def _behaviour(name: str, rule: str, make: Make) -> Defect:
    return Defect(name, rule, _MODEL, make)


def _own_price(sandbox: TamperedSandbox) -> None:
    """A buyer pays its own limit, not the price of the resting order."""
    desk = sandbox.exchange.trading
    settle: Callable[..., None] = desk._settle

    def settled(
        rules: Any, bought: Any, sold: Any, amount: int, value: int, buyer: int, seller: int
    ) -> None:
        paid = value_of(bought.price, amount) if bought.id > sold.id else value
        settle(rules, bought, sold, amount, paid, buyer, seller)

    vars(desk)["_settle"] = settled


def _never_released(sandbox: TamperedSandbox) -> None:
    ledger = sandbox.exchange.ledger
    post = ledger.post

    def posted(reason: Reason, *postings: Any) -> None:
        if reason is not Reason.ORDER_CANCELLED:
            post(reason, *postings)

    vars(ledger)["post"] = posted


def _whole_released(sandbox: TamperedSandbox) -> None:
    """Cancelling a partly filled order gives back what was traded, too."""
    desk = sandbox.exchange.trading
    cancel = desk.cancel

    def cancelled(account_id: int, order_id: int, side: Any) -> Any:
        order = cancel(account_id, order_id, side)
        if order.filled:
            _give(sandbox, account_id, order.market.split("-")[0], order.filled)
        return order

    vars(desk)["cancel"] = cancelled


def _maker_as_taker(sandbox: TamperedSandbox) -> None:
    desk = sandbox.exchange.trading
    markets = []
    for market in desk._catalogue.markets.values():
        dear = copy(market)
        object.__setattr__(dear, "fees", tuple((taker, taker) for _, taker in market.fees))
        markets.append(dear)
    vars(desk)["_catalogue"] = Catalogue(desk._catalogue.coins.values(), markets)


def _no_expiry(sandbox: TamperedSandbox) -> None:
    for day in sandbox.exchange.trading.days.values():
        vars(day)["advance"] = lambda _: None


def _ids_again(sandbox: TamperedSandbox) -> None:
    """The id of a cancelled order goes to the next one."""
    desk = sandbox.exchange.trading
    cancel, place, free = desk.cancel, desk.place, list[int]()

    def cancelled(account_id: int, order_id: int, side: Any) -> Any:
        order = cancel(account_id, order_id, side)
        free.append(order_id)
        return order

    def placed(account_id: int, market: str, side: Side, **given: Any) -> Any:
        made = desk.orders_made
        desk.orders_made = free[-1] - 1 if free else made
        try:
            order = place(account_id, market, side, **given)
        except Refusal:
            desk.orders_made = made
            raise
        if free:
            free.pop()
            desk.orders_made = made
        return order

    vars(desk)["cancel"], vars(desk)["place"] = cancelled, placed


def _one_unit_short(sandbox: TamperedSandbox) -> None:
    """An order is taken although a single unit is missing."""
    desk = sandbox.exchange.trading
    place = desk.place

    def placed(account_id: int, market: str, side: Side, **given: Any) -> Any:
        try:
            return place(account_id, market, side, **given)
        except Refusal as refused:
            if refused.code is not Code.INSUFFICIENT_FUNDS:
                raise
            coin = market.upper().split("-")[1 if side is Side.BUY else 0]
            _give(sandbox, account_id, coin, 1)
            try:
                return place(account_id, market, side, **given)
            except Refusal:
                _give(sandbox, account_id, coin, -1)
                raise

    vars(desk)["place"] = placed


def _give(sandbox: TamperedSandbox, account_id: int, coin: str, units: int) -> None:
    ledger = sandbox.exchange.ledger
    ledger.post(
        Reason.DEPOSIT_CONFIRMED,
        (ledger.wallet(OUTSIDE, coin), Bucket.AVAILABLE, -units),
        (ledger.wallet(account_id, coin), Bucket.AVAILABLE, units),
    )


def _withdrawal_overdraft(sandbox: TamperedSandbox) -> Tamper:
    """The fee of a withdrawal need not be covered: the exchange lends it."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        short = (document(response) or {}).get("msg") and response.status == 409
        if defects._path(request) == "/wallet/withdraw" and short:
            account = "demo" if TOKEN in _authorization(request) else "other"
            sandbox.credit("BTC", "0.0005", account)
            again = handle(request)
            if again.status == 200:
                return again
            _give(sandbox, sandbox.exchange.account(account).id, "BTC", -50_000)
        return response

    return tamper


def _foreign_listed(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if defects._path(request) != "/trading/listopenorders" or response.status != 200:
            return response
        if _authorization(request) == f"Token {TOKEN}":
            return response
        foreign = document(handle(defects._with_token(request, TOKEN)))
        body = document(response)
        return answered(response, {**body, "data": [*foreign["data"][:1], *body["data"]]})

    return tamper


def _an_hour_ago(entry: Any) -> Any:
    when = datetime.fromisoformat(entry["created_at"]) - timedelta(hours=1)
    text = when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"
    return {**entry, "created_at": text}


def _cancelled_again(_: TamperedSandbox) -> Tamper:
    """Whoever cancelled an order may do so again."""
    cancelled: set[tuple[str, str, str]] = set()

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        path, body = defects._path(request), document(request)
        if path.startswith("/trading/cancel") and isinstance(body, dict):
            key = (path, str(body.get("id")), _authorization(request))
            if response.status == 200:
                cancelled.add(key)
            elif key in cancelled:
                return answered(response, {"success": True, "msg": ""}, status=200)
        return response

    return tamper


def _closed_when_partly_filled(_: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        body = document(response)
        if not defects._path(request).startswith("/trading/place/") or response.status != 200:
            return response
        order = body["data"]
        if not (order["filled"] and order["amount"]):
            return response
        filled = {**order, "filled": order["initial_amount"], "amount": 0, "is_open": False}
        return answered(response, {**body, "data": filled})

    return tamper


class _Profile:
    """A profile whose level rises each time that it is asked for."""

    def __init__(self) -> None:
        self._level = 0

    def __call__(self, _: object) -> dict[str, Any]:
        self._level += 1
        return {
            "username": "demo",
            "email": None,
            "level": self._level,
            "created_at": "2021-07-16T12:00:00.000Z",
        }


def _authorization(request: Request) -> str:
    # Names are in lower case only where they came through a socket.
    return {name.lower(): value for name, value in request.headers.items()}["authorization"]


_core, _edited = defects._core, defects._edited

BEHAVIOURS: tuple[Defect, ...] = (
    # money
    _behaviour("fees rounded down", "C503", _core(defects._fees_rounded_down)),
    _behaviour("the taker pays its own price", "C503", _core(_own_price)),
    _behaviour("makers pay the taker's fee", "C503", _core(_maker_as_taker)),
    _behaviour("cancelling releases nothing", "C502", _core(_never_released)),
    _behaviour("cancelling releases what was traded", "C502", _core(_whole_released)),
    _behaviour("an order overdraws by one unit", "C505", _core(_one_unit_short)),
    _behaviour("a withdrawal's fee is lent", "C505", _withdrawal_overdraft),
    _behaviour("a withdrawal without its fee", "C504", defects._free_withdrawal),
    # matching
    _behaviour("the younger order first", "C603", _core(defects._younger_first)),
    _behaviour("the worst price first", "C602", _core(defects._worst_first)),
    _behaviour("trading with oneself", "C410", _core(defects._self_trades)),
    _behaviour("a part is told as the whole", "C411", _closed_when_partly_filled),
    # market
    _behaviour(
        "high is the last price",
        "C604",
        _edited(
            "/market/gettiker",
            lambda data: {**data, "high": data["high"] and max(data["low"], data["last"])},
        ),
    ),
    _behaviour("the volume never expires", "C607", _core(_no_expiry)),
    _behaviour("trades leave no trace", "C604", _core(defects._volume_stands_still)),
    _behaviour(
        "the volume counts both sides",
        "C605",
        _edited(
            "/market/get24hvolume",
            lambda data: {**data, "volume": data["volume"] * 2, "value": data["value"] * 2},
        ),
    ),
    _behaviour("an old order book", "C601", defects._old_book),
    # state
    _behaviour("ids are used again", "C406", _core(_ids_again)),
    _behaviour("foreign orders listed", "C303", _foreign_listed),
    _behaviour("foreign orders shown", "C303", defects._foreign("/trading/getopenorder")),
    _behaviour("cancelled twice", "C405", _cancelled_again),
    _behaviour("the wrong side cancels", "C407", defects._either_side),
    _behaviour("offset ignored", "C701", defects._ignores("offset")),
    _behaviour(
        "trades an hour ago",
        "C412",
        _edited("/trading/listtransactions", lambda data: [_an_hour_ago(one) for one in data]),
    ),
    _behaviour(
        "a cancelled order with another price",
        "C413",
        _edited("/trading/cancel/buylimit", lambda data: {**data, "price": data["price"] + 1}),
    ),
    _behaviour("another level after trades", "C508", _edited("/wallet/user/profile", _Profile())),
)

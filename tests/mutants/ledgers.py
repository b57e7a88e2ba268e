"""How money goes wrong: what the mutants of the class money do to the exchange."""

from collections.abc import Callable
from copy import copy
from decimal import Decimal
from typing import Any

from coinbtr.sandbox.core.catalogue import Catalogue
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.ledger import OUTSIDE, Bucket, Reason
from coinbtr.sandbox.core.orders import Side
from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import Handle, Tamper, TamperedSandbox, answered, asked, document
from tests.mutants.making import account, core, operation, sent_to
from tests.mutants.mutant import Make


def give(sandbox: TamperedSandbox, account_id: int, coin: str, units: int) -> None:
    ledger = sandbox.exchange.ledger
    ledger.post(
        Reason.DEPOSIT_CONFIRMED,
        (ledger.wallet(OUTSIDE, coin), Bucket.AVAILABLE, -units),
        (ledger.wallet(account_id, coin), Bucket.AVAILABLE, units),
    )


def gives(coin: str, units: int) -> Callable[[TamperedSandbox, Request], None]:
    """Let money appear on the account that asks, or vanish from it."""

    def do(sandbox: TamperedSandbox, request: Request) -> None:
        give(sandbox, sandbox.exchange.account(account(request)).id, coin, units)

    return do


def more_pending(sandbox: TamperedSandbox) -> None:
    """A deposit is counted whose transaction isn't listed."""
    ledger = sandbox.exchange.ledger
    account = sandbox.exchange.account("demo").id
    ledger.post(
        Reason.DEPOSIT_SEEN,
        (ledger.wallet(OUTSIDE, "BTC"), Bucket.AVAILABLE, -1_000_000),
        (ledger.wallet(account, "BTC"), Bucket.PENDING, 1_000_000),
    )


def overdraft(sandbox: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if response.status == 409:
            for coin in ("MXN", "BTC"):
                sandbox.credit(coin, 1_000_000)
            return handle(request)
        return response

    return tamper


def one_unit_short(sandbox: TamperedSandbox) -> None:
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
            give(sandbox, account_id, coin, 1)
            try:
                return place(account_id, market, side, **given)
            except Refusal:
                give(sandbox, account_id, coin, -1)
                raise

    vars(desk)["place"] = placed


def fee_lent(sandbox: TamperedSandbox) -> Tamper:
    """The fee of a withdrawal need not be covered: the exchange lends it."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if operation(request) == "withdraw" and response.status == 409:
            lent = sandbox.exchange.account(account(request)).id
            give(sandbox, lent, "BTC", 50_000)
            again = handle(request)
            if again.status == 200:
                return again
            give(sandbox, lent, "BTC", -50_000)
        return response

    return tamper


def keeps_hold(_: TamperedSandbox) -> Tamper:
    """A cancelled order is out of every list, and what it held stays held."""
    gone: set[str] = set()

    def tamper(request: Request, handle: Handle) -> Response:
        name, body = operation(request), document(request)
        if name == "cancelBuyLimitOrder" and isinstance(body, dict):
            found = handle(sent_to(request, "getOpenOrder"))
            if found.status == 200 and str(body["id"]) not in gone:
                gone.add(str(body["id"]))
                return answered(found, {"success": True, "msg": ""})
        if name == "getOpenOrder" and isinstance(body, dict) and str(body.get("id")) in gone:
            return handle(asked(request, {"id": 9007199254740991}))
        response = handle(request)
        if name == "listOpenOrders" and response.status == 200:
            answer = document(response)
            left = [order for order in answer["data"] if str(order["id"]) not in gone]
            return answered(response, {**answer, "data": left})
        return response

    return tamper


def settled(change: Callable[..., tuple[Any, ...]]) -> Make:
    """Settle trades with other figures: `change` takes and gives what `_settle` takes."""

    def wrong(sandbox: TamperedSandbox) -> None:
        desk = sandbox.exchange.trading
        settle: Callable[..., None] = desk._settle
        vars(desk)["_settle"] = lambda *given: settle(*change(*given))

    return core(wrong)


def rounded_down(*given: Any) -> tuple[Any, ...]:
    *others, buyer, seller = given
    return *others, max(buyer - 1, 0), max(seller - 1, 0)


def no_fee_for_sellers(*given: Any) -> tuple[Any, ...]:
    return *given[:-1], 0


def buyer_pays_twice(*given: Any) -> tuple[Any, ...]:
    *others, buyer, seller = given
    return *others, buyer * 2, seller


def own_price(*given: Any) -> tuple[Any, ...]:
    """A buyer pays its own limit, not the price of the resting order."""
    *parties, held, amount, _, buyer, seller = given
    return *parties, held, amount, held, buyer, seller


def never_released(sandbox: TamperedSandbox) -> None:
    ledger = sandbox.exchange.ledger
    shift = ledger.shift

    def shifted(reason: Reason, *what: Any) -> None:
        if reason is not Reason.ORDER_CANCELLED:
            shift(reason, *what)

    vars(ledger)["shift"] = shifted


def pending_until_sent(sandbox: TamperedSandbox) -> None:
    """A withdrawal is taken off when it is confirmed only."""
    ledger = sandbox.exchange.ledger
    post = ledger.post

    def posted(reason: Reason, *postings: Any) -> None:
        if reason is not Reason.WITHDRAWAL_SIGNED:
            post(reason, *postings)

    vars(ledger)["post"] = posted


def whole_released(sandbox: TamperedSandbox) -> None:
    """Cancelling a partly filled order gives back what was traded, too."""
    desk = sandbox.exchange.trading
    cancel = desk.cancel

    def cancelled(account_id: int, order_id: int, side: Any) -> Any:
        order = cancel(account_id, order_id, side)
        if order.filled:
            give(sandbox, account_id, order.market.split("-")[0], order.filled)
        return order

    vars(desk)["cancel"] = cancelled


def maker_as_taker(sandbox: TamperedSandbox) -> None:
    desk = sandbox.exchange.trading
    markets = []
    for market in desk._catalogue.markets.values():
        dear = copy(market)
        object.__setattr__(dear, "fees", tuple((taker, taker) for _, taker in market.fees))
        markets.append(dear)
    vars(desk)["_catalogue"] = Catalogue(desk._catalogue.coins.values(), markets)


def all_is_available(data: Any) -> Any:
    if isinstance(data, list):
        return [all_is_available(entry) for entry in data]
    return {**data, "available": data["balance"]}


def without_frozen(data: Any) -> Any:
    if isinstance(data, list):
        return [without_frozen(entry) for entry in data]
    return {**data, "balance": data["available"] + data["pending"]}


def in_cents(data: Any) -> Any:
    if isinstance(data, list):
        return [in_cents(entry) for entry in data]
    cent = Decimal("0.01")
    return {**data, "available": Decimal(data["available"]).quantize(cent, "ROUND_DOWN")}


def fee_of_buyers_in_quote(data: Any) -> Any:
    if isinstance(data, list):
        return [fee_of_buyers_in_quote(entry) for entry in data]
    return {**data, "fee_coin": data["market"].split("-")[1 if data["side"] == "BUY" else 0]}


def no_fee_told(data: Any) -> Any:
    if isinstance(data, list):
        return [no_fee_told(entry) for entry in data]
    return {**data, "fee_amount": 0}

"""Balances, fees and amounts that aren't what they should be."""

from collections.abc import Callable
from copy import copy
from decimal import Decimal
from typing import Any

from coinbtr.sandbox.core.catalogue import Catalogue
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.ledger import OUTSIDE, Bucket, Reason
from coinbtr.sandbox.core.orders import Side
from coinbtr.sandbox.core.units import value_of
from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import Handle, Tamper, TamperedSandbox, answered, asked, document
from tests.mutants.making import account, after, core, each, edited, operation, sent_to, with_
from tests.mutants.mutant import Kind, Make, Mutant
from tests.mutants.steps import ADDRESS, BALANCES, BUY, POOR, RESTING, SELL, TRADE, TRADED, WITHDRAW

MONEY: Kind = "money"
_PLACE = "placeBuyLimitOrder placeSellLimitOrder"
_TRADES = "listTransactions getTransaction"
_MONEY = "listBalances getBalance"


def _give(sandbox: TamperedSandbox, account_id: int, coin: str, units: int) -> None:
    ledger = sandbox.exchange.ledger
    ledger.post(
        Reason.DEPOSIT_CONFIRMED,
        (ledger.wallet(OUTSIDE, coin), Bucket.AVAILABLE, -units),
        (ledger.wallet(account_id, coin), Bucket.AVAILABLE, units),
    )


def _gives(coin: str, units: int) -> Callable[[TamperedSandbox, Request], None]:
    """Let money appear on the account that asks, or vanish from it."""

    def do(sandbox: TamperedSandbox, request: Request) -> None:
        _give(sandbox, sandbox.exchange.account(account(request)).id, coin, units)

    return do


def _overdraft(sandbox: TamperedSandbox) -> Tamper:
    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if response.status == 409:
            for coin in ("MXN", "BTC"):
                sandbox.credit(coin, 1_000_000)
            return handle(request)
        return response

    return tamper


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


def _fee_lent(sandbox: TamperedSandbox) -> Tamper:
    """The fee of a withdrawal need not be covered: the exchange lends it."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if operation(request) == "withdraw" and response.status == 409:
            lent = sandbox.exchange.account(account(request)).id
            _give(sandbox, lent, "BTC", 50_000)
            again = handle(request)
            if again.status == 200:
                return again
            _give(sandbox, lent, "BTC", -50_000)
        return response

    return tamper


def _keeps_hold(_: TamperedSandbox) -> Tamper:
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


def _settled(change: Callable[..., tuple[Any, ...]]) -> Make:
    """Settle trades with other figures: `change` takes and gives what `_settle` takes."""

    def wrong(sandbox: TamperedSandbox) -> None:
        desk = sandbox.exchange.trading
        settle: Callable[..., None] = desk._settle
        vars(desk)["_settle"] = lambda *given: settle(*change(*given))

    return core(wrong)


def _rounded_down(rules: Any, bought: Any, sold: Any, *rest: int) -> tuple[Any, ...]:
    amount, value, buyer, seller = rest
    return rules, bought, sold, amount, value, max(buyer - 1, 0), max(seller - 1, 0)


def _no_fee_for_sellers(rules: Any, bought: Any, sold: Any, *rest: int) -> tuple[Any, ...]:
    amount, value, buyer, _ = rest
    return rules, bought, sold, amount, value, buyer, 0


def _buyer_pays_twice(rules: Any, bought: Any, sold: Any, *rest: int) -> tuple[Any, ...]:
    amount, value, buyer, seller = rest
    return rules, bought, sold, amount, value, buyer * 2, seller


def _own_price(rules: Any, bought: Any, sold: Any, *rest: int) -> tuple[Any, ...]:
    """A buyer pays its own limit, not the price of the resting order."""
    amount, value, buyer, seller = rest
    paid = value_of(bought.price, amount) if bought.id > sold.id else value
    return rules, bought, sold, amount, paid, buyer, seller


def _never_released(sandbox: TamperedSandbox) -> None:
    ledger = sandbox.exchange.ledger
    post = ledger.post

    def posted(reason: Reason, *postings: Any) -> None:
        if reason is not Reason.ORDER_CANCELLED:
            post(reason, *postings)

    vars(ledger)["post"] = posted


def _pending_until_sent(sandbox: TamperedSandbox) -> None:
    """A withdrawal is taken off when it is confirmed only."""
    ledger = sandbox.exchange.ledger
    post = ledger.post

    def posted(reason: Reason, *postings: Any) -> None:
        if reason is not Reason.WITHDRAWAL_SIGNED:
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


def _all_is_available(data: Any) -> Any:
    if isinstance(data, list):
        return [_all_is_available(entry) for entry in data]
    return {**data, "available": data["balance"]}


def _without_frozen(data: Any) -> Any:
    if isinstance(data, list):
        return [_without_frozen(entry) for entry in data]
    return {**data, "balance": data["available"] + data["pending"]}


def _in_cents(data: Any) -> Any:
    if isinstance(data, list):
        return [_in_cents(entry) for entry in data]
    cent = Decimal("0.01")
    return {**data, "available": Decimal(data["available"]).quantize(cent, "ROUND_DOWN")}


def _fee_of_buyers_in_quote(data: Any) -> Any:
    if isinstance(data, list):
        return [_fee_of_buyers_in_quote(entry) for entry in data]
    return {**data, "fee_coin": data["market"].split("-")[1 if data["side"] == "BUY" else 0]}


def _no_fee_told(data: Any) -> Any:
    if isinstance(data, list):
        return [_no_fee_told(entry) for entry in data]
    return {**data, "fee_amount": 0}


MUTANTS = (
    Mutant(
        "an overdraft",
        MONEY,
        "placeBuyLimitOrder withdraw",
        "C505",
        "The user owes what he never meant to spend.",
        POOR,
        _overdraft,
    ),
    Mutant(
        "an order overdraws by one unit",
        MONEY,
        _PLACE,
        "C505",
        "A balance falls below zero.",
        f"withdraw coin=btc address={ADDRESS} amount=9.98949999;"
        "placeSellLimitOrder market=btc-mxn amount=0.01 price=1200000;"
        "placeSellLimitOrder market=btc-mxn amount=0.000001 price=9000000; placeSellLimitOrder"
        " market=btc-mxn amount=0.0005 price=1200000",
        core(_one_unit_short),
    ),
    Mutant(
        "a withdrawal's fee is lent",
        MONEY,
        "withdraw",
        "C505",
        "The user owes the fee.",
        f"withdraw coin=btc address={ADDRESS} amount=10",
        _fee_lent,
    ),
    Mutant(
        "a withdrawal without its fee",
        MONEY,
        "listBalances",
        "C504",
        "The fee is taken later, unannounced.",
        f"{WITHDRAW}; listBalances",
        after("withdraw", 200, _gives("BTC", 50_000)),
    ),
    Mutant(
        "a withdrawal is taken twice",
        MONEY,
        "listBalances",
        "C504",
        "Money is gone.",
        f"{WITHDRAW}; listBalances",
        after("withdraw", 200, _gives("BTC", -10_000)),
    ),
    Mutant(
        "a withdrawal is taken later",
        MONEY,
        "listBalances",
        "C504",
        "The same money is spent twice.",
        f"{WITHDRAW}; listBalances",
        core(_pending_until_sent),
    ),
    Mutant(
        "another amount in the list",
        MONEY,
        "listWithdrawals",
        "C506",
        "The user believes that more was taken.",
        f"{WITHDRAW}; listWithdrawals",
        edited("listWithdrawals", each(with_("amount", lambda value: value + 1))),
    ),
    Mutant(
        "the amount listed with its fee",
        MONEY,
        "listWithdrawals",
        "C506",
        "The receiver is said to have got more.",
        f"{WITHDRAW}; listWithdrawals",
        edited(
            "listWithdrawals",
            each(lambda one: {**one, "amount": one["amount"] + one["fee_amount"]}),
        ),
    ),
    Mutant(
        "withdrawn to another address",
        MONEY,
        "listWithdrawals",
        "C506",
        "The user can't prove where the money went.",
        f"{WITHDRAW}; listWithdrawals",
        edited("listWithdrawals", each(with_("address", lambda value: value[::-1]))),
    ),
    Mutant(
        "a lower fee is announced",
        MONEY,
        "getCurrencies",
        "C504",
        "Withdrawing costs more than was said.",
        "getCurrencies",
        edited("getCurrencies", each(with_("fee_withdraw", lambda fee: fee / 2))),
    ),
    Mutant(
        "what was held stays held",
        MONEY,
        "listBalances cancelBuyLimitOrder",
        "C502",
        "Money can't be used any more.",
        f"{BUY}; cancelBuyLimitOrder id=$order.id; listBalances",
        _keeps_hold,
    ),
    Mutant(
        "cancelling releases nothing",
        MONEY,
        "listBalances",
        "C502",
        "Money can't be used any more.",
        f"{BUY}; cancelBuyLimitOrder id=$order.id; listBalances",
        core(_never_released),
    ),
    Mutant(
        "cancelling releases what was traded",
        MONEY,
        "listBalances",
        "C502",
        "Money appears; the exchange takes it back later.",
        f"{TRADE}; other cancelSellLimitOrder id=$rest.id; {BALANCES}",
        core(_whole_released),
    ),
    Mutant(
        "a sale's hold isn't given back whole",
        MONEY,
        "listBalances",
        "C502",
        "Each cancellation costs a little.",
        f"{SELL}; cancelSellLimitOrder id=$order.id; listBalances",
        after("cancelSellLimitOrder", 200, _gives("BTC", -1)),
    ),
    Mutant(
        "an order holds too little",
        MONEY,
        "listBalances",
        "C501",
        "The order can't be paid when it is filled.",
        f"{BUY}; listBalances",
        after("placeBuyLimitOrder", 200, _gives("MXN", 100_000_000)),
    ),
    Mutant(
        "a sale holds too little",
        MONEY,
        "listBalances",
        "C501 C503",
        "The order can't be delivered when it is filled.",
        f"{SELL}; listBalances",
        after("placeSellLimitOrder", 200, _gives("BTC", 1)),
    ),
    Mutant(
        "what is held is available",
        MONEY,
        _MONEY,
        "C501",
        "The same money is ordered with twice.",
        f"{BUY}; listBalances",
        edited(_MONEY, _all_is_available),
    ),
    Mutant(
        "the balance without what is held",
        MONEY,
        _MONEY,
        "C501",
        "The user believes that money is gone.",
        f"{BUY}; listBalances",
        edited(_MONEY, _without_frozen),
    ),
    Mutant(
        "a refused order moves money",
        MONEY,
        "listBalances",
        "C408",
        "A refusal costs, or pays.",
        "placeBuyLimitOrder market=btc-mxn amount=0.00001 price=900000; listBalances",
        after("placeBuyLimitOrder", 422, _gives("MXN", 100_000_000)),
    ),
    Mutant(
        "a refused withdrawal costs",
        MONEY,
        "listBalances",
        "C408",
        "A refusal costs.",
        f"withdraw coin=btc address={ADDRESS} amount=1000; listBalances",
        after("withdraw", 409, _gives("BTC", -1)),
    ),
    Mutant(
        "fees rounded down",
        MONEY,
        "listBalances",
        "C503",
        "What is booked isn't what was told, by a unit a trade.",
        f"{TRADE}; {BALANCES}",
        _settled(_rounded_down),
    ),
    Mutant(
        "sellers pay no fee",
        MONEY,
        "listBalances",
        "C503",
        "The fee is claimed back later.",
        f"{TRADE}; {BALANCES}",
        _settled(_no_fee_for_sellers),
    ),
    Mutant(
        "buyers pay the fee twice",
        MONEY,
        "listBalances",
        "C503",
        "Each purchase costs twice what was told.",
        f"{TRADE}; {BALANCES}",
        _settled(_buyer_pays_twice),
    ),
    Mutant(
        "the taker pays its own price",
        MONEY,
        "listBalances",
        "C503",
        "Who offers more than needed pays it.",
        f"{RESTING}; placeBuyLimitOrder market=btc-mxn amount=0.004 price=1017000; {BALANCES}",
        _settled(_own_price),
    ),
    Mutant(
        "makers pay the taker's fee",
        MONEY,
        "listBalances listTransactions",
        "C503",
        "Resting orders cost twice what was announced.",
        f"{TRADE}; {BALANCES}",
        core(_maker_as_taker),
    ),
    Mutant(
        "the fees of maker and taker exchanged",
        MONEY,
        "listBooks",
        "C503",
        "Strategies are reckoned with the wrong fee.",
        "listBooks",
        edited(
            "listBooks",
            each(lambda one: {**one, "maker_fee": one["taker_fee"], "taker_fee": one["maker_fee"]}),
        ),
    ),
    Mutant(
        "a fee that isn't told",
        MONEY,
        _TRADES,
        "C503 C606",
        "The statement doesn't add up to the balance.",
        f"{TRADED}; getTransaction id=$trades.0.id",
        edited(_TRADES, _no_fee_told),
    ),
    Mutant(
        "a fee in the wrong coin",
        MONEY,
        _TRADES,
        "C142",
        "Fees are booked in the wrong coin.",
        f"{TRADED}; getTransaction id=$trades.0.id",
        edited(_TRADES, _fee_of_buyers_in_quote),
    ),
    Mutant(
        "a value that isn't amount times price",
        MONEY,
        "listTransactions",
        "C142",
        "The statement doesn't add up.",
        f"{TRADE}; listTransactions",
        edited("listTransactions", each(with_("value", lambda value: value + 1))),
    ),
    Mutant(
        "a balance below its parts",
        MONEY,
        "listBalances",
        "C143",
        "The user believes that money is gone.",
        "listBalances",
        edited("listBalances", each(with_("balance", lambda _: 0))),
    ),
    Mutant(
        "balances in two versions",
        MONEY,
        "getBalance",
        "C507",
        "Which one is right must be guessed.",
        "getBalance coin=btc",
        edited("getBalance", with_("balance", lambda value: value + 1)),
    ),
    Mutant(
        "what is available in cents",
        MONEY,
        "getBalance",
        "C507",
        "The last of a coin can't be spent.",
        f"{WITHDRAW}; getBalance coin=btc",
        edited("getBalance", _in_cents),
    ),
    Mutant(
        "an address in two versions",
        MONEY,
        "getDepositAddress",
        "C507",
        "A deposit goes to somebody else.",
        "getDepositAddress coin=btc",
        edited("getDepositAddress", with_("address", lambda value: value[::-1])),
    ),
    Mutant(
        "looking costs money",
        MONEY,
        "getBalance listBalances",
        "C508 C507",
        "A balance melts while it is watched.",
        "listBalances; getBalance coin=btc; listBalances",
        after("getBalance", 200, _gives("BTC", -1)),
    ),
    Mutant(
        "a deposit counted short",
        MONEY,
        "listDeposits",
        "C421 C508",
        "The user can't prove what he sent.",
        "listDeposits; listDeposits limit=3",
        edited(
            "listDeposits",
            lambda data: (
                [{**one, "amount": one["amount"] / 2} for one in data] if len(data) < 5 else data
            ),
        ),
    ),
)

"""Requests that are taken although the description forbids them, or refused although it doesn't."""

import re
from decimal import Decimal
from typing import Any

from attrs import evolve

from coinbtr.wire.engine import Request
from tests.mutants.making import Edit, lenient, queried, refuses, requests
from tests.mutants.mutant import Kind, Mutant
from tests.mutants.steps import ADDRESS, BUY, TRADED

INPUT: Kind = "input"
_ORDER = "market=btc-mxn price=900000"


def _number(name: str) -> Edit:
    """Take a numeric string for a number."""

    def repair(body: dict[str, Any]) -> dict[str, Any]:
        value = body.get(name)
        is_text = isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", value)
        return {**body, name: Decimal(str(value))} if is_text else body

    return repair


def _positive(name: str) -> Edit:
    def repair(body: dict[str, Any]) -> dict[str, Any]:
        value = body.get(name)
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return {**body, name: Decimal("0.01")} if is_number and value == 0 else body

    return repair


def _absolute(name: str) -> Edit:
    def repair(body: dict[str, Any]) -> dict[str, Any]:
        value = body.get(name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return {**body, name: abs(value)}
        return body

    return repair


def _rounded(name: str) -> Edit:
    def repair(body: dict[str, Any]) -> dict[str, Any]:
        value = body.get(name)
        if isinstance(value, Decimal) and Decimal("1e-8") < value < 10**12:
            return {**body, name: value.quantize(Decimal("1e-8"))}
        return body

    return repair


def _default(name: str, value: Any) -> Edit:
    return lambda body: {name: value, **body}


def _known(*names: str) -> Edit:
    """Look at the known fields only."""
    return lambda body: {name: body[name] for name in names if name in body}


def _nan_is_one(request: Request) -> Request:
    return evolve(request, content=request.content.replace(b"NaN", b"1"))


def _as_json(request: Request) -> Request:
    given = {
        name: value for name, value in request.headers.items() if name.lower() != "content-type"
    }
    return evolve(request, headers={**given, "content-type": "application/json"})


def _last_wins(request: Request) -> Request:
    """Take the last of two keys."""
    twice = re.fullmatch(
        rb'\{(.*?)"(\w+)":([^,{}]*),(.*)"\2":([^,{}]*)\}', request.content, re.DOTALL
    )
    if twice is None:
        return request
    before, name, _, between, value = twice.groups()
    content = b"{" + before + between + b'"' + name + b'":' + value + b"}"
    headers = {**request.headers, "content-length": str(len(content))}
    return evolve(request, content=content, headers=headers)


MUTANTS = (
    Mutant(
        "a numeric string taken",
        INPUT,
        "placeBuyLimitOrder",
        "C202",
        "A program with a mistake works, until a price has a comma.",
        f'placeBuyLimitOrder {_ORDER} amount="0.01"',
        lenient("placeBuyLimitOrder", _number("amount")),
    ),
    Mutant(
        "an amount of 0 taken",
        INPUT,
        "placeBuyLimitOrder",
        "C202",
        "An empty field of a form becomes an order.",
        f"placeBuyLimitOrder {_ORDER} amount=0",
        lenient("placeBuyLimitOrder", _positive("amount")),
    ),
    Mutant(
        "an unknown field taken",
        INPUT,
        "placeBuyLimitOrder",
        "C202",
        "A limit under a misspelt name is silently no limit.",
        f"placeBuyLimitOrder {_ORDER} amount=0.01 stop=1",
        lenient("placeBuyLimitOrder", _known("market", "amount", "price")),
    ),
    Mutant(
        "a minus overlooked",
        INPUT,
        "placeSellLimitOrder",
        "C202",
        "What was meant as the opposite is sold.",
        "placeSellLimitOrder market=btc-mxn price=1200000 amount=-0.01",
        lenient("placeSellLimitOrder", _absolute("amount")),
    ),
    Mutant(
        "a price as a string taken",
        INPUT,
        "placeSellLimitOrder",
        "C202",
        "A program with a mistake works, until a price has a comma.",
        'placeSellLimitOrder market=btc-mxn price="1200000" amount=0.01',
        lenient("placeSellLimitOrder", _number("price")),
    ),
    Mutant(
        "plain text taken for JSON",
        INPUT,
        "placeSellLimitOrder",
        "C202 C203",
        "A page of another site can place an order in the user's name.",
        "placeSellLimitOrder market=btc-mxn price=1200000 amount=0.01 type:text/plain",
        requests("placeSellLimitOrder", _as_json),
    ),
    Mutant(
        "the last of two prices",
        INPUT,
        "placeBuyLimitOrder placeSellLimitOrder",
        "C202 C203",
        "What was checked on the way isn't what is bought.",
        'placeBuyLimitOrder raw:{"market":"btc-mxn","amount":0.01,"price":900000,"price":900001}',
        requests("placeBuyLimitOrder placeSellLimitOrder", _last_wins),
    ),
    Mutant(
        "nine decimals rounded",
        INPUT,
        "withdraw",
        "C202",
        "Another amount leaves than was asked for.",
        f"withdraw coin=btc address={ADDRESS} amount=0.500000001",
        lenient("withdraw", _rounded("amount")),
    ),
    Mutant(
        "NaN taken",
        INPUT,
        "withdraw",
        "C202",
        "A mistake in reckoning withdraws something.",
        f'withdraw raw:{{"coin":"btc","address":"{ADDRESS}","amount":NaN}}',
        requests("withdraw", _nan_is_one),
    ),
    Mutant(
        "a missing coin is bitcoin",
        INPUT,
        "withdraw",
        "C202",
        "A forgotten field sends the dearest coin.",
        f"withdraw address={ADDRESS} amount=0.5",
        lenient("withdraw", _default("coin", "btc")),
    ),
    Mutant(
        "a great limit cut down",
        INPUT,
        "listDeposits",
        "C202",
        "A list looks complete, and isn't.",
        "listDeposits limit=1000",
        queried("listDeposits", r"limit=(10[1-9]|[1-9][0-9]{3,})", "limit=100"),
    ),
    Mutant(
        "a negative offset is 0",
        INPUT,
        "listWithdrawals",
        "C202",
        "A program that pages backwards reads the first page for ever.",
        "listWithdrawals offset=-1",
        queried("listWithdrawals", r"offset=-[0-9]+", "offset=0"),
    ),
    Mutant(
        "a limit of 0 is the default",
        INPUT,
        "listOpenOrders listTransactions",
        "C202",
        "Asked for none, fifty come.",
        "listOpenOrders limit=0",
        lenient(
            "listOpenOrders listTransactions",
            lambda body: {**body, "limit": body.get("limit") or 50},
        ),
    ),
    Mutant(
        "a market that isn't named",
        INPUT,
        "getTicker",
        "C202",
        "A forgotten market trades at another one's price.",
        "getTicker",
        queried("getTicker", r"^$", "market=btc-mxn"),
    ),
    Mutant(
        "a book that isn't named",
        INPUT,
        "getOrderBook get24hVolume",
        "C202",
        "A forgotten market shows another one's book.",
        "getOrderBook; get24hVolume",
        queried("getOrderBook get24hVolume", r"^$", "market=btc-mxn"),
    ),
    Mutant(
        "a coin that isn't named",
        INPUT,
        "getBalance",
        "C202",
        "A forgotten coin shows another one's balance.",
        "getBalance",
        queried("getBalance", r"^$", "coin=btc"),
    ),
    Mutant(
        "the first of two coins",
        INPUT,
        "getBalance",
        "C202",
        "Which balance it is must be guessed.",
        "getBalance raw:coin=btc&coin=ltc",
        queried("getBalance", r"^(coin=\w+)&coin=.*", r"\1"),
    ),
    Mutant(
        "unknown parameters taken",
        INPUT,
        "getTicker get24hVolume",
        "C202",
        "A misspelt parameter is silently none.",
        "getTicker market=btc-mxn limit=1",
        queried("getTicker get24hVolume", r"(^|&)(?!market=)[^&]*", ""),
    ),
    Mutant(
        "spaces around a coin taken",
        INPUT,
        "getDepositAddress",
        "C202",
        "A field that was pasted works here, and nowhere else.",
        "getDepositAddress coin=%20btc",
        queried("getDepositAddress", r"coin=(%20|\+)+", "coin="),
    ),
    Mutant(
        "an unknown coin's address",
        INPUT,
        "getDepositAddress",
        "C202 C147",
        "Money is sent to an address of another network.",
        "getDepositAddress coin=abc",
        queried("getDepositAddress", r"coin=(abc|nil|zzz?|NIL|[A-Za-z0-9]{6,10})$", "coin=btc"),
    ),
    Mutant(
        "an id as a string taken",
        INPUT,
        "getOpenOrder cancelBuyLimitOrder cancelSellLimitOrder",
        "C202 C203",
        "A program with a mistake works, until an id has a zero in front.",
        f'{BUY}; getOpenOrder id="$order.id"; getOpenOrder raw:{{"id":"325"}}',
        lenient("getOpenOrder cancelBuyLimitOrder cancelSellLimitOrder", _number("id")),
    ),
    Mutant(
        "an id of 0 is the newest",
        INPUT,
        "getOpenOrder",
        "C202 C203",
        "A variable that was never set shows some order.",
        f"{BUY}; getOpenOrder id=0",
        lenient("getOpenOrder", lambda body: {**body, "id": body.get("id") or 325}),
    ),
    Mutant(
        "cancelling without an id",
        INPUT,
        "cancelBuyLimitOrder",
        "C202 C203",
        "A forgotten id cancels some order.",
        f"{BUY}; cancelBuyLimitOrder",
        lenient("cancelBuyLimitOrder", _default("id", 325)),
    ),
    Mutant(
        "a trade's number cut to an integer",
        INPUT,
        "getTransaction",
        "C202 C203",
        "Another trade is shown than was asked for.",
        f"{TRADED}; getTransaction id=1.5",
        lenient(
            "getTransaction",
            lambda body: (
                {**body, "id": int(body["id"])}
                if isinstance(body.get("id"), Decimal) and abs(body["id"]) < 10**9
                else body
            ),
        ),
    ),
    Mutant(
        "a limit of 2 refused",
        INPUT,
        "getOrderBook",
        "C201",
        "The top of the book can't be asked for.",
        "getOrderBook market=btc-mxn limit=2",
        refuses("getOrderBook", r"limit=2\b", 400, "invalid_request"),
    ),
    Mutant(
        "the greatest limit refused",
        INPUT,
        "listTransactions listOpenOrders",
        "C201",
        "Paging as documented stops at once.",
        "listTransactions limit=100; listOpenOrders limit=100",
        refuses("listTransactions listOpenOrders", r'"limit":100\b', 400, "invalid_request"),
    ),
    Mutant(
        "an offset refused",
        INPUT,
        "listDeposits listWithdrawals",
        "C201",
        "Only the first page can be read.",
        "listDeposits offset=1; listWithdrawals offset=1",
        refuses("listDeposits listWithdrawals", r"offset=[1-9]", 400, "invalid_request"),
    ),
    Mutant(
        "lower case refused",
        INPUT,
        "getOrderBook",
        "C703",
        "The documented examples don't work.",
        "getOrderBook market=btc-mxn",
        refuses("getOrderBook", "market=[a-z]", 404, "book_not_found"),
    ),
    Mutant(
        "upper case refused",
        INPUT,
        "getTicker getBalance",
        "C703 C201",
        "What the exchange itself writes can't be asked for.",
        "getTicker market=BTC-MXN; getBalance coin=BTC",
        refuses("getTicker getBalance", "=[A-Z]", 404, "book_not_found"),
    ),
    Mutant(
        "small amounts refused",
        INPUT,
        "withdraw",
        "C201 C203",
        "The last of a coin can't be withdrawn.",
        f"withdraw coin=btc address={ADDRESS} amount=0.001",
        refuses("withdraw", r'"amount":0\.0*[1-9]', 422, "below_minimum"),
    ),
)

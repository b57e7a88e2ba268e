"""Tokens that open what they shouldn't, and accounts that see each other."""

from typing import Any

from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import (
    OTHER_TOKEN,
    TOKEN,
    Handle,
    Tamper,
    TamperedSandbox,
    answered,
    document,
)
from tests.mutants.making import (
    answers,
    by,
    edited,
    operation,
    refusal,
    with_,
    with_token,
)
from tests.mutants.mutant import Kind, Make, Mutant
from tests.mutants.steps import BOUGHT, BUY, SELL, WITHDRAW

ACCOUNTS: Kind = "accounts"


def _as_demo(names: str, *, has_header: bool) -> Make:
    """Let a request that a token problem stopped through, as the account `demo`."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        chosen = not names or operation(request) in names.split()
        if response.status == 401 and chosen and bool(by(request)) is has_header:
            return handle(with_token(request, TOKEN))
        return response

    return lambda _: tamper


def _foreign(names: str) -> Make:
    """Let some operations reach the account `demo` from the other one."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if operation(request) in names.split() and response.status == 404:
            return handle(with_token(request, TOKEN))
        return response

    return lambda _: tamper


def _listed(name: str) -> Make:
    """Let the newest entry of `demo` stand in the other account's list."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if operation(request) != name or response.status != 200:
            return response
        if by(request) != f"Token {OTHER_TOKEN}":
            return response
        foreign, body = document(handle(with_token(request, TOKEN))), document(response)
        own = [one for one in body["data"] if one not in foreign["data"][:1]]
        return answered(response, {**body, "data": [*foreign["data"][:1], *own]})

    return lambda _: tamper


def _scheme(request: Request, handle: Handle) -> Response:
    """Take a token under any scheme."""
    word, _, token = by(request).partition(" ")
    return handle(with_token(request, token) if word and token else request)


def _but_the_last(request: Request, handle: Handle) -> Response:
    """Compare all of a token but its last character."""
    given = by(request).removeprefix("Token ")
    whole = [one for one in (TOKEN, OTHER_TOKEN) if given[:-1] == one[:-1]]
    return handle(with_token(request, whole[0]) if whole else request)


def _empty(request: Request, handle: Handle) -> Response:
    """Take an empty token for that of the first account."""
    return handle(with_token(request, TOKEN) if by(request).strip() == "Token" else request)


def _unknown(request: Request, handle: Handle) -> Response:
    """Know nothing of the token that was issued to `demo`."""
    is_demo = by(request) == f"Token {TOKEN}"
    return handle(with_token(request, "0" * 40) if is_demo else request)


def _first_account(name: str) -> Make:
    """Answer every account what `demo` is answered."""

    def tamper(request: Request, handle: Handle) -> Response:
        is_other = by(request) == f"Token {OTHER_TOKEN}"
        return handle(
            with_token(request, TOKEN) if operation(request) == name and is_other else request
        )

    return lambda _: tamper


def _rises(_: TamperedSandbox) -> Tamper:
    """A level rises each time that it is looked at."""
    seen: list[Any] = []

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if operation(request) != "getProfile" or response.status != 200:
            return response
        seen.append(None)
        body = document(response)
        return answered(response, {**body, "data": {**body["data"], "level": len(seen)}})

    return tamper


def _code(response: Response) -> Response:
    return refusal(response, 401, "unauthorized") if response.status == 401 else response


MUTANTS = (
    Mutant(
        "no token needed",
        ACCOUNTS,
        "listBalances getProfile listOpenOrders",
        "C301",
        "Anybody reads, and spends, the user's money.",
        "nobody listBalances",
        _as_demo("", has_header=False),
    ),
    Mutant(
        "balances without a token",
        ACCOUNTS,
        "listBalances",
        "C301",
        "Anybody reads what the user has.",
        "nobody listBalances",
        _as_demo("listBalances", has_header=False),
    ),
    Mutant(
        "orders without a token",
        ACCOUNTS,
        "placeBuyLimitOrder placeSellLimitOrder",
        "C301",
        "Anybody trades with the user's money.",
        "nobody placeBuyLimitOrder market=btc-mxn amount=0.01 price=900000",
        _as_demo("placeBuyLimitOrder placeSellLimitOrder", has_header=False),
    ),
    Mutant(
        "trades without a token",
        ACCOUNTS,
        "listTransactions",
        "C301",
        "Anybody reads what the user did.",
        "nobody listTransactions",
        _as_demo("listTransactions", has_header=False),
    ),
    Mutant(
        "any token will do",
        ACCOUNTS,
        "listBalances getProfile",
        "C302",
        "Anybody reads, and spends, the user's money.",
        "stranger listBalances",
        _as_demo("", has_header=True),
    ),
    Mutant(
        "any token will do for a withdrawal",
        ACCOUNTS,
        "withdraw",
        "C302",
        "Anybody withdraws the user's money.",
        "stranger " + WITHDRAW,
        _as_demo("withdraw", has_header=True),
    ),
    Mutant(
        "another code without a token",
        ACCOUNTS,
        "listBalances getSession",
        "C203 C301",
        "A program can't tell a missing token from a wrong one.",
        "nobody listBalances; nobody getSession",
        answers("", _code),
    ),
    Mutant(
        "foreign orders shown",
        ACCOUNTS,
        "getOpenOrder",
        "C303",
        "Others see what the user is about to do.",
        f"{BUY}; other getOpenOrder id=$order.id",
        _foreign("getOpenOrder"),
    ),
    Mutant(
        "foreign orders cancelled",
        ACCOUNTS,
        "cancelBuyLimitOrder",
        "C303",
        "Others take the user's orders away.",
        f"{BUY}; other cancelBuyLimitOrder id=$order.id",
        _foreign("cancelBuyLimitOrder"),
    ),
    Mutant(
        "foreign sales cancelled",
        ACCOUNTS,
        "cancelSellLimitOrder",
        "C303",
        "Others take the user's orders away.",
        f"{SELL}; other cancelSellLimitOrder id=$order.id",
        _foreign("cancelSellLimitOrder"),
    ),
    Mutant(
        "foreign orders listed",
        ACCOUNTS,
        "listOpenOrders",
        "C303",
        "Others see what the user is about to do.",
        f"{BUY}; other listOpenOrders",
        _listed("listOpenOrders"),
    ),
    Mutant(
        "foreign trades listed",
        ACCOUNTS,
        "listTransactions",
        "C303 C145 C701 C606 C508",
        "Others see what the user did.",
        f"{BOUGHT}; other listTransactions",
        _listed("listTransactions"),
    ),
    Mutant(
        "foreign trades shown",
        ACCOUNTS,
        "getTransaction",
        "C303",
        "Others see what the user did.",
        f"{BOUGHT}; trades = listTransactions; other getTransaction id=$trades.0.id",
        _foreign("getTransaction"),
    ),
    Mutant(
        "foreign withdrawals listed",
        ACCOUNTS,
        "listWithdrawals",
        "C303",
        "Others see where the user's money goes.",
        f"{WITHDRAW}; other listWithdrawals",
        _listed("listWithdrawals"),
    ),
    Mutant(
        "foreign balances",
        ACCOUNTS,
        "listBalances",
        "C507 C501 C503 C508",
        "The user sees what another one has.",
        f"{BUY}; other listBalances",
        _first_account("listBalances"),
    ),
    Mutant(
        "one deposit address for all",
        ACCOUNTS,
        "getDepositAddress",
        "C304 C507",
        "A deposit is another user's money.",
        "other getDepositAddress coin=btc",
        _first_account("getDepositAddress"),
    ),
    Mutant(
        "foreign deposits listed",
        ACCOUNTS,
        "listDeposits",
        "C304",
        "Others see where the user's money comes from.",
        "other listDeposits",
        _first_account("listDeposits"),
    ),
    Mutant(
        "any scheme of a token",
        ACCOUNTS,
        "getSession listBalances",
        "C302",
        "A password of another service opens the account.",
        f"listBalances token:Bearer+{TOKEN}",
        lambda _: _scheme,
    ),
    Mutant(
        "an issued token isn't known",
        ACCOUNTS,
        "getSession getProfile listBalances",
        "C305",
        "Whoever has it is locked out of an account with money in it.",
        "getSession; listBalances",
        lambda _: _unknown,
    ),
    Mutant(
        "an empty token is the first account's",
        ACCOUNTS,
        "getSession listBalances",
        "C302",
        "A variable that was never set spends somebody's money.",
        "getSession token:Token+",
        lambda _: _empty,
    ),
    Mutant(
        "the end of a token isn't compared",
        ACCOUNTS,
        "getSession listBalances",
        "C302",
        "Less must be guessed than it seems.",
        f"getSession token:Token+{TOKEN[:-1]}x",
        lambda _: _but_the_last,
    ),
    Mutant(
        "the profile of another account",
        ACCOUNTS,
        "getProfile",
        "C304",
        "The user is greeted by another one's name.",
        "other getProfile",
        _first_account("getProfile"),
    ),
    Mutant(
        "the session of another account",
        ACCOUNTS,
        "getSession",
        "C304",
        "The user is greeted by another one's name.",
        "other getSession",
        _first_account("getSession"),
    ),
    Mutant(
        "another level after each look",
        ACCOUNTS,
        "getProfile",
        "C508",
        "Fees can't be reckoned.",
        "getProfile; getProfile",
        _rises,
    ),
    Mutant(
        "a session that can't do anything",
        ACCOUNTS,
        "getSession",
        "C304",
        "A robot stops although it may trade.",
        "getSession",
        edited(
            "getSession",
            with_("token", with_("permissions", lambda given: dict.fromkeys(given, False))),
        ),
    ),
)

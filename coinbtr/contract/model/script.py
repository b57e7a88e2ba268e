"""A case as text that repeats it: lines of `curl`, and calls of the facade."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from coinbtr.contract.calls import Call
from coinbtr.contract.model.records import Who
from coinbtr.contract.model.steps import PLACE, WAIT, OrderOf, Step, TradeOf
from coinbtr.contract.operations import operations

_SHOWN: Final[Mapping[str, str]] = {"mine": "$COINBTR_TOKEN", "other": "$COINBTR_OTHER_TOKEN"}
_NEWEST: Final = "listTransactions"

# How the facade calls an operation; the arguments in the order in which it takes them.
_FACADE: Final[Mapping[str, str]] = {
    "placeBuyLimitOrder": "trading.buy_limit({market}, amount={amount}, price={price})",
    "placeSellLimitOrder": "trading.sell_limit({market}, amount={amount}, price={price})",
    "cancelBuyLimitOrder": "trading.cancel_buy_limit({id})",
    "cancelSellLimitOrder": "trading.cancel_sell_limit({id})",
    "listOpenOrders": "trading.open_orders({page})",
    "getOpenOrder": "trading.open_order({id})",
    "listTransactions": "trading.transactions({page})",
    "getTransaction": "trading.transaction({id})",
    "withdraw": "wallet.withdraw({coin}, address={address}, amount={amount})",
    "listBalances": "wallet.balances()",
    "getBalance": "wallet.balance({coin})",
    "getDepositAddress": "wallet.deposit_address({coin})",
    "listWithdrawals": "wallet.withdrawals({page})",
    "listDeposits": "wallet.deposits({page})",
    "listBooks": "market.books()",
    "getOrderBook": "market.order_book({page})",
    "getTicker": "market.ticker({market})",
    "get24hVolume": "market.volume({market})",
    "getCurrencies": "market.currencies()",
    "getProfile": "account.profile()",
    "getSession": "account.session()",
}


def curl(url: str, steps: Sequence[Step], last: Call) -> str:
    """Write the steps as lines of a shell, the last one showing the deviation.

    Args:
        url: the base URL.
        steps: the steps of a case.
        last: the request whose answer deviates; left out if it is the last step's own.
    """
    named = {
        value.step
        for step in steps
        for value in step.arguments.values()
        if isinstance(value, OrderOf)
    }
    lines: list[str] = []
    for number, step in enumerate(steps):
        if step.operation == WAIT:
            lines.append(f"# wait for {step.arguments['seconds']} s")
            continue
        for name, value in step.arguments.items():
            if name == "id" and isinstance(value, TradeOf):
                lines.append(f"TRADE={_caught(_newest(url, value.who), value.number)}")
        text = _curl(url, step)
        lines.append(f"ORDER{number}={_caught(text)}" if number in named else text)
    if not (steps and steps[-1].operation == last.operation.id):
        lines.append(last.curl)
    return "\n".join(lines)


def facade(steps: Sequence[Step], last: Call) -> str:
    """Write the steps as calls of two clients, `mine` and `other`."""
    lines: list[str] = []
    for number, step in enumerate(steps):
        if step.operation == WAIT:
            lines.append(f"# wait for {step.arguments['seconds']} s")
            continue
        found = f"order{number} = " if step.operation in PLACE.values() else ""
        lines.append(f"{found}{_call(step.operation, step.who, step.arguments)}")
    if not (steps and steps[-1].operation == last.operation.id):
        who: Who = "other" if last.token == "other" else "mine"  # noqa: S105 - a name
        lines.append(f"print({_call(last.operation.id, who, last.arguments)})")
    else:
        lines[-1] = f"print({lines[-1].partition(' = ')[2] or lines[-1]})"
    return "\n".join(lines)


def _curl(url: str, step: Step) -> str:
    operation = operations()[step.operation]
    parts = ["curl -s"]
    if operation.secured:
        parts.append(f'-H "Authorization: Token {_SHOWN[step.who]}"')
    address = f"{url}{operation.path}"
    if operation.method == "GET":
        query = "&".join(f"{name}={value}" for name, value in step.arguments.items())
        parts.append(shlex.quote(f"{address}?{query}" if query else address))
    else:
        fields = (f'\\"{name}\\":{_shell(value)}' for name, value in step.arguments.items())
        parts.append("-H 'Content-Type: application/json'")
        parts.append(f'-d "{{{",".join(fields)}}}"')
        parts.append(shlex.quote(address))
    return " ".join(parts)


def _newest(url: str, who: Who) -> str:
    return _curl(url, Step(_NEWEST, who, {"limit": 100}))


def _caught(text: str, skip: int = 0) -> str:
    """Take one id out of an answer; in a list the newest comes first."""
    return f"$({text} | grep -oE '\"id\": *[0-9]+' | sed -n '{skip + 1}s/[^0-9]*//p')"


def _shell(value: Any) -> str:
    if isinstance(value, OrderOf):
        return f"$ORDER{value.step}"
    if isinstance(value, TradeOf):
        return "$TRADE"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, int) else f'\\"{value}\\"'


def _call(operation: str, who: Who, arguments: Mapping[str, Any]) -> str:
    shown = {name: _python(value) for name, value in arguments.items()}
    names = list(_named(shown))
    text = _FACADE[operation].format_map({**shown, "page": ", ".join(names)})
    return f"{who}.{text}"


def _named(shown: Mapping[str, str]) -> Iterator[str]:
    for name, text in shown.items():
        if name in ("market", "coin"):
            yield text
        else:
            yield f"{name}={text.strip(chr(34))}"


def _python(value: Any) -> str:
    if isinstance(value, OrderOf):
        return f"order{value.step}.id"
    if isinstance(value, TradeOf):
        return f"{value.who}.trading.transactions(limit=100)[{value.number}].id"
    if isinstance(value, Decimal):
        return f'"{value:f}"'
    return str(value) if isinstance(value, int) else json.dumps(str(value))

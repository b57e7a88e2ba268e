"""How a withdrawal and a deposit go on with the blocks of their coin: the sandbox promises that.

It takes the control plane: the clock is moved on, and a deposit arrives.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from coinbtr.contract.bench import Bench, Reply, Stopped
from coinbtr.contract.control import Control, NoControl
from coinbtr.contract.probes import playground

_BLOCK: Final = 10
"""Seconds between two blocks of a coin's network (openapi/sandbox.yaml, advanceClock)."""

_AMOUNT: Final = Decimal("0.12345678")

Entry = Mapping[str, Any]


def run(bench: Bench) -> None:
    """Withdraw, let a deposit arrive, and follow both until they are confirmed."""
    control = bench.control
    if control is None:
        bench.results.note(
            "How transfers go on was not tried: it takes the control plane of a sandbox."
        )
        return
    funds = playground.balances(bench)
    coins = bench.need("getCurrencies").data
    coin = next((one for one in coins if _can_move(one, funds)), None)
    if coin is None:
        bench.results.note("How transfers go on was not tried: no coin with blocks can be moved.")
        return
    try:
        _withdrawal(bench, control, coin)
        _deposit(bench, control, coin)
    except NoControl as error:
        bench.results.note(f"How transfers go on was not tried to the end: {error}.")


def _can_move(coin: Entry, funds: Mapping[str, Entry]) -> bool:
    is_open = coin["available_to_withdraw"] and coin["available_to_deposit"]
    cost = coin["min_withdraw"] + coin["fee_withdraw"]
    has_blocks = coin["confirmations_required"] > 0
    return bool(is_open and has_blocks and 0 < cost <= funds[coin["coin"]]["available"])


def _withdrawal(bench: Bench, control: Control, coin: Entry) -> None:
    name, required = coin["coin"], coin["confirmations_required"]
    address = bench.need("getDepositAddress", {"coin": name}).data["address"]
    asked = {"coin": name.lower(), "address": address, "amount": coin["min_withdraw"]}
    txid = bench.need("withdraw", asked).data["txid"]

    def status(blocks: int) -> str:
        if blocks < 1:
            return "signed"
        return "sent" if blocks < 1 + required else "confirmed"

    for seconds in (0, _BLOCK, required * _BLOCK):
        control.advance(seconds)
        _look(bench, control, "listWithdrawals", name, lambda one: one["txid"] == txid, status)


def _deposit(bench: Bench, control: Control, coin: Entry) -> None:
    name, required = coin["coin"], coin["confirmations_required"]
    account = bench.need("getProfile").data["username"]
    known = {one["txid"] for one in bench.need("listDeposits", {"coin": name}).data}
    before = playground.balances(bench)

    def status(blocks: int) -> str:
        return "pending" if blocks < required else "confirmed"

    def is_new(entry: Entry) -> bool:
        return entry["txid"] not in known and entry["amount"] == _AMOUNT

    control.credit(account, name, _AMOUNT)
    for part, seconds in (("balance", 0), ("available", required * _BLOCK)):
        control.advance(seconds)
        listed = _look(bench, control, "listDeposits", name, is_new, status)
        moved = playground.moved(before, playground.balances(bench), part)
        if moved != {name: _AMOUNT}:
            seen = moved.get(name, Decimal(0))
            bench.find("C512", listed, f"{part} of {name} moved by {seen:f}, not {_AMOUNT:f}.")


def _look(
    bench: Bench,
    control: Control,
    operation: str,
    coin: str,
    is_it: Callable[[Entry], bool],
    status: Callable[[int], str],
) -> Reply:
    """Find a transfer in its list, and hold its status to the blocks that there were.

    Raises:
        Stopped: it isn't listed.
    """
    since = control.advance(0)
    listed = bench.need(operation, {"coin": coin.lower(), "limit": 10})
    until = control.advance(0)
    entry = next((one for one in listed.data if is_it(one)), None)
    if entry is None:
        rule = "C512" if operation == "listDeposits" else "C506"
        bench.find(rule, listed, "The transfer that was just made is not in the list.")
        raise Stopped
    made = datetime.fromisoformat(entry["date"])
    # The clock may go on while the list is asked for.
    allowed = {status(int((time - made).total_seconds() // _BLOCK)) for time in (since, until)}
    if entry["status"] not in allowed:
        wanted = " or ".join(sorted(allowed))
        bench.find(
            "C511",
            listed,
            f"{entry['txid']} is {entry['status']}, not {wanted}, {until - made} after its date.",
        )
    return listed

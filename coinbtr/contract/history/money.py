"""Follows balances: between two looks at them they move by what happened, to the last digit.

Somebody else may use the same account meanwhile, so nothing is said of what could be that: a rise
without a list of deposits, or trades without a list of trades.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from attrs import define, evolve, field, frozen

from coinbtr.contract.checks import Problem
from coinbtr.contract.history.step import Found, Step, number
from coinbtr.contract.recordings import Recorded

Entry = dict[str, Any]
Entries = dict[Any, Entry]


@frozen
class _Look:
    """What was seen between two changes: lists only if they are whole."""

    balances: dict[str, tuple[Recorded, Entry]] = field(factory=dict)
    trades: Entries | None = None
    deposits: Entries | None = None


@define
class _Account:
    look: _Look = field(factory=_Look)
    before: dict[str, tuple[Entry, _Look, int, int]] = field(factory=dict)
    changes: list[tuple[str, Entry | None, Entry]] = field(factory=list)
    refused: int = 0


class Money:
    """What the answers so far say of balances."""

    def __init__(self) -> None:
        self._accounts: dict[str, _Account] = {}
        self._fees: dict[str, Decimal] = {}

    def see(self, step: Step) -> Iterator[Found]:
        """Take one exchange in, and give what contradicts the earlier ones."""
        if step.recorded.call.operation.effect != "read":
            yield from self.end()
            account = self._accounts.setdefault(step.account, _Account())
            if not step.ok:
                account.refused += 1
            else:
                account.changes.append((step.operation, step.data, step.arguments))
            return
        if not step.ok or not step.alone:
            return
        account = self._accounts.setdefault(step.account, _Account())
        if step.operation in ("listBalances", "getBalance"):
            for entry in step.entries:
                yield from self._balance(step, account, entry)
        elif step.operation == "getCurrencies":
            self._fees = {entry["coin"]: number(entry["fee_withdraw"]) for entry in step.data}
        elif step.is_whole_of("listTransactions", "market"):
            account.look = evolve(account.look, trades={one["id"]: one for one in step.data})
        elif step.is_whole_of("listDeposits", "coin"):
            account.look = evolve(account.look, deposits={one["txid"]: one for one in step.data})

    def lose(self) -> None:
        """Take note that something may have changed, and nobody knows what."""
        for account in self._accounts.values():
            account.before.clear()
            account.look = _Look()

    def end(self) -> Iterator[Found]:
        """Compare what was seen since the last change with what was seen before it."""
        for account in self._accounts.values():
            look, account.look = account.look, _Look()
            for coin, (recorded, entry) in look.balances.items():
                if coin in account.before:
                    yield from self._compare(account, coin, look, recorded, entry)
                account.before[coin] = (entry, look, len(account.changes), account.refused)

    @staticmethod
    def _balance(step: Step, account: _Account, entry: Entry) -> Iterator[Found]:
        seen = account.look.balances.get(entry["coin"])
        if seen is None:
            account.look.balances[entry["coin"]] = (step.recorded, entry)
        elif any(seen[1][name] != entry[name] for name in ("balance", "available", "pending")):
            # Two reads that differ: either somebody else was at it, or one of them is wrong.
            other = seen[0].call.operation.id
            if other != step.operation:
                sentence = f"{entry['coin']}: {other} said {_amounts(seen[1])}, it says"
                yield step.recorded, Problem("C507", f"{sentence} {_amounts(entry)}.")
            account.look.balances.pop(entry["coin"])

    def _compare(
        self, account: _Account, coin: str, look: _Look, recorded: Recorded, entry: Entry
    ) -> Iterator[Found]:
        before, earlier, place, refused = account.before[coin]
        changes = account.changes[place:]
        new = _new(earlier.trades, look.trades)
        gone = self._withdrawn(coin, changes)
        if gone is None:
            return
        total = number(entry["balance"]) - number(before["balance"]) + gone
        if new is None:
            filled = [one for _, one, __ in changes if one and number(one.get("filled", 0))]
            if total or filled or entry["pending"] != before["pending"]:
                return
            new = []
        rest = total - sum((_moved(trade, coin) for trade in new), start=Decimal(0))
        deposits = _new(earlier.deposits, look.deposits)
        if deposits is None and rest > 0:
            return
        rest -= sum(
            (number(one["amount"]) for one in deposits or [] if one["coin"] == coin),
            start=Decimal(0),
        )
        if rest:
            code = _rule(coin, changes, new, was_refused=account.refused > refused)
            yield recorded, Problem(code, f"{coin}: the balance is off by {rest:+f}.")
            return
        held = _held(entry) - _held(before)
        expected = _expected(coin, changes, new)
        if expected is not None and held != expected:
            cancels = [name for name, _, __ in changes if name.startswith("cancel")]
            sentence = f"{coin}: what orders hold changed by {held:+f}, not {expected:+f}."
            yield recorded, Problem("C502" if cancels else "C501", sentence)

    def _withdrawn(
        self, coin: str, changes: list[tuple[str, Entry | None, Entry]]
    ) -> Decimal | None:
        gone = Decimal(0)
        for operation, data, asked in changes:
            if operation == "withdraw" and data is not None and data["coin"] == coin:
                if coin not in self._fees:
                    return None
                gone += number(asked["amount"]) + self._fees[coin]
        return gone


def _rule(
    coin: str,
    changes: list[tuple[str, Entry | None, Entry]],
    trades: list[Entry],
    *,
    was_refused: bool,
) -> str:
    """Name the rule that a wrong balance breaks, by what was done since it was right."""
    names = [operation for operation, _, __ in changes]
    if any(data is not None and "txid" in data and data["coin"] == coin for _, data, __ in changes):
        return "C504"
    if trades:
        return "C503"
    if not changes:
        return "C408" if was_refused else "C508"
    if all(name.startswith("cancel") for name in names):
        return "C502"
    is_filled = any(data is not None and number(data.get("filled", 0)) for _, data, __ in changes)
    return "C501" if all(name.startswith("place") for name in names) and not is_filled else "C503"


def _new(before: Entries | None, after: Entries | None) -> list[Entry] | None:
    if before is None or after is None:
        return None
    return [entry for key, entry in after.items() if key not in before]


def _held(entry: Entry) -> Decimal:
    return number(entry["balance"]) - number(entry["available"]) - number(entry["pending"])


def _amounts(entry: Entry) -> str:
    return f"balance {entry['balance']}, available {entry['available']}"


def _moved(trade: Entry, coin: str) -> Decimal:
    base, _, quote = trade["market"].partition("-")
    sign = 1 if trade["side"] == "BUY" else -1
    moved = Decimal(0)
    if coin == base:
        moved += sign * number(trade["amount"])
    if coin == quote:
        moved -= sign * number(trade["value"])
    return moved - (number(trade["fee_amount"]) if trade["fee_coin"] == coin else 0)


def _expected(
    coin: str, changes: list[tuple[str, Entry | None, Entry]], trades: list[Entry]
) -> Decimal | None:
    """What open orders should hold more than before, or None if a cancelled order isn't known."""
    held = Decimal(0)
    for operation, data, _ in changes:
        if operation == "withdraw":
            continue
        if data is None:
            return None
        sign = 1 if operation.startswith("place") else -1
        held += sign * _holds(data["side"], data["market"], coin, data["amount"], data["price"])
    for trade in trades:
        if trade["filled_as"] == "maker":
            held -= _holds(trade["side"], trade["market"], coin, trade["amount"], trade["price"])
    return held


def _holds(side: str, market: str, coin: str, amount: Any, price: Any) -> Decimal:
    base, _, quote = market.partition("-")
    if side == "BUY":
        return number(amount) * number(price) if coin == quote else Decimal(0)
    return number(amount) if coin == base else Decimal(0)

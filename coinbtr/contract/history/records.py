"""Follows what is told once and stays: trades, transfers, deposit addresses, and their terms."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from coinbtr.contract.checks import Problem
from coinbtr.contract.history.step import Found, Step, number

_LASTING: Final = {
    "listTransactions": ("id", None),
    "getTransaction": ("id", None),
    "listDeposits": ("txid", ("coin", "address", "amount", "date")),
    "listWithdrawals": ("txid", ("coin", "address", "amount", "fee_amount", "date")),
}
_UNIT: Final = Decimal("0.00000001")


class Records:
    """What the answers so far say of trades, transfers and addresses."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str, Any], dict[str, Any]] = {}
        self._sent: dict[tuple[str, str], dict[str, Any]] = {}
        self._addresses: dict[tuple[str, str], str] = {}
        self._orders: dict[int, dict[str, Any]] = {}
        self._books: dict[str, dict[str, Any]] = {}

    def see(self, step: Step) -> Iterator[Found]:
        """Take one exchange in, and give what contradicts the earlier ones."""
        if not step.ok:
            yield from self._refused(step)
            return
        if step.operation in _LASTING:
            for entry in step.entries:
                yield from self._stays(step, entry)
        if step.operation in ("listTransactions", "getTransaction"):
            for trade in step.entries:
                yield from self._trade(step, trade)
        elif step.operation == "withdraw":
            self._sent[step.account, step.data["txid"]] = {**step.arguments, **step.data}
        elif step.operation == "listWithdrawals":
            yield from self._withdrawals(step)
        elif step.operation in ("listBalances", "getBalance"):
            for entry in step.entries:
                yield from self._address(step, entry["coin"], entry["depositAddress"])
        elif step.operation == "getDepositAddress":
            yield from self._address(step, step.data["coin"], step.data["address"])
        elif step.operation == "listBooks":
            self._books = {book["name"]: book for book in step.data}
        elif step.operation.startswith("place"):
            self._orders[step.data["id"]] = step.data

    def _refused(self, step: Step) -> Iterator[Found]:
        market = step.market
        if step.code == "book_not_found" and market in self._books:
            sentence = f"There is a book {market}, asked for as {step.arguments['market']}."
            yield step.recorded, Problem("C703", sentence)

    def _stays(self, step: Step, entry: dict[str, Any]) -> Iterator[Found]:
        key, names = _LASTING[step.operation]
        # A list and a single trade tell of the same.
        kind = "trade" if key == "id" else step.operation
        before = self._told.setdefault((step.account, kind, entry[key]), entry)
        for name in names or before:
            if entry.get(name) != before[name]:
                sentence = f"{key} {entry[key]}: {name} was {before[name]}, is {entry.get(name)}."
                yield step.recorded, Problem("C421", sentence)

    def _trade(self, step: Step, trade: dict[str, Any]) -> Iterator[Found]:
        order = self._orders.get(trade["order_id"])
        id_, price = trade["id"], number(trade["price"])
        if order is not None:
            for name in ("market", "side"):
                if trade[name] != order[name]:
                    sentence = f"Trade {id_}: {name} is {trade[name]}, its order's {order[name]}."
                    yield step.recorded, Problem("C606", sentence)
            limit = number(order["price"])
            if price > limit if order["side"] == "BUY" else price < limit:
                sentence = f"Trade {id_}: at {price}, beyond its order's limit {limit}."
                yield step.recorded, Problem("C602", sentence)
        book = self._books.get(trade["market"])
        if book is not None:
            rate = number(book[f"{trade['filled_as']}_fee"])
            received = number(trade["amount" if trade["side"] == "BUY" else "value"])
            # Which way a fee is rounded isn't documented.
            if abs(number(trade["fee_amount"]) - received * rate) >= _UNIT:
                sentence = f"Trade {id_}: the fee is {trade['fee_amount']}, {rate} of {received}."
                yield step.recorded, Problem("C503", sentence)

    def _withdrawals(self, step: Step) -> Iterator[Found]:
        listed = {entry["txid"]: entry for entry in step.data}
        coin = str(step.arguments.get("coin", "")).upper()
        for (account, txid), sent in self._sent.items():
            if account != step.account or (coin and sent["coin"] != coin) or not step.alone:
                continue
            entry = listed.get(txid)
            if entry is None:
                if step.is_whole:
                    yield step.recorded, Problem("C506", f"The withdrawal {txid} isn't listed.")
                continue
            for name in ("coin", "address", "amount", "date"):
                if entry[name] != sent[name]:
                    sentence = f"{txid}: {name} is {entry[name]}, not {sent[name]} as before."
                    yield step.recorded, Problem("C506", sentence)

    def _address(self, step: Step, coin: str, address: str | None) -> Iterator[Found]:
        if address is None:
            return
        before = self._addresses.setdefault((step.account, coin), address)
        if before != address:
            sentence = f"The deposit address of {coin} was {before}, is {address}."
            yield step.recorded, Problem("C507", sentence)

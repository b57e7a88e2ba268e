"""Withdrawals, deposit addresses, and the two ways to look at a balance."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from coinbtr.contract.bench import Bench
from coinbtr.contract.probes import playground

_UNIT = Decimal("1e-8")


def run(bench: Bench) -> None:
    """Compare the views of each balance, then withdraw once, and try what must be refused."""
    _views(bench)
    for coin in bench.need("getCurrencies").data:
        name, amount, fee = (coin[key] for key in ("coin", "min_withdraw", "fee_withdraw"))
        if not coin["available_to_withdraw"] or not coin["available_to_deposit"]:
            _unavailable(bench, coin)
            continue
        available = playground.balances(bench)[name]["available"]
        if fee > 0 and amount > 0 and available > amount + 10 * fee:
            _withdraw(bench, name, amount + 3 * _UNIT, fee)
            _refusals(bench, coin)
            return
    bench.results.note("No coin with a fee could be withdrawn.")


def _views(bench: Bench) -> None:
    for entry in bench.need("listBalances").data:
        single = bench.need("getBalance", {"coin": entry["coin"].lower()})
        if single.data != entry:
            bench.find("C507", single, f"{entry['coin']}: the list of balances says otherwise.")
        if entry["depositAddress"] is None:
            continue
        address = bench.ask("getDepositAddress", {"coin": entry["coin"].lower()})
        if not address.answer.ok or address.data["address"] != entry["depositAddress"]:
            bench.find(
                "C507", address, f"{entry['coin']}: the list says {entry['depositAddress']}."
            )


def _withdraw(bench: Bench, coin: str, amount: Decimal, fee: Decimal) -> None:
    address = bench.need("getDepositAddress", {"coin": coin}).data["address"]
    before = playground.balances(bench)
    asked = {"coin": coin.lower(), "address": address, "amount": amount}
    made = bench.need("withdraw", asked)
    after = playground.balances(bench)
    for part in ("balance", "available"):
        seen = playground.moved(before, after, part)
        if seen != {coin: -amount - fee}:
            bench.find("C504", made, f"{part} moved by {_text(seen)}, not -{amount + fee} {coin}.")
    listed = bench.need("listWithdrawals", {"coin": coin.lower(), "limit": 10})
    mine = [entry for entry in listed.data if entry["txid"] == made.data["txid"]]
    if not mine:
        bench.find("C506", listed, f"The withdrawal {made.data['txid']} is not in the list.")
        return
    for name, value in (("amount", amount), ("fee_amount", fee), ("address", address)):
        if mine[0][name] != value:
            bench.find("C506", listed, f"{name} is {mine[0][name]}, not {value}.")


def _refusals(bench: Bench, coin: Mapping[str, Any]) -> None:
    name = coin["coin"]
    address = bench.need("getDepositAddress", {"coin": name}).data["address"]
    before = playground.balances(bench)
    available = before[name]["available"]
    funds, low = ("insufficient_funds",), ("below_minimum",)
    for amount, status, codes, rule in (
        (available + 1, 409, funds, "C505"),
        # The fee comes on top: all of it is too much.
        (available, 409, funds, "C505"),
        (coin["min_withdraw"] - _UNIT, 422, low, "C409"),
    ):
        reply = bench.ask("withdraw", {"coin": name, "address": address, "amount": amount})
        bench.refused(reply, status, codes, accepted=rule)
    nowhere = {"coin": name, "address": "not-an-address", "amount": coin["min_withdraw"]}
    bench.refused(bench.ask("withdraw", nowhere), 422, ("invalid_address",))
    unknown = {"coin": "nil", "address": address, "amount": coin["min_withdraw"]}
    bench.refused(bench.ask("withdraw", unknown), 404, ("coin_not_found",))
    if changes := playground.moved(before, playground.balances(bench), "available"):
        reply = bench.need("listBalances")
        bench.find("C408", reply, f"Refused withdrawals moved {_text(changes)}.")


def _unavailable(bench: Bench, coin: Mapping[str, Any]) -> None:
    name = coin["coin"].lower()
    if not coin["available_to_deposit"]:
        reply = bench.ask("getDepositAddress", {"coin": name})
        bench.refused(reply, 422, ("deposit_unavailable",))
    if not coin["available_to_withdraw"]:
        asked = {"coin": name, "address": "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG", "amount": 1}
        reply = bench.ask("withdraw", asked)
        bench.refused(reply, 422, ("withdrawal_unavailable",))


def _text(changes: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{change:+f} {coin}" for coin, change in changes.items()) or "nothing"

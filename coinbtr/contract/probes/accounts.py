"""What one account may see and do of another's: nothing."""

from coinbtr.contract.bench import Bench
from coinbtr.contract.probes import playground
from coinbtr.contract.probes.playground import CANCEL

_ORDER_GONE = ("order_not_found",)


def run(bench: Bench) -> None:
    """Try to see and to cancel our order, and to see what is ours, with the other's token."""
    if all(_same(bench, operation) for operation in ("getProfile", "getSession")):
        bench.results.note("Both tokens are of one account: foreign orders were not tried.")
        return
    ground = playground.find(bench)
    began = bench.need("getProfile")
    for side, price in (("BUY", ground.prices[0]), ("SELL", ground.prices[-1])):
        order = playground.place(bench, side, ground, price).data
        if began.data["created_at"] > order["created_at"]:
            bench.find("C412", began, "The account is younger than its order.")
        fetched = bench.ask("getOpenOrder", {"id": order["id"]}, token="other")  # noqa: S106
        bench.refused(fetched, 404, _ORDER_GONE, accepted="C303")
        listed = bench.need("listOpenOrders", {"limit": 100}, token="other")  # noqa: S106
        if any(entry["id"] == order["id"] for entry in listed.data):
            bench.find("C303", listed, f"It lists order {order['id']} of another account.")
        stolen = bench.ask(CANCEL[side], {"id": order["id"]}, token="other")  # noqa: S106
        bench.refused(stolen, 404, _ORDER_GONE, accepted="C303")
        still = bench.ask("getOpenOrder", {"id": order["id"]})
        if still.answer.ok:
            playground.cancel(bench, side, order["id"])
        elif not stolen.answer.ok:
            bench.find("C303", stolen, "It was refused, and yet the order is gone.")
    _lists(bench)
    _own(bench)


def _same(bench: Bench, operation: str) -> bool:
    mine, other = (bench.need(operation, token=who).data for who in ("mine", "other"))
    return bool(mine == other)


def _lists(bench: Bench) -> None:
    """Compare what both accounts list: no id and no address may be in both."""
    for operation, key in (("listTransactions", "order_id"), ("listWithdrawals", "txid")):
        mine = {entry[key] for entry in bench.need(operation, {"limit": 100}).data}
        theirs = bench.need(operation, {"limit": 100}, token="other")  # noqa: S106 - a name
        if shared := mine & {entry[key] for entry in theirs.data}:
            bench.find("C303", theirs, f"{len(shared)} entries of another account are listed.")
    own_ids = {
        entry["id"]
        for entry in bench.need("listTransactions", {"limit": 100}, token="other").data  # noqa: S106
    }
    for entry in bench.need("listTransactions", {"limit": 5}).data:
        if entry["id"] not in own_ids:
            foreign = bench.ask("getTransaction", {"id": entry["id"]}, token="other")  # noqa: S106
            bench.refused(foreign, 404, ("transaction_not_found",), accepted="C303")


def _own(bench: Bench) -> None:
    """Hold what each account is told about itself to what else it is told, and to the other's."""
    addresses: dict[str, set[str]] = {}
    for who in ("mine", "other"):
        session = bench.need("getSession", token=who)
        profile = bench.need("getProfile", token=who)
        if session.data["username"] != profile.data["username"]:
            bench.find("C304", session, "It names another user than the profile.")
        own = {
            entry["coin"]: entry["depositAddress"]
            for entry in bench.need("listBalances", token=who).data
            if entry["depositAddress"] is not None
        }
        addresses[who] = set(own.values())
        for coin in list(own)[:2]:
            told = bench.need("getDepositAddress", {"coin": coin.lower()}, token=who)
            if told.data["address"] != own[coin]:
                bench.find("C304", told, "The balances tell another address.")
        if who == "mine" and not session.data["token"]["permissions"]["trade"]:
            # The orders above were placed with this very token.
            bench.find("C304", session, "The token may not trade, it says, and yet it did.")
    for who, others in (("mine", addresses["other"]), ("other", addresses["mine"])):
        deposits = bench.need("listDeposits", {"limit": 100}, token=who)
        if any(entry["address"] in others for entry in deposits.data):
            bench.find("C304", deposits, "A deposit came to the other account's address.")
    if addresses["mine"] & addresses["other"]:
        shared = bench.need("listBalances", token="other")  # noqa: S106 - a name
        bench.find("C304", shared, "Both accounts have one deposit address.")

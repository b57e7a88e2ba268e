"""An exchange that answers in the shapes that the same platform had in 2019.

Balances in `data.wallets`, prices as decimal strings, `msg` null on success and a plain string on
failure, refusals at 200 and bare `detail`s, times with an offset, orders and transfers with other
fields.
"""

from collections.abc import Callable, Mapping
from typing import Any

from coinbtr.sandbox import Sandbox
from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import OTHER_TOKEN, TOKEN, answered, document

BASE_URL = "https://exchange.test/api/v1"


def _balance(entry: dict[str, Any]) -> dict[str, Any]:
    held = entry["balance"] - entry["available"] - entry["pending"]
    return {
        "coin": entry["coin"],
        "coin_name": entry["coin"].title(),
        "address": entry["depositAddress"],
        "balances": {
            "available": f"{entry['available']:f}",
            "pending": f"{entry['pending']:f}",
            "frozen": f"{held:f}",
            "in_orders": f"{held:f}",
        },
    }


def _order(entry: dict[str, Any]) -> dict[str, Any]:
    left, right = entry["market"].split("-")
    return {
        **{key: value for key, value in entry.items() if key not in ("id", "price", "created_at")},
        "order_id": entry["id"],
        "price": f"{entry['price']:f}",
        "initial_value": entry["initial_amount"] * entry["price"],
        "fee_percent": "0.4",
        "left_coin": left,
        "right_coin": right,
        "created_at": entry["created_at"].replace("Z", "-05:00"),
    }


def _transfer(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "deposit",
        "coin": entry["coin"],
        "amount": f"{entry['amount']:f}",
        "address": entry["address"],
        "txId": entry["txid"],
        "confirmed": entry["status"] == "confirmed",
        "created_at": entry["date"].replace("Z", "-05:00"),
        "confirmed_at": None,
    }


def _listed(change: Callable[[dict[str, Any]], Any]) -> Callable[[Any], Any]:
    return lambda data: [change(entry) for entry in data]


def _book(data: dict[str, Any]) -> dict[str, Any]:
    def level(entry: dict[str, Any]) -> dict[str, Any]:
        return {**entry, "price": f"{entry['price']:f}", "value": entry["price"] * entry["amount"]}

    return {**data, "asks": [*map(level, data["asks"])], "bids": [*map(level, data["bids"])]}


def _terms(entry: dict[str, Any]) -> dict[str, Any]:
    limits = {key: f"{value:f}" for key, value in entry.items() if key[:4] in ("min_", "max_")}
    return {"name": entry["name"], "is_open": entry["is_open"], **limits}


_SHAPES: Mapping[str, Callable[[Any], Any]] = {
    "/wallet/listbalances": lambda data: {"wallets": [*map(_balance, data)]},
    "/wallet/getbalance": _balance,
    "/wallet/listdeposits": _listed(_transfer),
    "/wallet/listwithdraws": _listed(_transfer),
    "/trading/listopenorders": _listed(_order),
    "/trading/getopenorder": _order,
    "/market/listbooks": _listed(_terms),
    "/market/getorderbook": _book,
}


class ServerOf2019:
    """An engine to such an exchange; it doesn't prove to be the sandbox."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(token=TOKEN, other_token=OTHER_TOKEN)

    def send(self, request: Request) -> Response:
        """Answer as the sandbox does, in other shapes."""
        response = self.sandbox.handle(request)
        body = document(response)
        headers = {key: value for key, value in response.headers.items() if "sandbox" not in key}
        response = Response(status=response.status, headers=headers, content=response.content)
        if not isinstance(body, dict) or "success" not in body:
            return Response(status=404, headers=headers, content=b"<h1>Not Found</h1>")
        if response.status == 401:
            return answered(response, {"detail": "Invalid token."})
        if not body["success"]:
            text = body["msg"]["error"]
            return answered(response, {"success": False, "msg": text}, status=200)
        path = request.url.partition("/api/v1")[2].partition("?")[0]
        data = _SHAPES.get(path, lambda data: data)(body["data"])
        return answered(response, {"success": True, "msg": None, "data": data})

    def close(self) -> None:
        """Hold nothing."""

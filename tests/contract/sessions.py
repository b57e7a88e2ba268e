"""Golden sessions: what a careful client does at the exchange, recorded from the sandbox.

`python -m tests.contract.sessions` writes them anew into tests/contract/sessions. The same session
played on an exchange with a defect is what judging a recording is measured by.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from attrs import frozen
from coinbtr_api import exact_json

from coinbtr.contract.operations import operations
from coinbtr.recording import Recorder, RecordingEngine
from coinbtr.recording.lines import Exchange
from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.wire.engine import Engine, Request
from tests.contract.tampering import OTHER_TOKEN, TOKEN

FOLDER: Final = Path(__file__).with_name("sessions")
BASE_URL: Final = "http://sandbox/api/v1"


@frozen
class Player:
    """Sends requests to an exchange; after each one `tick` lets time go on."""

    engine: Engine
    tick: Callable[[], None]

    def ask(
        self,
        operation: str,
        arguments: Mapping[str, Any] | None = None,
        token: str | None = TOKEN,
        content_type: str = "application/json",
    ) -> Any:
        """Send a request, and give what a success carried or an empty object."""
        known = operations()[operation]
        headers = {} if token is None else {"Authorization": f"Token {token}"}
        url, content = BASE_URL + known.path, b""
        if known.method == "GET":
            query = "&".join(f"{name}={value}" for name, value in (arguments or {}).items())
            url += f"?{query}" if query else ""
        else:
            headers["Content-Type"] = content_type
            content = exact_json.dumps(arguments or {})
        answer = self.engine.send(
            Request(method=known.method, url=url, headers=headers, content=content)
        )
        self.tick()
        try:
            return exact_json.loads(answer.content).get("data") or {}
        except (exact_json.ExactJSONError, AttributeError):
            return {}


def looking(play: Player) -> None:
    """Ask for everything that can be read, once or twice."""
    ask = play.ask
    for name in ("getProfile", "getSession", "getCurrencies", "listBooks", "listBalances"):
        ask(name)
    for market in ("btc-mxn", "LTC-BTC"):
        for name in ("getOrderBook", "getTicker", "getOrderBook", "get24hVolume"):
            ask(name, {"market": market})
    ask("getOrderBook", {"market": "btc-mxn", "limit": 3})
    for coin in ("btc", "MXN"):
        for name in ("getBalance", "listDeposits", "listWithdrawals"):
            ask(name, {"coin": coin})
    for coin in ("btc", "ltc"):
        ask("getDepositAddress", {"coin": coin})
    ask("getDepositAddress", {"coin": "btc"})
    ask("getDepositAddress", {"coin": "mxn"})
    for narrow in ({}, {"limit": 2, "offset": 1}, {"coin": "ltc"}, {"offset": 3}, {}):
        ask("listDeposits", narrow)
    ask("listBalances")


def ordering(play: Player) -> None:
    """Place, look, cancel, on both sides, with balances before and after."""
    ask = play.ask
    _who(play)
    for side, price in (("Buy", Decimal("500000.5")), ("Sell", Decimal(2_000_000))):
        ask("listBooks")
        _money(play, TOKEN)
        order = {"market": "btc-mxn", "amount": Decimal("0.0123"), "price": price}
        first = ask(f"place{side}LimitOrder", order)
        second = ask(f"place{side}LimitOrder", {**order, "amount": Decimal("0.002")})
        _money(play, TOKEN)
        ask("getOrderBook", {"market": "btc-mxn", "limit": 1000})
        for narrow in ({}, {"market": "BTC-MXN", "limit": 1, "offset": 1}, {"market": "ltc-mxn"}):
            ask("listOpenOrders", narrow)
        ask("listOpenOrders", {})
        for one in (first, second):
            ask("getOpenOrder", {"id": one.get("id", 1)})
        ask("listOpenOrders", {}, OTHER_TOKEN)
        ask("getOpenOrder", {"id": first.get("id", 1)}, OTHER_TOKEN)
        ask(f"cancel{side}LimitOrder", {"id": first.get("id", 1)}, OTHER_TOKEN)
        wrong = "Sell" if side == "Buy" else "Buy"
        ask(f"cancel{wrong}LimitOrder", {"id": first.get("id", 1)})
        ask(f"cancel{side}LimitOrder", {"id": first.get("id", 1)})
        _money(play, TOKEN)
        ask(f"cancel{side}LimitOrder", {"id": first.get("id", 1)})
        ask("getOpenOrder", {"id": first.get("id", 1)})
        ask("listOpenOrders", {})
        ask(f"cancel{side}LimitOrder", {"id": second.get("id", 1)})
        _money(play, TOKEN)
        ask("listOpenOrders", {})


def trading(play: Player) -> None:
    """Trade with the other account: an order that is filled in part, then wholly."""
    ask = play.ask
    _who(play)
    ask("listBooks")
    for maker, taker in ((OTHER_TOKEN, TOKEN), (TOKEN, OTHER_TOKEN)):
        for side, against in (("Sell", "Buy"), ("Buy", "Sell")):
            book = ask("getOrderBook", {"market": "btc-mxn", "limit": 5})
            best = book["bids"][0]["price"] if "bids" in book else 1_000_000
            price = Decimal(best) + 1
            for token in (maker, taker):
                _money(play, token)
            rest = {"market": "btc-mxn", "amount": Decimal("0.01"), "price": price}
            resting = ask(f"place{side}LimitOrder", rest, maker)
            ask("getOpenOrder", {"id": resting.get("id", 1)}, maker)
            for amount in ("0.004", "0.006"):
                ask(f"place{against}LimitOrder", {**rest, "amount": Decimal(amount)}, taker)
                for token in (maker, taker):
                    _money(play, token)
                ask("listOpenOrders", {}, maker)
                ask("getOpenOrder", {"id": resting.get("id", 1)}, maker)
                ask("getOrderBook", {"market": "btc-mxn", "limit": 5})
                ask("getTicker", {"market": "btc-mxn"})
                ask("getOrderBook", {"market": "btc-mxn", "limit": 5})
                ask("get24hVolume", {"market": "btc-mxn"})
            for token in (maker, taker):
                trades = ask("listTransactions", {"market": "btc-mxn"}, token)
                for trade in list(trades)[:1]:
                    ask("getTransaction", {"id": trade.get("id", 1)}, token)
    for narrow in ({}, {"limit": 2, "offset": 1}, {"market": "ltc-mxn"}, {"offset": 3}, {}):
        ask("listTransactions", narrow)
    ask("get24hVolume", {"market": "btc-mxn"})


def withdrawing(play: Player) -> None:
    """Withdraw a little, and look at what became of it."""
    ask = play.ask
    _who(play)
    ask("getCurrencies")
    _money(play, TOKEN)
    address = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
    ask("withdraw", {"coin": "btc", "address": address, "amount": Decimal("0.5")})
    _money(play, TOKEN)
    ask("listWithdrawals")
    ask("listWithdrawals", {"coin": "btc"})
    ask("listWithdrawals", {"coin": "ltc"})
    ask("listWithdrawals", token=OTHER_TOKEN)
    ask("withdraw", {"coin": "btc", "address": address, "amount": Decimal(1000)})
    ask("withdraw", {"coin": "mxn", "address": address, "amount": Decimal(100)})
    _money(play, TOKEN)


def mistaken(play: Player) -> None:
    """Make the mistakes that people make."""
    ask = play.ask
    good = {"market": "btc-mxn", "amount": Decimal("0.01"), "price": Decimal(500_000)}
    ask("listBooks")
    _money(play, TOKEN)
    for wrong in (
        {"market": "btc-mxn", "amount": Decimal("0.01")},
        {**good, "market": "btcmxn"},
        {**good, "market": "abc-mxn"},
        {**good, "amount": 0},
        {**good, "amount": Decimal("-0.01")},
        {**good, "amount": "0.01"},
        {**good, "amount": Decimal("0.000000001")},
        {**good, "amount": Decimal("0.00001")},
        {**good, "amount": Decimal(1000)},
        {**good, "amount": Decimal("0.0100001")},
        {**good, "price": Decimal("500000.001")},
        {**good, "price": Decimal(99999999)},
        {**good, "note": "mine"},
    ):
        ask("placeBuyLimitOrder", wrong)
        ask("placeSellLimitOrder", wrong)
    ask("placeBuyLimitOrder", {**good, "amount": Decimal(50)})
    ask("placeSellLimitOrder", {**good, "amount": Decimal(50), "price": Decimal(2_000_000)})
    ask("placeBuyLimitOrder", good, content_type="text/plain")
    ask("placeBuyLimitOrder", good, token=None)
    ask("placeBuyLimitOrder", good, token="0" * 40)
    for name in ("getProfile", "listBalances", "listDeposits"):
        ask(name, token=None)
    for id_ in (0, -1, "1", 999_999_999):
        ask("getOpenOrder", {"id": id_})
        ask("cancelBuyLimitOrder", {"id": id_})
        ask("getTransaction", {"id": id_})
    for limit in (0, 101, "x"):
        ask("listDeposits", {"limit": limit})
        ask("listOpenOrders", {"limit": limit})
    ask("listDeposits", {"offset": -1})
    ask("getTicker", {"market": "abc-mxn"})
    ask("getTicker")
    ask("getBalance", {"coin": "b"})
    ask("getBalance", {"coin": "abc"})
    ask("getBalance", {"coin": "btc", "also": "ltc"})
    _money(play, TOKEN)


def _who(play: Player) -> None:
    for token in (TOKEN, OTHER_TOKEN):
        play.ask("getSession", token=token)


def _money(play: Player, token: str) -> None:
    play.ask("listTransactions", {}, token)
    play.ask("listBalances", {}, token)
    play.ask("getBalance", {"coin": "btc"}, token)
    play.ask("listDeposits", {}, token)


SESSIONS: Final[Mapping[str, Callable[[Player], None]]] = {
    one.__name__: one for one in (looking, ordering, trading, withdrawing, mistaken)
}


def record(
    name: str,
    path: Path,
    make: Callable[[ManualClock], Sandbox] = lambda clock: Sandbox(
        seed=7, clock=clock, token=TOKEN, other_token=OTHER_TOKEN
    ),
    engine: Callable[[Sandbox], Engine] = lambda sandbox: sandbox.engine(),
) -> None:
    """Play a session on an exchange of its own, and record it."""
    clock = ManualClock()

    def now() -> datetime:
        return datetime.fromtimestamp(clock.now_ms() / 1000, UTC)

    sandbox = make(clock)
    with Recorder(path, BASE_URL, now=now) as recorder:
        recording = RecordingEngine(engine(sandbox), recorder)
        SESSIONS[name](Player(recording, lambda: clock.advance(seconds=1)))


def har(lines: list[Exchange]) -> dict[str, Any]:
    """The same exchanges as a browser or a proxy would write them."""
    entries = [
        {
            "startedDateTime": one.time,
            "time": one.seconds * 1000,
            "request": {
                "method": one.method,
                "url": f"https://exchange.test/api/v1{one.path}"
                + (f"?{one.query}" if one.query else ""),
                "headers": [{"name": "Authorization", "value": f"Token {one.account}"}]
                if one.account
                else [],
                "postData": {
                    "mimeType": one.content_type or "",
                    "text": one.body.decode(),
                },
            },
            "response": {
                "status": one.status or 0,
                "headers": [
                    {"name": name.title(), "value": value} for name, value in one.headers.items()
                ],
                "content": {"text": one.answer.decode(), "size": len(one.answer)},
            },
        }
        for one in lines
    ]
    page = {**entries[0], "request": {**entries[0]["request"], "url": "https://x.test/logo.png"}}  # type: ignore[dict-item]
    return {"log": {"version": "1.2", "creator": {}, "entries": [page, *entries]}}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for session in SESSIONS:
        file = FOLDER / f"{session}.jsonl"
        file.unlink(missing_ok=True)
        record(session, file)

"""Engines that answer from a script, and both facades over them behind one call."""

import asyncio
import inspect
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from attrs import define, field
from coinbtr_api import exact_json
from coinbtr_api.operations import OPERATIONS

from coinbtr import AsyncCoinBTR, CoinBTR, GuardRails, Request, Response, Retries
from coinbtr.description import load

TOKEN = "s3cret-T0ken/9f8e7d6c"
URL = "https://exchange.test/api/v1"

# A script answers what the test is about, and nothing that a guard rail would read first.
OPEN = GuardRails(allow_withdrawals=True, book_limits=False)

Answer = Response | BaseException | Callable[[Request], Response]


@define
class Script:
    """Gives its answers one after the other, the last one for ever, and keeps the requests."""

    answers: list[Answer]
    requests: list[Request] = field(factory=list)
    closed: int = 0

    def next(self, request: Request) -> Response:
        """The next answer; an exception in the script is raised."""
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer(request) if callable(answer) else answer


@define
class ScriptedEngine:
    """An engine that answers from a script."""

    script: Script

    def send(self, request: Request) -> Response:
        """The script's next answer."""
        return self.script.next(request)

    def close(self) -> None:
        """Count the closing."""
        self.script.closed += 1


@define
class AsyncScriptedEngine:
    """An async engine that answers from a script."""

    script: Script

    async def send(self, request: Request) -> Response:
        """The script's next answer."""
        return self.script.next(request)

    async def aclose(self) -> None:
        """Count the closing."""
        self.script.closed += 1


@define
class Facade:
    """One of the two facades; a call is written once and run in either."""

    kind: str

    def run(
        self,
        call: Callable[[Any], Any],
        *answers: Answer,
        token: str | None = TOKEN,
        script: Script | None = None,
        retries: Retries | int = 1,
    ) -> Any:
        """What `call` gives, called with a client whose engine gives these answers.

        Unless `retries` says otherwise, each request is sent once: one fault shows one error. No
        watermark is read first.
        """
        script = script or Script(list(answers))
        options: dict[str, Any] = {
            "base_url": URL,
            "guards": OPEN,
            "retries": retries,
            "watermark": "seen",
        }
        if self.kind == "sync":
            with CoinBTR(token, engine=ScriptedEngine(script), **options) as client:
                return call(client)
        return asyncio.run(self._run(call, token, script, options))

    async def _run(
        self,
        call: Callable[[Any], Any],
        token: str | None,
        script: Script,
        options: dict[str, Any],
    ) -> Any:
        engine = AsyncScriptedEngine(script)
        async with AsyncCoinBTR(token, engine=engine, **options) as client:
            result = call(client)
            return await result if inspect.isawaitable(result) else result


def answer(
    content: bytes | str, status: int = 200, content_type: str = "application/json", **headers: str
) -> Response:
    """An answer with this body, as it stands."""
    body = content.encode() if isinstance(content, str) else content
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers={"Content-Type": content_type, **named}, content=body)


def success(data: object, **envelope: object) -> Response:
    """A success with this `data`."""
    return answer(exact_json.dumps({"success": True, "msg": "", "data": data, **envelope}))


def refusal(code: str, status: int, error: str = "No.", **headers: str) -> Response:
    """A failure as the description has it."""
    body = exact_json.dumps({"success": False, "msg": {"error": error, "code": code}})
    return answer(body, status, **headers)


def example(operation_id: str) -> Any:
    """The first example of the description for an operation's success, whole."""
    operation = OPERATIONS[operation_id]
    described = load()["paths"][operation.path][operation.method.lower()]
    examples = described["responses"]["200"]["content"]["application/json"]["examples"]
    return next(iter(examples.values()))["value"]


def example_answer(operation_id: str) -> Response:
    """The answer that the description's first example shows."""
    return answer(exact_json.dumps(example(operation_id)))


ORDER = {
    "id": 3453,
    "market": "BTC-MXN",
    "side": "BUY",
    "price": 500000,
    "initial_amount": Decimal("0.01"),
    "amount": Decimal("0.01"),
    "filled": 0,
    "is_open": True,
    "created_at": "2018-07-02T04:57:55.942Z",
}

# One call of each method, by the operation that it must carry out.
CALLS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "getProfile": ("account.profile", lambda c: c.account.profile()),
    "getSession": ("account.session", lambda c: c.account.session()),
    "getDepositAddress": ("wallet.deposit_address", lambda c: c.wallet.deposit_address("btc")),
    "withdraw": (
        "wallet.withdraw",
        lambda c: c.wallet.withdraw(
            "btc", address="2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG", amount="0.001"
        ),
    ),
    "listBalances": ("wallet.balances", lambda c: c.wallet.balances()),
    "getBalance": ("wallet.balance", lambda c: c.wallet.balance("btc")),
    "listWithdrawals": ("wallet.withdrawals", lambda c: c.wallet.withdrawals("btc", limit=2)),
    "listDeposits": ("wallet.deposits", lambda c: c.wallet.deposits("btc", offset=0)),
    "placeBuyLimitOrder": (
        "trading.buy_limit",
        lambda c: c.trading.buy_limit("btc-mxn", amount="0.01", price=500000),
    ),
    "placeSellLimitOrder": (
        "trading.sell_limit",
        lambda c: c.trading.sell_limit("BTC/MXN", amount="0.01", price=999900),
    ),
    "cancelBuyLimitOrder": (
        "trading.cancel_buy_limit",
        lambda c: c.trading.cancel_buy_limit(3453),
    ),
    "cancelSellLimitOrder": (
        "trading.cancel_sell_limit",
        lambda c: c.trading.cancel_sell_limit(3454),
    ),
    "listOpenOrders": ("trading.open_orders", lambda c: c.trading.open_orders("btc-mxn")),
    "getOpenOrder": ("trading.open_order", lambda c: c.trading.open_order(3453)),
    "listTransactions": ("trading.transactions", lambda c: c.trading.transactions(limit=5)),
    "getTransaction": ("trading.transaction", lambda c: c.trading.transaction(9001)),
    "listBooks": ("market.books", lambda c: c.market.books()),
    "getOrderBook": ("market.order_book", lambda c: c.market.order_book("btc-mxn", limit=2)),
    "getTicker": ("market.ticker", lambda c: c.market.ticker("btc-mxn")),
    "get24hVolume": ("market.volume", lambda c: c.market.volume("btc-mxn")),
    "getCurrencies": ("market.currencies", lambda c: c.market.currencies()),
}

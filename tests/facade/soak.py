"""The soak: thousands of operations by threads and tasks under random faults, and then the books.

What the users wrote down, each for himself, must agree with the exchange's ledger to the last
digit: orders, cancellations, withdrawals, trades and balances. `python -m tests.facade.soak` runs
20,000 operations; the suite runs a sample.
"""

import argparse
import asyncio
import inspect
import random
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from attrs import define, field
from coinbtr_api import exact_json

from coinbtr import (
    AsyncCoinBTR,
    CoinBTR,
    CoinBTRError,
    InferredOperationWarning,
    OutcomeUnknown,
    Request,
    Response,
    Retries,
    outcomes,
)
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.core.units import to_decimal
from coinbtr.wire.engine import (
    AnswerTimedOut,
    ConnectTimedOut,
    ExchangeBroken,
    NotConnected,
)
from tests.facade.scripted import OPEN

ADDRESS: Final = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
FAULTY: Final = 0.12
BOOK: Final = "btc-mxn"
FEE: Final = Decimal("0.0005")
HTML: Final = {"Content-Type": "text/html"}


@define(eq=False, slots=False)
class Weather:
    """Faults at random over one sandbox, and the truth: what it carried out, by account."""

    sandbox: Sandbox
    seed: int
    faulty: float = FAULTY
    carried: dict[str, Counter[str]] = field(factory=dict)
    faults: Counter[str] = field(factory=Counter)
    lock: threading.Lock = field(factory=threading.Lock)

    def __attrs_post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def answer(self, request: Request) -> Response:
        """The sandbox's answer, or a fault before or after it was carried out."""
        with self.lock:
            fault = self.random.choice(BEFORE + AFTER) if self._strikes() else None
            self.faults[fault.__name__ if fault else "none"] += 1
        if fault in BEFORE and fault is not None:
            return fault(Response(status=200))
        answer = self.sandbox.handle(request)
        if answer.status == 200:
            self._note(request, answer)
        return answer if fault is None else fault(answer)

    def _strikes(self) -> bool:
        return self.random.random() < self.faulty

    def _note(self, request: Request, answer: Response) -> None:
        path = request.url.partition("/api/v1")[2]
        if path.startswith(("/trading/place/", "/trading/cancel/", "/wallet/withdraw")):
            data: Any = exact_json.loads(answer.content)
            what = path.split("/")[2]
            name = data["data"]["txid" if what == "withdraw" else "id"]
            with self.lock:
                account = self.carried.setdefault(request.headers["Authorization"], Counter())
                account[f"{what} {name}"] += 1


def refused(_: Response) -> Response:
    """Nobody listens."""
    raise NotConnected("refused")


def slow_to_connect(_: Response) -> Response:
    """No connection in time."""
    raise ConnectTimedOut("5 s")


def reset(_: Response) -> Response:
    """The connection breaks."""
    raise ExchangeBroken("reset by peer")


def silence(_: Response) -> Response:
    """No answer in time."""
    raise AnswerTimedOut("15 s")


def limited(_: Response) -> Response:
    """Too many requests."""
    return Response(status=429, headers={"Retry-After": "0"}, content=b"{}")


def failed(_: Response) -> Response:
    """The server fails."""
    body = b'{"success": false, "msg": {"error": "?", "code": "internal_error"}}'
    return Response(status=500, content=body)


def gateway(_: Response) -> Response:
    """A gateway's page."""
    return Response(status=502, headers=HTML, content=b"<html>")


def cut(answer: Response) -> Response:
    """Half of the answer."""
    return Response(status=200, content=answer.content[: len(answer.content) // 2])


Struck = Callable[[Response], Response]
BEFORE: Final[list[Struck]] = [refused, slow_to_connect, limited, reset, failed, gateway]
# Copies under names of their own: struck after the request was carried out.
AFTER: Final[list[Struck]] = [
    lambda answer: reset(answer),  # noqa: PLW0108 - each a copy
    lambda answer: silence(answer),  # noqa: PLW0108
    lambda answer: failed(answer),  # noqa: PLW0108
    lambda answer: gateway(answer),  # noqa: PLW0108
    cut,
]


@define
class Engine:
    """An engine out in the weather."""

    weather: Weather

    def send(self, request: Request) -> Response:
        """What the weather leaves of the answer."""
        return self.weather.answer(request)

    def close(self) -> None:
        """Nothing to close."""


@define
class AsyncEngine:
    """The same, awaited."""

    weather: Weather

    async def send(self, request: Request) -> Response:
        """What the weather leaves of the answer, after a turn of the others."""
        await asyncio.sleep(0)
        return self.weather.answer(request)

    async def aclose(self) -> None:
        """Nothing to close."""


@define(eq=False)
class Books:
    """What the users of one account wrote down."""

    placed: set[int] = field(factory=set)
    cancelled: set[int] = field(factory=set)
    withdrawn: set[str] = field(factory=set)
    sent: Decimal = Decimal(0)
    lost: int = 0
    refused: int = 0
    pending: list[OutcomeUnknown] = field(factory=list)
    lock: threading.Lock = field(factory=threading.Lock)

    def note(self, outcome: Any) -> None:
        """Write down what a lost request came to."""
        with self.lock:
            if isinstance(outcome, outcomes.Found) and outcome.order is not None:
                self.placed.add(outcome.order.id)
            elif isinstance(outcome, outcomes.Found) and outcome.withdrawal is not None:
                self.withdrawn.add(outcome.withdrawal.txid)
                self.sent += outcome.withdrawal.amount + FEE
            elif isinstance(outcome, outcomes.Cancelled):
                self.cancelled.add(outcome.order_id)


async def settled(value: Any) -> Any:
    """What a call of either facade gives."""
    return await value if inspect.isawaitable(value) else value


@define(eq=False)
class User:
    """One thread or task that trades on an account and writes down what it knows."""

    client: Any
    books: Books
    random: random.Random
    open: list[Any] = field(factory=list)

    async def trade(self, operations: int) -> None:
        """Do so many things that move money."""
        for turn in range(operations):
            await self._guarded(self._one)
            if turn % 16 == 0:
                await self._guarded(lambda: self.client.trading.transactions(limit=1))
                await self.look_up()

    async def look_up(self) -> None:
        """Look up what is pending; what is ambiguous as long as others are at it stays so."""
        with self.books.lock:
            mine, self.books.pending = self.books.pending, []
        for lost in mine:
            await self._reconcile(lost)

    async def _one(self) -> None:
        chance = self.random.random()
        if chance < 0.15:
            receipt = await settled(
                self.client.wallet.withdraw("btc", address=ADDRESS, amount="0.001")
            )
            with self.books.lock:
                self.books.withdrawn.add(receipt.txid)
                self.books.sent += Decimal("0.001") + FEE
        elif chance < 0.5 and self.open:
            order = self.open.pop(self.random.randrange(len(self.open)))
            done = await settled(self.client.trading.cancel(order))
            with self.books.lock:
                self.books.cancelled.add(done.id)
        else:
            side = self.random.choice(("buy_limit", "sell_limit"))
            place = getattr(self.client.trading, side)
            amount = self.random.choice(("0.001", "0.002"))
            price = self.random.choice((990000, 1000000, 1010000))
            order = await settled(place(BOOK, amount=amount, price=price))
            with self.books.lock:
                self.books.placed.add(order.id)
            if order.is_open:
                self.open.append(order)

    async def _guarded(self, act: Callable[[], Any]) -> None:
        try:
            await settled(act())
        except OutcomeUnknown as lost:
            with self.books.lock:
                self.books.lost += 1
            await self._reconcile(lost)
        except CoinBTRError:
            with self.books.lock:
                self.books.refused += 1

    async def _reconcile(self, lost: OutcomeUnknown) -> None:
        try:
            outcome = await settled(lost.reconcile(settle=0))
        except CoinBTRError:
            outcome = None
        if outcome is None or isinstance(outcome, outcomes.Ambiguous):
            with self.books.lock:
                self.books.pending.append(lost)
        else:
            self.books.note(outcome)
            # Also one that is filled: cancelling it is refused, or its outcome lost once more.
            if isinstance(outcome, outcomes.Found) and outcome.order is not None:
                self.open.append(outcome.order)


def _options(sandbox: Sandbox) -> dict[str, Any]:
    return {
        "base_url": sandbox.base_url,
        "guards": OPEN,
        "rate_limit": None,
        "retries": Retries(attempts=4, first_wait=0),
    }


def by_threads(weather: Weather, token: str, books: Books, operations: int, users: int) -> None:
    """Threads that share one client."""
    client = CoinBTR(token, engine=Engine(weather), **_options(weather.sandbox))

    def work(number: int) -> None:
        user = User(client, books, random.Random(weather.seed * 100 + number))
        asyncio.run(user.trade(operations // users))

    asyncio.run(_warm(weather, client, books))
    threads = [threading.Thread(target=work, args=(number,)) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asyncio.run(_cool(weather, client, books))
    client.close()


async def by_tasks(weather: Weather, token: str, books: Books, operations: int, users: int) -> None:
    """Tasks that share one async client."""
    client = AsyncCoinBTR(token, engine=AsyncEngine(weather), **_options(weather.sandbox))
    await _warm(weather, client, books)
    everyone = [
        User(client, books, random.Random(weather.seed * 100 + number)) for number in range(users)
    ]
    await asyncio.gather(*(user.trade(operations // users) for user in everyone))
    await _cool(weather, client, books)
    await client.close()


async def _warm(weather: Weather, client: Any, books: Books) -> None:
    """An order, its trade and a withdrawal in fine weather: the watermark is known."""
    weather.faulty, faulty = 0.0, weather.faulty
    order = await settled(client.trading.buy_limit(BOOK, amount="0.001", price="1200000"))
    receipt = await settled(client.wallet.withdraw("btc", address=ADDRESS, amount="0.001"))
    assert await settled(client.trading.transactions(limit=1))
    books.placed.add(order.id)
    books.withdrawn.add(receipt.txid)
    books.sent += Decimal("0.001") + FEE
    weather.faulty = faulty


async def _cool(weather: Weather, client: Any, books: Books) -> None:
    """In fine weather, when nobody is at it any more, everything can be known."""
    weather.faulty = 0.0
    await User(client, books, random.Random(0)).look_up()
    left = [lost.reconcile(settle=0) for lost in client.unresolved]
    assert not left, [await settled(one) for one in left]
    assert client.unresolved == ()


def audit(sandbox: Sandbox, token: str, books: Books, weather: Weather, start: Any) -> list[str]:
    """Where the users' books and the exchange's ledger differ."""
    carried = weather.carried[f"Token {token}"]
    truth = {
        what: {name for kind, _, name in (key.partition(" ") for key in carried) if kind == what}
        for what in ("place", "cancel", "withdraw")
    }
    problems = [f"{key} was carried out {n} times" for key, n in carried.items() if n != 1]
    for what, wrote in (
        ("place", {str(one) for one in books.placed}),
        ("cancel", {str(one) for one in books.cancelled}),
        ("withdraw", books.withdrawn),
    ):
        if truth[what] != wrote:
            problems.append(
                f"{what}: lost {sorted(truth[what] - wrote)}, made up {sorted(wrote - truth[what])}"
            )
    client = CoinBTR(token, engine=sandbox.engine(), **_options(sandbox))
    expected = {coin: start[coin] for coin in ("BTC", "MXN")}
    expected["BTC"] -= books.sent
    for trade in client.trading.iter_transactions():
        if trade.order_id not in books.placed:
            problems.append(f"trade {trade.id} of order {trade.order_id}, which nobody placed")
        bought = trade.side == "BUY"
        expected["BTC"] += trade.amount - trade.fee_amount if bought else -trade.amount
        expected["MXN"] += -trade.value if bought else trade.value - trade.fee_amount
    still = {order.id for order in client.trading.iter_open_orders()}
    if not still <= books.placed - books.cancelled:
        problems.append(f"open, and not in the books: {still - (books.placed - books.cancelled)}")
    account = sandbox.exchange.tokens.find(
        token, now_ms=sandbox.clock.now_ms(), peer="127.0.0.1"
    ).account_id
    for coin, total in expected.items():
        ledger = to_decimal(sandbox.exchange.ledger.wallet(account, coin).total)
        if ledger != total:
            problems.append(f"{coin}: the ledger has {ledger}, the books {total}")
    client.close()
    return problems


def soak(operations: int, seed: int = 0, users: int = 4) -> tuple[list[str], str]:
    """Run it, half by threads on one account, half by tasks on the other.

    Gives where books and ledger differ, and a line of figures.
    """
    began = time.perf_counter()
    sandbox = Sandbox(seed=seed)
    for account in ("demo", "other"):
        for coin in ("btc", "mxn"):
            sandbox.credit(coin, 10_000_000 if coin == "mxn" else 100, account)
    tokens = (sandbox.token, sandbox.other_token)
    weathers = [Weather(sandbox, seed * 2 + number) for number in range(2)]
    books = [Books(), Books()]
    starts = []
    for token in tokens:
        client = CoinBTR(token, engine=sandbox.engine(), **_options(sandbox))
        starts.append({one.coin: one.total for one in client.wallet.balances()})
        client.close()
    failures: list[BaseException] = []

    def tasks() -> None:
        try:
            asyncio.run(by_tasks(weathers[1], tokens[1], books[1], operations // 2, users))
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits
            failures.append(error)

    other = threading.Thread(target=tasks)
    other.start()
    by_threads(weathers[0], tokens[0], books[0], operations // 2, users)
    other.join()
    if failures:
        raise failures[0]
    problems = [
        problem
        for token, wrote, weather, start in zip(tokens, books, weathers, starts, strict=True)
        for problem in audit(sandbox, token, wrote, weather, start)
    ]
    faults = sum(sum(one.faults.values()) - one.faults["none"] for one in weathers)
    figures = (
        f"{operations} operations, {faults} faults,"
        f" {sum(one.lost for one in books)} outcomes unknown, all found out;"
        f" {sum(len(one.placed) for one in books)} orders,"
        f" {sum(len(one.cancelled) for one in books)} cancelled,"
        f" {sum(len(one.withdrawn) for one in books)} withdrawals,"
        f" {time.perf_counter() - began:.0f} s"
    )
    return problems, figures


def main() -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--operations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("ignore", InferredOperationWarning)
    problems, figures = soak(options.operations, options.seed)
    agree = "books and ledger differ" if problems else "books and ledger agree to the last digit"
    sys.stdout.write(f"{figures}\n{agree}\n")
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

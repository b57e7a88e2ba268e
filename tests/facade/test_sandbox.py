"""The whole path: facade, generated operation, seam, and the embedded exchange behind it."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

import coinbtr
from coinbtr import AsyncCoinBTR, CoinBTR, FilledAs, GuardRails, Side, TransferStatus
from coinbtr.sandbox import Sandbox
from tests.facade.scripted import OPEN, Facade

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
WITHDRAWING = GuardRails(allow_withdrawals=True)
Step = Callable[..., Any]


def play(
    facade: Facade,
    session: Callable[[Any, Step], Awaitable[None]],
    guards: GuardRails = WITHDRAWING,
) -> None:
    """Run one session over a fresh exchange, with either facade."""

    async def whole() -> None:
        if facade.kind == "sync":
            with CoinBTR.sandbox(guards=guards) as client:
                await session(client, _sync_step)
        else:
            async with AsyncCoinBTR.sandbox(guards=guards) as client:
                await session(client, _async_step)

    asyncio.run(whole())


async def _sync_step(value: Any) -> Any:
    return value


async def _async_step(value: Awaitable[Any]) -> Any:
    return await value


def test_an_order_from_its_placing_to_its_end(facade: Facade) -> None:
    """Placed, held, seen, cancelled; the money comes back to the last digit."""

    async def session(client: Any, step: Step) -> None:
        before = await step(client.wallet.balance("mxn"))
        book = await step(client.market.order_book("btc-mxn"))
        price = book.best_bid.price
        order = await step(client.trading.buy_limit("btc-mxn", amount="0.01", price=price))
        assert (order.book, order.side, order.is_open) == ("BTC-MXN", Side.BUY, True)
        assert order.amount == order.remaining == Decimal("0.01")
        held = await step(client.wallet.balance("mxn"))
        assert held.frozen == order.price * order.amount
        assert held.total == before.total
        assert await step(client.trading.open_order(order.id)) == order
        assert order in await step(client.trading.open_orders("BTC/MXN"))
        cancelled = await step(client.trading.cancel(order))
        assert cancelled.id == order.id
        assert not cancelled.is_open
        assert await step(client.wallet.balance("mxn")) == before

    play(facade, session)


def test_a_trade_and_its_transaction(facade: Facade) -> None:
    """An order that meets the book is filled, charged, and listed."""

    async def session(client: Any, step: Step) -> None:
        book = await step(client.market.order_book("btc-mxn", limit=1))
        ask = book.best_ask.price
        order = await step(client.trading.buy_limit("btc-mxn", amount="0.001", price=ask))
        assert not order.is_open
        assert order.filled == Decimal("0.001")
        [trade] = await step(client.trading.transactions("btc-mxn"))
        assert (trade.order_id, trade.side, trade.filled_as) == (order.id, "BUY", FilledAs.TAKER)
        assert trade.value == trade.price * trade.amount
        assert trade.fee_coin == "BTC"
        assert await step(client.trading.transaction(trade.id)) == trade
        sold = await step(client.trading.sell_limit("btc-mxn", amount="0.001", price="5000000"))
        assert await step(client.trading.cancel(sold))

    play(facade, session)


def test_a_withdrawal(facade: Facade) -> None:
    """Its receipt, its entry in the list, and the balance less amount and fee."""

    async def session(client: Any, step: Step) -> None:
        before = await step(client.wallet.balance("btc"))
        coins = {one.coin: one for one in await step(client.market.currencies())}
        receipt = await step(client.wallet.withdraw("btc", address=ADDRESS, amount="0.01"))
        assert receipt.status is TransferStatus.SIGNED
        [listed] = await step(client.wallet.withdrawals("btc"))
        assert (listed.txid, listed.address, listed.amount) == (
            receipt.txid,
            ADDRESS,
            Decimal("0.01"),
        )
        assert listed.fee_amount == coins["BTC"].fee_withdraw
        after = await step(client.wallet.balance("btc"))
        assert before.total - after.total == Decimal("0.01") + listed.fee_amount

    play(facade, session)


def test_everything_that_reads(facade: Facade) -> None:
    """Each reading method gives its object from the real exchange."""

    async def session(client: Any, step: Step) -> None:
        profile, session_ = (
            await step(client.account.profile()),
            await step(client.account.session()),
        )
        assert profile.username == session_.username
        assert session_.permissions.withdraw
        books = await step(client.market.books())
        balances = await step(client.wallet.balances())
        assert "BTC-MXN" in {book.name for book in books}
        assert {"BTC", "MXN"} <= {balance.coin for balance in balances}
        for book in books:
            ticker = await step(client.market.ticker(book.name))
            volume = await step(client.market.volume(book.name))
            assert ticker.volume == volume.volume
        address = await step(client.wallet.deposit_address("btc"))
        assert address.address in {balance.deposit_address for balance in balances}
        assert isinstance(await step(client.wallet.deposits(limit=1)), list)

    play(facade, session)


REFUSALS: list[tuple[Callable[[Any], Any], type[Exception]]] = [
    (lambda c: c.market.ticker("doge-mxn"), coinbtr.BookNotFound),
    (lambda c: c.wallet.balance("doge"), coinbtr.CoinNotFound),
    (lambda c: c.trading.open_order(999_999), coinbtr.OrderNotFound),
    (lambda c: c.trading.transaction(999_999), coinbtr.TransactionNotFound),
    (lambda c: c.trading.cancel_sell_limit(999_999), coinbtr.OrderNotFound),
    (
        lambda c: c.trading.buy_limit("btc-mxn", amount="99", price="1000000"),
        coinbtr.InsufficientFunds,
    ),
    (
        lambda c: c.trading.buy_limit("btc-mxn", amount="0.00000001", price="1000000"),
        coinbtr.BelowMinimum,
    ),
    (
        lambda c: c.trading.buy_limit("btc-mxn", amount="0.01", price="1000000.00000001"),
        coinbtr.InvalidStep,
    ),
    (
        lambda c: c.wallet.withdraw("btc", address="not-an-address", amount=1),
        coinbtr.InvalidAddress,
    ),
    (lambda c: c.wallet.withdraw("mxn", address=ADDRESS, amount=1), coinbtr.WithdrawalUnavailable),
    (lambda c: c.wallet.deposit_address("mxn"), coinbtr.DepositUnavailable),
]


@pytest.mark.parametrize(("call", "expected"), REFUSALS)
def test_each_refusal_of_the_exchange_has_its_class(
    facade: Facade, call: Callable[[Any], Any], expected: type[Exception]
) -> None:
    """What the exchange refuses arrives as the class that says why."""

    async def session(client: Any, step: Step) -> None:
        with pytest.raises(coinbtr.Refused) as caught:
            await step(call(client))
        assert type(caught.value) is expected

    play(facade, session, OPEN)


def test_a_wrong_token_and_a_weak_one() -> None:
    """An unknown token is an AuthenticationError, one without the right a PermissionDenied."""
    exchange = Sandbox()
    for token, expected in [
        ("nobody", coinbtr.AuthenticationError),
        (exchange.issue_token(withdraw=False), coinbtr.PermissionDenied),
    ]:
        client = CoinBTR(
            token, base_url=exchange.base_url, engine=exchange.engine(), allow_withdrawals=True
        )
        with pytest.raises(expected):
            client.wallet.withdraw("btc", address=ADDRESS, amount="0.01")


def test_the_tasks_of_one_client() -> None:
    """One async client serves many tasks at once."""

    async def many() -> None:
        async with AsyncCoinBTR.sandbox() as client:
            ticker, balances = await asyncio.gather(
                client.market.ticker("btc-mxn"), client.wallet.balances()
            )
            assert ticker.book == "BTC-MXN"
            assert balances
            orders = await asyncio.gather(
                *(
                    client.trading.buy_limit("btc-mxn", amount="0.02", price="1000")
                    for _ in range(20)
                )
            )
            assert len({order.id for order in orders}) == 20

    asyncio.run(many())


def test_clients_can_share_one_exchange() -> None:
    """What one client does, the other sees; both say SANDBOX, and closing one leaves the other."""
    exchange = Sandbox()
    with CoinBTR.sandbox(exchange) as watching:
        with CoinBTR.sandbox(exchange) as acting:
            order = acting.trading.buy_limit("btc-mxn", amount="0.02", price="1000")
        assert watching.trading.open_order(order.id) == order
        assert repr(watching) == repr(acting) == "<CoinBTR SANDBOX>"

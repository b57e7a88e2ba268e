"""The Python methods of the sandbox: typed results, and clients of the real facade."""

import asyncio
from decimal import Decimal

import pytest
from attrs import asdict

import coinbtr
from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.control.errors import ControlError, NotPossible, Unknown
from coinbtr.sandbox.core.errors import Refusal
from coinbtr.sandbox.faults import Fault


def test_a_deposit_is_followed_to_its_end(sandbox: Sandbox) -> None:
    """Pending, then confirmed by hand; the balances say so, as exact Decimals."""
    deposit = sandbox.credit("btc", "0.1", confirmed=False)
    assert (deposit.status, deposit.amount) == ("pending", Decimal("0.1"))
    assert sandbox.balances()["BTC"].pending == Decimal("0.1")
    assert sandbox.confirm(deposit).status == "confirmed"
    assert sandbox.balances()["BTC"].available == Decimal("10.1")
    with pytest.raises(NotPossible, match="confirmed"):
        sandbox.fail(deposit.id)
    assert sandbox.transfers("demo", limit=1)[0].id == deposit.id


def test_a_failed_withdrawal_comes_back(sandbox: Sandbox) -> None:
    """With its fee: the balance is what it was."""
    with sandbox.client(allow_withdrawals=True) as client:
        address = client.wallet.deposit_address("btc").address
        client.wallet.withdraw("btc", amount="1", address=address)
    assert sandbox.balances()["BTC"].total == Decimal("8.9995")
    [withdrawal] = [one for one in sandbox.transfers() if one.kind == "withdrawal"]
    assert sandbox.fail(withdrawal).status == "failed"
    assert sandbox.balances()["BTC"].total == 10


def test_a_client_is_whoever_its_token_says(sandbox: Sandbox) -> None:
    """By default demo; another user or a token with fewer permissions by `token`."""
    with sandbox.client() as demo, sandbox.client(token=sandbox.other_token) as other:
        assert isinstance(demo, coinbtr.CoinBTR)
        assert demo.account.profile().username == "demo"
        assert other.account.profile().username == "other"
    with (
        sandbox.client(token=sandbox.issue_token(trade=False)) as reader,
        pytest.raises(coinbtr.PermissionDenied),
    ):
        reader.trading.buy_limit("btc-mxn", amount="0.01", price="900000")
    with pytest.raises(coinbtr.ConfigurationError, match="ASCII"):
        sandbox.client(token="two words")


def test_an_async_client_is_one_too(sandbox: Sandbox) -> None:
    """The same options, awaited."""

    async def name() -> str:
        async with sandbox.async_client(token=sandbox.other_token) as client:
            return (await client.account.profile()).username

    assert asyncio.run(name()) == "other"


def test_an_order_is_seen_from_both_sides(sandbox: Sandbox) -> None:
    """What the client placed is what `orders` tells; what it froze is in the balances."""
    with sandbox.client() as client:
        placed = client.trading.buy_limit("btc-mxn", amount="0.01", price="500000")
    [order] = sandbox.orders("demo")
    assert (order.id, order.account, order.amount) == (placed.id, "demo", Decimal("0.01"))
    assert sandbox.balances()["MXN"].frozen == 5000


def test_a_level_decides_the_fees(sandbox: Sandbox) -> None:
    """An account of a higher level pays less for the same trade."""
    bought = []
    for level in (1, 4):
        name = f"level-{level}"
        assert sandbox.open_account(name, level=level).level == level
        sandbox.credit("mxn", 100_000, name)
        with sandbox.client(token=sandbox.issue_token(name)) as client:
            ask = client.market.order_book("btc-mxn").best_ask
            client.trading.buy_limit("btc-mxn", amount="0.001", price=ask.price)
        bought.append(sandbox.balances(name)["BTC"].available)
    assert bought[0] < bought[1] < Decimal("0.001")


def test_candles_are_made_of_trades(sandbox: Sandbox) -> None:
    """One candle over a whole day has the ticker's extremes and volume; small ones add up to it."""
    ticker = sandbox.book("btc-mxn").book
    small = sandbox.candles("btc-mxn", 60, limit=1000)
    assert sum(candle.volume for candle in small) == ticker.volume
    assert max(candle.high for candle in small) == ticker.high
    assert min(candle.low for candle in small) == ticker.low
    assert small[-1].close == ticker.last
    assert all(candle.time.timestamp() % 60 == 0 for candle in small)
    assert sandbox.candles("btc-mxn", 60, limit=2) == small[-2:]
    for after, candle in zip(small[1:], small[:-1], strict=True):
        assert candle.time < after.time


def test_a_candle_goes_from_its_first_trade_to_its_last(sandbox: Sandbox) -> None:
    """Of a market that has moved, candle by candle, against the trades themselves."""
    sandbox.go_live()
    sandbox.advance(600)
    trades = sandbox.book("btc-mxn", limit=10**6).trades[::-1]
    candles = sandbox.candles("btc-mxn", 120, limit=1000)
    assert any(candle.open != candle.close for candle in candles)
    for candle in candles:
        begin = candle.time.timestamp()
        prices = [one.price for one in trades if begin <= one.time.timestamp() < begin + 120]
        assert (candle.open, candle.close) == (prices[0], prices[-1])
        assert (candle.high, candle.low) == (max(prices), min(prices))


def test_the_clock_moves_money(sandbox: Sandbox, clock: ManualClock) -> None:
    """What was due in the time that is skipped has happened; the journal will know how far."""
    sandbox.credit("btc", 1, confirmed=False)
    state = sandbox.advance(29, ms=1_000)
    assert state.skipped_seconds == 30
    assert sandbox.balances()["BTC"].available == 11
    assert sandbox.exchange.skipped_ms == clock.skipped_ms == 30_000
    with pytest.raises(ValueError, match="back"):
        sandbox.advance(-1)


def test_every_error_names_what_there_is(sandbox: Sandbox) -> None:
    """One base for what the control plane refuses; the exchange's own refusals stay theirs."""
    for attempt in (
        lambda: sandbox.balances("nobody"),
        lambda: sandbox.orders("nobody"),
        lambda: sandbox.transfers("nobody"),
        lambda: sandbox.issue_token("nobody"),
        lambda: sandbox.credit("btc", 1, "nobody"),
        lambda: sandbox.revoke_token("nothing"),
        lambda: sandbox.confirm(10**6),
    ):
        with pytest.raises(Unknown):
            attempt()
    with pytest.raises(ControlError, match="already"):
        sandbox.open_account("demo")
    with pytest.raises(NotPossible, match="level"):
        sandbox.open_account("ana", level=0)
    with pytest.raises(NotPossible, match="allowed_ips"):
        sandbox.issue_token(allowed_ips=["x"])
    with pytest.raises(Refusal, match="book_not_found"):
        sandbox.halt("btc-eur")
    with pytest.raises(ValueError, match="interval"):
        sandbox.candles("btc-mxn", 0)


def test_a_revoked_token_is_refused(sandbox: Sandbox) -> None:
    """By the token itself as well as by its id; the other tokens stay."""
    token = sandbox.issue_token(allowed_ips=["127.0.0.0/8"], expires_in=60, trade=False)
    info = sandbox.tokens()[-1]
    assert asdict(info.permissions) == {"trade": False, "withdraw": True, "deposit": True}
    assert (info.account, info.allowed_ips) == ("demo", ("127.0.0.0/8",))
    assert info.expires_at is not None
    assert token not in str(sandbox.tokens())
    assert sandbox.revoke_token(token) == info
    assert info not in sandbox.tokens()
    assert len(sandbox.tokens()) == 2


def test_the_overview_counts(sandbox: Sandbox) -> None:
    """Each count is the length of the list that it counts."""
    sandbox.faults.add(Fault(kind="latency", ms=0))
    sandbox.snapshot()
    with sandbox.client() as client:
        client.trading.buy_limit("btc-mxn", amount="0.01", price="500000")
    counts = sandbox.overview().counts
    assert counts.open_orders == len(sandbox.orders(limit=10**6))
    assert counts.transfers == len(sandbox.transfers(limit=10**6))
    assert counts.accounts == len(sandbox.accounts())
    assert (counts.tokens, counts.snapshots, counts.faults) == (2, 1, 1)
    assert counts.requests == sandbox.requests.count() == len(sandbox.requests.list())

"""The bot's own tests: `pytest` finds the fixtures as soon as `coinbtr[sandbox]` is installed."""

import pytest
from bot import Joiner

from coinbtr.sandbox import Fault, Sandbox


def test_it_joins_the_best_bid_and_stays(coinbtr_sandbox: Sandbox) -> None:
    """Two steps in a calm market make one order."""
    with coinbtr_sandbox.client() as exchange:
        bot = Joiner(exchange, "btc-mxn", "0.01")
        assert bot.step() == bot.step()
    [order] = coinbtr_sandbox.orders("demo")
    assert str(order.side) == "BUY"


def test_it_follows_the_market(coinbtr_sandbox: Sandbox) -> None:
    """Somebody bids more: the old order goes, a new one comes."""
    with (
        coinbtr_sandbox.client() as exchange,
        coinbtr_sandbox.client(token=coinbtr_sandbox.other_token) as other,
    ):
        bot = Joiner(exchange, "btc-mxn", "0.01")
        before = bot.step()
        assert before is not None
        other.trading.buy_limit("btc-mxn", amount="0.02", price=before + 1)
        assert bot.step() == before + 1
    assert len(coinbtr_sandbox.orders("demo")) == 1


def test_it_survives_a_lost_answer(coinbtr_sandbox: Sandbox) -> None:
    """The order was placed and its answer lost: the bot finds it, and places no second one."""
    coinbtr_sandbox.faults.add(
        Fault(kind="drop_answer", operations=("placeBuyLimitOrder",), count=1)
    )
    with coinbtr_sandbox.client() as exchange:
        bot = Joiner(exchange, "btc-mxn", "0.01")
        price = bot.step()
        assert price is not None
        assert bot.step() == price
    assert len(coinbtr_sandbox.orders("demo")) == 1


def test_it_gives_up_without_money(coinbtr_sandbox: Sandbox) -> None:
    """A refusal is no reason to crash."""
    coinbtr_sandbox.open_account("poor")
    with coinbtr_sandbox.client(token=coinbtr_sandbox.issue_token("poor")) as exchange:
        assert Joiner(exchange, "btc-mxn", "0.01").step() is None


@pytest.mark.coinbtr_sandbox(seed=7, live=True)
def test_it_is_filled_while_the_market_moves(coinbtr_sandbox: Sandbox) -> None:
    """An hour of a live market passes at once."""
    with coinbtr_sandbox.client() as exchange:
        bot = Joiner(exchange, "btc-mxn", "0.001")
        for _ in range(60):
            bot.step()
            coinbtr_sandbox.advance(60)
    assert coinbtr_sandbox.balances()["BTC"].available > 10

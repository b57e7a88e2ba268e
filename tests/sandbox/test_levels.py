"""An account's level decides its fees, on every book, as a maker and as a taker."""

from decimal import Decimal

import pytest

from coinbtr.sandbox.core.catalogue import CATALOGUE, FEES, Market
from coinbtr.sandbox.core.commands import OpenAccount, PlaceOrder
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.units import SCALE, to_units
from tests.sandbox.floor import MARKET

SHARES = {
    1: ("0.0020", "0.0040"),
    2: ("0.0015", "0.0030"),
    3: ("0.0010", "0.0020"),
    4: ("0.00075", "0.00095"),
    9: ("0.00075", "0.00095"),
}


def traders(exchange: Exchange, *levels: int) -> list[int]:
    """Open a rich account of each level."""
    owners = []
    for number, level in enumerate(levels):
        account = OpenAccount(f"trader{number}", "trader@coinbtr.test", level).apply(exchange, 0)
        for coin in ("BTC", "MXN"):
            exchange.wallets.deposit(account.id, coin, 10**15, now_ms=0, confirmed=True)
        owners.append(account.id)
    return owners


@pytest.mark.parametrize("level", SHARES)
def test_each_level_has_its_fees(level: int) -> None:
    """A maker and a taker of a level pay its shares; levels beyond the last pay as the last."""
    exchange = Exchange()
    maker, taker = traders(exchange, level, level)
    price, amount = 1_000_000 * SCALE, SCALE
    PlaceOrder(maker, MARKET, "SELL", amount, price).apply(exchange, 1)
    PlaceOrder(taker, MARKET, "BUY", amount, price).apply(exchange, 2)
    [sold], [bought] = (exchange.trading.transactions(who) for who in (maker, taker))
    assert (sold.fee, bought.fee) == (
        to_units(Decimal(1_000_000) * Decimal(SHARES[level][0])),
        to_units(SHARES[level][1]),
    )


def test_each_side_pays_by_its_own_level() -> None:
    """A beginner who meets a professional pays the beginner's fee, and the other way round."""
    exchange = Exchange()
    beginner, professional = traders(exchange, 1, 4)
    for maker, taker in ((beginner, professional), (professional, beginner)):
        PlaceOrder(maker, MARKET, "SELL", SCALE, SCALE * 10**6).apply(exchange, 1)
        PlaceOrder(taker, MARKET, "BUY", SCALE, SCALE * 10**6).apply(exchange, 2)
    mine = {trade.filled_as: trade.fee for trade in exchange.trading.transactions(beginner)}
    theirs = {trade.filled_as: trade.fee for trade in exchange.trading.transactions(professional)}
    assert mine == {"maker": to_units("2000"), "taker": to_units("0.004")}
    assert theirs == {"maker": to_units("750"), "taker": to_units("0.00095")}


@pytest.mark.parametrize("market", CATALOGUE.markets.values(), ids=lambda market: market.name)
def test_higher_levels_pay_less(market: Market) -> None:
    """On every book fees fall from level to level, and a taker pays more than a maker."""
    fees = market.fees
    assert len(fees) == len(FEES) == 4
    assert list(fees) == sorted(fees, reverse=True)
    assert all(0 < maker < taker for maker, taker in fees)


@pytest.mark.parametrize("level", [0, -1])
def test_levels_count_from_one(level: int) -> None:
    """There is no level below the first."""
    with pytest.raises(ValueError, match="level"):
        OpenAccount("nobody", "nobody@coinbtr.test", level).apply(Exchange(), 0)

"""Makes domain objects of checked answers straight from the decoded body, for what is read most.

The generated models are passed by, and tests hold the results to theirs. What is given here has
been checked: each field is there, of its kind, and each amount is a Decimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coinbtr import models


def ticker(body: Mapping[str, Any]) -> models.Ticker:
    """The domain object of a ticker's answer."""
    data = body["data"]
    return models.Ticker(
        book=data["market"].upper(),
        last=data["last"],
        bid=data["bid"],
        ask=data["ask"],
        high=data["high"],
        low=data["low"],
        volume=data["volume"],
    )


def order_book(body: Mapping[str, Any]) -> models.OrderBook:
    """The domain object of an order book's answer."""
    data = body["data"]
    return models.OrderBook(
        book=data["market"].upper(), asks=levels(data["asks"]), bids=levels(data["bids"])
    )


def levels(side: list[dict[str, Any]]) -> tuple[models.PriceLevel, ...]:
    """The price levels of one side."""
    level = models.PriceLevel
    return tuple([level(price=one["price"], amount=one["amount"]) for one in side])

"""Makes ccxt's structures of the package's domain objects. Amounts stay text until ccxt's `number`.

`number` is what the user of ccxt chose: float by default, str to be exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from attrs import evolve

from coinbtr import models
from coinbtr.models import TransferStatus
from coinbtr.money import difference, total

Structure: TypeAlias = dict[str, Any]
Number: TypeAlias = Callable[[str | None], Any]
"""ccxt's `parse_number`: what it makes of an amount."""

_STATUS: Final = {
    TransferStatus.CONFIRMED: "ok",
    TransferStatus.FAILED: "failed",
    TransferStatus.PENDING: "pending",
    TransferStatus.SENT: "pending",
    TransferStatus.SIGNED: "pending",
}


def text(amount: Decimal | None) -> str | None:
    """An amount in plain notation, to the last digit."""
    return None if amount is None else f"{amount:f}"


def symbol(book: str) -> str:
    """`BTC/MXN` for `BTC-MXN`."""
    return book.replace("-", "/")


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, as ccxt counts time; what is below one is cut off."""
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def iso(moment: datetime) -> str:
    """As ccxt writes a time."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def market(book: models.Book, info: Structure, number: Number) -> Structure:
    """A market, with the limits and fees that the exchange lists for its book."""
    base, quote = book.name.split("-")
    return {
        "id": book.name,
        "symbol": symbol(book.name),
        "base": base,
        "quote": quote,
        "baseId": base,
        "quoteId": quote,
        "type": "spot",
        "spot": True,
        "contract": False,
        **dict.fromkeys(("margin", "swap", "future", "option"), False),
        "active": book.is_open,
        "taker": number(text(book.taker_fee)),
        "maker": number(text(book.maker_fee)),
        "precision": {
            "amount": number(text(book.amount_step)),
            "price": number(text(book.price_step)),
        },
        "limits": {
            "amount": {
                "min": number(text(book.min_amount)),
                "max": number(text(book.max_amount)),
            },
            "price": {"min": number(text(book.min_price)), "max": number(text(book.max_price))},
            "cost": {"min": number(text(book.min_value)), "max": None},
            "leverage": {"min": None, "max": None},
        },
        "info": info,
    }


def currency(coin: models.Currency, info: Structure, number: Number) -> Structure:
    """A currency, with what it takes to withdraw it."""
    return {
        "id": coin.coin,
        "code": coin.coin,
        "name": coin.name,
        "info": info,
        "type": "crypto" if coin.country is None else "fiat",
        "active": coin.available_to_deposit or coin.available_to_withdraw,
        "deposit": coin.available_to_deposit,
        "withdraw": coin.available_to_withdraw,
        "fee": number(text(coin.fee_withdraw)),
        "precision": number("0.00000001"),
        "networks": {},  # one each, which the API doesn't name
        "limits": {
            "deposit": {"min": None, "max": None},
            "withdraw": {"min": number(text(coin.min_withdraw)), "max": None},
            "amount": {"min": None, "max": None},
        },
    }


def ticker(one: models.Ticker, info: Structure) -> Structure:
    """A ticker, for `safe_ticker`. The API gives neither its time nor the volume in quote coins."""
    return {
        "symbol": symbol(one.book),
        "timestamp": None,
        "datetime": None,
        "bid": text(one.bid),
        "ask": text(one.ask),
        "last": text(one.last),
        "high": text(one.high),
        "low": text(one.low),
        "baseVolume": text(one.volume),
        "info": info,
    }


def order_book(book: models.OrderBook, number: Number) -> Structure:
    """An order book; the API gives neither its time nor a number of its state."""

    def side(levels: Iterable[models.PriceLevel]) -> list[list[Any]]:
        return [[number(text(one.price)), number(text(one.amount))] for one in levels]

    return {
        "symbol": symbol(book.book),
        "bids": side(book.bids),
        "asks": side(book.asks),
        "timestamp": None,
        "datetime": None,
        "nonce": None,
    }


def balance(balances: Iterable[models.Balance], info: Structure) -> Structure:
    """Balances, for `safe_balance`. What is frozen and what is pending both count as used."""
    return {
        "info": info,
        **{one.coin: {"free": text(one.available), "total": text(one.total)} for one in balances},
    }


def order(one: models.Order, info: Structure, trades: Sequence[Structure] = ()) -> Structure:
    """An order, for `safe_order`; `trades` where they were read."""
    return {
        "id": str(one.id),
        "clientOrderId": None,
        "symbol": symbol(one.book),
        "timestamp": milliseconds(one.created_at),
        "datetime": iso(one.created_at),
        "type": "limit",
        "timeInForce": "GTC",
        "side": one.side.lower(),
        "status": _order_status(one),
        "price": text(one.price),
        "amount": text(one.amount),
        "filled": text(one.filled),
        "remaining": text(one.remaining),
        **({"trades": list(trades)} if trades else {}),
        "info": info,
    }


def traded_order(order_id: int, trades: Sequence[Structure]) -> Structure:
    """An order that is not open any more and of which only the trades are known."""
    return {
        "id": str(order_id),
        "clientOrderId": None,
        "symbol": None,
        "side": None,
        "timestamp": trades[0]["timestamp"],
        "datetime": trades[0]["datetime"],
        "type": "limit",
        "timeInForce": "GTC",
        "status": "closed",
        "trades": list(trades),
        "info": {"trades": [one["info"] for one in trades]},
    }


def trade(one: models.Transaction, info: Structure) -> Structure:
    """A trade of one of the account's own orders, for `safe_trade`."""
    return {
        "id": str(one.id),
        "order": str(one.order_id),
        "symbol": symbol(one.book),
        "timestamp": milliseconds(one.created_at),
        "datetime": iso(one.created_at),
        "type": "limit",
        "side": one.side.lower(),
        "takerOrMaker": one.filled_as.lower(),
        "price": text(one.price),
        "amount": text(one.amount),
        "cost": text(one.value),
        "fee": {"cost": text(one.fee_amount), "currency": one.fee_coin},
        "info": info,
    }


def transfer(one: models.Deposit | models.Withdrawal, info: Structure, number: Number) -> Structure:
    """A deposit or a withdrawal; the API names it by its transaction in the block chain."""
    sent = isinstance(one, models.Withdrawal)
    return {
        **_moved(one.coin, one.txid, one.status, one.date, one.address),
        "type": "withdrawal" if sent else "deposit",
        "amount": number(text(one.amount)),
        "fee": {
            "cost": number(text(one.fee_amount if isinstance(one, models.Withdrawal) else None)),
            "currency": one.coin,
        },
        "info": info,
    }


def receipt(
    one: models.WithdrawalReceipt, address: str, amount: str, info: Structure, number: Number
) -> Structure:
    """A withdrawal as it was just asked for: the exchange's receipt tells no fee (ruling R033)."""
    return {
        **_moved(one.coin, one.txid, one.status, one.date, address),
        "type": "withdrawal",
        "amount": number(amount),
        "fee": {"cost": None, "currency": one.coin},
        "info": info,
    }


def ended(seen: models.Order, trades: Iterable[models.Transaction]) -> models.Order:
    """An order that is not open any more, as its trades leave it."""
    filled = total(one.amount for one in trades)
    return evolve(seen, is_open=False, filled=filled, remaining=difference(seen.amount, filled))


def _order_status(one: models.Order) -> str:
    if one.is_open:
        return "open"
    return "canceled" if one.remaining else "closed"


def _moved(coin: str, txid: str, status: TransferStatus, date: datetime, address: str) -> Structure:
    return {
        "id": txid,
        "txid": txid,
        "currency": coin,
        "timestamp": milliseconds(date),
        "datetime": iso(date),
        "updated": None,
        "network": None,
        "internal": False,
        "comment": None,
        "address": address,
        "addressTo": address,
        "addressFrom": None,
        "tag": None,
        "tagTo": None,
        "tagFrom": None,
        # A status that nobody knew is neither done nor failed.
        "status": _STATUS.get(status, "pending"),
    }

"""Makes domain objects of what the generated parsers give: the one place where both are known.

Coins and books are put in upper case whatever the wire wrote; a time without a zone is UTC (R030).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coinbtr_api.types import Unset

from coinbtr import models
from coinbtr.times import utc

if TYPE_CHECKING:
    from coinbtr_api import models as wire


def profile(data: wire.Profile) -> models.Profile:
    """The domain object of a profile."""
    return models.Profile(
        username=data.username,
        email=data.email,
        level=data.level,
        created_at=utc(data.created_at),
    )


def session(data: wire.Session) -> models.Session:
    """The domain object of a session."""
    expires, may = data.token.expires, data.token.permissions
    return models.Session(
        username=data.username,
        ip=data.ip,
        expires=None if expires is None else utc(expires),
        permissions=models.TokenPermissions(
            trade=may.trade, withdraw=may.withdraw, deposit=may.deposit
        ),
    )


def deposit_address(data: wire.DepositAddress) -> models.DepositAddress:
    """The domain object of a deposit address."""
    return models.DepositAddress(coin=data.coin.upper(), address=data.address)


def balance(data: wire.CoinBalance) -> models.Balance:
    """The domain object of a balance."""
    return models.Balance(
        coin=data.coin.upper(),
        total=data.balance,
        available=data.available,
        pending=data.pending,
        deposit_address=data.deposit_address,
    )


def receipt(data: wire.WithdrawalReceipt) -> models.WithdrawalReceipt:
    """The domain object of a withdrawal's receipt."""
    return models.WithdrawalReceipt(
        coin=data.coin.upper(),
        txid=data.txid,
        status=models.TransferStatus(data.status),
        date=utc(data.date),
    )


def withdrawal(data: wire.Withdrawal) -> models.Withdrawal:
    """The domain object of a withdrawal."""
    return models.Withdrawal(
        coin=data.coin.upper(),
        address=data.address,
        amount=data.amount,
        fee_amount=data.fee_amount,
        txid=data.txid,
        status=models.TransferStatus(data.status),
        date=utc(data.date),
    )


def deposit(data: wire.Deposit) -> models.Deposit:
    """The domain object of a deposit."""
    return models.Deposit(
        coin=data.coin.upper(),
        address=data.address,
        amount=data.amount,
        txid=data.txid,
        status=models.TransferStatus(data.status),
        confirmations=data.confirmations,
        date=utc(data.date),
    )


def order(data: wire.Order) -> models.Order:
    """The domain object of an order."""
    return models.Order(
        id=data.id,
        book=data.market.upper(),
        side=models.Side(data.side),
        price=data.price,
        amount=data.initial_amount,
        remaining=data.amount,
        filled=data.filled,
        is_open=data.is_open,
        created_at=utc(data.created_at),
    )


def cancelled(data: wire.Order | Unset) -> models.Order | None:
    """The domain object of a cancelled order; None where the exchange gave none (ruling R020)."""
    return None if isinstance(data, Unset) else order(data)


def transaction(data: wire.Transaction) -> models.Transaction:
    """The domain object of a transaction."""
    return models.Transaction(
        id=data.id,
        order_id=data.order_id,
        book=data.market.upper(),
        side=models.Side(data.side),
        price=data.price,
        amount=data.amount,
        value=data.value,
        fee_amount=data.fee_amount,
        fee_coin=data.fee_coin.upper(),
        filled_as=models.FilledAs(data.filled_as),
        created_at=utc(data.created_at),
    )


def book(data: wire.Book) -> models.Book:
    """The domain object of a book."""
    return models.Book(
        name=data.name.upper(),
        min_amount=data.min_amount,
        max_amount=data.max_amount,
        amount_step=data.amount_step,
        min_price=data.min_price,
        max_price=data.max_price,
        price_step=data.price_step,
        min_value=data.min_value,
        maker_fee=data.maker_fee,
        taker_fee=data.taker_fee,
        is_open=data.is_open,
    )


def order_book(data: wire.OrderBook) -> models.OrderBook:
    """The domain object of an order book."""
    return models.OrderBook(
        book=data.market.upper(),
        asks=tuple(models.PriceLevel(price=one.price, amount=one.amount) for one in data.asks),
        bids=tuple(models.PriceLevel(price=one.price, amount=one.amount) for one in data.bids),
    )


def ticker(data: wire.Ticker) -> models.Ticker:
    """The domain object of a ticker."""
    return models.Ticker(
        book=data.market.upper(),
        last=data.last,
        bid=data.bid,
        ask=data.ask,
        high=data.high,
        low=data.low,
        volume=data.volume,
    )


def volume(data: wire.Volume) -> models.Volume:
    """The domain object of a volume."""
    return models.Volume(book=data.market.upper(), volume=data.volume, value=data.value)


def currency(data: wire.Currency) -> models.Currency:
    """The domain object of a currency."""
    return models.Currency(
        coin=data.coin.upper(),
        name=data.coin_name,
        min_withdraw=data.min_withdraw,
        fee_withdraw=data.fee_withdraw,
        confirmations_required=data.confirmations_required,
        available_to_deposit=data.available_to_deposit,
        available_to_withdraw=data.available_to_withdraw,
        country=None if isinstance(data.country, Unset) else data.country,
    )

"""The operations of the tag `market`: what anybody may see, without a token."""

from coinbtr.sandbox.core.catalogue import Coin
from coinbtr.sandbox.core.units import to_decimal
from coinbtr.sandbox.handlers.call import Call, maybe


def list_books(call: Call) -> object:
    """Answer `listBooks`."""
    limits = (
        "min_amount",
        "max_amount",
        "amount_step",
        "min_price",
        "max_price",
        "price_step",
        "min_value",
        "maker_fee",
        "taker_fee",
    )
    return [
        {
            "name": market.name,
            **{limit: to_decimal(getattr(market, limit)) for limit in limits},
            "is_open": call.exchange.market.is_open(market.name),
        }
        for market in call.exchange.catalogue.markets.values()
    ]


def get_order_book(call: Call) -> object:
    """Answer `getOrderBook`."""
    depth = call.exchange.market.depth(call.text("market"), **call.page())
    return {
        "market": depth.market,
        "asks": [_level(*level) for level in depth.asks],
        "bids": [_level(*level) for level in depth.bids],
    }


def get_ticker(call: Call) -> object:
    """Answer `getTicker`."""
    ticker = call.exchange.market.ticker(call.text("market"), call.now_ms)
    return {
        "market": ticker.market,
        "last": maybe(ticker.last),
        "bid": maybe(ticker.bid),
        "ask": maybe(ticker.ask),
        "high": maybe(ticker.high),
        "low": maybe(ticker.low),
        "volume": to_decimal(ticker.amount),
    }


def get_24h_volume(call: Call) -> object:
    """Answer `get24hVolume`."""
    ticker = call.exchange.market.ticker(call.text("market"), call.now_ms)
    return {
        "market": ticker.market,
        "volume": to_decimal(ticker.amount),
        "value": to_decimal(ticker.value),
    }


def get_currencies(call: Call) -> object:
    """Answer `getCurrencies`."""
    return [_currency(coin) for coin in call.exchange.catalogue.coins.values()]


def _level(price: int, amount: int) -> object:
    return {"price": to_decimal(price), "amount": to_decimal(amount)}


def _currency(coin: Coin) -> object:
    fiat = {} if coin.country is None else {"country": coin.country}
    return {
        "coin": coin.symbol,
        "coin_name": coin.name,
        "min_withdraw": to_decimal(coin.min_withdraw),
        "fee_withdraw": to_decimal(coin.fee_withdraw),
        "confirmations_required": coin.confirmations_required,
        "available_to_deposit": coin.can_deposit,
        "available_to_withdraw": coin.can_withdraw,
        **fiat,
    }

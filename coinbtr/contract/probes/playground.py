"""A market with room between the best bid and the best ask: where orders of ours meet nobody."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from attrs import frozen

from coinbtr.contract.bench import Bench, Reply, Stopped

PLACE = {"BUY": "placeBuyLimitOrder", "SELL": "placeSellLimitOrder"}
CANCEL = {"BUY": "cancelBuyLimitOrder", "SELL": "cancelSellLimitOrder"}
_ROOM = 8


@frozen(kw_only=True)
class Playground:
    """A market, an amount that it takes, and prices strictly inside its spread, rising."""

    market: str
    base: str
    quote: str
    amount: Decimal
    prices: tuple[Decimal, ...]
    book: Mapping[str, Any]


def find(bench: Bench, *, other_than: str | None = None) -> Playground:
    """Find a playground that the account can pay for, in any market but `other_than`.

    Raises:
        Stopped: there is none; a note says so.
    """
    funds = balances(bench)
    for book in bench.need("listBooks").data:
        wanted = book["is_open"] and book["name"] != other_than
        found = _inside(bench, book) if wanted else None
        if found is None:
            continue
        cost = found.amount * found.prices[-1]
        if _available(funds, found.quote) > 20 * cost and (
            _available(funds, found.base) > 20 * found.amount
        ):
            return found
    bench.results.note("No open market had a spread wide enough, and funds, to place orders in.")
    raise Stopped


def place(
    bench: Bench,
    side: str,
    ground: Playground,
    price: Decimal,
    *,
    amount: Decimal | None = None,
    token: str = "mine",  # noqa: S107 - a name
) -> Reply:
    """Place an order that must be accepted, and hold the answer to what was asked (rule C401)."""
    wanted = ground.amount if amount is None else amount
    asked = {"market": ground.market.lower(), "amount": wanted, "price": price}
    reply = bench.need(PLACE[side], asked, token=token)
    for name, value in (("price", price), ("initial_amount", wanted), ("market", ground.market)):
        if reply.data[name] != value:
            bench.find("C401", reply, f"{name} is {reply.data[name]}, and {value} was asked for.")
    return reply


def cancel(
    bench: Bench,
    side: str,
    order_id: int,
    *,
    token: str = "mine",  # noqa: S107 - a name
) -> Reply:
    """Cancel an order that is open."""
    return bench.need(CANCEL[side], {"id": order_id}, token=token)


def balances(bench: Bench, token: str = "mine") -> dict[str, Any]:  # noqa: S107 - a name
    """Give the account's balances by coin."""
    return {entry["coin"]: entry for entry in bench.need("listBalances", token=token).data}


def moved(
    before: Mapping[str, Any], after: Mapping[str, Any], part: str = "balance"
) -> dict[str, Decimal]:
    """Give what was added to each coin's part of the balance, coins without a change left out."""
    changes = {coin: after[coin][part] - before[coin][part] for coin in before if coin in after}
    return {coin: change for coin, change in changes.items() if change}


def _inside(bench: Bench, book: Mapping[str, Any]) -> Playground | None:
    levels = bench.need("getOrderBook", {"market": book["name"], "limit": 1}).data
    if not (levels["bids"] and levels["asks"]):
        return None
    book = {name: _exact(value) for name, value in book.items()}
    bid, ask = (Decimal(levels[side][0]["price"]) for side in ("bids", "asks"))
    step = book["price_step"]
    if not step or (ask - bid) / step < _ROOM:
        return None
    # A quarter into the spread: whatever else rounds prices would move these.
    first = bid + int((ask - bid) / step / 4) * step
    prices = tuple(first + number * step for number in range(4))
    least = max(book["min_amount"], book["min_value"] / first)
    # An odd multiple of the step: fees don't come out even, so that rounding shows.
    count = (2 * least / book["amount_step"]).to_integral_value(ROUND_CEILING) + 3
    base, _, quote = book["name"].partition("-")
    return Playground(
        market=book["name"],
        base=base,
        quote=quote,
        amount=count * book["amount_step"],
        prices=prices,
        book=book,
    )


def _exact(value: Any) -> Any:
    # A whole number arrives as an int, whose division would be a float's.
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _available(funds: Mapping[str, Any], coin: str) -> Decimal:
    return Decimal(funds.get(coin, {}).get("available", 0))

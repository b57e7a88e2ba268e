"""What must be true of an exchange at any moment, each a function that raises AssertionError."""

from collections import defaultdict

from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.ledger import OUTSIDE, TRANSIT
from coinbtr.sandbox.core.orders import Side
from coinbtr.sandbox.core.records import Deposit, TransferStatus
from coinbtr.sandbox.core.units import SCALE
from tests.sandbox.properties.oracle import resting

ENDED = (TransferStatus.CONFIRMED, TransferStatus.FAILED)


def money_is_conserved(exchange: Exchange) -> None:
    """Each coin adds up to zero over all wallets, to the last unit."""
    assert set(exchange.ledger.totals().values()) <= {0}, "money came from nowhere or is gone"


def nothing_is_negative(exchange: Exchange) -> None:
    """Only the outside world owes anything."""
    for owner, coin, amounts in exchange.ledger.dump():
        assert owner == OUTSIDE or min(amounts) >= 0, f"below zero: {owner} {coin} {amounts}"


def frozen_is_what_orders_need(exchange: Exchange) -> None:
    """Price × what is left of each purchase, what is left of each sale, and not a unit more."""
    needed: dict[tuple[int, str], int] = defaultdict(int)
    for order in resting(exchange):
        base, quote = order.market.split("-")
        if order.side is Side.BUY:
            needed[order.account_id, quote] += order.price * order.left // SCALE
        else:
            needed[order.account_id, base] += order.left
    frozen = {(owner, coin): parts[1] for owner, coin, parts in exchange.ledger.dump() if parts[1]}
    assert frozen == needed, "frozen is not what open orders need"


def pending_is_what_is_under_way(exchange: Exchange) -> None:
    """Deposits that aren't confirmed, and withdrawals that haven't arrived."""
    under_way: dict[tuple[int, str], int] = defaultdict(int)
    for transfer in exchange.wallets.transfers():
        if transfer.status in ENDED:
            continue
        if isinstance(transfer, Deposit):
            under_way[transfer.account_id, transfer.coin] += transfer.amount
        else:
            under_way[TRANSIT, transfer.coin] += transfer.amount + transfer.fee
    pending = {(owner, coin): parts[2] for owner, coin, parts in exchange.ledger.dump() if parts[2]}
    assert pending == under_way, "pending is not what transfers carry"


def books_show_the_open_orders(exchange: Exchange) -> None:
    """Level by level, best first."""
    levels: dict[tuple[str, Side], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for order in resting(exchange):
        assert order.left > 0, "a filled order is open"
        levels[order.market, order.side][order.price] += order.left
    for name in exchange.catalogue.markets:
        depth = exchange.market.depth(name, 10_000)
        for side, shown in ((Side.BUY, depth.bids), (Side.SELL, depth.asks)):
            expected = sorted(levels[name, side].items(), reverse=side is Side.BUY)
            assert list(shown) == expected, "the book isn't what the open orders are"


def no_book_is_crossed(exchange: Exchange) -> None:
    """The best bid is below the best ask."""
    for name in exchange.catalogue.markets:
        depth = exchange.market.depth(name, 1)
        if depth.bids and depth.asks:
            assert depth.bids[0][0] < depth.asks[0][0], "the book is crossed"


def fingerprint(exchange: Exchange) -> object:
    """Tell all that a refused command could have changed; cheaper than a dump."""
    return (
        [
            (owner, coin, tuple(parts))
            for owner, coin, parts in exchange.ledger.dump()
            if any(parts)
        ],
        [(order.id, order.left) for order in resting(exchange)],
        exchange.trading.orders_made,
        exchange.trading.trades_made,
        [(transfer.id, transfer.status) for transfer in exchange.wallets.transfers()],
        sorted(exchange.trading.closed),
        exchange.tokens.grants(),
        len(exchange.accounts),
        exchange.skipped_ms,
    )

"""Which of the orders, trades and withdrawals that were read can be the effect of an intent. Pure.

Only what is newer than the intent's watermark can be, and what no other request has claimed. Ids of
orders and trades are taken to rise with time; a list that contradicts that makes it ambiguous.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from attrs import frozen

from coinbtr.models import Order, Side, Transaction, Withdrawal
from coinbtr.money import difference, total
from coinbtr.sending.agreement import is_same_name
from coinbtr.sending.intent import Intent
from coinbtr.sending.record import Known

Effect = Order | Withdrawal


@frozen(kw_only=True)
class Sighting:
    """What was read about an intent.

    `exact` are the effects that are just what was asked for, oldest first, `partial` those that may
    be what is left of one, or what was made of it, `reason` why nothing could be said whatever was
    read, if so.
    """

    exact: tuple[Effect, ...] = ()
    partial: tuple[Effect, ...] = ()
    reason: str | None = None


@frozen
class Doubt:
    """Why it can't be told, and what it may be."""

    reason: str
    candidates: tuple[Effect, ...]


def judge(sighting: Sighting, known: Known) -> Effect | Doubt | None:
    """What the intent led to, a doubt, or None if there is nothing that could be its effect."""
    if known.own is not None:
        return _again(sighting, known.own)
    mine = tuple(one for one in sighting.exact if name_of(one) not in known.claimed)
    parts = tuple(one for one in sighting.partial if name_of(one) not in known.claimed)
    if sighting.reason is not None:
        return Doubt(sighting.reason, mine + parts)
    if not mine and not parts:
        return None
    if known.under_way:
        return Doubt("another request for the same is under way", mine + parts)
    if not known.complete:
        return Doubt("too many requests were made since to tell them apart", mine + parts)
    if not mine:
        return Doubt(_why_partial(parts), parts)
    if len(mine) > known.alike:
        return Doubt("several fit", mine + parts)
    # Of requests for the same, one effect is as good as another: each claims its own.
    return mine[0]


def _again(sighting: Sighting, own: int | str) -> Effect | Doubt:
    """What was found before, or answered: its own, or a doubt where it is not to be seen now."""
    seen = tuple(one for one in (*sighting.exact, *sighting.partial) if name_of(one) == own)
    if seen and seen[0] in sighting.exact:
        return seen[0]
    return Doubt(f"it was carried out, as {own}, and is not to be seen whole any more", seen)


def orders(
    intent: Intent,
    open_orders: Sequence[Order],
    trades: Sequence[Transaction],
    *,
    whole: bool,
    answered: int | None = None,
) -> Sighting:
    """What of the open orders and trades of the book fits an intent to place an order.

    `whole` says whether the trades were read back as far as the watermark, `answered` which order
    the exchange told of instead of the one that was asked for: it may have made that one of it.
    """
    mark = intent.watermark.order_id
    wanted = _found_open(intent, open_orders)
    closed, parts = _found_traded(intent, trades, {order.id for order in open_orders})
    parts += [order for order in open_orders if order.id == answered and order not in wanted]
    exact = tuple(sorted((*wanted, *closed), key=lambda order: order.id))
    new = tuple(order for order in exact if mark is None or order.id > mark)
    partial = tuple(order for order in parts if mark is None or order.id > mark)
    reason = None
    if mark is None and (new or partial):
        reason = "no order of the account was known before, so that it may be an older one"
    elif any(newer.id <= older.id for newer, older in pairwise(open_orders)):
        reason = "the exchange's order ids do not rise, so that nothing is known to be newer"
    elif not new and not whole:
        reason = "there are too many trades to read them all"
    return Sighting(exact=new, partial=partial, reason=reason)


def withdrawals(intent: Intent, newer: Sequence[Withdrawal], *, reached_mark: bool) -> Sighting:
    """What of the withdrawals that are newer than the watermark fits an intent to withdraw.

    `reached_mark` says whether the reading came as far as the watermark. An exchange may write
    an address in another case than it was given.
    """
    wanted = intent.coin, (intent.address or "").casefold(), intent.amount
    fitting = tuple(
        one for one in reversed(newer) if (one.coin, one.address.casefold(), one.amount) == wanted
    )
    reason = None
    if intent.watermark.txid is None:
        reason = "no withdrawal of the coin was known before, so that it may be an older one"
    elif not reached_mark:
        reason = "the withdrawal that was known before is not in the list any more"
    return Sighting(exact=fitting, reason=reason if fitting else None)


def name_of(effect: Effect) -> int | str:
    """What names it: the order's id, or the withdrawal's txid."""
    return effect.id if isinstance(effect, Order) else effect.txid


def _why_partial(parts: Iterable[Effect]) -> str:
    if any(isinstance(one, Order) and one.is_open for one in parts):
        return "the exchange answered with an order that is not what was asked for"
    return "a trade fits the order, and the rest of it is not to be seen"


def _found_open(intent: Intent, open_orders: Iterable[Order]) -> list[Order]:
    return [
        order
        for order in open_orders
        if is_same_name(order.book, intent.book)
        and (order.side, order.amount, order.price) == (intent.side, intent.amount, intent.price)
    ]


def _found_traded(
    intent: Intent, trades: Iterable[Transaction], known: set[int]
) -> tuple[list[Order], list[Order]]:
    """Orders that are not open and whose trades make up the amount, and those that fall short."""
    amount, price, by_order = intent.amount, intent.price, dict[int, list[Transaction]]()
    if amount is None or price is None:
        return [], []
    for trade in trades:
        fits = trade.side == intent.side and is_same_name(trade.book, intent.book)
        if fits and trade.order_id not in known:
            by_order.setdefault(trade.order_id, []).append(trade)
    exact: list[Order] = []
    short: list[Order] = []
    for order_id, parts in by_order.items():
        # Compared only: arithmetic would round by the caller's decimal context.
        within = all(
            one.price <= price if intent.side == Side.BUY else one.price >= price for one in parts
        )
        filled = total(one.amount for one in parts)
        if within and filled <= amount:
            order = _closed_order(intent, order_id, parts, filled, amount, price)
            (exact if filled == amount else short).append(order)
    return exact, short


def _closed_order(
    intent: Intent,
    order_id: int,
    parts: Sequence[Transaction],
    filled: Decimal,
    amount: Decimal,
    price: Decimal,
) -> Order:
    return Order(
        id=order_id,
        book=intent.book or "",
        side=parts[0].side,
        price=price,
        amount=amount,
        remaining=difference(amount, filled),
        filled=filled,
        is_open=False,
        created_at=min(one.created_at for one in parts),
    )

"""Looks up what became of a request whose answer was lost. It reads, and never sends again."""

from __future__ import annotations

from datetime import UTC, datetime

from coinbtr import matching
from coinbtr._async.guarding import Guard
from coinbtr._async.seam import Seam
from coinbtr._async.trading import AsyncTrading
from coinbtr._async.wallet import AsyncWallet
from coinbtr.errors import CoinBTRError, OrderNotFound, OutcomeUnknown
from coinbtr.guards import GuardRails
from coinbtr.models import Balance, Order, Transaction, Withdrawal
from coinbtr.money import total
from coinbtr.outcomes import Ambiguous, Cancelled, Filled, Found, NotFound, Outcome, StillOpen
from coinbtr.sending.intent import Intent

# Entries read at most of trades and of withdrawals: fifty requests each.
MOST_ENTRIES = 5000


class Inquiry:
    """The looking up of one lost request, by one client."""

    def __init__(self, seam: Seam, lost: OutcomeUnknown, settle: float) -> None:
        self._seam = seam
        self._trading, self._wallet = _readers(seam)
        self._intent = lost.intent
        self._lost = lost
        self._settle = settle

    async def outcome(self) -> Outcome:
        """What became of it, read as often as the settle interval asks for."""
        found = await self._look()
        if isinstance(found, (NotFound, StillOpen)):
            wait = self._settle - self._seam.elapsed_since(self._lost)
            if wait > 0:
                await self._seam.pause(wait)
                found = await self._look()
        return found

    async def _look(self) -> Outcome:
        if self._intent.kind == "cancel":
            return await self._look_for_cancel()
        record = self._seam.record
        while True:
            resolutions = record.resolutions
            sighting = (
                await self._withdrawals()
                if self._intent.kind == "withdraw"
                else await self._orders()
            )
            balance = await self._balance()
            read_at = self._now()
            # After the reading: what was answered meanwhile has claimed its effect.
            verdict = matching.judge(sighting, record.known(self._intent))
            if verdict is None and record.resolutions != resolutions:
                # Meanwhile one that was lost alike has claimed what was seen, and may have left
                # something that came too late to be seen.
                continue
            if verdict is None:
                return NotFound(read_at=read_at, balance=balance)
            if isinstance(verdict, matching.Doubt):
                return Ambiguous(
                    reason=verdict.reason,
                    candidates=verdict.candidates,
                    read_at=read_at,
                    balance=balance,
                )
            if record.resolve(self._intent, matching.name_of(verdict)):
                return Found(
                    order=verdict if isinstance(verdict, Order) else None,
                    withdrawal=verdict if isinstance(verdict, Withdrawal) else None,
                    read_at=read_at,
                    balance=balance,
                )

    async def _orders(self) -> matching.Sighting:
        # Open orders first: one that is filled between the two readings is seen among the trades.
        # All books, if it was answered with another order: that one may be in another book.
        answered = getattr(self._lost.cause, "answered", None)
        book = self._intent.book if answered is None else None
        open_orders = [one async for one in self._trading.iter_open_orders(book)]
        trades: list[Transaction] = []
        whole = True
        mark = self._intent.watermark.transaction_id
        async for trade in self._trading.iter_transactions(self._intent.book):
            if mark is not None and trade.id <= mark:
                break
            if len(trades) == MOST_ENTRIES:
                whole = False
                break
            trades.append(trade)
        return matching.orders(self._intent, open_orders, trades, whole=whole, answered=answered)

    async def _withdrawals(self) -> matching.Sighting:
        newer: list[Withdrawal] = []
        mark = self._intent.watermark.txid
        async for one in self._wallet.iter_withdrawals(self._intent.coin):
            if one.txid == mark or len(newer) == MOST_ENTRIES:
                return matching.withdrawals(self._intent, newer, reached_mark=one.txid == mark)
            newer.append(one)
        return matching.withdrawals(self._intent, newer, reached_mark=mark == "")

    async def _look_for_cancel(self) -> Outcome:
        order_id = self._intent.order_id or 0
        try:
            order = await self._trading.open_order(order_id)
        except OrderNotFound:
            return await self._after_closing(order_id)
        return StillOpen(order=order, read_at=self._now())

    async def _after_closing(self, order_id: int) -> Outcome:
        amount, mark = self._intent.amount, self._intent.watermark.transaction_id
        parts: list[Transaction] = []
        filled, seen, whole = total([]), 0, True
        async for trade in self._trading.iter_transactions():
            if filled == amount or (mark is not None and trade.id <= mark):
                break
            if seen == MOST_ENTRIES:
                whole = False
                break
            seen += 1
            if trade.order_id == order_id:
                parts.append(trade)
                filled = total([filled, trade.amount])
        read_at = self._now()
        if amount is not None and filled == amount:
            return Filled(order_id=order_id, filled=filled, read_at=read_at)
        if not whole:
            reason = "the order is not open, and there are too many trades to read them all"
        elif amount is None and parts:
            reason = "the order is not open and was traded, and its amount is not known"
        else:
            return Cancelled(order_id=order_id, filled=filled, read_at=read_at)
        return Ambiguous(reason=reason, candidates=tuple(parts), read_at=read_at)

    async def _balance(self) -> Balance | None:
        intent = self._intent
        base, _, quote = (intent.book or "").partition("-")
        coin = intent.coin or (quote if intent.side == "BUY" else base)
        try:
            return await self._wallet.balance(coin)
        except CoinBTRError:
            return None  # it is told beside the outcome, and decides nothing

    def _now(self) -> datetime:
        return self._seam.now()


async def read_watermark(seam: Seam, intent: Intent) -> None:
    """Read the newest order and trade, or withdrawal, so that the record knows what is older.

    What is told is on record by the reading; here only that there is nothing yet is noted.
    """
    trading, wallet = _readers(seam.view(quiet=True))
    if intent.kind == "withdraw":
        if not await wallet.withdrawals(intent.coin, limit=1):
            seam.record.saw_withdrawal(intent.coin or "", "", datetime.min.replace(tzinfo=UTC))
    elif intent.kind == "place":
        # Both, always: the newest order may be one that is filled.
        await trading.open_orders(limit=1)
        if not await trading.transactions(limit=1):
            seam.record.saw_transaction(0, 0)
    seam.record.marked(intent)


async def reconcile(seam: Seam, lost: OutcomeUnknown, settle: float) -> Outcome:
    """What became of a lost request; see the client's method."""
    outcome = await Inquiry(seam.view(quiet=True), lost, settle).outcome()
    if not isinstance(outcome, Ambiguous):
        effect: int | str | None = None
        if isinstance(outcome, Found) and (made := outcome.order or outcome.withdrawal) is not None:
            effect = matching.name_of(made)
        seam.settled(lost.intent, outcome.kind, effect)
    return outcome


def _readers(seam: Seam) -> tuple[AsyncTrading, AsyncWallet]:
    """What reads the account; its guard rails are of no use, since nothing is sent."""
    guard = Guard(GuardRails(), seam)
    return AsyncTrading(seam, guard), AsyncWallet(seam, guard)

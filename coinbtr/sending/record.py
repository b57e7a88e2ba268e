"""What a client knows of its own requests that move money: under way, answered, lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from threading import Lock
from typing import Final

from attrs import evolve, frozen

from coinbtr.errors.base import CoinBTRError
from coinbtr.sending.intent import Intent, Watermark

REMEMBERED: Final = 100_000


@frozen(kw_only=True)
class Lost:
    """An intent whose outcome is not known, why, and since when."""

    intent: Intent
    cause: CoinBTRError
    lost_at: datetime


@frozen(kw_only=True)
class Known:
    """What the client itself knows when an outcome is looked up.

    `claimed` holds the order ids and txids that belong to answered or reconciled requests, `alike`
    how many unresolved requests ask for the same (this one included), `under_way` whether such a
    request is being sent right now, `complete` whether `claimed` reaches back to the watermark.
    """

    claimed: frozenset[int | str]
    alike: int
    under_way: bool
    complete: bool


class Record:
    """Shared by all threads and tasks of one client."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way: dict[str, Intent] = {}
        self._lost: dict[str, Lost] = {}
        self._newest = Watermark()
        self._txids: dict[str, tuple[datetime, str]] = {}
        self._claimed: dict[int | str, None] = {}
        self._forgotten = 0
        self._amounts: dict[int, Decimal] = {}
        self._since: dict[int, int] = {}
        self._resolutions = 0

    @property
    def lost(self) -> list[Lost]:
        """The intents that nobody knows the outcome of, oldest first."""
        with self._lock:
            return list(self._lost.values())

    def adopt(self, lost: Iterable[Lost], claimed: Iterable[int | str]) -> None:
        """Take over what a former process left on record."""
        with self._lock:
            self._lost.update({one.intent.id: one for one in lost})
            for effect in claimed:
                self._claim(effect)

    @property
    def resolutions(self) -> int:
        """How many lost requests have claimed an effect so far."""
        with self._lock:
            return self._resolutions

    def has_mark(self, intent: Intent) -> bool:
        """Whether it is known what was there before this one, as far as its kind needs it."""
        with self._lock:
            if intent.kind == "withdraw":
                return (intent.coin or "") in self._txids
            return intent.kind != "place" or self._newest.order_id is not None

    def begin(self, intent: Intent, now: datetime) -> Intent:
        """Note that this is about to be sent; gives it with the time and the watermark."""
        with self._lock:
            if intent.kind == "withdraw":
                _, txid = self._txids.get(intent.coin or "", (None, None))
                mark = Watermark(txid=txid)
            elif intent.order_id is not None:
                mark = Watermark(transaction_id=self._since.get(intent.order_id))
            else:
                mark = self._newest
            sent = intent.sent(now, mark, self._amounts.get(intent.order_id or 0))
            self._under_way[sent.id] = sent
            return sent

    def end(self, intent: Intent, effect: int | str | None = None) -> None:
        """Note that the outcome is known: done (with its order id or txid), refused or not sent."""
        with self._lock:
            self._under_way.pop(intent.id, None)
            self._note_since(intent, effect)

    def lose(self, lost: Lost) -> None:
        """Note that nobody knows what became of it."""
        with self._lock:
            self._under_way.pop(lost.intent.id, None)
            self._lost[lost.intent.id] = lost

    def known(self, intent: Intent) -> Known:
        """What helps to tell the effect of this intent from those of others."""
        with self._lock:
            alike = {one.intent.id for one in self._lost.values() if one.intent.is_like(intent)}
            mark = intent.watermark.order_id
            return Known(
                claimed=frozenset(self._claimed),
                alike=len(alike | {intent.id}),
                under_way=any(
                    one.is_like(intent) and one.id != intent.id for one in self._under_way.values()
                ),
                complete=mark is None or mark >= self._forgotten,
            )

    def resolve(self, intent: Intent, claim: int | str | None) -> bool:
        """Note what became of a lost one; False if another one has claimed that effect before."""
        with self._lock:
            if claim is not None:
                if not self._claim(claim):
                    return False
                self._resolutions += 1
            self._lost.pop(intent.id, None)
            self._note_since(intent, claim)
            return True

    def claim(self, effect: int | str) -> None:
        """Note that this order id or txid belongs to a request that was answered."""
        with self._lock:
            self._claim(effect)

    def saw_order(self, order_id: int, amount: Decimal | None = None) -> None:
        """Note an own order that the exchange told of, and what it was ordered for."""
        with self._lock:
            newest = self._newest
            if newest.order_id is None or order_id > newest.order_id:
                self._newest = evolve(newest, order_id=order_id)
        if amount is not None and order_id:
            self.knows_amount(order_id, amount)

    def knows_amount(self, order_id: int, amount: Decimal) -> None:
        """Note what an order was ordered for: if it is cancelled, that tells whether it was filled.

        It moves no watermark: who says so may be the user.
        """
        with self._lock:
            self._amounts.pop(order_id, None)
            self._amounts[order_id] = amount
            if len(self._amounts) > REMEMBERED:
                del self._amounts[next(iter(self._amounts))]

    def saw_transaction(self, transaction_id: int, order_id: int) -> None:
        """Note an own trade that the exchange told of."""
        self.saw_order(order_id)
        with self._lock:
            newest = self._newest
            if newest.transaction_id is None or transaction_id > newest.transaction_id:
                self._newest = evolve(newest, transaction_id=transaction_id)

    def saw_withdrawal(self, coin: str, txid: str, date: datetime) -> None:
        """Note a withdrawal that the exchange told of; `coin` in upper case."""
        with self._lock:
            if coin not in self._txids or date >= self._txids[coin][0]:
                self._txids[coin] = (date, txid)

    def _note_since(self, intent: Intent, effect: int | str | None) -> None:
        """Note what trade was the newest before this order: its own are newer."""
        newest = intent.watermark.transaction_id
        if isinstance(effect, int) and newest is not None:
            self._since[effect] = newest
            if len(self._since) > REMEMBERED:
                del self._since[next(iter(self._since))]

    def _claim(self, claim: int | str) -> bool:
        if claim in self._claimed:
            return False
        self._claimed[claim] = None
        if len(self._claimed) > REMEMBERED:
            oldest = next(iter(self._claimed))
            del self._claimed[oldest]
            if isinstance(oldest, int):
                self._forgotten = max(self._forgotten, oldest)
        return True

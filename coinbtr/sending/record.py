"""What a client knows of its own requests that move money: under way, answered, lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """An intent whose outcome is not known, why, and since when.

    `since` is the same moment on the clock that nobody sets, which this process alone has.
    """

    intent: Intent
    cause: CoinBTRError
    lost_at: datetime
    since: float


@frozen(kw_only=True)
class Known:
    """What the client itself knows when an outcome is looked up.

    `claimed` holds the order ids and txids that belong to other requests, answered or reconciled,
    `own` the one that belongs to this one, if that is known, `alike` how many unresolved requests
    ask for the same (this one included), `under_way` whether such a request is being sent right
    now, `complete` whether `claimed` reaches back to the watermark.
    """

    claimed: frozenset[int | str]
    own: int | str | None
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
        # Each effect with the id of the intent that it belongs to.
        self._claimed: dict[int | str, str] = {}
        # Whether the newest order is known, and of which coins the newest withdrawal is: to be told
        # of some is not enough, for others may be newer and still older than a request.
        self._knows_newest_order = False
        self._knows_newest_txid: set[str] = set()
        self._forgotten = 0
        self._amounts: dict[int, Decimal] = {}
        self._since: dict[int, int] = {}
        self._losses: dict[str, float] = {}
        self._resolutions = 0

    @property
    def lost(self) -> list[Lost]:
        """The intents that nobody knows the outcome of, oldest first."""
        with self._lock:
            return list(self._lost.values())

    def adopt(self, lost: Iterable[Lost], claimed: Mapping[int | str, str]) -> None:
        """Take over what a former process left on record: `claimed` names each effect's intent."""
        with self._lock:
            for one in lost:
                self._lost[one.intent.id] = one
                self._note_loss(one.intent, one.since)
            for effect, owner in claimed.items():
                self._claim(effect, owner)

    def lost_since(self, intent: Intent, now: float) -> float:
        """Since when it is lost, on the clock that nobody sets, by which it is `now`.

        Of one that another client lost, that is since it is first asked for here.
        """
        with self._lock:
            return self._note_loss(intent, now)

    @property
    def resolutions(self) -> int:
        """How many lost requests have claimed an effect so far."""
        with self._lock:
            return self._resolutions

    def has_mark(self, intent: Intent) -> bool:
        """Whether it is known what was there before this one, as far as its kind needs it."""
        with self._lock:
            if intent.kind == "withdraw":
                return intent.coin in self._knows_newest_txid
            return intent.kind != "place" or self._knows_newest_order

    def marked(self, intent: Intent) -> None:
        """Note that what is known by now is the newest of what was there before this one."""
        with self._lock:
            self._mark(intent)

    def begin(self, intent: Intent, now: datetime) -> Intent:
        """Note that this is about to be sent; gives it with the time and the watermark."""
        with self._lock:
            if intent.kind == "withdraw":
                coin = intent.coin
                mark = Watermark(
                    txid=self._txids[coin][1] if coin in self._knows_newest_txid else None
                )
            elif intent.order_id is not None:
                mark = Watermark(transaction_id=self._since.get(intent.order_id))
            elif self._knows_newest_order:
                mark = self._newest
            else:
                mark = evolve(self._newest, order_id=None)
            sent = intent.sent(now, mark, self._amounts.get(intent.order_id or 0))
            self._under_way[sent.id] = sent
            return sent

    def end(self, intent: Intent, effect: int | str | None = None) -> None:
        """Note that the outcome is known: done (with its order id or txid), refused or not sent."""
        with self._lock:
            if effect is not None:
                # It is newer than all that was there when it was sent.
                self._claim(effect, intent.id)
                self._mark(intent)
            self._under_way.pop(intent.id, None)
            self._note_since(intent, effect)

    def lose(self, lost: Lost) -> None:
        """Note that nobody knows what became of it."""
        with self._lock:
            self._under_way.pop(lost.intent.id, None)
            self._lost[lost.intent.id] = lost
            self._note_loss(lost.intent, lost.since)

    def known(self, intent: Intent) -> Known:
        """What helps to tell the effect of this intent from those of others."""
        with self._lock:
            alike = {one.intent.id for one in self._lost.values() if one.intent.is_like(intent)}
            mark = intent.watermark.order_id
            claimed = self._claimed.items()
            return Known(
                claimed=frozenset(effect for effect, owner in claimed if owner != intent.id),
                own=self._own(intent),
                alike=len(alike | {intent.id}),
                under_way=any(
                    one.is_like(intent) and one.id != intent.id for one in self._under_way.values()
                ),
                complete=mark is None or mark >= self._forgotten,
            )

    def resolve(self, intent: Intent, claim: int | str | None) -> bool:
        """Note what became of a lost one.

        False if another one has claimed that effect before, or this one has another.
        """
        with self._lock:
            if claim is not None and (own := self._own(intent)) != claim:
                if own is not None or not self._claim(claim, intent.id):
                    return False
                self._resolutions += 1
            self._lost.pop(intent.id, None)
            self._note_since(intent, claim)
            return True

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

    def _note_loss(self, intent: Intent, since: float) -> float:
        """Since when it is lost: what was noted first counts, also after it was looked up."""
        noted = self._losses.setdefault(intent.id, since)
        if len(self._losses) > REMEMBERED:
            del self._losses[next(iter(self._losses))]
        return noted

    def _note_since(self, intent: Intent, effect: int | str | None) -> None:
        """Note what trade was the newest before this order: its own are newer."""
        newest = intent.watermark.transaction_id
        if isinstance(effect, int) and newest is not None:
            self._since[effect] = newest
            if len(self._since) > REMEMBERED:
                del self._since[next(iter(self._since))]

    def _mark(self, intent: Intent) -> None:
        if intent.kind == "place":
            self._knows_newest_order = True
        elif intent.coin in self._txids:
            self._knows_newest_txid.add(intent.coin)

    def _own(self, intent: Intent) -> int | str | None:
        """What this intent is known to have led to."""
        owners = self._claimed.items()
        return next((effect for effect, owner in owners if owner == intent.id), None)

    def _claim(self, claim: int | str, owner: str) -> bool:
        if claim in self._claimed:
            return False
        self._claimed[claim] = owner
        if len(self._claimed) > REMEMBERED:
            oldest = next(iter(self._claimed))
            del self._claimed[oldest]
            if isinstance(oldest, int):
                self._forgotten = max(self._forgotten, oldest)
        return True

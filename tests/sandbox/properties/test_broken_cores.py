"""Each property notices a core that is broken in the way that it guards against."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from coinbtr.sandbox.core import trading as trading_module
from coinbtr.sandbox.core.book import BookSide
from coinbtr.sandbox.core.catalogue import Market
from coinbtr.sandbox.core.errors import Refusal
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.ledger import FEES, Ledger, Wallet
from coinbtr.sandbox.core.live import LiveMarket
from coinbtr.sandbox.core.orders import Order, hold_of
from coinbtr.sandbox.core.records import Withdrawal
from coinbtr.sandbox.core.rng import SplitMix64
from coinbtr.sandbox.core.tokens import Grant, TokenRegistry
from coinbtr.sandbox.core.trading import TradingDesk
from coinbtr.sandbox.core.transfer_log import Transfer
from coinbtr.sandbox.core.transfers import WalletDesk
from tests.sandbox.properties.machine import SETTINGS, Exchanging

pytestmark = pytest.mark.no_cover  # what a broken exchange runs through proves nothing

Patch = pytest.MonkeyPatch
Break = Callable[[Patch], None]


def look() -> None:
    """Run the properties until something is found, or for 200 examples."""
    run_state_machine_as_test(
        Exchanging,
        settings=settings(
            SETTINGS,
            max_examples=200,
            stateful_step_count=60,
            derandomize=True,
            phases=(Phase.generate,),
            report_multiple_bugs=False,
        ),
    )


def fees_vanish(patch: Patch) -> None:
    """What the exchange earns is booked nowhere."""

    def post(self: Ledger, reason: object, *postings: Any) -> None:
        for wallet, bucket, delta in postings:
            if wallet.owner != FEES:
                wallet.amounts[bucket] += delta

    patch.setattr(Ledger, "post", post)


def money_is_not_looked_for(patch: Patch) -> None:
    """Anybody can order and withdraw without having the money."""

    def post(self: Ledger, reason: object, *postings: Any) -> None:
        for wallet, bucket, delta in postings:
            wallet.amounts[bucket] += delta

    def shift(*given: Any) -> None:
        _, _, wallet, source, target, units = given
        wallet.amounts[source] -= units
        wallet.amounts[target] += units

    patch.setattr(Ledger, "post", post)
    patch.setattr(Ledger, "shift", shift)
    patch.setattr(Wallet, "available", property(lambda _: 10**30))


def a_cancel_keeps_a_unit(patch: Patch) -> None:
    """One unit of what a cancelled order held stays frozen."""
    patch.setattr(
        Order, "held", property(lambda self: hold_of(self.side, self.price, self.left) - 1)
    )


def nothing_matches(patch: Patch) -> None:
    """Orders that should meet rest beside each other."""
    patch.setattr(BookSide, "plan", lambda *_: ())


def the_newest_comes_first(patch: Patch) -> None:
    """Within a price the last one in is the first one out."""
    add = BookSide.add

    def jump(self: BookSide, order: Order) -> None:
        add(self, order)
        self._levels[self._sign * order.price].move_to_end(order.id, last=False)

    patch.setattr(BookSide, "add", jump)


def own_orders_are_met(patch: Patch) -> None:
    """An account may trade with itself."""
    plan = BookSide.plan
    patch.setattr(BookSide, "plan", lambda self, _, limit, amount: plan(self, -9, limit, amount))


def the_level_is_forgotten(patch: Patch) -> None:
    """Everybody pays the fees of level 1."""
    patch.setattr(Market, "fees_of", lambda self, _: self.fees[0])


def fees_round_down(patch: Patch) -> None:
    """The exchange gives fractions of a unit away."""
    patch.setattr(trading_module, "fee_of", lambda received, rate: received * rate // 10**8)


def depth_is_stale(patch: Patch) -> None:
    """A partial fill does not show in the level's total."""
    take = BookSide.take

    def forget(self: BookSide, fills: Any) -> int:
        taken = take(self, fills)
        for maker, amount in fills:
            if maker.left:
                self._levels[self._sign * maker.price].total += amount
        return taken

    patch.setattr(BookSide, "take", forget)


def a_refusal_leaves_a_trace(patch: Patch) -> None:
    """A refused order uses an id up."""
    place = TradingDesk.place

    def trace(self: TradingDesk, *args: Any, **named: Any) -> Order:
        try:
            return place(self, *args, **named)
        except Refusal:
            self.orders_made += 1
            raise

    patch.setattr(TradingDesk, "place", trace)


def halts_do_nothing(patch: Patch) -> None:
    """A closed book goes on taking orders."""
    patch.setattr(Exchange, "halt", lambda *_: None)


def a_failed_withdrawal_costs_its_fee(patch: Patch) -> None:
    """The amount comes back, the fee doesn't, and stays in transit for ever."""
    fail = WalletDesk.fail

    def cost(self: WalletDesk, transfer: Transfer) -> None:
        if isinstance(transfer, Withdrawal):
            transfer.amount -= transfer.fee
        fail(self, transfer)

    patch.setattr(WalletDesk, "fail", cost)


def ended_transfers_can_end_again(patch: Patch) -> None:
    """A confirmed deposit is confirmed a second time."""
    patch.setattr("coinbtr.sandbox.core.transfers._check_under_way", lambda _: None)


def tokens_never_expire(patch: Patch) -> None:
    """A token works for ever."""
    find = TokenRegistry.find

    def forever(self: TokenRegistry, token: str, *, now_ms: int, peer: str) -> Grant:
        return find(self, token, now_ms=0 * now_ms, peer=peer)

    patch.setattr(TokenRegistry, "find", forever)


def tokens_work_from_anywhere(patch: Patch) -> None:
    """The address that a request comes from is not looked at."""
    patch.setattr(Grant, "is_allowed_from", lambda *_: True)


def commands_are_not_all(patch: Patch) -> None:
    """Something that no command holds decides a transaction id."""
    numbers = count()
    patch.setattr(WalletDesk, "_txid", lambda *_: str(next(numbers)))


def the_seed_is_not_all(patch: Patch) -> None:
    """The live market draws from something else, too."""
    numbers = count()
    patch.setattr(SplitMix64, "named", lambda *_: SplitMix64(next(numbers)))


def a_dump_forgets(patch: Patch) -> None:
    """Closed books are open after a load."""
    dump = TradingDesk.dump
    patch.setattr(TradingDesk, "dump", lambda self: dump(self) | {"closed": []})


def the_random_state_is_lost(patch: Patch) -> None:
    """After a load the live market begins its random numbers anew."""
    load = LiveMarket.load.__func__  # type: ignore[attr-defined]

    def lose(cls: type[LiveMarket], state: Mapping[str, Any], *others: Any) -> LiveMarket:
        books = {name: [*row[:3], 1, 2] for name, row in state["books"].items()}
        made: LiveMarket = load(cls, {**state, "books": books}, *others)
        return made

    patch.setattr(LiveMarket, "load", classmethod(lose))


def time_waits_for_questions(patch: Patch) -> None:
    """However much time has passed, one thing happens at most."""

    def one(self: Exchange, now_ms: int) -> None:
        due = self.wallets.next_due_ms
        if due is not None and due <= now_ms:
            self.wallets.next_block()
        elif self.live and self.live.next_due_ms <= now_ms:
            self.live.step()

    patch.setattr(Exchange, "advance", one)


BROKEN: Mapping[Break, str] = {
    fees_vanish: "money came from nowhere or is gone",
    money_is_not_looked_for: "insufficient_funds|Withdraw was not refused",
    a_cancel_keeps_a_unit: "frozen is not what open orders need",
    nothing_matches: "the book is crossed|not the best price and the oldest order first",
    the_newest_comes_first: "not the best price and the oldest order first|self_trade",
    own_orders_are_met: "self_trade",
    the_level_is_forgotten: "not the best price and the oldest order first",
    fees_round_down: "not the best price and the oldest order first",
    depth_is_stale: "the book isn't what the open orders are",
    a_refusal_leaves_a_trace: "a refusal left a trace",
    halts_do_nothing: "book_closed",
    a_failed_withdrawal_costs_its_fee: "pending is not what transfers carry",
    ended_transfers_can_end_again: "SettleTransfer was not refused|another state",
    tokens_never_expire: "the token stands for something else",
    tokens_work_from_anywhere: "the token stands for something else",
    commands_are_not_all: "the same commands gave another state",
    the_seed_is_not_all: "the same commands gave another state",
    a_dump_forgets: "a dump and a load changed something|book_closed|another state",
    the_random_state_is_lost: "a dump and a load changed something|another state",
    time_waits_for_questions: "another state|not the best price and the oldest order first",
}
"""What is broken, and what is said of it."""


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_broken_core_is_noticed(broken: Break, monkeypatch: Patch) -> None:
    """The properties fail, with the sentence that names what is wrong."""
    broken(monkeypatch)
    with pytest.raises(AssertionError, match=BROKEN[broken]):
        look()

"""A state machine that does to an exchange all that commands can do, and looks after each step.

What it looks for stands in `invariants.py`, what an order must do in `oracle.py`.
"""

import json
import sys
from collections.abc import Callable
from hashlib import sha256
from typing import Any, ClassVar, Final, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from coinbtr.sandbox.core import commands as do
from coinbtr.sandbox.core.commands import Command
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.orders import Side
from coinbtr.sandbox.core.records import TransferStatus
from coinbtr.sandbox.core.seeding import seed
from coinbtr.sandbox.core.tokens import Grant, Permissions
from coinbtr.sandbox.core.units import SCALE, to_units
from tests.sandbox.properties import invariants
from tests.sandbox.properties.oracle import expect, resting

START = 1_629_028_800_000
ADDRESSES = {
    "BTC": "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG",
    "LTC": "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG",
}
MARKETS = ("BTC-MXN", "LTC-BTC")
FUNDS = {"MXN": "100000", "BTC": "0.5", "LTC": "50"}
TRADERS = 3

SETTINGS: Final = settings(
    deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
"""What every run of the machine has in common."""

WHO: Final = st.integers(0, TRADERS - 1)

_ACTIONS: list[tuple[str, st.SearchStrategy[dict[str, Any]]]] = []

_Method = TypeVar("_Method", bound=Callable[..., None])


def action(weight: int, **drawn: st.SearchStrategy[Any]) -> Callable[[_Method], _Method]:
    """Let a method be chosen `weight` times as often as one of weight 1, with drawn arguments."""

    def register(method: _Method) -> _Method:
        _ACTIONS.extend([(method.__name__, st.fixed_dictionaries(drawn))] * weight)
        return method

    return register


@st.composite
def actions(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Choose an action by its weight, and its arguments.

    Rules of their own would be switched off at random, and are as likely as each other.
    """
    name, arguments = draw(st.sampled_from(_ACTIONS))
    return name, draw(arguments)


Step = tuple[int, Command[Any]]
"""When a command came, and the command."""


def began(number: int, is_live: bool) -> tuple[Exchange, list[int]]:
    """Make an exchange with some traders; a live one has its makers and takers, too."""
    exchange = Exchange(seed=number)
    if is_live:
        seed(exchange, seed=number, now_ms=START)
    traders = []
    for level in range(1, TRADERS + 1):
        name = f"trader{level}"
        account = exchange.open_account(name, f"{name}@coinbtr.test", now_ms=START, level=level)
        traders.append(account.id)
        for coin, funds in FUNDS.items():
            exchange.wallets.deposit(
                account.id, coin, to_units(funds), now_ms=START, confirmed=True
            )
    if is_live:
        exchange.go_live(START)
    return exchange, traders


def text(exchange: Exchange) -> str:
    """Write the whole state as a file would keep it."""
    return json.dumps(exchange.dump())


class Exchanging(RuleBasedStateMachine):
    """Traders, an operator and the clock, one command after the other."""

    steps: ClassVar[int] = 0
    """Commands of all machines so far."""

    @initialize(number=st.integers(0, 3), is_live=st.sampled_from((False, False, True)))
    def begin(self, number: int, is_live: bool) -> None:
        """Open an exchange: an empty one, or one with a live market."""
        self.number, self.is_live = number, is_live
        self.exchange, self.traders = began(number, is_live)
        self.funded = len(self.exchange.wallets.transfers())
        self.now = START
        self.history: list[Step] = []
        self.placed: list[tuple[int, int, str]] = []
        self.closed: set[str] = set()
        self.grants: dict[str, Grant] = {}
        self.kept: tuple[str, int, int, set[str], dict[str, Grant]] | None = None

    @rule(chosen=actions())
    def act(self, chosen: tuple[str, dict[str, Any]]) -> None:
        """Do what was drawn."""
        name, arguments = chosen
        getattr(self, name)(**arguments)

    def command(self, command: Command[Any]) -> Any:
        """Put a command to the exchange; one that is refused must leave no trace."""
        Exchanging.steps += 1
        self.exchange.advance(self.now)
        before = invariants.fingerprint(self.exchange)
        try:
            result = command.apply(self.exchange, self.now)
        except (Refusal, LookupError, ValueError):
            assert invariants.fingerprint(self.exchange) == before, "a refusal left a trace"
            raise
        self.history.append((self.now, command))
        return result

    def attempt(self, command: Command[Any], *, allowed: bool) -> None:
        """Put a command that must be taken, or must be refused."""
        name = type(command).__name__
        try:
            self.command(command)
        except (Refusal, LookupError, ValueError):
            assert not allowed, f"{name} was refused"
        else:
            assert allowed, f"{name} was not refused"

    @action(
        8,
        who=WHO,
        market=st.sampled_from(MARKETS),
        side=st.sampled_from(("BUY", "SELL")),
        size=st.integers(1, 3_000),
        away=st.integers(-3, 3),
        odd=st.integers(0, 40),
    )
    def place(self, who: int, market: str, side: str, size: int, away: int, odd: int) -> None:
        """Place an order in a narrow band, so that many meet; one in twenty breaks a rule."""
        rules = self.exchange.catalogue.markets[market]
        self.exchange.advance(self.now)
        middle = self.exchange.trading.days[market].last or rules.start_price
        step = rules.start_price // 2_000 // rules.price_step * rules.price_step
        price = middle // step * step + away * step
        amount = size * max(rules.amount_step, rules.min_amount // 2)
        if odd == 0:
            price += 1
        elif odd == 1:
            amount *= 10**6
        command = do.PlaceOrder(self.traders[who], market, side, amount, price)
        expected = expect(self.exchange, command, self.closed)
        trades = self.exchange.trading.trades_made
        refused: Code | None = None
        filled = 0
        try:
            order = self.command(command)
            filled = order.filled
            self.placed.append((command.account_id, order.id, side))
        except Refusal as refusal:
            refused = refusal.code
        assert refused is expected.refused, f"{refused} instead of {expected.refused}"
        if refused:
            return
        made = [
            (trade.maker_order, trade.price, trade.amount, trade.maker_fee, trade.taker_fee)
            for trade in self.exchange.trading.days[market]
            if trade.number > trades
        ]
        assert made == list(expected.fills), "not the best price and the oldest order first"
        assert filled == sum(fill[2] for fill in expected.fills)

    @action(4, which=st.integers(0, 1_000), odd=st.integers(0, 12))
    def cancel(self, which: int, odd: int) -> None:
        """Cancel some order: perhaps a closed one, another's, or on the wrong side."""
        if not self.placed:
            return
        owner, order_id, side = self.placed[-1 - which % min(len(self.placed), 30)]
        if odd == 0:
            owner = self.traders[(self.traders.index(owner) + 1) % TRADERS]
        elif odd == 1:
            side = Side(side).other
        self.exchange.advance(self.now)
        found = [order for order in resting(self.exchange) if order.id == order_id]
        allowed = any(order.account_id == owner and order.side == side for order in found)
        self.attempt(do.CancelOrder(owner, order_id, side), allowed=allowed)

    @action(
        2,
        who=WHO,
        coin=st.sampled_from(("BTC", "LTC", "MXN")),
        amount=st.integers(SCALE // 2_000, SCALE // 2),
    )
    def withdraw(self, who: int, coin: str, amount: int) -> None:
        """Send some money away, or try to."""
        owner = self.traders[who]
        self.exchange.advance(self.now)
        rules = self.exchange.catalogue.coins[coin]
        available = self.exchange.ledger.wallet(owner, coin).amounts[0]
        allowed = (
            rules.can_withdraw
            and amount >= rules.min_withdraw
            and amount + rules.fee_withdraw <= available
        )
        command = do.Withdraw(owner, coin, ADDRESSES.get(coin, "0" * 18), amount)
        self.attempt(command, allowed=allowed)

    @action(
        1,
        who=WHO,
        coin=st.sampled_from(tuple(FUNDS)),
        amount=st.integers(0, 5 * SCALE),
        confirmed=st.booleans(),
    )
    def credit(self, who: int, coin: str, amount: int, confirmed: bool) -> None:
        """Let some money arrive; none at all is a mistake."""
        command = do.Credit(self.traders[who], coin, amount, confirmed)
        self.attempt(command, allowed=amount > 0)

    @action(2, back=st.integers(0, 5), confirmed=st.booleans())
    def settle(self, back: int, confirmed: bool) -> None:
        """Confirm or fail one of the newest transfers, if it still can be."""
        self.exchange.advance(self.now)
        transfers = [one for one in self.exchange.wallets.transfers() if one.id > self.funded]
        if not transfers:
            return
        transfer = transfers[-1 - back % len(transfers)]
        ended = transfer.status in (TransferStatus.CONFIRMED, TransferStatus.FAILED)
        self.attempt(do.SettleTransfer(transfer.id, confirmed), allowed=not ended)

    @action(3, ms=st.integers(0, 15_000), moved=st.booleans())
    def wait(self, ms: int, moved: bool) -> None:
        """Let time pass: blocks come, and the live market trades."""
        if moved:
            self.command(do.AdvanceClock(ms))
        self.now += ms
        self.exchange.advance(self.now)
        Exchanging.steps += not moved

    @action(2, market=st.sampled_from(MARKETS), halted=st.integers(0, 2))
    def halt(self, market: str, halted: int) -> None:
        """Close a book, or more often open it."""
        self.command(do.HaltBook(market, halted == 0))
        (self.closed.add if halted == 0 else self.closed.discard)(market)

    @action(1, number=st.integers(0, 1), who=WHO, lasts=st.integers(0, 4_000))
    def add_token(self, number: int, who: int, lasts: int) -> None:
        """Make a token that expires, or let one stand for something else."""
        grant = Grant(
            self.traders[who],
            Permissions(trade=bool(lasts % 2)),
            expires_ms=self.now + lasts if lasts % 4 else None,
            allowed_ips=() if lasts % 3 else ("192.0.2.0/24",),
        )
        self.command(do.AddToken(_digest(number), grant.dump()))
        self.grants[_digest(number)] = grant

    @action(1, number=st.integers(0, 1))
    def revoke_token(self, number: int) -> None:
        """Forget a token, if there is one."""
        known = self.grants.pop(_digest(number), None)
        self.attempt(do.RevokeToken(_digest(number)), allowed=known is not None)

    @action(3, number=st.integers(0, 1), inside=st.booleans())
    def use_token(self, number: int, inside: bool) -> None:
        """A token stands for its grant, until it expires, from where it may be used."""
        Exchanging.steps += 1
        grant = self.grants.get(_digest(number))
        valid = (
            grant is not None
            and (grant.expires_ms is None or self.now < grant.expires_ms)
            and (inside or not grant.allowed_ips)
        )
        peer = "192.0.2.7" if inside else "198.51.100.1"
        try:
            found = self.exchange.tokens.find(f"token{number}", now_ms=self.now, peer=peer)
        except Refusal:
            found = None
        assert found == (grant if valid else None), "the token stands for something else"

    @action(1, name=st.integers(0, 9), level=st.integers(1, 6))
    def open_account(self, name: int, level: int) -> None:
        """Open an account; a name that is taken is refused."""
        taken = any(one.username == f"new{name}" for one in self.exchange.accounts.values())
        command = do.OpenAccount(f"new{name}", "new@coinbtr.test", level)
        self.attempt(command, allowed=not taken)

    @action(1)
    def load_what_was_dumped(self) -> None:
        """Go on with an exchange made from the dump: nothing may change."""
        Exchanging.steps += 1
        written = text(self.exchange)
        self.exchange = Exchange.load(json.loads(written))
        assert text(self.exchange) == written, "a dump and a load changed something"

    @action(1)
    def keep(self) -> None:
        """Take a snapshot."""
        Exchanging.steps += 1
        self.exchange.advance(self.now)
        length = len(self.history)
        self.kept = (text(self.exchange), self.now, length, set(self.closed), dict(self.grants))

    @action(1)
    def restore(self) -> None:
        """Go back to the snapshot, time and all."""
        if self.kept is None:
            return
        Exchanging.steps += 1
        written, self.now, length, closed, grants = self.kept
        self.exchange = Exchange.load(json.loads(written))
        self.history = self.history[:length]
        self.closed, self.grants = set(closed), dict(grants)

    @invariant()
    def money_is_conserved(self) -> None:
        """Each coin adds up to zero over everybody, the outside world included."""
        invariants.money_is_conserved(self.exchange)

    @invariant()
    def nothing_is_negative(self) -> None:
        """No part of a wallet is below zero."""
        invariants.nothing_is_negative(self.exchange)

    @invariant()
    def holds_are_right(self) -> None:
        """Frozen is what open orders need, pending what transfers under way carry."""
        invariants.frozen_is_what_orders_need(self.exchange)
        invariants.pending_is_what_is_under_way(self.exchange)

    @invariant()
    def books_are_in_order(self) -> None:
        """The books show the open orders, and none is crossed."""
        invariants.books_show_the_open_orders(self.exchange)
        invariants.no_book_is_crossed(self.exchange)

    def teardown(self) -> None:
        """The same commands give the same bytes, with a dump and a load on the way, too."""
        if not hasattr(self, "history") or sys.exception():
            return  # what was found already is the better report
        self.exchange.advance(self.now)
        expected = text(self.exchange)
        for reload_at in (None, len(self.history) // 2):
            assert self.replayed(reload_at) == expected, "the same commands gave another state"

    def replayed(self, reload_at: int | None) -> str:
        """Do everything again from the beginning; tells the state, or what went wrong."""
        again, _ = began(self.number, self.is_live)
        for place, (at_ms, command) in enumerate(self.history):
            if place == reload_at:
                again = Exchange.load(json.loads(text(again)))
            again.advance(at_ms)
            try:
                command.apply(again, at_ms)
            except (Refusal, LookupError, ValueError) as error:
                return f"{command}: {error}"
        again.advance(self.now)
        return text(again)


def _digest(number: int) -> str:
    return sha256(f"token{number}".encode()).hexdigest()

"""The state machine that Hypothesis drives: small choices, made into steps of a play."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from coinbtr.contract.model import choices
from coinbtr.contract.model.exchange import other_side
from coinbtr.contract.model.play import Play
from coinbtr.contract.model.records import Side, Who
from coinbtr.contract.model.rules import UNIT
from coinbtr.contract.model.steps import CANCEL, NEVER, PLACE, WAIT, OrderOf, Step, TradeOf

_WHO: Final[st.SearchStrategy[Who]] = st.sampled_from(("mine", "other"))
_SIDES: Final[st.SearchStrategy[Side]] = st.sampled_from(("BUY", "SELL"))
_PRICES: Final = st.integers(0, choices.PRICES - 1)
_AMOUNTS: Final = st.integers(0, choices.AMOUNT)
_RECENT: Final = st.integers(0, 9)
_FORMS: Final[st.SearchStrategy[Callable[[str], str]]] = st.sampled_from(
    (str.lower, str.upper, str.title)
)
_LISTS: Final = ("listOpenOrders", "listTransactions", "listWithdrawals", "listDeposits")
_READS: Final = (
    "getBalance",
    "getDepositAddress",
    "listBooks",
    "getCurrencies",
    "getProfile",
    "getSession",
)


class Trading(RuleBasedStateMachine):
    """Two accounts on one market.

    Args:
        begin: starts a play; told when it ends.
        moves_time: whether the server's clock can be moved on.
    """

    def __init__(self, begin: Callable[[], Play], moves_time: bool) -> None:
        super().__init__()
        self.play = begin()
        self._moves_time = moves_time

    def do(self, step: Step) -> None:
        """Do a step of the play."""
        self.play.do(step)

    def _place(
        self, who: Who, side: Side, amount: Decimal, price: Decimal, market: str | None = None
    ) -> None:
        if self.play.exchange.meets(side, price):
            return  # what others have there can't be predicted
        name = market or self.play.market.lower()
        arguments = {"market": name, "amount": amount, "price": price}
        self.do(Step(PLACE[side], who, arguments))

    def _recent(self, which: int) -> tuple[int, Step] | None:
        numbers = list(self.play.placed)
        number = numbers[-1 - which % len(numbers)] if numbers else None
        return None if number is None else (number, self.play.done[number])

    @rule(who=_WHO, side=_SIDES, price=_PRICES, amount=_AMOUNTS)
    def place(self, who: Who, side: Side, price: int, amount: int) -> None:
        """Place an order within the spread; it rests or meets one of the two accounts."""
        at = choices.price(self.play.exchange, price)
        self._place(who, side, choices.amount(self.play.exchange, at, amount), at)

    @rule(which=_RECENT, better=st.integers(0, 2), amount=_AMOUNTS, share=st.integers(0, 2))
    def meet(self, which: int, better: int, amount: int, share: int) -> None:
        """Place an order of the other account that meets a recent one: part of it, or more."""
        orders = [one for one in self.play.exchange.orders if one.market == self.play.market]
        if not orders:
            return
        order = orders[-1 - which % len(orders)]
        who: Who = "other" if order.who == "mine" else "mine"
        side = other_side(order.side)
        tick = self.play.exchange.rules.price_step * better
        price = order.price + (tick if side == "BUY" else -tick)
        quantity = choices.amount(self.play.exchange, price, amount)
        if share == 1:
            quantity = max(order.left, choices.least(self.play.exchange, price))
        elif share == 2:
            quantity += order.left
        self._place(who, side, quantity, price)

    @rule(
        who=_WHO,
        side=_SIDES,
        edge=st.sampled_from(choices.EDGES),
        kind=st.sampled_from(choices.AMOUNTS),
        form=_FORMS,
    )
    def place_at_a_limit(
        self, who: Who, side: Side, edge: str, kind: str, form: Callable[[str], str]
    ) -> None:
        """Place an order at or beyond a limit of the market or of the funds."""
        exchange = self.play.exchange
        price = choices.price_at(exchange, side, edge)
        amount = choices.amount_at(exchange, who, side, price, kind)
        self._place(who, side, amount, price, form(self.play.market))

    @rule(which=_RECENT, right_account=st.booleans(), right_side=st.booleans())
    def cancel(self, which: int, right_account: bool, right_side: bool) -> None:
        """Cancel a recent order, open or not, as its owner or not."""
        recent = self._recent(which)
        if recent is None:
            self.do(Step(CANCEL["BUY"], "mine", {"id": NEVER}))
            return
        number, placed = recent
        side: Side = "BUY" if placed.operation == PLACE["BUY"] else "SELL"
        who: Who = "other" if (placed.who == "mine") != right_account else "mine"
        operation = CANCEL[side if right_side else other_side(side)]
        self.do(Step(operation, who, {"id": OrderOf(number)}))

    @rule(which=_RECENT)
    def cancel_own(self, which: int) -> None:
        """Cancel a recent order as one should."""
        self.cancel(which, right_account=True, right_side=True)

    @rule(who=_WHO, coin=st.integers(0, 2), kind=st.sampled_from(choices.WITHDRAWALS))
    def withdraw(self, who: Who, coin: int, kind: str) -> None:
        """Withdraw a little, or what must be refused."""
        coins = choices.withdrawable(self.play.exchange)
        if not self.play.alone:
            coins = [name for name in coins if name in self.play.market.split("-")]
        if coins:
            name = coins[coin % len(coins)]
            arguments = choices.withdrawal(self.play.exchange, who, name, kind)
            self.do(Step("withdraw", who, arguments))

    @rule(who=_WHO, side=_SIDES, short=st.integers(0, 1))
    def spend_all(self, who: Who, side: Side, short: int) -> None:
        """Withdraw so that what is left is just enough for an order, or one unit short of it."""
        exchange = self.play.exchange
        price = choices.price_at(exchange, side, "inside")
        amount = choices.leaving(exchange, who, side, price, short * UNIT)
        if amount is None:
            return
        coin = exchange.rules.quote if side == "BUY" else exchange.rules.base
        address = exchange.accounts[who].addresses[coin]
        given = {"coin": coin.lower(), "address": address, "amount": amount}
        self.do(Step("withdraw", who, given))
        kind = "one step too much" if short else "all"
        self._place(who, side, choices.amount_at(exchange, who, side, price, kind), price)

    @rule(who=_WHO, which=_RECENT)
    def look_up_order(self, who: Who, which: int) -> None:
        """Fetch a recent order, open or not, by either account."""
        recent = self._recent(which)
        wanted = NEVER if recent is None else OrderOf(recent[0])
        self.do(Step("getOpenOrder", who, {"id": wanted}))

    @rule(who=_WHO, owner=_WHO, which=_RECENT)
    def look_up_trade(self, who: Who, owner: Who, which: int) -> None:
        """Fetch a recent trade, by either account."""
        if len(self.play.exchange.accounts[owner].trades) > which:
            # Both sides of a trade may have the same id: nothing says otherwise.
            self.do(Step("getTransaction", who, {"id": TradeOf(owner, which)}))

    @rule(
        who=_WHO,
        operation=st.sampled_from(_LISTS),
        limit=st.none() | st.integers(1, 12) | st.just(100),
        offset=st.none() | st.integers(0, 8),
        name=st.sampled_from(("none", "known", "unknown")),
        form=_FORMS,
    )
    def cut(
        self,
        who: Who,
        operation: str,
        limit: int | None,
        offset: int | None,
        name: str,
        form: Callable[[str], str],
    ) -> None:
        """Read a part of a list, filtered or not."""
        given: dict[str, Any] = {}
        if name == "none" and not self.play.alone:
            name = "known"
        if name != "none":
            key = "market" if operation in _LISTS[:2] else "coin"
            known = self.play.market if key == "market" else self.play.exchange.rules.base
            unknown = "nil-nil" if key == "market" else "nil"
            given[key] = form(known) if name == "known" else unknown
        if limit is not None:
            given["limit"] = limit
        if offset is not None:
            given["offset"] = offset
        self.do(Step(operation, who, given))

    @rule(limit=st.none() | st.integers(1, 30), form=_FORMS)
    def read_book(self, limit: int | None, form: Callable[[str], str]) -> None:
        """Read the best levels of the order book."""
        given: dict[str, Any] = {"market": form(self.play.market)}
        if limit is not None:
            given["limit"] = limit
        self.do(Step("getOrderBook", "mine", given))

    @rule(who=_WHO, operation=st.sampled_from(_READS), coin=st.integers(0, 9), form=_FORMS)
    def read(self, who: Who, operation: str, coin: int, form: Callable[[str], str]) -> None:
        """Read what has no list."""
        own = self.play.market.split("-")
        coins = [*(self.play.exchange.coins if self.play.alone else own), "NIL"]
        takes_coin = operation in ("getBalance", "getDepositAddress")
        given = {"coin": form(coins[coin % len(coins)])} if takes_coin else {}
        self.do(Step(operation, who, given))

    @precondition(lambda self: self._moves_time)
    @rule(seconds=st.sampled_from((1, 601, 21_613, 82_801, 86_461)))
    def wait(self, seconds: int) -> None:
        """Let time pass: a second, ten minutes, hours, more than a day."""
        self.do(Step(WAIT, "mine", {"seconds": seconds}))

    # Rules are chosen evenly; trades are what matters, so theirs stand here more than once.
    place_again = place_once_more = place
    meet_again = meet_once_more = meet

    def teardown(self) -> None:
        """Leave nothing open."""
        self.play.end()

"""One play: steps done on the server and in the model, and after each a look at everything."""

from collections.abc import Mapping
from typing import Any, Final, NoReturn

from attrs import define, field

from coinbtr.contract.calls import Answer
from coinbtr.contract.checks import Problem
from coinbtr.contract.model.answers import answer
from coinbtr.contract.model.beginning import DEPTH, WHO, begin
from coinbtr.contract.model.compare import Difference, differences
from coinbtr.contract.model.exchange import Exchange, Refusal
from coinbtr.contract.model.records import Who
from coinbtr.contract.model.steps import CANCEL, NEVER, PLACE, WAIT, OrderOf, Step, TradeOf
from coinbtr.contract.model.table import Asked, Deviation, Table, is_documented
from coinbtr.contract.model.unknown import Unknown
from coinbtr.contract.model.verdicts import AFTER, Outcome, rule_of, rule_of_acceptance, worst
from coinbtr.contract.model.verdicts import Asked as AskedFor

_WITHDRAWAL: Final = ("signed", "sent", "confirmed")
_JUDGED_EVERY: Final = 25
_PAGE: Final = 50
_MOST_LISTED: Final = 100
_TRADES: Final = 6
_MOVED_ON: Final = 90_000
_UNUSABLE: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@define(eq=False)
class Play:
    """Plays on one market from what there is at its beginning.

    Attributes:
        alone: whether nobody else uses the accounts; if not, only what is about the market and its
            two coins is looked at.
        exchange: the model.
        done: the steps so far.
        placed: the ids of the orders that steps placed, by the number of the step.
    """

    table: Table
    market: str
    alone: bool = True
    exchange: Exchange = field(init=False)
    done: list[Step] = field(factory=list)
    placed: dict[int, Unknown] = field(factory=dict)
    _owners: dict[int, Who] = field(factory=dict)
    _statuses: dict[str, int] = field(factory=dict)
    _trades: int = 0
    _last: Asked | None = None
    _agreed: dict[Any, Answer] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        if self.table.tick is not None:
            # Whatever was traded before is out of the 24 hours then.
            self.table.tick(_MOVED_ON)
        try:
            self.exchange = begin(self.table, self.market)
        except _UNUSABLE as error:
            call = self.table.call("listBooks", "mine", {})
            sentence = f"What there is can't be read: {type(error).__name__}: {error}."
            raise Deviation.of(Problem("C121", sentence), call, None) from error

    def do(self, step: Step) -> None:
        """Do a step on both sides, compare the answers, and look at everything.

        Raises:
            Deviation: the server did something else than the model.
        """
        self.done.append(step)
        if step.operation == WAIT:
            self._trades = 0
            self._agreed.clear()
            self._wait(step.arguments["seconds"])
            self._look("waited")
            return
        arguments = {name: self._resolved(value) for name, value in step.arguments.items()}
        trades = len(self.exchange.accounts["mine"].trades)
        expected = answer(self.exchange, step.operation, step.who, arguments)
        # Every trade has a side of each account.
        self._trades = len(self.exchange.accounts["mine"].trades) - trades
        asked = self.table.ask(step.operation, step.who, arguments, judged=self._is_judged)
        outcome = _outcome(step.operation, expected, self._trades > 0)
        if outcome not in ("read", "refused"):
            self._agreed.clear()
        try:
            self._compare(step, arguments, expected, asked, outcome)
        except _UNUSABLE as error:
            self._unusable(error, asked)
        self._look(outcome)

    def end(self) -> None:
        """Cancel what is left open, so that the next play finds room; nothing is compared."""
        for order in list(self.exchange.orders):
            if order.market == self.exchange.rules.name and order.id.value is not None:
                try:
                    given = {"id": order.id.value}
                    self.table.ask(CANCEL[order.side], order.who, given, judged=False)
                except Deviation:
                    return

    @property
    def _is_judged(self) -> bool:
        return len(self.done) % _JUDGED_EVERY == 1

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, OrderOf):
            known = self.placed.get(value.step)
            return NEVER if known is None or known.value is None else known.value
        if isinstance(value, TradeOf):
            trades = self.exchange.accounts[value.who].trades
            return trades[-1 - value.number].id.value if value.number < len(trades) else NEVER
        return value

    def _compare(
        self,
        step: Step,
        arguments: Mapping[str, Any],
        expected: Any,
        asked: Asked,
        outcome: Outcome,
    ) -> None:
        seen = asked.answer
        if isinstance(expected, Refusal):
            codes = " or ".join(sorted(expected.codes))
            if seen.ok:
                rule = rule_of_acceptance(step.operation, expected, self._asked_for(step))
                self._deviates(rule, f"It was accepted, not refused as {codes}.", asked)
            if seen.code not in expected.codes or not is_documented(seen):
                sentence = f"It was refused with {seen.status} {seen.code}, not with {codes}."
                self._deviates("C203", sentence, asked)
            return
        if not seen.ok:
            sentence = f"It was refused with {seen.status} {seen.code}, and nothing forbids it."
            self._deviates("C201", sentence, asked)
        if step.operation in CANCEL.values() and seen.data is None:
            return  # ruling R020: the order may be absent
        paged = bool({"limit", "offset"} & arguments.keys())
        found = list(differences(expected, seen.data))
        self._take(asked, step.operation, outcome, found, "", paged=paged)
        if step.operation in PLACE.values():
            number = len(self.done) - 1
            given = Unknown("order", self.exchange.history, seen.data["id"])
            self.placed[number] = given
            self._owners[given.value] = step.who

    def _asked_for(self, step: Step) -> AskedFor:
        value = step.arguments.get("id")
        order_id = self._resolved(value)
        owner = value.who if isinstance(value, TradeOf) else self._owners.get(order_id)
        if owner not in (None, step.who):
            return "another account's"
        return "none" if self.exchange.open_order(step.who, order_id) is None else "an open one"

    def _wait(self, seconds: int) -> None:
        # Whether a trade of exactly 24 hours counts is said nowhere.
        while self.exchange.day.is_on_the_edge(self.exchange.history.elapsed + seconds):
            seconds += 1
        if self.table.tick is not None:
            self.table.tick(seconds)
            self.exchange.wait(seconds)

    def _look(self, outcome: Outcome) -> None:
        try:
            self._see_everything(outcome)
        except _UNUSABLE as error:
            self._unusable(error, self._last)

    def _see_everything(self, outcome: Outcome) -> None:
        market = {"market": self.market.lower()}
        judged, trades = self._is_judged, max(_TRADES, self._trades)
        mine: Mapping[str, Any] = {} if self.alone else market
        # As people ask: without a limit, as long as the page of 50 that they get shows everything.
        is_page = len(self.exchange.orders) <= _PAGE
        all_orders = mine if is_page else {**mine, "limit": _MOST_LISTED}
        # What explains most comes first: a trade tells why a balance is wrong, and whoever was met
        # is told which order that was.
        for who in sorted(WHO, key=lambda one: one == self.done[-1].who):
            self._see("listTransactions", who, {**mine, "limit": trades}, outcome, judged)
        for who in WHO:
            self._see("listOpenOrders", who, all_orders, outcome, judged)
        for who in WHO:
            for operation, coin in self._balances():
                self._see(operation, who, coin, outcome, judged)
        self._see("getOrderBook", "mine", {**market, "limit": DEPTH}, outcome, judged)
        self._see_day(market, outcome, judged)
        coins = self.exchange.rules.name.lower().split("-")
        filters = [{}] if self.alone else [{"coin": coin} for coin in coins]
        for who in WHO:
            for coin in filters:
                self._see("listWithdrawals", who, {**coin, "limit": 5}, outcome, judged)
                self._see_statuses()

    def _balances(self) -> list[tuple[str, Mapping[str, Any]]]:
        if self.alone:
            return [("listBalances", {})]
        return [("getBalance", {"coin": coin}) for coin in self.market.lower().split("-")]

    def _see(
        self,
        operation: str,
        who: Who,
        arguments: Mapping[str, Any],
        outcome: Outcome,
        judged: bool,
    ) -> None:
        asked = self._last = self.table.look(operation, who, arguments, judged=judged)
        # The very answer that agreed with the model as it still is agrees again.
        key = operation, who, tuple(arguments.items())
        if self._agreed.get(key) is asked.answer:
            return
        expected = answer(self.exchange, operation, who, arguments)
        seen = asked.answer.data
        if expected == seen:
            self._agreed[key] = asked.answer
            return
        if operation == "listOpenOrders":
            self._see_whose(who, {one["id"] for one in seen}, asked)
        found = list(differences(expected, seen))
        whose = f"After {AFTER[outcome]}, "
        if asked.call.token:
            whose += "of the other account, " if who == "other" else "of the account, "
        self._take(asked, operation, outcome, found, whose, paged=False)
        self._agreed[key] = asked.answer

    def _see_whose(self, who: Who, listed: set[Any], asked: Asked) -> None:
        """Name an order in a list that is another account's, and one that isn't in it."""
        orders = [one for one in self.exchange.orders if self.alone or one.market == self.market]
        if foreign := listed & {one.id.value for one in orders if one.who != who}:
            self._deviates("C303", f"It lists order {min(foreign)} of another account.", asked)
        own = {one.id.value for one in orders if one.who == who and one.id.value is not None}
        if len(listed) < _MOST_LISTED and (unlisted := own - listed):
            self._deviates("C402", f"Order {min(unlisted)} is open, and isn't listed.", asked)

    def _see_day(self, market: Mapping[str, Any], outcome: Outcome, judged: bool) -> None:
        day = self.exchange.day
        if self.table.tick is None and outcome != "traded" and day.past.volume:
            # The clock goes by itself: trades from before the play may be a day old by now.
            volume = self.table.look("get24hVolume", "mine", market, judged=False).answer.data
            if volume["volume"] != day.totals().volume:
                ticker = self.table.look("getTicker", "mine", market, judged=False).answer.data
                day.shrink(volume, ticker)
                self._agreed.clear()
        self._see("getTicker", "mine", market, outcome, judged)
        self._see("get24hVolume", "mine", market, outcome, judged)

    def _see_statuses(self) -> None:
        asked = self._last
        for entry in asked.answer.data if asked is not None else ():
            name, status = entry["txid"], entry["status"]
            rank = _WITHDRAWAL.index(status) if status in _WITHDRAWAL else len(_WITHDRAWAL)
            if rank < self._statuses.get(name, 0) and asked is not None:
                self._deviates("C506", f"The status of {name} went back to {status}.", asked)
            self._statuses[name] = rank

    def _take(
        self,
        asked: Asked,
        operation: str,
        outcome: Outcome,
        found: list[Difference],
        whose: str,
        *,
        paged: bool,
    ) -> None:
        if found:
            difference = worst(found)
            rule = rule_of(operation, outcome, difference, paged)
            place = difference.place(asked.answer.data)
            sentence = f"{whose}{place} {difference.text}."
            self._deviates(rule, sentence[0].upper() + sentence[1:], asked)

    def _unusable(self, error: Exception, asked: Asked | None) -> NoReturn:
        if asked is None:
            raise error
        sentence = f"The answer can't be used: {type(error).__name__}: {error}."
        raise Deviation.of(Problem("C121", sentence), asked.call, asked.answer) from error

    def _deviates(self, rule: str, sentence: str, asked: Asked) -> NoReturn:
        raise Deviation.of(Problem(rule, sentence), asked.call, asked.answer)


def _outcome(operation: str, expected: Any, traded: bool) -> Outcome:
    if isinstance(expected, Refusal):
        return "refused"
    if operation in PLACE.values():
        return "traded" if traded else "placed"
    if operation in CANCEL.values():
        return "cancelled"
    return "withdrawn" if operation == "withdraw" else "read"

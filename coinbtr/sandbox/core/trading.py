"""Placing, matching, cancelling and finding orders, and the trades that come of them."""

from collections.abc import Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

from attrs import fields

from coinbtr.sandbox.core.book import BookSide, Fill, OrderBook
from coinbtr.sandbox.core.catalogue import Catalogue, Market
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.ledger import AVAILABLE, FEES, FROZEN, Ledger, Reason, Wallet
from coinbtr.sandbox.core.order_rules import check_order
from coinbtr.sandbox.core.orders import BUY, Order, Side
from coinbtr.sandbox.core.records import Account, Trade, Transaction, seen_as
from coinbtr.sandbox.core.statistics import DayStatistics
from coinbtr.sandbox.core.units import SCALE, fee_of, to_decimal

# Ten times as quick as `attrs.astuple`, which looks inside each value.
_order_row = attrgetter(*(field.name for field in fields(Order)))
_trade_row = attrgetter(*(field.name for field in fields(Trade)))

Purse = tuple[Wallet, Wallet]
"""One owner's wallets of a book's base and quote coin."""


class TradingDesk:
    """The books and everything that happens on them.

    Ids of orders and of transactions count from 1 and are never used again.

    Args:
        catalogue: the rules of the books.
        ledger: where money is booked.
        accounts: who may trade, by id.
    """

    def __init__(
        self, catalogue: Catalogue, ledger: Ledger, accounts: Mapping[int, Account]
    ) -> None:
        self.books = {name: OrderBook() for name in catalogue.markets}
        self.days = {name: DayStatistics() for name in catalogue.markets}
        self.closed: set[str] = set()
        self._catalogue = catalogue
        self._ledger = ledger
        self._accounts = accounts
        self.orders_made = 0
        self.trades_made = 0
        self._open: dict[int, dict[int, Order]] = {}
        self._transactions: dict[int, dict[int, Trade]] = {}

    def place(
        self, account_id: int, market: str, side: Side, *, amount: int, price: int, now_ms: int
    ) -> Order:
        """Place a limit order; what meets the book trades at once, the rest waits in it.

        Args:
            account_id: whose order it is.
            market: a book's name, in any case.
            side: buy or sell.
            amount: units of the base coin.
            price: units of the quote coin for a whole base coin.
            now_ms: the time of the order.

        Raises:
            Refusal: `book_not_found`, `book_closed`, `below_minimum`, `above_maximum`,
                `invalid_step`, `below_minimum_value`, `insufficient_funds`, `self_trade`.
        """
        rules = self._catalogue.market(market)
        name = rules.name
        if name in self.closed:
            raise Refusal(Code.BOOK_CLOSED, f"{name} is closed at present.")
        value = check_order(rules, amount, price)
        if side is BUY:
            coin, hold = rules.quote, value
            own, other = self.books[name].bids, self.books[name].asks
        else:
            coin, hold = rules.base, amount
            own, other = self.books[name].asks, self.books[name].bids
        wallet = self._ledger.wallet(account_id, coin)
        if wallet.available < hold:
            raise Refusal(
                Code.INSUFFICIENT_FUNDS,
                f"The order needs {to_decimal(hold):f} {coin}; "
                f"{to_decimal(wallet.available):f} is available.",
            )
        fills = other.plan(account_id, price, amount)
        # Nothing can be refused from here on.
        self._ledger.shift(Reason.ORDER_PLACED, wallet, AVAILABLE, FROZEN, hold)
        self.orders_made += 1
        order = Order(self.orders_made, account_id, name, side, price, amount, 0, now_ms)
        if fills:
            self._match(rules, order, fills, other, now_ms)
        if order.left:
            own.add(order)
            self._open.setdefault(account_id, {})[order.id] = order
        return order

    def cancel(self, account_id: int, order_id: int, side: Side) -> Order:
        """Cancel one's own open order of a side; what it held is available again.

        Raises:
            Refusal: `order_not_found`, also for another account's or the other side's order.
        """
        order = self.open_order(account_id, order_id)
        if order.side is not side:
            raise _order_not_found(order_id, f"open {side.lower()} order")
        rules = self._catalogue.market(order.market)
        self._half(order).remove(order)
        del self._open[account_id][order_id]
        coin = rules.quote if side is BUY else rules.base
        wallet = self._ledger.wallet(account_id, coin)
        self._ledger.shift(Reason.ORDER_CANCELLED, wallet, FROZEN, AVAILABLE, order.held)
        order.cancelled = True
        return order

    def open_order(self, account_id: int, order_id: int) -> Order:
        """Find one's own open order.

        Raises:
            Refusal: `order_not_found`: never given out, another account's, or no longer open.
        """
        try:
            return self._open[account_id][order_id]
        except KeyError:
            raise _order_not_found(order_id, "open order") from None

    def all_open_orders(self, account_id: int) -> Sequence[Order]:
        """List an account's open orders on all books, oldest first."""
        return list(self._open.get(account_id, {}).values())

    def open_orders(
        self, account_id: int, *, market: str | None = None, limit: int = 50, offset: int = 0
    ) -> Sequence[Order]:
        """List one's own open orders, newest first.

        Raises:
            Refusal: `book_not_found`.
        """
        name = None if market is None else self._catalogue.market(market).name
        orders = reversed(self._open.get(account_id, {}).values())
        chosen = (order for order in orders if name in (None, order.market))
        return list(islice(chosen, offset, offset + limit))

    def transaction(self, account_id: int, transaction_id: int) -> Transaction:
        """Find one's own trade.

        Raises:
            Refusal: `transaction_not_found`, also for another account's.
        """
        try:
            return seen_as(self._transactions[account_id][transaction_id], transaction_id)
        except KeyError:
            raise Refusal(
                Code.TRANSACTION_NOT_FOUND, f"You have no transaction {transaction_id}."
            ) from None

    def transactions(
        self, account_id: int, *, market: str | None = None, limit: int = 50, offset: int = 0
    ) -> Sequence[Transaction]:
        """List one's own trades, newest first.

        Raises:
            Refusal: `book_not_found`.
        """
        name = None if market is None else self._catalogue.market(market).name
        own = reversed(self._transactions.get(account_id, {}).items())
        chosen = ((number, trade) for number, trade in own if name in (None, trade.market))
        return [seen_as(trade, number) for number, trade in islice(chosen, offset, offset + limit)]

    def dump(self) -> dict[str, Any]:
        """Give all orders, trades and counters, for `load`."""
        trades = {trade.number: trade for day in self.days.values() for trade in day}
        for own in self._transactions.values():
            trades.update((trade.number, trade) for trade in own.values())
        return {
            "orders_made": self.orders_made,
            "trades_made": self.trades_made,
            "closed": sorted(self.closed),
            "open": sorted(_order_row(one) for own in self._open.values() for one in own.values()),
            "trades": [_trade_row(trades[number]) for number in sorted(trades)],
            "transactions": [[owner, list(own)] for owner, own in self._transactions.items()],
            "days": {
                name: {"last": day.last, "trades": [trade.number for trade in day]}
                for name, day in self.days.items()
            },
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Take over what `dump` gave; money stands in the ledger, and is not moved."""
        self.orders_made, self.trades_made = state["orders_made"], state["trades_made"]
        self.closed.update(state["closed"])
        # Within a price level the lower id came first.
        for row in state["open"]:
            order = Order(*row)
            order.side = Side(order.side)
            self._half(order).add(order)
            self._open.setdefault(order.account_id, {})[order.id] = order
        trades = {}
        for row in state["trades"]:
            trade = Trade(*row)
            trade.taker_side = Side(trade.taker_side)
            trades[trade.number] = trade
        for owner, ids in state["transactions"]:
            self._transactions[owner] = {number: trades[(number + 1) // 2] for number in ids}
        for name, day in state["days"].items():
            self.days[name].load((trades[number] for number in day["trades"]), day["last"])

    def _half(self, order: Order) -> BookSide:
        book = self.books[order.market]
        return book.bids if order.side is BUY else book.asks

    def _match(
        self, rules: Market, taker: Order, fills: Sequence[Fill], half: BookSide, now_ms: int
    ) -> None:
        taken = half.take(fills)
        taker.left -= taken
        taker.filled += taken
        day = self.days[rules.name]
        day.advance(now_ms)  # else trades would pile up where nobody asks for the ticker
        buys, taking = taker.side is BUY, self._accounts[taker.account_id]
        _, taker_rate = rules.fees_of(taking.level)
        takers, earned = self._purse(rules, taking.id), self._purse(rules, FEES)
        for maker, amount in fills:
            price = maker.price
            value = price * amount // SCALE  # whole units: the steps of the book see to that
            making = self._accounts[maker.account_id]
            maker_fee = fee_of(value if buys else amount, rules.fees_of(making.level)[0])
            taker_fee = fee_of(amount if buys else value, taker_rate)
            if not maker.left:
                del self._open[making.id][maker.id]
            makers = self._purse(rules, making.id)
            if buys:
                held = taker.price * amount // SCALE
                self._settle(takers, makers, earned, held, amount, value, taker_fee, maker_fee)
            else:
                self._settle(makers, takers, earned, value, amount, value, maker_fee, taker_fee)
            self.trades_made += 1
            trade = Trade(
                self.trades_made,
                rules.name,
                price,
                amount,
                value,
                now_ms,
                taker.side,
                making.id,
                maker.id,
                maker_fee,
                taking.id,
                taker.id,
                taker_fee,
            )
            day.add(trade)
            self._remember(making, trade.maker_id, trade)
            self._remember(taking, trade.taker_id, trade)

    def _remember(self, account: Account, transaction_id: int, trade: Trade) -> None:
        if not account.is_house:
            self._transactions.setdefault(account.id, {})[transaction_id] = trade

    def _purse(self, rules: Market, owner: int) -> Purse:
        wallet = self._ledger.wallet
        return wallet(owner, rules.base), wallet(owner, rules.quote)

    def _settle(
        self,
        buyer: Purse,
        seller: Purse,
        earned: Purse,
        held: int,
        amount: int,
        value: int,
        buyer_fee: int,
        seller_fee: int,
    ) -> None:
        """Book a trade; `held` is what was frozen for the part of the purchase that is traded."""
        self._ledger.post(
            Reason.TRADE,
            (buyer[1], FROZEN, -held),
            (buyer[1], AVAILABLE, held - value),  # what a better price saves
            (seller[1], AVAILABLE, value - seller_fee),
            (earned[1], AVAILABLE, seller_fee),
            (seller[0], FROZEN, -amount),
            (buyer[0], AVAILABLE, amount - buyer_fee),
            (earned[0], AVAILABLE, buyer_fee),
        )


def _order_not_found(order_id: int, what: str) -> Refusal:
    return Refusal(Code.ORDER_NOT_FOUND, f"You have no {what} {order_id}.")

"""Placing, matching, cancelling and finding orders, and the trades that come of them."""

from collections.abc import Sequence
from itertools import count, islice

from coinbtr.sandbox.core.book import Fill, OrderBook
from coinbtr.sandbox.core.catalogue import Catalogue, Market
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.ledger import FEES, Bucket, Ledger, Reason
from coinbtr.sandbox.core.orders import Order, Side, hold_of
from coinbtr.sandbox.core.records import FilledAs, Transaction
from coinbtr.sandbox.core.statistics import DayStatistics, Trade
from coinbtr.sandbox.core.units import fee_of, to_decimal, value_of


class TradingDesk:
    """The books and everything that happens on them.

    Ids of orders and of transactions count from 1 and are never used again.
    """

    def __init__(self, catalogue: Catalogue, ledger: Ledger) -> None:
        self.books = {name: OrderBook() for name in catalogue.markets}
        self.days = {name: DayStatistics() for name in catalogue.markets}
        self.closed: set[str] = set()
        self._catalogue = catalogue
        self._ledger = ledger
        self._order_ids = count(1)
        self._transaction_ids = count(1)
        self._open: dict[int, dict[int, Order]] = {}
        self._transactions: dict[int, dict[int, Transaction]] = {}

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
        self._check(rules, amount, price)
        coin = rules.quote if side is Side.BUY else rules.base
        wallet = self._ledger.wallet(account_id, coin)
        hold = hold_of(side, price, amount)
        if wallet.available < hold:
            raise Refusal(
                Code.INSUFFICIENT_FUNDS,
                f"The order needs {to_decimal(hold)} {coin}; "
                f"{to_decimal(wallet.available)} is available.",
            )
        fills = self.books[rules.name].plan(account_id, side, price, amount)
        # Nothing can be refused from here on.
        self._ledger.post(
            Reason.ORDER_PLACED, (wallet, Bucket.AVAILABLE, -hold), (wallet, Bucket.FROZEN, hold)
        )
        order = Order(next(self._order_ids), account_id, rules.name, side, price, amount, 0, now_ms)
        for fill in fills:
            self._trade(rules, order, fill, now_ms)
        if order.left:
            self.books[rules.name].rest(order)
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
        self.books[order.market].remove(order)
        del self._open[account_id][order_id]
        coin = rules.quote if side is Side.BUY else rules.base
        wallet, held = self._ledger.wallet(account_id, coin), order.held
        self._ledger.post(
            Reason.ORDER_CANCELLED, (wallet, Bucket.FROZEN, -held), (wallet, Bucket.AVAILABLE, held)
        )
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
            return self._transactions[account_id][transaction_id]
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
        own = reversed(self._transactions.get(account_id, {}).values())
        chosen = (entry for entry in own if name in (None, entry.market))
        return list(islice(chosen, offset, offset + limit))

    def _check(self, rules: Market, amount: int, price: int) -> None:
        if rules.name in self.closed:
            raise Refusal(Code.BOOK_CLOSED, f"{rules.name} is closed at present.")
        _check_limits("amount", amount, rules.min_amount, rules.max_amount, rules.name)
        _check_limits("price", price, rules.min_price, rules.max_price, rules.name)
        _check_step("amount", amount, rules.amount_step, rules.name)
        _check_step("price", price, rules.price_step, rules.name)
        value = value_of(price, amount)
        if value < rules.min_value:
            raise Refusal(
                Code.BELOW_MINIMUM_VALUE,
                f"amount × price is {to_decimal(value)} {rules.quote}; "
                f"{rules.name} takes {to_decimal(rules.min_value)} or more.",
            )

    def _trade(self, rules: Market, taker: Order, fill: Fill, now_ms: int) -> None:
        maker, amount, price = fill.maker, fill.amount, fill.maker.price
        value = value_of(price, amount)
        self.books[rules.name].apply(fill)
        taker.left -= amount
        taker.filled += amount
        if not maker.left:
            del self._open[maker.account_id][maker.id]
        bought, sold = (taker, maker) if taker.side is Side.BUY else (maker, taker)
        buyer_fee = fee_of(amount, rules.maker_fee if bought is maker else rules.taker_fee)
        seller_fee = fee_of(value, rules.maker_fee if sold is maker else rules.taker_fee)
        self._settle(rules, bought, sold, amount, value, buyer_fee, seller_fee)
        # The resting order's side of the trade gets the lower id.
        for order in (maker, taker):
            buys = order is bought
            entry = Transaction(
                id=next(self._transaction_ids),
                account_id=order.account_id,
                order_id=order.id,
                market=rules.name,
                side=order.side,
                price=price,
                amount=amount,
                value=value,
                fee=buyer_fee if buys else seller_fee,
                fee_coin=rules.base if buys else rules.quote,
                filled_as=FilledAs.MAKER if order is maker else FilledAs.TAKER,
                created_ms=now_ms,
            )
            self._transactions.setdefault(order.account_id, {})[entry.id] = entry
        day = self.days[rules.name]
        day.advance(now_ms)  # else trades would pile up where nobody asks for the ticker
        day.add(Trade(now_ms, price, amount, value))

    def _settle(
        self,
        rules: Market,
        bought: Order,
        sold: Order,
        amount: int,
        value: int,
        buyer_fee: int,
        seller_fee: int,
    ) -> None:
        wallet = self._ledger.wallet
        frozen = value_of(bought.price, amount)
        payer, payee = wallet(bought.account_id, rules.quote), wallet(sold.account_id, rules.quote)
        giver, taker = wallet(sold.account_id, rules.base), wallet(bought.account_id, rules.base)
        self._ledger.post(
            Reason.TRADE,
            (payer, Bucket.FROZEN, -frozen),
            (payer, Bucket.AVAILABLE, frozen - value),  # what a better price saves
            (payee, Bucket.AVAILABLE, value - seller_fee),
            (wallet(FEES, rules.quote), Bucket.AVAILABLE, seller_fee),
            (giver, Bucket.FROZEN, -amount),
            (taker, Bucket.AVAILABLE, amount - buyer_fee),
            (wallet(FEES, rules.base), Bucket.AVAILABLE, buyer_fee),
        )


def _check_limits(field: str, given: int, least: int, most: int, market: str) -> None:
    if given < least:
        raise Refusal(
            Code.BELOW_MINIMUM,
            f"{field} is {to_decimal(given)}; {market} takes {to_decimal(least)} or more.",
        )
    if given > most:
        raise Refusal(
            Code.ABOVE_MAXIMUM,
            f"{field} is {to_decimal(given)}; {market} takes {to_decimal(most)} or less.",
        )


def _check_step(field: str, given: int, step: int, market: str) -> None:
    if given % step:
        raise Refusal(
            Code.INVALID_STEP,
            f"{field} is {to_decimal(given)}; {market} takes multiples of {to_decimal(step)}.",
        )


def _order_not_found(order_id: int, what: str) -> Refusal:
    return Refusal(Code.ORDER_NOT_FOUND, f"You have no {what} {order_id}.")

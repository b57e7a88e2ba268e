"""`client.trading`: limit orders and the account's own trades."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from coinbtr_api import models as wire
from coinbtr_api.api import trading as api

from coinbtr import models
from coinbtr._async.guarding import Guard
from coinbtr._async.seam import Seam
from coinbtr.arguments import given, to_id, to_limit, to_market, to_offset
from coinbtr.errors import CoinBTRError, InvalidType, InvalidValue
from coinbtr.models import reading
from coinbtr.money import to_money
from coinbtr.sending.agreement import agreeing
from coinbtr.sending.intent import Intent
from coinbtr.sending.waiting import DEFAULT_INTERVAL, DEFAULT_PATIENCE
from coinbtr.wire.secret import bare

if TYPE_CHECKING:
    from coinbtr._async.paging import AsyncPages
    from coinbtr._async.raw import AsyncRawTrading
    from coinbtr._async.watching import AsyncWatch
    from coinbtr.models import Order, OrderChange, Transaction
    from coinbtr.outcomes import CancelResult


class AsyncTrading:
    """Limit orders and the account's own trades. Every method needs a token."""

    def __init__(self, seam: Seam, guard: Guard) -> None:
        self._seam = seam
        self._guard = guard

    @property
    def with_raw_response(self) -> AsyncRawTrading:
        """The methods that send one request, each giving a RawResponse: result, status, body, …"""
        from coinbtr._async.raw import AsyncRawTrading

        return AsyncRawTrading(self)

    async def buy_limit(
        self, book: str, *, amount: Decimal | int | str, price: Decimal | int | str
    ) -> Order:
        """Place an order to buy up to `amount` at `price` or less; it is never sent twice.

        `amount` × `price` of the quote coin is held until the order is filled or cancelled. What
        the book can't fill at once rests in it. Gives the order as it stands after matching.
        Source: reference lines 212-214; rulings R019, R047 and R049.

        Args:
            book: its name, such as `btc-mxn` or `BTC/MXN`, in any case.
            amount: in base coins, above 0, with at most 8 decimals; a float is refused.
            price: in quote coins for one base coin, in the same form.

        Raises:
            InsufficientFunds: less of the quote coin is available.
            BelowMinimum: amount or price is below the book's minimum, or their product below its
                minimum value (BelowMinimumValue).
            AboveMaximum: amount or price is above the book's maximum.
            InvalidStep: amount or price is no multiple of the book's step.
            SelfTrade: the order would meet one of the same account (R054).
            BookClosed: the book takes no orders now.
            BookNotFound: there is no such book.
            GuardRailError: a limit of the client or of the book forbids it; nothing was sent.
            PermissionDenied: the token may not trade.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type, such as a float; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        order = _limit_order(book, amount, price)
        self._seam.check("placeBuyLimitOrder")
        await self._guard.order("placeBuyLimitOrder", order.market, order.amount, order.price)
        answer = await self._seam.call(
            "placeBuyLimitOrder",
            api.place_buy_limit_order._get_kwargs(body=order),
            api.place_buy_limit_order._parse_success,
            intent=_placing("placeBuyLimitOrder", "BUY", order),
        )
        return reading.order(answer.data)

    async def sell_limit(
        self, book: str, *, amount: Decimal | int | str, price: Decimal | int | str
    ) -> Order:
        """Place an order to sell up to `amount` at `price` or more; it is never sent twice.

        `amount` of the base coin is held until the order is filled or cancelled. What the book
        can't fill at once rests in it. Gives the order as it stands after matching. Source:
        reference lines 216-218; rulings R019, R047 and R049.

        Args:
            book: its name, such as `btc-mxn` or `BTC/MXN`, in any case.
            amount: in base coins, above 0, with at most 8 decimals; a float is refused.
            price: in quote coins for one base coin, in the same form.

        Raises:
            InsufficientFunds: less of the base coin is available.
            BelowMinimum: amount or price is below the book's minimum, or their product below its
                minimum value (BelowMinimumValue).
            AboveMaximum: amount or price is above the book's maximum.
            InvalidStep: amount or price is no multiple of the book's step.
            SelfTrade: the order would meet one of the same account (R054).
            BookClosed: the book takes no orders now.
            BookNotFound: there is no such book.
            GuardRailError: a limit of the client or of the book forbids it; nothing was sent.
            PermissionDenied: the token may not trade.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type, such as a float; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        order = _limit_order(book, amount, price)
        self._seam.check("placeSellLimitOrder")
        await self._guard.order("placeSellLimitOrder", order.market, order.amount, order.price)
        answer = await self._seam.call(
            "placeSellLimitOrder",
            api.place_sell_limit_order._get_kwargs(body=order),
            api.place_sell_limit_order._parse_success,
            intent=_placing("placeSellLimitOrder", "SELL", order),
        )
        return reading.order(answer.data)

    async def cancel_buy_limit(self, order_id: int) -> Order | None:
        """Take what is left of an open order to buy off the book, and release what it held.

        What was traded stays traded. Gives the order as it was cancelled, or None where the
        exchange answers without it. Source: reference lines 220-222; rulings R020 and R034.

        Args:
            order_id: the order's id, from 1.

        Raises:
            OrderNotFound: no open order to buy of this account has this id.
            PermissionDenied: the token may not trade.
            InvalidValue: the id is below 1; nothing was sent.
            InvalidType: the id is not an int; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "cancelBuyLimitOrder",
            api.cancel_buy_limit_order._get_kwargs(
                body=wire.OrderIdRequest(id=to_id(order_id, "order_id"))
            ),
            api.cancel_buy_limit_order._parse_success,
            intent=Intent(operation="cancelBuyLimitOrder", side="BUY", order_id=order_id),
        )
        return reading.cancelled(answer.data)

    async def cancel_sell_limit(self, order_id: int) -> Order | None:
        """Take what is left of an open order to sell off the book, and release what it held.

        What was traded stays traded. Gives the order as it was cancelled, or None where the
        exchange answers without it. Inferred: the reference knows how to cancel an order to buy
        only, so the first call warns (InferredOperationWarning). Source: reference lines 220-222;
        rulings R020 and R034.

        Args:
            order_id: the order's id, from 1.

        Raises:
            OrderNotFound: no open order to sell of this account has this id.
            PermissionDenied: the token may not trade.
            InvalidValue: the id is below 1; nothing was sent.
            InvalidType: the id is not an int; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "cancelSellLimitOrder",
            api.cancel_sell_limit_order._get_kwargs(
                body=wire.OrderIdRequest(id=to_id(order_id, "order_id"))
            ),
            api.cancel_sell_limit_order._parse_success,
            intent=Intent(operation="cancelSellLimitOrder", side="SELL", order_id=order_id),
        )
        return reading.cancelled(answer.data)

    async def cancel(self, order: Order) -> Order | None:
        """Cancel an order by its side: `cancel_buy_limit` or `cancel_sell_limit`.

        Args:
            order: the order, as any method gave it.

        Raises:
            OrderNotFound: the order is not open any more.
            InvalidType: `order` is no Order (for an id, call the method of its side).
            InvalidValue: the order's side is neither BUY nor SELL; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        if not isinstance(order, models.Order):
            raise InvalidType(
                f"order must be an Order, not {type(order).__name__}; by its id, an order is"
                " cancelled with cancel_buy_limit or cancel_sell_limit",
                field="order",
            )
        self._seam.record.knows_amount(order.id, order.amount)
        if order.side == models.Side.BUY:
            return await self.cancel_buy_limit(order.id)
        if order.side == models.Side.SELL:
            return await self.cancel_sell_limit(order.id)
        raise InvalidValue(f"order.side must be BUY or SELL, not {order.side}", field="order")

    async def cancel_all(self, book: str | None = None) -> list[CancelResult]:
        """Cancel all open orders, one by one; a result for each, and no error stops the others.

        Orders that arrive after the list was read are left alone. Safe to call again: what is not
        open any more is not listed. The list itself may raise, before anything was cancelled.
        Inferred for orders to sell, so the first one warns (InferredOperationWarning).
        Source: reference lines 220-226; rulings R020, R021 and R034.

        Args:
            book: only this book, such as `btc-mxn` or `BTC/MXN`, in any case; all if left out.

        Raises:
            BookNotFound: there is no such book.
            InvalidValue: the book's name is none; nothing was sent.
            InvalidType: the book is not a str; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        from coinbtr.outcomes import CancelResult

        results: list[CancelResult] = []
        for order in [one async for one in self.iter_open_orders(book)]:
            try:
                done = await self.cancel(order)
            except CoinBTRError as error:
                results.append(CancelResult(order=order, error=bare(error)))
            else:
                results.append(CancelResult(order=order, cancelled=done))
        return results

    async def open_orders(
        self, book: str | None = None, *, limit: int | None = None, offset: int | None = None
    ) -> list[Order]:
        """List the account's open orders, newest first; a partly filled one is open.

        Source: reference lines 224-226; rulings R021, R041, R042 and R056.

        Args:
            book: only this book, such as `btc-mxn` or `BTC/MXN`, in any case; all if left out.
            limit: how many at most, 1 to 100; 50 if left out.
            offset: how many of the newest to skip, 0 to 100000; none if left out.

        Raises:
            BookNotFound: there is no such book.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "listOpenOrders",
            api.list_open_orders._get_kwargs(body=_page(book, limit, offset)),
            api.list_open_orders._parse_success,
        )
        return [reading.order(one) for one in answer.data]

    def iter_open_orders(
        self, book: str | None = None, *, page_size: int | None = None
    ) -> AsyncPages[Order]:
        """Iterate over all open orders, newest first, reading page by page as far as you go.

        An order that closes or arrives while this reads neither hides nor repeats another one.
        Source: reference lines 224-226; rulings R021, R041, R042 and R056.

        Args:
            book: only this book, such as `btc-mxn` or `BTC/MXN`, in any case; all if left out.
            page_size: how many to read at a time, 2 to 100; 100 if left out.

        Raises:
            BookNotFound: there is no such book; raised by the first step.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors; raised by a step.
        """
        from coinbtr._async.paging import AsyncPages

        name = None if book is None else to_market(book)
        return AsyncPages(
            lambda limit, offset: self.open_orders(name, limit=limit, offset=offset),
            lambda order: order.id,
            page_size,
        )

    def watch_orders(
        self,
        book: str | None = None,
        *,
        interval: float = DEFAULT_INTERVAL,
        patience: float | None = DEFAULT_PATIENCE,
    ) -> AsyncWatch[OrderChange]:
        """Watch the open orders: iterate, and get each that is open, and then each change.

        An order is OPEN, TRADED in part, and at last FILLED or CANCELLED, as the account's trades
        tell (read when one ends, 1000 at most), or GONE where they can't tell. One that opens and
        ends between two readings is not seen. The API has no stream, so this reads again and again;
        see Watch for how politely.
        Source: reference lines 224-226; rulings R021, R023, R041, R042 and R056.

        Args:
            book: only this book, such as `btc-mxn` or `BTC/MXN`, in any case; all if left out.
            interval: seconds from one reading to the next, above 0; by default 5.
            patience: seconds without one good reading after which the error is raised; by default
                60; None for never.

        Raises:
            BookNotFound: there is no such book; raised by the first step.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors; raised by a step.
        """
        from coinbtr._async.order_changes import AsyncOrderChanges
        from coinbtr._async.watching import AsyncWatch

        name = None if book is None else to_market(book)
        # Trades are read on the watch's own account: who watches orders didn't choose to.
        quiet = AsyncTrading(self._seam.view(quiet=True), self._guard)
        orders = AsyncOrderChanges(
            lambda: self.iter_open_orders(name), lambda: quiet.iter_transactions(name)
        )
        return self._seam.watched(
            AsyncWatch("open orders", orders.changes, interval=interval, patience=patience)
        )

    async def open_order(self, order_id: int) -> Order:
        """Get one of the account's open orders.

        Source: reference lines 228-230; rulings R022 and R034.

        Args:
            order_id: the order's id, from 1.

        Raises:
            OrderNotFound: no open order of this account has this id.
            InvalidValue: the id is below 1; nothing was sent.
            InvalidType: the id is not an int; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "getOpenOrder",
            api.get_open_order._get_kwargs(
                body=wire.OrderIdRequest(id=to_id(order_id, "order_id"))
            ),
            agreeing(api.get_open_order._parse_success, {"id": order_id}),
        )
        return reading.order(answer.data)

    async def transactions(
        self, book: str | None = None, *, limit: int | None = None, offset: int | None = None
    ) -> list[Transaction]:
        """List the account's own trades, newest first.

        Inferred: the reference gives neither method nor path, so the first call warns
        (InferredOperationWarning).
        Source: reference line 232; rulings R023, R039, R042 and R050.

        Args:
            book: only this book, such as `btc-mxn` or `BTC/MXN`, in any case; all if left out.
            limit: how many at most, 1 to 100; 50 if left out.
            offset: how many of the newest to skip, 0 to 100000; none if left out.

        Raises:
            BookNotFound: there is no such book.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "listTransactions",
            api.list_transactions._get_kwargs(body=_page(book, limit, offset)),
            api.list_transactions._parse_success,
        )
        return [reading.transaction(one) for one in answer.data]

    def iter_transactions(
        self, book: str | None = None, *, page_size: int | None = None
    ) -> AsyncPages[Transaction]:
        """Iterate over all of the account's own trades, newest first, reading as far as you go.

        A trade that arrives while this reads makes no other one come twice.
        Inferred: the reference gives neither method nor path, so the first call warns
        (InferredOperationWarning).
        Source: reference line 232; rulings R023, R039, R042 and R050.

        Args:
            book: only this book, such as `btc-mxn` or `BTC/MXN`, in any case; all if left out.
            page_size: how many to read at a time, 2 to 100; 100 if left out.

        Raises:
            BookNotFound: there is no such book; raised by the first step.
            InvalidValue: an argument is out of its bounds, or the list is longer than the exchange
                gives.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors; raised by a step.
        """
        from coinbtr._async.paging import AsyncPages

        name = None if book is None else to_market(book)
        return AsyncPages(
            lambda limit, offset: self.transactions(name, limit=limit, offset=offset),
            lambda transaction: transaction.id,
            page_size,
        )

    async def transaction(self, transaction_id: int) -> Transaction:
        """Get one of the account's own trades.

        Inferred: the reference gives neither method nor path, so the first call warns
        (InferredOperationWarning).
        Source: reference line 234; rulings R023, R034, R039 and R050.

        Args:
            transaction_id: the transaction's id, from 1.

        Raises:
            TransactionNotFound: no transaction of this account has this id.
            InvalidValue: the id is below 1; nothing was sent.
            InvalidType: the id is not an int; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "getTransaction",
            api.get_transaction._get_kwargs(
                body=wire.TransactionIdRequest(id=to_id(transaction_id, "transaction_id"))
            ),
            agreeing(api.get_transaction._parse_success, {"id": transaction_id}),
        )
        return reading.transaction(answer.data)


def _limit_order(
    book: str, amount: Decimal | int | str, price: Decimal | int | str
) -> wire.LimitOrderRequest:
    return wire.LimitOrderRequest(
        market=to_market(book), amount=to_money(amount, "amount"), price=to_money(price, "price")
    )


def _placing(operation: str, side: Literal["BUY", "SELL"], order: wire.LimitOrderRequest) -> Intent:
    return Intent(
        operation=operation,
        book=order.market.upper(),
        side=side,
        amount=order.amount,
        price=order.price,
    )


def _page(book: str | None, limit: int | None, offset: int | None) -> wire.ListRequest:
    return wire.ListRequest(
        market=given(None if book is None else to_market(book)),
        limit=given(to_limit(limit)),
        offset=given(to_offset(offset)),
    )

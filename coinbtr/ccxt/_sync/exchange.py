# Derived from coinbtr/ccxt/_async/exchange.py by `make generate`: edit that file, not this one.
"""The exchange `coinbtr` for ccxt: ccxt's unified methods over the package's own client."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

import ccxt

from coinbtr import models
from coinbtr._sync.paging import Pages
from coinbtr.calls import Call
from coinbtr.ccxt import reading, structures
from coinbtr.ccxt._sync.desk import Desk
from coinbtr.ccxt.description import description
from coinbtr.ccxt.errors import OutcomeUnknown, translated
from coinbtr.ccxt.settings import Settings
from coinbtr.ccxt.structures import Structure, milliseconds
from coinbtr.ccxt.transport import Transport
from coinbtr.errors import CoinBTRError

if TYPE_CHECKING:
    from coinbtr.sending.raw import RawResponse

P = ParamSpec("P")
T = TypeVar("T")
Pair = tuple[T, Structure]

NO_PARAMS: Final[Mapping[str, Any]] = {}
MOST_TRADES: Final = 1000
"""How many of the newest trades are read, at most, to tell what became of one order."""
REMEMBERED: Final = 1000
"""How many orders are kept in mind: the exchange tells nothing of one that is closed."""


class coinbtr(Transport):
    """CoinBTR as ccxt knows exchanges. The API key is `apiKey`; there is no secret.

    Orders, cancels and withdrawals whose answer is lost raise `coinbtr.ccxt.OutcomeUnknown`, a
    RequestTimeout, and are never sent again, whatever `maxRetriesOnFailure` says.
    """

    def describe(self) -> Any:
        """What the exchange has, as ccxt asks for it."""
        return self.deep_extend(super().describe(), description())

    # Market data

    def fetch_markets(self, params: Mapping[str, Any] = NO_PARAMS) -> list[Structure]:
        """List the markets with their limits, steps and fees."""
        answer = self._ask(self._desk.market.with_raw_response.books)
        return [
            structures.market(book, info, self.parse_number)
            for book, info in reading.paired(answer)
        ]

    def fetch_currencies(self, params: Mapping[str, Any] = NO_PARAMS) -> dict[str, Structure]:
        """List the currencies by their codes."""
        answer = self._ask(self._desk.market.with_raw_response.currencies)
        return {
            coin.coin: structures.currency(coin, info, self.parse_number)
            for coin, info in reading.paired(answer)
        }

    def fetch_ticker(self, symbol: str, params: Mapping[str, Any] = NO_PARAMS) -> Structure:
        """Get the last and best prices, and high, low and volume of the last 24 hours."""
        reading.without(params, "fetchTicker")
        self.load_markets()
        market = self.market(symbol)
        answer = self._ask(self._desk.market.with_raw_response.ticker, market["id"])
        return self.safe_ticker(structures.ticker(answer.parsed, reading.info(answer)), market)

    def fetch_tickers(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = NO_PARAMS
    ) -> dict[str, Structure]:
        """Get tickers, one request for each: of these symbols, or of all open markets."""
        self.load_markets()
        wanted = self.market_symbols(symbols) or [
            name for name in self.symbols if self.market(name)["active"]
        ]
        return {name: self.fetch_ticker(name, params) for name in wanted}

    def fetch_order_book(
        self, symbol: str, limit: int | None = None, params: Mapping[str, Any] = NO_PARAMS
    ) -> Structure:
        """Get the best price levels of both sides, 1 to 1000 of each; 50 if left out."""
        reading.without(params, "fetchOrderBook")
        self.load_markets()
        market = self.market(symbol)
        raw = self._desk.market.with_raw_response
        answer = self._ask(raw.order_book, market["id"], limit=limit)
        return structures.order_book(answer.parsed, self.parse_number)

    # Orders

    def create_order(
        self,
        symbol: str,
        type: str,
        side: str,
        amount: object,
        price: object = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Structure:
        """Place a limit order.

        Args:
            symbol: the market, such as `BTC/MXN`.
            type: `limit`; the API has no other.
            side: `buy` or `sell`.
            amount: in the base coin. A float is cut to the market's precision, as ccxt does it; a
                str or Decimal goes as it stands, or is refused.
            price: in the quote coin, likewise; a float is rounded.
            params: nothing but `timeInForce: "GTC"`.

        Raises:
            OutcomeUnknown: it was sent and its answer is lost; `reconcile` finds out.
            InvalidOrder, InsufficientFunds, MarketClosed: the exchange refused it.
            NotSupported: the API can't do what `type` or `params` ask for.
        """
        reading.without(params, "createOrder", timeInForce="GTC", postOnly=False)
        self.load_markets()
        market = self.market(symbol)
        if type != "limit" or side not in ("buy", "sell"):
            raise ccxt.NotSupported(f"{self.id} has limit orders to buy or sell only")
        if price is None:
            raise ccxt.ArgumentsRequired(f"{self.id} createOrder() requires a price")
        raw = self._account.trading.with_raw_response
        answer = self._ask(
            raw.buy_limit if side == "buy" else raw.sell_limit,
            market["id"],
            amount=reading.amount(amount, lambda one: self.amount_to_precision(symbol, one)),
            price=reading.amount(price, lambda one: self.price_to_precision(symbol, one)),
        )
        return self._order(answer.parsed, reading.info(answer))

    def cancel_order(
        self,
        id: str,
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Structure:
        """Take what is left of an open order off the book.

        The API cancels by side, so an order that this exchange object has not seen is read first.
        """
        reading.without(params, "cancelOrder")
        number = reading.order_id(id)
        trading = self._account.trading.with_raw_response
        known = self._seen.get(number) or (self._ask(trading.open_order, number)).parsed
        answer = self._ask(trading.cancel, known)
        if answer.parsed is None:  # the exchange may answer without it
            self._seen.pop(number, None)
            return self.safe_order({"id": id, "status": "canceled", "info": reading.info(answer)})
        return self._order(answer.parsed, reading.info(answer))

    def fetch_open_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Structure]:
        """List the open orders, oldest first; a partly filled one is open."""
        reading.without(params, "fetchOpenOrders")
        self.load_markets()
        book = None if symbol is None else self.market(symbol)["id"]
        raw = self._account.trading.with_raw_response
        pages = self._pages(raw.open_orders, book, _by_id)
        orders = [self._order(*pair) for pair in pages]
        return reading.newest_first(orders, since, limit)

    def fetch_open_order(
        self,
        id: str,
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Structure:
        """Get one of the open orders. Raises OrderNotFound for one that is open no more."""
        reading.without(params, "fetchOpenOrder")
        raw = self._account.trading.with_raw_response
        answer = self._ask(raw.open_order, reading.order_id(id))
        return self._order(answer.parsed, reading.info(answer))

    def fetch_order(
        self,
        id: str,
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Structure:
        """Get an order, whether it is open or not.

        The API tells of open orders only. What became of another is read off the account's trades
        and off what this exchange object has seen of it. One that it has not seen counts as closed
        if there are trades of it: whether all of it was filled can't be told.

        Raises:
            OrderNotFound: it is not open, nothing of it was traded, and it was not seen here.
        """
        reading.without(params, "fetchOrder")
        number = reading.order_id(id)
        try:
            return self.fetch_open_order(id)
        except ccxt.OrderNotFound as gone:
            seen = self._seen.get(number)
            trades = self._trades_of(number, seen)
            if seen is not None:
                return self._closed(seen, trades)
            if not trades:
                raise gone
            parsed = [self._trade(*pair) for pair in reversed(trades)]
            return self.safe_order(structures.traded_order(number, parsed))

    def fetch_my_trades(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Structure]:
        """List the account's own trades, oldest first: from `since` on, or the newest 50."""
        reading.without(params, "fetchMyTrades")
        self.load_markets()
        book = None if symbol is None else self.market(symbol)["id"]
        raw = self._account.trading.with_raw_response
        pages = self._pages(raw.transactions, book, _by_id)
        trades = [self._trade(*pair) for pair in self._until(pages, since, limit)]
        return reading.newest_first(trades, since, limit)

    # The account

    def fetch_balance(self, params: Mapping[str, Any] = NO_PARAMS) -> Structure:
        """List what the account has of each coin; what is frozen or pending counts as used."""
        answer = self._ask(self._account.wallet.with_raw_response.balances)
        return self.safe_balance(structures.balance(answer.parsed, reading.info(answer)))

    def fetch_deposit_address(self, code: str, params: Mapping[str, Any] = NO_PARAMS) -> Structure:
        """Get the address that funds the account with a coin."""
        reading.without(params, "fetchDepositAddress")
        raw = self._account.wallet.with_raw_response
        answer = self._ask(raw.deposit_address, self._coin(code))
        return {
            "currency": answer.parsed.coin,
            "network": None,
            "tag": None,
            "address": answer.parsed.address,
            "info": reading.info(answer),
        }

    def fetch_deposits(
        self,
        code: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Structure]:
        """List deposits, oldest first, those not yet confirmed included; from `since`, or 50."""
        reading.without(params, "fetchDeposits")
        coin = None if code is None else self._coin(code)
        raw = self._account.wallet.with_raw_response
        return self._transfers(self._pages(raw.deposits, coin, _by_content), since, limit)

    def fetch_withdrawals(
        self,
        code: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Structure]:
        """List withdrawals, oldest first: from `since` on, or the newest 50."""
        reading.without(params, "fetchWithdrawals")
        coin = None if code is None else self._coin(code)
        raw = self._account.wallet.with_raw_response
        return self._transfers(self._pages(raw.withdrawals, coin, _by_content), since, limit)

    def withdraw(
        self,
        code: str,
        amount: object,
        address: str,
        tag: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Structure:
        """Send coins to an address. This can't be called back, and is never sent twice.

        Args:
            code: the coin, such as `BTC`.
            amount: what the destination receives; the coin's fee is charged on top. A float is cut
                to 8 decimals.
            address: the destination.
            tag: the API takes none.
            params: nothing.

        Raises:
            OutcomeUnknown: it was sent and its answer is lost; `reconcile` finds out.
            NotSupported: a tag was given.
        """
        reading.without({**params, "tag": tag}, "withdraw")
        coin = self._coin(code)
        exact = reading.amount(amount, lambda one: self.currency_to_precision(code, one))
        raw = self._account.wallet.with_raw_response
        answer = self._ask(raw.withdraw, coin, address=address, amount=exact)
        return structures.receipt(
            answer.parsed, address, str(exact), reading.info(answer), self.parse_number
        )

    @property
    def unresolved(self) -> tuple[OutcomeUnknown, ...]:
        """What was sent and has an outcome that nobody knows yet, oldest first, each to reconcile.

        Interrupted calls and cancelled tasks are among them, and what a former process left open in
        the `intentLog`. Those that a former key or address sent are not.
        """
        seam = self._with_log(self._desk).seam
        return tuple(OutcomeUnknown(f"{self.id} {one}", one) for one in seam.unresolved)

    def close(self, *args: Any, **kwargs: Any) -> None:
        """Close ccxt's connections, and the intent log until it is needed again."""
        self._leave_log()
        super().close(*args, **kwargs)

    # What the methods share

    @property
    def _desk(self) -> Desk:
        """The client by the settings as they are now: sandbox mode or the key may have changed."""
        try:
            settings = Settings.of(self.urls["api"], self.apiKey, self.options)
            desk: Desk | None = self.__dict__.get("_last_desk")
            if desk is None or desk.settings != settings:
                self._leave_log()
                desk = self._last_desk = Desk(self, settings)
        except CoinBTRError as error:
            raise translated(error, self.id) from None
        return desk

    @property
    def _account(self) -> Desk:
        """The same with its log, for what needs the key. Raises AuthenticationError without one."""
        self.check_required_credentials()
        return self._with_log(self._desk)

    def _with_log(self, desk: Desk) -> Desk:
        try:
            desk.keep_log()
        except CoinBTRError as error:
            raise translated(error, self.id) from None
        return desk

    def _leave_log(self) -> None:
        desk: Desk | None = self.__dict__.get("_last_desk")
        if desk is not None:
            desk.leave_log()

    @property
    def _seen(self) -> OrderedDict[int, models.Order]:
        orders: OrderedDict[int, models.Order] = self.__dict__.setdefault(
            "_seen_orders", OrderedDict()
        )
        return orders

    def _ask(
        self,
        method: Call[P, RawResponse[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> RawResponse[T]:
        """Call the package, and raise its errors in ccxt's words."""
        try:
            return method(*args, **kwargs)
        except CoinBTRError as error:
            raise translated(error, self.id) from error

    def _coin(self, code: str) -> str:
        self.load_markets()
        coin: str = self.currency(code)["id"]
        return coin

    def _pages(
        self,
        listing: Call[..., RawResponse[list[T]]],
        only: str | None,
        identity: Callable[[Pair[T]], Hashable],
    ) -> Pages[Pair[T]]:
        """A list, newest first, of one book or coin `only` or of all; each entry as it was sent."""

        def page(limit: int, offset: int) -> list[Pair[T]]:
            return reading.paired(self._ask(listing, only, limit=limit, offset=offset))

        return Pages(page, identity)

    def _until(
        self, pages: Pages[Pair[Any]], since: int | None, limit: int | None
    ) -> list[Pair[Any]]:
        """The newest entries, back to `since`, or as many as `limit`; 50 without either."""
        pairs: list[Pair[Any]] = []
        for pair in pages:
            moment = pair[0].date if hasattr(pair[0], "date") else pair[0].created_at
            if since is not None and milliseconds(moment) < since:
                break
            pairs.append(pair)
            if since is None and len(pairs) == (limit or 50):
                break
        return pairs

    def _transfers(
        self, pages: Pages[Pair[Any]], since: int | None, limit: int | None
    ) -> list[Structure]:
        found = [
            structures.transfer(*pair, self.parse_number)
            for pair in self._until(pages, since, limit)
        ]
        return reading.newest_first(found, since, limit)

    def _trades_of(self, number: int, seen: models.Order | None) -> list[Pair[models.Transaction]]:
        """The trades of an order that is not open, newest first."""
        raw = self._account.trading.with_raw_response
        book = None if seen is None else seen.book
        trades, read = list[Pair[models.Transaction]](), 0
        for trade, info in self._pages(raw.transactions, book, _by_id):
            if read == MOST_TRADES or (seen is not None and trade.created_at < seen.created_at):
                break
            read += 1
            if trade.order_id == number:
                trades.append((trade, info))
        return trades

    def _closed(self, seen: models.Order, trades: list[Pair[models.Transaction]]) -> Structure:
        parsed = [self._trade(*pair) for pair in reversed(trades)]
        done = structures.ended(seen, (trade for trade, _ in trades))
        self._remember(done)
        info = {"trades": [one["info"] for one in parsed]}
        return self.safe_order(structures.order(done, info, parsed))

    def _order(self, order: models.Order, info: Structure) -> Structure:
        self._remember(order)
        return self.safe_order(structures.order(order, info))

    def _trade(self, trade: models.Transaction, info: Structure) -> Structure:
        return self.safe_trade(structures.trade(trade, info))

    def _remember(self, order: models.Order) -> None:
        self._seen[order.id] = order
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def _by_id(pair: Pair[models.Order] | Pair[models.Transaction]) -> Hashable:
    return pair[0].id


def _by_content(pair: Pair[models.Deposit] | Pair[models.Withdrawal]) -> Hashable:
    one = pair[0]
    return one.coin, one.txid, one.address, one.amount, one.date

"""Guard rails: what a client refuses to send, each naming the limit and the value."""

import asyncio
import copy
import pickle
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from linecache import getline
from typing import Any

import pytest

import coinbtr
from coinbtr import AsyncCoinBTR, CoinBTR, ConfigurationError, GuardRailError, GuardRails
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.engine import AsyncSandboxEngine, SandboxEngine
from coinbtr.wire.engine import NotConnected, Request, Response
from tests.facade.limits.test_rate_limit import FakeClock
from tests.facade.scripted import Answer, Facade, answer, refusal

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
OTHER = "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc"
MONEY = ("/wallet/withdraw", "/trading/place/buylimit", "/trading/place/selllimit")


class Watched:
    """An embedded exchange that keeps the paths of all requests, and may fail some of them."""

    def __init__(self) -> None:
        self.exchange = Sandbox()
        self.paths: list[str] = []
        self.queries: list[str] = []
        self.faults: dict[str, Answer] = {}

    def handle(self, request: Request) -> Response:
        """Answer as the exchange does, unless this path is to fail."""
        path, _, query = request.url.removeprefix(self.exchange.base_url).partition("?")
        self.paths.append(path)
        self.queries.append(query)
        fault = self.faults.get(path)
        if isinstance(fault, BaseException):
            raise fault
        if callable(fault):
            return fault(request)
        return self.exchange.handle(request) if fault is None else fault

    @property
    def sent(self) -> list[str]:
        """The paths of the requests that would have moved money."""
        return [path for path in self.paths if path in MONEY]

    def run(self, facade: Facade, *calls: Callable[[Any], Any], **options: Any) -> Any:
        """What the last of these calls gives, all of them made with one client of this facade."""
        token, url = self.exchange.token, self.exchange.base_url
        if facade.kind == "sync":
            engine = SandboxEngine(self.handle)
            with CoinBTR(token, base_url=url, engine=engine, **options) as client:
                return [call(client) for call in calls][-1]

        async def whole() -> Any:
            engine = AsyncSandboxEngine(self.handle)
            async with AsyncCoinBTR(token, base_url=url, engine=engine, **options) as client:
                return [await call(client) for call in calls][-1]

        return asyncio.run(whole())

    def stopped(
        self, facade: Facade, call: Callable[[Any], Any], kind: type[GuardRailError], **options: Any
    ) -> GuardRailError:
        """The guard rail's error, after which nothing that moves money was sent."""
        with pytest.raises(GuardRailError) as caught:
            self.run(facade, call, **options)
        assert type(caught.value) is kind
        assert self.sent == []
        assert caught.value.limit in str(caught.value)
        assert caught.value.operation in ("placeBuyLimitOrder", "placeSellLimitOrder", "withdraw")
        return caught.value


@pytest.fixture
def watched() -> Watched:
    """A fresh exchange."""
    return Watched()


def withdraw(address: str = ADDRESS, coin: str = "btc") -> Callable[[Any], Any]:
    """A withdrawal that the sandbox would carry out."""
    return lambda c: c.wallet.withdraw(coin, address=address, amount="0.01")


def buy(price: Any = "900000", amount: Any = "0.01", book: str = "btc-mxn") -> Callable[[Any], Any]:
    """An order to buy."""
    return lambda c: c.trading.buy_limit(book, amount=amount, price=price)


def sell(price: Any, amount: Any = "0.01", book: str = "btc-mxn") -> Callable[[Any], Any]:
    """An order to sell."""
    return lambda c: c.trading.sell_limit(book, amount=amount, price=price)


# Withdrawals


def test_no_client_withdraws_until_it_is_told_to(facade: Facade, watched: Watched) -> None:
    """By default a withdrawal raises before anything is sent, and says what would allow it."""
    error = watched.stopped(facade, withdraw(), coinbtr.WithdrawalsNotAllowed)
    assert (error.limit, error.allowed, error.value) == ("allow_withdrawals", False, "BTC")
    assert "allow_withdrawals=True" in str(error)
    assert error.operation == "withdraw"
    assert watched.paths == []
    assert watched.run(facade, withdraw(), allow_withdrawals=True).coin == "BTC"
    assert watched.sent == ["/wallet/withdraw"]


def test_the_embedded_sandbox_withdraws_no_sooner() -> None:
    """A program that works on the sandbox is as careful as it is live."""
    with CoinBTR.sandbox() as client, pytest.raises(coinbtr.WithdrawalsNotAllowed):
        withdraw()(client)
    with CoinBTR.sandbox(allow_withdrawals=True) as client:
        assert withdraw()(client).txid

    async def both() -> None:
        async with AsyncCoinBTR.sandbox() as client:
            with pytest.raises(coinbtr.WithdrawalsNotAllowed):
                await withdraw()(client)
        async with AsyncCoinBTR.sandbox(allow_withdrawals=True) as client:
            assert (await withdraw()(client)).txid

    asyncio.run(both())


@pytest.mark.parametrize(
    "listed", [{"BTC": [OTHER], "ltc": [ADDRESS]}, {"ltc": [ADDRESS]}, {}, [OTHER], set()]
)
def test_only_a_listed_address_gets_coins(facade: Facade, watched: Watched, listed: Any) -> None:
    """One that is not listed, or is listed for another coin only, gets nothing."""
    options = {"allow_withdrawals": True, "withdrawal_addresses": listed}
    error = watched.stopped(facade, withdraw(), coinbtr.AddressNotAllowed, **options)
    assert (error.limit, error.value) == ("withdrawal_addresses", ADDRESS)
    assert ADDRESS in str(error)
    assert ADDRESS not in str(error.allowed)
    assert watched.paths == []


@pytest.mark.parametrize("listed", [{"BTC": [OTHER, ADDRESS]}, {"btc": (ADDRESS,)}, [ADDRESS]])
def test_a_listed_address_gets_coins(facade: Facade, watched: Watched, listed: Any) -> None:
    """Listed for its coin in any case, or for all coins."""
    options = {"allow_withdrawals": True, "withdrawal_addresses": listed}
    assert watched.run(facade, withdraw(), **options).txid


def test_a_listed_address_is_compared_to_the_letter(facade: Facade, watched: Watched) -> None:
    """An address in another case is another address."""
    options = {"allow_withdrawals": True, "withdrawal_addresses": [ADDRESS.lower()]}
    watched.stopped(facade, withdraw(), coinbtr.AddressNotAllowed, **options)


def test_an_allow_list_alone_allows_no_withdrawal(facade: Facade, watched: Watched) -> None:
    """To withdraw is said in so many words."""
    options = {"withdrawal_addresses": {"btc": [ADDRESS]}}
    watched.stopped(facade, withdraw(), coinbtr.WithdrawalsNotAllowed, **options)


# The value of an order


def test_an_order_above_its_value_is_not_sent(facade: Facade, watched: Watched) -> None:
    """Amount × price is held against the quote coin's limit, to the last digit."""
    options = {"max_order_value": {"mxn": "9000", "btc": "0.05"}}
    assert watched.run(facade, buy("900000.00", "0.010000"), **options).is_open
    watched.paths.clear()
    over = buy("900000.01", "0.010000")
    error = watched.stopped(facade, over, coinbtr.OrderValueTooHigh, **options)
    assert (error.limit, error.allowed, error.value) == (
        "max_order_value",
        Decimal(9000),
        Decimal("9000.0001"),
    )
    assert "9000.0001" in str(error)
    assert "above max_order_value of 9000 MXN" in str(error)
    watched.stopped(facade, sell("0.006", "10", "LTC/BTC"), coinbtr.OrderValueTooHigh, **options)
    assert watched.paths == []


def test_a_coin_without_a_value_is_not_guessed(facade: Facade, watched: Watched) -> None:
    """Who limits one coin and orders in another is asked; None is an answer."""
    order = sell("0.005", "1", "ltc-btc")
    options = {"max_order_value": {"mxn": "9000"}}
    error = watched.stopped(facade, order, coinbtr.OrderValueTooHigh, **options)
    assert "no limit for BTC" in str(error)
    assert watched.run(facade, order, max_order_value={"mxn": "9000", "btc": None}).id


# The price of an order


def best(watched: Watched) -> tuple[Decimal, Decimal]:
    """The best bid and ask of BTC-MXN."""
    with CoinBTR.sandbox(watched.exchange) as client:
        book = client.market.order_book("btc-mxn")
    return book.best_bid.price, book.best_ask.price


@pytest.mark.parametrize("order", [buy, sell])
@pytest.mark.parametrize("side", ["below", "above"])
def test_a_price_far_from_the_best_is_not_sent(
    facade: Facade, watched: Watched, order: Callable[[Any], Any], side: str
) -> None:
    """A digit too many or too few is seen on either side; the error names the bounds."""
    bid, ask = best(watched)
    price = (bid if side == "below" else ask) * Decimal("0.1" if side == "below" else 9)
    options = {"max_price_deviation": "0.05"}
    error = watched.stopped(
        facade, order(price.quantize(Decimal("0.01"))), coinbtr.PriceTooFar, **options
    )
    assert error.limit == "max_price_deviation"
    assert error.allowed == (bid * Decimal("0.95"), ask * Decimal("1.05"))
    assert watched.paths[-1] == "/market/getorderbook"
    assert watched.queries[-1] == "market=btc-mxn&limit=1"


def test_a_price_within_the_deviation_is_sent(facade: Facade, watched: Watched) -> None:
    """The bounds themselves are within it; a step further is not."""
    bid, ask = best(watched)
    low, high = bid * Decimal("0.95"), ask * Decimal("1.05")
    step = Decimal("0.01")
    low = (low / step).to_integral_value("ROUND_CEILING") * step
    high = (high / step).to_integral_value("ROUND_FLOOR") * step
    options = {"max_price_deviation": "0.05"}
    watched.stopped(facade, buy(low - step), coinbtr.PriceTooFar, **options)
    watched.stopped(facade, sell(high + step), coinbtr.PriceTooFar, **options)
    assert watched.run(facade, buy(low), sell(high), **options).is_open


def test_no_deviation_at_all(facade: Facade, watched: Watched) -> None:
    """With 0, what is between the best bid and ask passes, and nothing else."""
    bid, ask = best(watched)
    assert watched.run(facade, buy(bid), sell(ask), max_price_deviation=0).is_open
    watched.paths.clear()
    far = buy(bid - Decimal("0.01"))
    watched.stopped(facade, far, coinbtr.PriceTooFar, max_price_deviation="0")


def level(bids: str, asks: str) -> Response:
    """An order book with these levels."""
    body = f'{{"market": "BTC-MXN", "bids": [{bids}], "asks": [{asks}]}}'
    return answer(f'{{"success": true, "msg": "", "data": {body}}}')


LEVEL = '{"price": 1000, "amount": 1}'


@pytest.mark.parametrize(("bids", "asks"), [(LEVEL, ""), ("", LEVEL)])
def test_an_empty_side_is_stood_for_by_the_other(
    facade: Facade, watched: Watched, bids: str, asks: str
) -> None:
    """The best price that there is counts for both directions."""
    watched.faults["/market/getorderbook"] = level(bids, asks)
    options = {"max_price_deviation": "0.1"}
    error = watched.stopped(facade, sell("1200"), coinbtr.PriceTooFar, **options)
    assert error.allowed == (900, 1100)
    assert watched.run(facade, buy("1100"), **options).id


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (level("", ""), "BTC-MXN has no orders at all"),
        (refusal("book_not_found", 404), "getOrderBook: No. (HTTP 404, book_not_found)"),
        (NotConnected("refused"), "getOrderBook: no connection came about: refused"),
    ],
    ids=["no orders", "refused", "no connection"],
)
def test_without_a_best_price_nothing_is_sent(
    facade: Facade, watched: Watched, fault: Response | Exception, why: str
) -> None:
    """Nobody else checks this limit, so an order that can't be checked is not sent, and why not."""
    watched.faults["/market/getorderbook"] = fault
    options = {"max_price_deviation": "0.05", "retries": 1}
    error = watched.stopped(facade, buy(), coinbtr.GuardRailUnchecked, **options)
    assert (error.limit, error.allowed) == ("max_price_deviation", Decimal("0.05"))
    assert (
        error.message == f"max_price_deviation can't be checked, so the order was not sent: {why}"
    )


# The book's own limits


BROKEN: list[tuple[Callable[[Any], Any], type[GuardRailError], type[Exception], str, str]] = [
    (
        buy("1000", "0.000099"),
        coinbtr.BelowBookMinimum,
        coinbtr.BelowMinimum,
        "min_amount",
        "0.000099",
    ),
    (
        buy("1000", "100.000001"),
        coinbtr.AboveBookMaximum,
        coinbtr.AboveMaximum,
        "max_amount",
        "100.000001",
    ),
    (
        buy("1000", "0.0100001"),
        coinbtr.OffBookStep,
        coinbtr.InvalidStep,
        "amount_step",
        "0.0100001",
    ),
    (buy("999.99", "1"), coinbtr.BelowBookMinimum, coinbtr.BelowMinimum, "min_price", "999.99"),
    (
        sell("10000000.01", "1"),
        coinbtr.AboveBookMaximum,
        coinbtr.AboveMaximum,
        "max_price",
        "10000000.01",
    ),
    (
        sell("1000000.001", "1"),
        coinbtr.OffBookStep,
        coinbtr.InvalidStep,
        "price_step",
        "1000000.001",
    ),
    (
        buy("1000", "0.009999"),
        coinbtr.BelowBookMinimumValue,
        coinbtr.BelowMinimumValue,
        "min_value",
        "9.999000",
    ),
    (buy("1000", "1", "doge-mxn"), coinbtr.UnlistedBook, coinbtr.BookNotFound, "books", "DOGE-MXN"),
]


@pytest.mark.parametrize(("call", "kind", "twin", "limit", "value"), BROKEN)
def test_the_books_own_limits(
    facade: Facade,
    watched: Watched,
    call: Callable[[Any], Any],
    kind: type[GuardRailError],
    twin: type[Exception],
    limit: str,
    value: str,
) -> None:
    """Each is seen before the order is sent; `except` by the exchange's own class catches it."""
    error = watched.stopped(facade, call, kind)
    assert isinstance(error, (coinbtr.BookLimitBroken, coinbtr.Refused))
    assert isinstance(error, twin)
    assert error.limit == limit
    assert str(error.value) == value
    assert value in str(error)
    assert watched.paths == ["/market/listbooks"]


@pytest.mark.parametrize(("call", "kind", "twin", "limit", "value"), BROKEN)
def test_the_exchange_says_the_same(
    facade: Facade,
    watched: Watched,
    call: Callable[[Any], Any],
    kind: type[GuardRailError],
    twin: type[Exception],
    limit: str,
    value: str,
) -> None:
    """What the guard rail refuses, the exchange refuses with the class that it stands for."""
    with pytest.raises(coinbtr.Refused) as caught:
        watched.run(facade, call, guards=GuardRails(book_limits=False), watermark="seen")
    assert type(caught.value) is twin
    assert watched.paths == watched.sent


def test_the_limits_themselves_are_allowed(facade: Facade, watched: Watched) -> None:
    """The smallest amount, the least price and the least value pass."""
    assert watched.run(facade, buy("1000", "0.01"), buy("100000", "0.0001")).is_open
    assert watched.sent == ["/trading/place/buylimit"] * 2


def test_the_list_of_books_is_read_once(facade: Facade, watched: Watched) -> None:
    """Orders after the first cost no further request."""
    watched.run(facade, *[buy()] * 5)
    assert watched.paths.count("/market/listbooks") == 1


class SlowEngine:
    """An engine over the exchange that lets other tasks go on while it sends."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    async def send(self, request: Request) -> Response:
        """Answer a little later."""
        await asyncio.sleep(0.001)
        return self._watched.handle(request)

    async def aclose(self) -> None:
        """Nothing to close."""


def test_many_tasks_read_the_list_once(watched: Watched) -> None:
    """Twenty first orders at once wait for one list, on each new event loop."""
    client = AsyncCoinBTR(
        watched.exchange.token, base_url=watched.exchange.base_url, engine=SlowEngine(watched)
    )

    async def many() -> None:
        await asyncio.gather(*(buy()(client) for _ in range(20)))

    asyncio.run(many())
    assert watched.paths.count("/market/listbooks") == 1
    client._guard._read_at = None
    asyncio.run(many())
    assert watched.paths.count("/market/listbooks") == 2


def test_a_list_that_cannot_be_read_holds_up_no_order(facade: Facade, watched: Watched) -> None:
    """The exchange checks its own limits: the order goes out, with a warning, at once."""
    watched.faults["/market/listbooks"] = refusal("unavailable", 503)
    with pytest.warns(coinbtr.GuardRailWarning, match="placeBuyLimitOrder") as caught:
        order = watched.run(facade, buy(), buy(), buy(), retries=1)
    assert order.is_open
    assert len(caught) == 3
    assert all("test_guards" in one.filename for one in caught)
    if facade.kind == "sync":  # async, the caller is whoever awaits
        assert all(".buy_limit(" in getline(one.filename, one.lineno) for one in caught)
    # Not asked again for each order.
    assert watched.paths.count("/market/listbooks") == 1


def test_the_warning_says_why_the_list_was_not_read(facade: Facade, watched: Watched) -> None:
    """Which operation goes out unchecked, and what the exchange answered instead of its list."""
    watched.faults["/market/listbooks"] = refusal("unavailable", 503)
    with pytest.warns(coinbtr.GuardRailWarning) as caught:
        watched.run(facade, buy(), retries=1)
    assert [str(one.message) for one in caught] == [
        "the list of books could not be read, so placeBuyLimitOrder goes out checked by the"
        " exchange alone: listBooks: No. (HTTP 503, unavailable)"
    ]


def test_a_slow_list_holds_up_no_order(facade: Facade, watched: Watched) -> None:
    """Reading it takes five seconds at most, attempts and all; then the order goes out without."""
    clock = FakeClock()

    def slowly(request: Request) -> Response:
        clock.time += 2
        return refusal("unavailable", 503)

    watched.faults["/market/listbooks"] = slowly

    def order(client: Any) -> Any:
        client._seam._shared.clock = clock
        return buy()(client)

    with pytest.warns(coinbtr.GuardRailWarning):
        assert watched.run(facade, order, retries=9).is_open
    assert 2 <= clock.time - 1000 <= 7


@pytest.mark.parametrize(
    "through",
    [lambda c: c.with_options(timeout=3), lambda c: c.with_options(retries=1)],
)
def test_a_view_has_the_same_guard_rails(
    facade: Facade, watched: Watched, through: Callable[[Any], Any]
) -> None:
    """Other options for a call are no way around them, nor is asking for the raw answer."""
    watched.stopped(facade, lambda c: withdraw()(through(c)), coinbtr.WithdrawalsNotAllowed)
    options = {"max_order_value": {"mxn": 1}}
    watched.stopped(facade, lambda c: buy()(through(c)), coinbtr.OrderValueTooHigh, **options)


def test_raw_answers_have_the_same_guard_rails(facade: Facade, watched: Watched) -> None:
    """Who asks for the raw answer gets the order's, and no way around the guard rails."""
    raw = watched.run(
        facade,
        lambda c: c.trading.with_raw_response.buy_limit("btc-mxn", amount="0.01", price="900000"),
        max_price_deviation="0.5",
    )
    assert raw.parsed.is_open
    assert b'"initial_amount"' in raw.content
    watched.paths.clear()
    watched.stopped(
        facade,
        lambda c: c.wallet.with_raw_response.withdraw("btc", address=ADDRESS, amount="0.01"),
        coinbtr.WithdrawalsNotAllowed,
    )


class Time:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        """Seconds, as `time.monotonic` gives them."""
        return self.now


@pytest.fixture
def client(watched: Watched) -> Iterator[CoinBTR]:
    """A client of the embedded exchange."""
    with CoinBTR.sandbox(watched.exchange) as client:
        yield client


def test_a_list_has_a_lifetime(client: CoinBTR) -> None:
    """After five minutes it is read again; while that fails, the old one counts."""
    client._guard._clock = time = Time()
    reads: list[float] = []
    books = client.market.books()

    def read() -> Any:
        reads.append(time.now)
        if time.now > 2000:
            raise coinbtr.NoConnection("refused")
        return books

    client._guard._in_a_hurry.books = read  # type: ignore[method-assign]  # what the guard reads by
    buy()(client)
    time.now += 299
    buy()(client)
    assert reads == [1000]
    time.now += 2
    buy()(client)
    assert reads == [1000, 1301]
    time.now = 5000.0
    buy()(client)
    with pytest.raises(coinbtr.BelowBookMinimum):
        buy("1000", "0.000001")(client)
    assert reads == [1000, 1301, 5000]


def test_a_list_and_its_failure_count_to_the_second(client: CoinBTR) -> None:
    """Five minutes after it was read a list still counts; half a minute after a failure, too."""
    client._guard._clock = time = Time()
    books = client.market.books()
    reads: list[float] = []

    def read() -> Any:
        reads.append(time.now)
        if time.now < 1040:
            raise coinbtr.NoConnection("refused")
        return books

    client._guard._in_a_hurry.books = read  # type: ignore[method-assign]  # what the guard reads by
    for now in (1000, 1030, 1031, 1061.5, 1361.5, 1362):
        time.now = now
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", coinbtr.GuardRailWarning)
            buy()(client)
    assert reads == [1000, 1031, 1061.5, 1362]


def test_a_machine_that_has_just_started_reads_the_list(client: CoinBTR) -> None:
    """A clock that is near 0 is no reason to take the list for read, or for failed."""
    client._guard._clock = time = Time()
    time.now = 5.0
    with pytest.raises(coinbtr.BelowBookMinimum):
        buy("1000", "0.000001")(client)


def test_no_order_is_refused_by_an_old_list(client: CoinBTR) -> None:
    """Limits that the exchange has eased since the list was read are seen before a refusal."""
    client._guard._clock = time = Time()
    buy()(client)
    listed = client._guard._books["BTC-MXN"]
    tight = {"BTC-MXN": type(listed)(**{**_fields(listed), "min_amount": Decimal(5)})}
    client._guard._books = tight
    with pytest.raises(coinbtr.BelowBookMinimum):
        buy()(client)
    time.now += 11
    assert buy()(client).is_open
    assert client._guard._books["BTC-MXN"] == listed


def _fields(book: Any) -> dict[str, Any]:
    return {name: getattr(book, name) for name in book.__slots__ if not name.startswith("__")}


# How they are given


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"max_order_value": "50000"}, ConfigurationError, "must name the coin"),
        ({"max_order_value": {"mxn": 0.1}}, coinbtr.InvalidType, r"max_order_value\[mxn\]"),
        ({"max_order_value": {"mxn": "-1"}}, coinbtr.InvalidValue, "greater than 0"),
        ({"max_order_value": {"": "1"}}, coinbtr.InvalidValue, "coin"),
        ({"max_price_deviation": 0.05}, coinbtr.InvalidType, '"0.05"'),
        ({"max_price_deviation": 5}, coinbtr.InvalidValue, "0.05 for 5 %"),
        ({"max_price_deviation": "-0.1"}, coinbtr.InvalidValue, "max_price_deviation"),
        ({"max_price_deviation": False}, coinbtr.InvalidType, "max_price_deviation"),
        ({"withdrawal_addresses": ADDRESS}, ConfigurationError, "a list of str"),
        ({"withdrawal_addresses": {"btc": ADDRESS}}, ConfigurationError, "a list of str"),
        ({"withdrawal_addresses": 5}, ConfigurationError, "a list of str"),
        ({"withdrawal_addresses": [5]}, ConfigurationError, "a list of str"),
        ({"allow_withdrawals": "no"}, ConfigurationError, "True or False"),
        ({"guards": {}}, ConfigurationError, "GuardRails"),
        (
            {"guards": GuardRails(), "max_price_deviation": "0.1"},
            ConfigurationError,
            "but not both",
        ),
        ({"guards": GuardRails(), "allow_withdrawals": True}, ConfigurationError, "but not both"),
    ],
)
def test_a_guard_rail_that_makes_no_sense(
    facade: Facade, options: dict[str, Any], kind: type[Exception], words: str
) -> None:
    """It is refused when the client is made, from a frame that does not hold the token."""
    make = CoinBTR if facade.kind == "sync" else AsyncCoinBTR
    with pytest.raises(kind, match=words) as caught:
        make("s3cret", base_url="https://exchange.test", **options)
    trace = caught.value.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals["__name__"].startswith("coinbtr"):
            assert not {"token", "config"} & set(trace.tb_frame.f_locals)
        trace = trace.tb_next
    with pytest.raises(kind, match=words):
        make.sandbox(**options)


def test_guard_rails_are_a_value() -> None:
    """They can be made once, kept, compared, copied and pickled; what was given is not shared."""
    addresses, values = {"btc": [ADDRESS]}, {"mxn": "50000"}
    rails = GuardRails(
        allow_withdrawals=True,
        withdrawal_addresses=addresses,
        max_order_value=values,
        max_price_deviation="0.05",
    )
    again = pickle.loads(pickle.dumps(rails))  # noqa: S301 - our own
    assert again == copy.deepcopy(rails) == rails
    addresses["btc"].append(OTHER)
    values["btc"] = "1"
    assert again == rails
    assert rails.max_order_value == {"MXN": Decimal(50000)}
    with pytest.raises(AttributeError):
        rails.allow_withdrawals = True  # type: ignore[misc]  # frozen, which is the point


def test_guard_rails_given_whole(facade: Facade, watched: Watched) -> None:
    """One value holds all of them for several clients."""
    rails = GuardRails(allow_withdrawals=True, withdrawal_addresses={"btc": [OTHER]})
    watched.stopped(facade, withdraw(), coinbtr.AddressNotAllowed, guards=rails)
    assert watched.run(facade, withdraw(OTHER), guards=rails).txid


def test_a_bad_argument_comes_before_a_guard_rail(facade: Facade, watched: Watched) -> None:
    """A float is called a float, whatever the guard rails say."""
    with pytest.raises(coinbtr.InvalidType):
        watched.run(facade, buy(0.1), max_order_value={"mxn": 1})
    with pytest.raises(coinbtr.InvalidType):
        watched.run(facade, lambda c: c.wallet.withdraw("btc", address=ADDRESS, amount=0.1))
    assert watched.paths == []

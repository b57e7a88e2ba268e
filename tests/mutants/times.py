"""Times that don't say when something happened, and days that don't end."""

from datetime import UTC, datetime, timedelta
from typing import Any

from coinbtr.sandbox.core.clock import DAY_MS
from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import Handle, Tamper, TamperedSandbox, answered, document
from tests.mutants.making import core, each, edited, operation, rewritten, with_
from tests.mutants.mutant import Kind, Make, Mutant
from tests.mutants.steps import BUY, TRADE, TWO, WITHDRAW

TIME: Kind = "time"
_LOOK = "getTicker market=btc-mxn; get24hVolume market=btc-mxn"
_ORDERS = "listOpenOrders getOpenOrder placeBuyLimitOrder placeSellLimitOrder"


def _text(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def _moved(name: str, **by: float) -> Any:
    return with_(name, lambda text: _text(datetime.fromisoformat(text) + timedelta(**by)))


def _now(names: str, name: str) -> Make:
    """Tell the present time, and not when it happened."""

    def make(sandbox: TamperedSandbox) -> Tamper:
        def tamper(request: Request, handle: Handle) -> Response:
            response = handle(request)
            if operation(request) not in names.split() or response.status != 200:
                return response
            body = document(response)
            now = _text(datetime.fromtimestamp(sandbox._clock.now_ms() / 1000, UTC))
            data = body["data"]
            if isinstance(data, list):
                data = [{**entry, name: now} for entry in data]
            else:
                data = {**data, name: now}
            return answered(response, {**body, "data": data})

        return tamper

    return make


def _no_expiry(sandbox: TamperedSandbox) -> None:
    for day in sandbox.exchange.trading.days.values():
        vars(day)["advance"] = lambda _: None


def _day_of(milliseconds: int) -> Make:
    """Let the day be shorter or longer than 24 hours."""

    def wrong(sandbox: TamperedSandbox) -> None:
        for day in sandbox.exchange.trading.days.values():
            advance = day.advance
            shift = DAY_MS - milliseconds

            def moved(now_ms: int, advance: Any = advance, shift: int = shift) -> None:
                advance(now_ms + shift)

            vars(day)["advance"] = moved

    return core(wrong)


def _high_stays(_: TamperedSandbox) -> Tamper:
    """The high of a market never falls."""
    highest: dict[str, Any] = {}

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if operation(request) != "getTicker" or response.status != 200:
            return response
        body = document(response)
        market, high = body["data"]["market"], body["data"]["high"]
        if high is not None:
            high = highest[market] = max(high, highest.get(market, high))
        return answered(response, {**body, "data": {**body["data"], "high": high}})

    return tamper


def _by_id(data: list[Any]) -> list[Any]:
    """Let a later order be dated earlier."""
    return [
        {
            **one,
            "created_at": _text(
                datetime.fromisoformat(one["created_at"]) - timedelta(seconds=one["id"] % 100_000)
            ),
        }
        for one in data
    ]


MUTANTS = (
    Mutant(
        "a withdrawal never arrives",
        TIME,
        "listWithdrawals",
        "C511",
        "A treasury waits for money that is there, and sends it again.",
        f"{WITHDRAW}; wait 3600; listWithdrawals",
        edited(
            "listWithdrawals",
            each(with_("status", lambda told: "sent" if told == "confirmed" else told)),
        ),
    ),
    Mutant(
        "a time without a zone",
        TIME,
        "listOpenOrders",
        "C121",
        "An order is hours older or younger than it seems.",
        f"{BUY}; listOpenOrders",
        rewritten("listOpenOrders", rb'Z"', b'"'),
    ),
    Mutant(
        "local time",
        TIME,
        "listTransactions",
        "C121",
        "Who cuts the zone off is hours wrong.",
        f"{TRADE}; listTransactions",
        rewritten("listTransactions", rb'Z"', b'-06:00"'),
    ),
    Mutant(
        "seconds since 1970",
        TIME,
        "withdraw",
        "C121",
        "When it was can't be read.",
        WITHDRAW,
        edited(
            "withdraw", with_("date", lambda text: int(datetime.fromisoformat(text).timestamp()))
        ),
    ),
    Mutant(
        "days before months",
        TIME,
        "listDeposits",
        "C121",
        "March is taken for May.",
        "listDeposits",
        rewritten("listDeposits", rb'"date":"(\d+)-(\d+)-(\d+)T', rb'"date":"\3/\2/\1 '),
    ),
    Mutant(
        "a profile of next year",
        TIME,
        "getProfile",
        "C412",
        "An account is younger than its trades.",
        "getProfile",
        edited("getProfile", _moved("created_at", days=9999)),
    ),
    Mutant(
        "trades an hour ago",
        TIME,
        "listTransactions",
        "C412 C421",
        "A trade is booked to the wrong hour, or day.",
        f"{TRADE}; listTransactions",
        edited("listTransactions", each(_moved("created_at", hours=-1))),
    ),
    Mutant(
        "a trade fetched is an hour old",
        TIME,
        "getTransaction",
        "C606 C412 C421",
        "A trade has two times.",
        f"{TRADE}; trades = listTransactions; getTransaction id=$trades.0.id",
        edited("getTransaction", _moved("created_at", hours=-1)),
    ),
    Mutant(
        "orders of tomorrow",
        TIME,
        _ORDERS,
        "C412 C402",
        "An order is cancelled by age too late.",
        BUY,
        edited("placeBuyLimitOrder placeSellLimitOrder getOpenOrder", _moved("created_at", days=1)),
    ),
    Mutant(
        "an order is always new",
        TIME,
        "listOpenOrders getOpenOrder",
        "C402 C403 C412",
        "An order is never old enough to be cancelled.",
        f"{BUY}; wait 60; listOpenOrders",
        _now("listOpenOrders getOpenOrder", "created_at"),
    ),
    Mutant(
        "a trade is always new",
        TIME,
        "listTransactions",
        "C421 C606 C412",
        "Every trade is reported again and again.",
        f"{TRADE}; wait 60; listTransactions",
        _now("listTransactions", "created_at"),
    ),
    Mutant(
        "a withdrawal is always new",
        TIME,
        "listWithdrawals",
        "C421 C506 C508 C412",
        "How long it takes can't be told.",
        f"{WITHDRAW}; wait 60; listWithdrawals",
        _now("listWithdrawals", "date"),
    ),
    Mutant(
        "a withdrawal of yesterday",
        TIME,
        "withdraw",
        "C506 C412",
        "It isn't found among those of today.",
        WITHDRAW,
        edited("withdraw", _moved("date", days=-1)),
    ),
    Mutant(
        "later orders are dated earlier",
        TIME,
        "listOpenOrders",
        "C402 C412 C420",
        "The order of events is turned round.",
        f"{TWO}; listOpenOrders",
        edited("listOpenOrders", _by_id),
    ),
    Mutant(
        "the volume never expires",
        TIME,
        "get24hVolume getTicker",
        "C607",
        "An idle market looks busy.",
        f"{TRADE}; wait 90000; {_LOOK}",
        core(_no_expiry),
    ),
    Mutant(
        "a day has 23 hours",
        TIME,
        "get24hVolume getTicker",
        "C607 C605",
        "What was traded is forgotten too early.",
        f"{TRADE}; wait 84600; {_LOOK}",
        _day_of(23 * 3_600_000),
    ),
    Mutant(
        "a day has 25 hours",
        TIME,
        "get24hVolume getTicker",
        "C607",
        "What was traded is remembered too long.",
        f"{TRADE}; wait 88200; {_LOOK}",
        _day_of(25 * 3_600_000),
    ),
    Mutant(
        "the high never falls",
        TIME,
        "getTicker",
        "C607 C604",
        "A price of last week looks like today's.",
        "getTicker market=btc-mxn; wait 90000; placeSellLimitOrder market=btc-mxn amount=0.01"
        " price=1010000; getTicker market=btc-mxn",
        _high_stays,
    ),
)

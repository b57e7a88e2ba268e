"""What a lookup reads and tells: its time, the balance beside it, and no more than it needs."""

import json
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from coinbtr import CoinBTR, InferredOperationWarning, Request, Response, Watermark, outcomes
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.engine import SandboxEngine
from tests.facade.lossy import Desk, buy, desk, withdraw
from tests.facade.scripted import OPEN

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")


def sell(client: CoinBTR) -> Any:
    """An order to sell that rests."""
    return client.trading.sell_limit("btc-mxn", amount="0.01", price="9000000")


MONEY = [(buy, "mxn"), (sell, "btc"), (withdraw, "btc")]


@pytest.fixture
def known() -> Iterator[Desk]:
    """A desk whose client knows of an order and a withdrawal."""
    made = desk()
    buy(made.client)
    withdraw(made.client)
    yield made
    made.client.close()


@pytest.mark.parametrize(("call", "coin"), MONEY)
@pytest.mark.parametrize("kind", ["found", "not_found", "ambiguous"])
def test_each_outcome_tells_when_and_what_is_left(
    known: Desk, call: Callable[[CoinBTR], Any], coin: str, kind: str
) -> None:
    """The time of the last reading, and the balance of the coin that would have been spent."""
    lost = known.lose("before" if kind == "not_found" else "after", call)
    if kind == "ambiguous":
        with CoinBTR.sandbox(known.sandbox, guards=OPEN) as other:
            call(other)
    outcome = lost.reconcile()
    assert outcome.kind == kind
    assert outcome.read_at == known.client._seam.now()
    assert outcome.balance == known.client.wallet.balance(coin)


@pytest.mark.parametrize("call", [buy, withdraw])
def test_what_was_found_is_an_order_or_a_withdrawal(
    known: Desk, call: Callable[[CoinBTR], Any]
) -> None:
    """The other one is None: `found.order` is never a withdrawal."""
    found = known.lose("after", call).reconcile()
    assert isinstance(found, outcomes.Found)
    if call is buy:
        assert (found.order, found.withdrawal) == (known.client.trading.open_orders()[0], None)
    else:
        assert (found.order, found.withdrawal) == (None, known.client.wallet.withdrawals()[0])


class Listening:
    """An engine over the sandbox's that keeps what is asked for."""

    def __init__(self, inner: SandboxEngine) -> None:
        self._inner = inner
        self.asked: list[tuple[str, dict[str, str]]] = []

    def send(self, request: Request) -> Response:
        """The sandbox's answer; the path's last part and its arguments are kept."""
        url = urlsplit(request.url)
        asked = dict(parse_qsl(url.query))
        if request.content:
            asked |= {name: str(value) for name, value in json.loads(request.content).items()}
        self.asked.append((url.path.rpartition("/")[2], asked))
        return self._inner.send(request)

    def close(self) -> None:
        """Nothing to close."""


def listened(made: Desk) -> Listening:
    """The desk's engine, from now on listened to."""
    made.engine.inner = listening = Listening(made.engine.inner)  # type: ignore[assignment]  # an engine all the same
    return listening


def test_a_lookup_reads_its_own_book_or_coin_alone(known: Desk) -> None:
    """Other books' orders and trades, and other coins' withdrawals, are not asked for."""
    for call, lists, ours in (
        (buy, {"listopenorders", "listtransactions"}, {"market": "btc-mxn"}),
        (withdraw, {"listwithdraws"}, {"coin": "btc"}),
    ):
        lost = known.lose("after", call)
        listening = listened(known)
        assert lost.reconcile()
        read = [asked for path, asked in listening.asked if path in lists]
        assert len(read) == len(lists)
        assert all(asked | ours == asked for asked in read)


@pytest.mark.parametrize("watermark", ["first", "read"])
def test_a_watermark_costs_one_entry_of_each_list(watermark: str) -> None:
    """The newest open order and, if there is none, the newest trade; of the coin's withdrawals."""
    made = desk(watermark=watermark)
    listening = listened(made)
    buy(made.client)
    withdraw(made.client)
    assert [(path, asked) for path, asked in listening.asked if path.startswith("list")] == [
        ("listopenorders", {"limit": "1"}),
        ("listtransactions", {"limit": "1"}),
        ("listwithdraws", {"coin": "btc", "limit": "1"}),
    ]
    made.client.close()


@pytest.mark.parametrize("watermark", ["first", "read"])
def test_what_there_was_before_is_the_watermark(watermark: str) -> None:
    """Nothing, an open order, trades alone, a withdrawal: what is newer may be the lost one."""
    sandbox = Sandbox()

    def mark(call: Callable[[CoinBTR], Any]) -> Watermark:
        made = desk(sandbox, watermark=watermark)
        made.engine.only = ("/trading/place", "/wallet/withdraw")
        lost = made.lose("before", call)
        made.client.close()
        return lost.intent.watermark

    assert mark(buy) == Watermark(order_id=0, transaction_id=0)
    assert mark(withdraw) == Watermark(txid="")
    with CoinBTR.sandbox(sandbox, guards=OPEN) as other:
        ask = other.market.order_book("btc-mxn").best_ask.price
        taken = other.trading.buy_limit("btc-mxn", amount="0.001", price=ask)
        (trade,) = other.trading.transactions()
        assert mark(buy) == Watermark(order_id=taken.id, transaction_id=trade.id)
        assert mark(withdraw) == Watermark(txid="")
        resting = buy(other)
        assert mark(buy).order_id == resting.id
        assert mark(withdraw) == Watermark(txid="")
        assert mark(buy).order_id == resting.id
        assert mark(withdraw).txid == ""
        gone = withdraw(other)
        assert mark(withdraw) == Watermark(txid=gone.txid)


@pytest.mark.parametrize("watermark", ["first", "read"])
def test_an_order_that_rests_is_no_trade(watermark: str) -> None:
    """Where there are orders and no trades yet, both are known: the first trade will be newer."""
    sandbox = Sandbox()
    with CoinBTR.sandbox(sandbox, guards=OPEN) as other:
        resting = buy(other)
    made = desk(sandbox, watermark=watermark)
    made.engine.only = ("/trading/place",)
    lost = made.lose("before", buy)
    made.client.close()
    assert lost.intent.watermark == Watermark(order_id=resting.id, transaction_id=0)


def test_as_many_trades_as_are_read_are_enough(
    known: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cancelled order whose trades are exactly as many as a lookup reads is no doubt."""
    known.client.trading.transactions()
    best = known.client.market.order_book("btc-mxn", limit=1).best_ask.price
    known.client._seam.record.saw_transaction(0, 0)
    order = known.client.trading.buy_limit("btc-mxn", amount="0.001", price=best - 1)
    token, url = known.sandbox.other_token, known.sandbox.base_url
    with CoinBTR(token, base_url=url, engine=known.sandbox.engine(), guards=OPEN) as other:
        for amount in ("0.0004", "0.0002"):
            other.trading.sell_limit("btc-mxn", amount=amount, price=best - 1)
    monkeypatch.setattr("coinbtr._sync.reconcile.MOST_ENTRIES", 2)
    outcome = known.lose("after", lambda client: client.trading.cancel(order)).reconcile()
    assert outcome == outcomes.Cancelled(
        order_id=order.id, filled=Decimal("0.0006"), read_at=known.client._seam.now()
    )


@pytest.mark.parametrize(
    ("when", "kind"), [("before", "not_found"), ("after", "found"), ("after", "ambiguous")]
)
def test_the_log_closes_with_what_a_lookup_told(tmp_path: Path, when: str, kind: str) -> None:
    """Found with the order's id, not found with none; a doubt leaves it open."""
    path = tmp_path / "log"
    made = desk(intent_log=path)
    buy(made.client)
    lost = made.lose(when, buy)
    if kind == "ambiguous":
        with CoinBTR.sandbox(made.sandbox, guards=OPEN) as other:
            buy(other)
    outcome = lost.reconcile()
    made.client.close()
    last = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
    order = getattr(outcome, "order", None)
    told = ("unknown" if kind == "ambiguous" else kind, None if order is None else order.id)
    assert (last["outcome"], last["effect"]) == told


@pytest.mark.parametrize("call", [buy, withdraw])
def test_what_was_answered_since_is_not_taken_for_the_lost_one(
    known: Desk, call: Callable[[CoinBTR], Any]
) -> None:
    """One alike, placed or sent after the loss and answered, belongs to its own call."""
    lost = known.lose("before", call)
    assert call(known.client)
    assert lost.reconcile().kind == "not_found"


def test_a_cancel_by_its_number_knows_what_was_told_of_the_order(known: Desk) -> None:
    """Placed by this client or listed to it: the amount is known without being said."""
    mine = buy(known.client)
    with CoinBTR.sandbox(known.sandbox, guards=OPEN) as other:
        theirs, unseen = buy(other), sell(other)
    known.client.trading.open_order(theirs.id)
    for order, amount in ((mine, mine.amount), (theirs, theirs.amount)):
        lost = known.lose("before", lambda c, order=order: c.trading.cancel_buy_limit(order.id))  # type: ignore[misc]  # mypy can't infer a default
        assert lost.intent.amount == amount
    lost = known.lose("before", lambda c: c.trading.cancel_sell_limit(unseen.id))
    assert lost.intent.amount is None


@pytest.mark.parametrize("call", [buy, withdraw])
def test_what_is_read_by_the_way_warns_of_nothing(call: Callable[[CoinBTR], Any]) -> None:
    """A caller who didn't choose an inferred operation isn't told of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", InferredOperationWarning)
        made = desk(watermark="read")
        made.engine.only = ("/trading/place", "/wallet/withdraw")
        assert made.lose("after", call).reconcile()
        made.client.close()

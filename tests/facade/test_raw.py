"""`with_raw_response`: the same call, and the HTTP answer beside its result."""

import copy
import pickle
from typing import Any

import pytest

from coinbtr import CoinBTR, Order, RawResponse, Ticker
from coinbtr.errors import UnexpectedAnswer
from coinbtr.sandbox import Sandbox
from coinbtr.sending.observers import Captured
from coinbtr.sending.raw import with_response
from tests.facade.scripted import CALLS, Facade, answer, example_answer, refusal

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")


class Raw:
    """A client whose every part is had raw."""

    def __init__(self, client: Any) -> None:
        self.account = client.account.with_raw_response
        self.wallet = client.wallet.with_raw_response
        self.trading = client.trading.with_raw_response
        self.market = client.market.with_raw_response


@pytest.mark.parametrize("operation_id", CALLS)
def test_each_call_gives_its_result_and_the_answer(facade: Facade, operation_id: str) -> None:
    """`parsed` is what the plain method gives; status, headers and body are the answer's own."""
    call = CALLS[operation_id][1]
    plain = facade.run(call, example_answer(operation_id))
    sent = example_answer(operation_id)
    body = b" " + sent.content + b"\n"
    raw = facade.run(lambda c: call(Raw(c)), answer(body, X_Trace="7"))
    assert raw.parsed == plain
    assert raw.content == body
    assert raw.status == 200
    assert raw.headers["x-trace"] == "7"
    assert raw.attempts == 1
    assert raw.elapsed >= 0


def test_it_is_the_last_attempt_that_counts(facade: Facade) -> None:
    """After a 429 that was outlived, the answer is the good one, and the attempts are two."""
    busy = refusal("rate_limited", 429, Retry_After="0")
    raw = facade.run(
        lambda c: Raw(c.with_options(retries=2)).market.ticker("btc-mxn"),
        busy,
        example_answer("getTicker"),
    )
    assert (raw.status, raw.attempts) == (200, 2)


def test_a_raw_order_is_the_orders_answer() -> None:
    """What guard rails read before an order is not taken for its answer."""
    exchange = Sandbox()
    with CoinBTR.sandbox(exchange, max_price_deviation="0.9") as client:
        price = client.market.order_book("btc-mxn").best_bid.price
        raw = client.trading.with_raw_response.buy_limit("btc-mxn", amount="0.02", price=price)
        order: Order = raw.parsed
        assert f'"id":{order.id}'.encode() in raw.content.replace(b" ", b"")
        assert raw.headers["coinbtr-sandbox"]
        assert raw.attempts == 1


def test_it_pickles_and_copies_and_its_repr_is_short() -> None:
    """A recorded answer can be kept; the body is not in the repr."""
    with CoinBTR.sandbox() as client:
        raw: RawResponse[Ticker] = client.market.with_raw_response.ticker("btc-mxn")
    assert pickle.loads(pickle.dumps(raw)) == copy.deepcopy(raw) == raw  # noqa: S301 - our own
    assert raw.content.decode() not in repr(raw)


def test_a_result_without_an_answer_is_no_raw_one() -> None:
    """What was never asked for has no status to tell."""
    with pytest.raises(UnexpectedAnswer) as caught:
        with_response("result", Captured())
    assert str(caught.value) == "the result came without a request"

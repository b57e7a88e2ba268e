"""No amount changes from wire to wire: through the codec, the models and the requests."""

import json
import random
from decimal import Decimal

import httpx
from coinbtr_api import AuthenticatedClient, Client
from coinbtr_api.api.market import get_order_book
from coinbtr_api.api.trading import place_buy_limit_order
from coinbtr_api.exact_json import dumps
from coinbtr_api.models.limit_order_request import LimitOrderRequest
from coinbtr_api.models.order_book_answer import OrderBookAnswer
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = 100
LEVELS = 500  # two amounts each: 100 examples are 100,000 amounts

AMOUNTS = st.decimals(min_value="0.00000001", max_value=10**12, places=8)


def random_amount(source: random.Random) -> str:
    """An amount as a server may write it: up to 13 digits, up to 8 decimals, zeros and all."""
    whole = source.randrange(10 ** source.randint(1, 13))
    places = source.randint(0, 8)
    return f"{whole}.{source.randrange(10**places):0{places}}" if places else str(whole)


def order_book(levels: list[str]) -> bytes:
    """The wire's text of an order book with these levels, as one side of it."""
    head = '{"success":true,"msg":"","data":{"market":"BTC-MXN","asks":['
    return (head + ",".join(levels) + '],"bids":[]}}').encode()


@settings(max_examples=EXAMPLES)
@given(st.integers(min_value=0, max_value=2**64))
def test_amounts_come_back_as_they_were(seed: int) -> None:
    """Of 100,000 amounts read into models and written again, none changes by a digit or a zero."""
    source = random.Random(seed)
    levels = [
        f'{{"price":{random_amount(source)},"amount":{random_amount(source)}}}'
        for _ in range(LEVELS)
    ]
    wire = order_book(levels)
    answer = get_order_book._parse_response(
        client=Client(base_url="http://127.0.0.1"), response=httpx.Response(200, content=wire)
    )
    assert isinstance(answer, OrderBookAnswer)
    assert len(answer.data.asks) == LEVELS
    assert {type(level.price) for level in answer.data.asks} == {Decimal}
    assert dumps(answer.to_dict()) == wire


@given(AMOUNTS, AMOUNTS)
def test_a_request_carries_each_digit(amount: Decimal, price: Decimal) -> None:
    """What an order asks for stands in the request's bytes as it was given, without an exponent."""
    order = LimitOrderRequest(market="btc-mxn", amount=amount, price=price)
    content = place_buy_limit_order._get_kwargs(body=order)["content"]
    sent = json.loads(content, parse_float=str, parse_int=str)
    assert sent == {"market": "btc-mxn", "amount": f"{amount:f}", "price": f"{price:f}"}


def test_the_client_sends_and_reads_exactly_by_itself() -> None:
    """Used alone, without the facade, the generated client is exact as well."""
    sent: list[httpx.Request] = []

    def exchange(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        order = (
            b'{"id":7,"market":"BTC-MXN","side":"BUY","price":"20999999.97690000","amount":0.10,'
            b'"initial_amount":0.30000000000000004,"filled":0,"is_open":true,'
            b'"created_at":"2018-07-02T04:57:55.942Z"}'
        )
        return httpx.Response(200, content=b'{"success":true,"msg":"","data":' + order + b"}")

    client = AuthenticatedClient(base_url="http://127.0.0.1/api/v1", token="t")
    client.set_httpx_client(
        httpx.Client(base_url="http://127.0.0.1/api/v1", transport=httpx.MockTransport(exchange))
    )
    answer = place_buy_limit_order.sync(
        client=client,
        body=LimitOrderRequest(market="btc-mxn", amount=Decimal("1E-8"), price=Decimal("0.10")),
    )
    assert sent[0].content == b'{"market":"btc-mxn","amount":0.00000001,"price":0.10}'
    assert sent[0].headers["Content-Type"] == "application/json"
    assert str(sent[0].url) == "http://127.0.0.1/api/v1/trading/place/buylimit"
    data = getattr(answer, "data", None)
    assert str(getattr(data, "price", None)) == "20999999.97690000"
    assert str(getattr(data, "amount", None)) == "0.10"
    assert str(getattr(data, "initial_amount", None)) == "0.30000000000000004"

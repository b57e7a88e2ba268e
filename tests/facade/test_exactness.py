"""Money is exact, from the caller to the wire and from the wire to the caller: 100,000 amounts."""

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coinbtr import CoinBTR, Request, Response
from coinbtr.money import DECIMALS, MAXIMUM
from tests.facade.scripted import OPEN, TOKEN, URL, Script, ScriptedEngine, answer

EXAMPLES, PER_EXAMPLE = 500, 200

# In units of the 8th decimal: the whole range, with as many small and round numbers as large ones.
UNITS = st.one_of(
    st.integers(1, 10**6),
    st.integers(1, int(MAXIMUM.scaleb(DECIMALS))),
    st.integers(1, 10**12).map(lambda whole: whole * 10**DECIMALS),
)

BODY = re.compile(rb'\{"market":"btc-mxn","amount":([0-9.]+),"price":([0-9.]+)\}')


def echo(request: Request) -> Response:
    """An order with the digits of the request, copied as text: no number is made of them."""
    match = BODY.fullmatch(request.content)
    assert match is not None, request.content
    amount, price = (text.decode() for text in match.groups())
    return answer(
        '{"success":true,"msg":"","data":{"id":1,"market":"BTC-MXN","side":"BUY","is_open":true,'
        f'"created_at":"2018-07-02T04:57:55.942Z","price":{price},"initial_amount":{amount},'
        f'"amount":"{amount}","filled":0.00000000}}}}'
    )


def written(units: int, form: int) -> Decimal | int | str:
    """The same money in one of the forms that a caller may use."""
    exact = Decimal(units).scaleb(-DECIMALS)
    if form == 0:
        return exact
    if form == 1:
        return f"{exact:f}"
    whole, rest = divmod(units, 10**DECIMALS)
    return exact.normalize() if rest else whole


@pytest.mark.no_cover  # its length is the point, and the tracer would double it
def test_100_000_amounts_survive_the_way_to_the_wire_and_back() -> None:
    """Each amount is sent with its own digits and comes back as the same number, none changed."""
    script = Script([echo])
    client = CoinBTR(
        TOKEN, base_url=URL, engine=ScriptedEngine(script), guards=OPEN, rate_limit=None
    )
    requests = script.requests
    seen = 0

    @settings(max_examples=EXAMPLES, database=None)
    @given(st.lists(UNITS, min_size=PER_EXAMPLE, max_size=PER_EXAMPLE))
    def check(units: list[int]) -> None:
        nonlocal seen
        for index in range(0, len(units), 2):
            amount, price = units[index], units[index + 1]
            order = client.trading.buy_limit(
                "btc-mxn", amount=written(amount, index % 3), price=written(price, 1)
            )
            assert order.amount == order.remaining == Decimal(amount).scaleb(-DECIMALS)
            assert f"{order.price:f}" == f"{Decimal(price).scaleb(-DECIMALS):f}"
        requests.clear()
        seen += len(units)

    check()
    assert seen >= 100_000


@settings(max_examples=100)
@given(st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=50))
def test_an_order_book_keeps_each_digit(levels: list[tuple[int, int]]) -> None:
    """Numbers and numeric strings of an answer come out as they were written, zeros included."""
    texts = [tuple(f"{Decimal(units).scaleb(-DECIMALS):f}" for units in level) for level in levels]
    asks = ",".join(f'{{"price":{price},"amount":"{amount}"}}' for price, amount in texts)
    body = f'{{"success":true,"msg":"","data":{{"market":"btc-mxn","asks":[{asks}],"bids":[]}}}}'
    client = CoinBTR(engine=ScriptedEngine(Script([answer(body)])), rate_limit=None)
    book = client.market.order_book("btc-mxn")
    assert [(f"{level.price:f}", f"{level.amount:f}") for level in book.asks] == texts

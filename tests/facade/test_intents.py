"""An intent says in words what was to be done, and which other one asks for the same."""

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from coinbtr import Intent

BUY = Intent(
    operation="placeBuyLimitOrder",
    book="BTC-MXN",
    side="BUY",
    amount=Decimal("0.00000001"),
    price=Decimal("900000.50"),
)
CANCEL = Intent(operation="cancelBuyLimitOrder", order_id=7, amount=Decimal(1))
AWAY = Intent(operation="withdraw", coin="BTC", address="there", amount=Decimal("1E-7"))


@pytest.mark.parametrize(
    ("intent", "kind", "words"),
    [
        (BUY, "place", "buy 0.00000001 BTC-MXN at 900000.50"),
        (evolve(BUY, side="SELL"), "place", "sell 0.00000001 BTC-MXN at 900000.50"),
        (evolve(BUY, amount=None, price=None), "place", "buy ? BTC-MXN at ?"),
        (CANCEL, "cancel", "cancel order 7"),
        (evolve(CANCEL, order_id=0), "cancel", "cancel order 0"),
        (AWAY, "withdraw", "withdraw 0.0000001 BTC to there"),
        (evolve(AWAY, amount=None), "withdraw", "withdraw ? BTC to there"),
    ],
)
def test_what_was_to_be_done_in_words(intent: Intent, kind: str, words: str) -> None:
    """Amounts without an exponent, to the last digit; a question mark for what is not known."""
    assert (intent.kind, str(intent)) == (kind, words)


@pytest.mark.parametrize(
    ("intent", "other"),
    [
        (BUY, {"operation": "placeSellLimitOrder"}),
        (BUY, {"book": "LTC-MXN"}),
        (BUY, {"side": "SELL"}),
        (BUY, {"amount": Decimal(1)}),
        (BUY, {"price": Decimal(1)}),
        (CANCEL, {"operation": "cancelSellLimitOrder"}),
        (CANCEL, {"order_id": 8}),
        (AWAY, {"coin": "LTC"}),
        (AWAY, {"address": "elsewhere"}),
        (AWAY, {"amount": Decimal(1)}),
    ],
)
def test_what_differs_in_what_it_asks_for_is_another(intent: Intent, other: dict[str, Any]) -> None:
    """One word or digit is enough; its name in the log, its time and its watermark are not."""
    assert not intent.is_like(evolve(intent, **other))
    assert intent.is_like(evolve(intent, id="another", when=BUY.when))


def test_cancels_of_one_order_are_alike_whatever_is_known_of_it() -> None:
    """Its amount may be known to one of them alone."""
    assert CANCEL.is_like(evolve(CANCEL, amount=None))

"""The ledger takes balanced entries only, and the units at its edge are exact."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coinbtr.sandbox.core.ledger import OUTSIDE, Bucket, Ledger, Reason
from coinbtr.sandbox.core.units import to_decimal, to_units, value_of
from tests.sandbox.floor import ANA, BOB, Floor


def test_an_unbalanced_entry_is_refused_whole() -> None:
    """Postings that don't add up to zero for each coin move nothing."""
    ledger = Ledger()
    ana, outside = ledger.wallet(ANA, "BTC"), ledger.wallet(OUTSIDE, "BTC")
    with pytest.raises(ValueError, match="not balanced"):
        ledger.post(Reason.DEPOSIT_SEEN, (ana, Bucket.PENDING, 5), (outside, Bucket.AVAILABLE, -4))
    assert (ana.total, outside.total) == (0, 0)


def test_coins_do_not_balance_each_other() -> None:
    """A bitcoin gained is not balanced by a peso lost."""
    ledger = Ledger()
    with pytest.raises(ValueError, match="not balanced"):
        ledger.post(
            Reason.TRADE,
            (ledger.wallet(ANA, "BTC"), Bucket.AVAILABLE, 1),
            (ledger.wallet(OUTSIDE, "MXN"), Bucket.AVAILABLE, -1),
        )


def test_no_wallet_falls_below_zero() -> None:
    """Only the outside world's wallets may be negative."""
    ledger = Ledger()
    ana, bob = ledger.wallet(ANA, "BTC"), ledger.wallet(BOB, "BTC")
    with pytest.raises(ValueError, match="below zero"):
        ledger.post(Reason.TRADE, (ana, Bucket.AVAILABLE, -1), (bob, Bucket.AVAILABLE, 1))
    assert bob.total == 0


@pytest.mark.parametrize("units", [6, -1])
def test_no_part_of_a_wallet_falls_below_zero(units: int) -> None:
    """What is shifted within a wallet is there, in whichever part it comes from."""
    ledger = Ledger()
    ana = ledger.wallet(ANA, "BTC")
    ledger.post(
        Reason.DEPOSIT_SEEN,
        (ana, Bucket.AVAILABLE, 5),
        (ledger.wallet(OUTSIDE, "BTC"), Bucket.AVAILABLE, -5),
    )
    with pytest.raises(ValueError, match="overdraws"):
        ledger.shift(Reason.ORDER_PLACED, ana, Bucket.AVAILABLE, Bucket.FROZEN, units)
    assert ana.amounts == [5, 0, 0]


def test_balances_are_the_sums_of_the_entries(floor: Floor) -> None:
    """Adding up all entries gives every wallet, part by part."""
    floor.sell(ANA, "2", "100000")
    floor.buy(BOB, "1", "100000")
    entries = floor.exchange.ledger.entries
    assert entries
    sums: dict[tuple[int, str, Bucket], int] = {}
    for entry in entries:
        for owner, coin, bucket, units in entry.postings:
            key = (owner, coin, bucket)
            sums[key] = sums.get(key, 0) + units
    for (owner, coin, bucket), units in sums.items():
        assert floor.exchange.ledger.wallet(owner, coin).amounts[bucket] == units


@given(st.integers(min_value=-(10**30), max_value=10**30))
def test_units_and_coins_convert_exactly(units: int) -> None:
    """Units to coins and back is the same number, however large, with eight decimals."""
    coins = to_decimal(units)
    assert to_units(coins) == units
    assert coins.as_tuple().exponent == -8


@pytest.mark.parametrize("value", ["0.000000001", "1.123456789", "NaN", "Infinity"])
def test_what_units_cannot_hold_is_refused(value: str) -> None:
    """A ninth decimal and what is no number raise instead of being rounded."""
    with pytest.raises(ValueError, match=r"decimals|finite"):
        to_units(Decimal(value))


def test_a_value_with_a_ninth_decimal_is_refused() -> None:
    """The value of an order is exact or none at all."""
    assert value_of(to_units("0.01"), to_units("0.000001")) == 1
    with pytest.raises(ValueError, match="whole number of units"):
        value_of(1, 1)

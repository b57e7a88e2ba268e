"""Bounds of money and shares: the last value that is taken, and the first that is not."""

from decimal import Decimal

import pytest

from coinbtr import InvalidType, InvalidValue
from coinbtr.money import difference, is_multiple, product, to_money, to_share, to_step, total


@pytest.mark.parametrize("value", ["0", "1", "0.00000001", "0.99999999", 0, 1, Decimal("0.5")])
def test_a_share_from_0_to_1_is_taken(value: Decimal | int | str) -> None:
    """Both ends included, exactly as it was given."""
    assert to_share(value, "max_price_deviation") == Decimal(value)


@pytest.mark.parametrize("value", ["1.00000001", "2", "-0.00000001", 5, Decimal(-1)])
def test_a_share_beyond_is_refused(value: Decimal | int | str) -> None:
    """The error names the field, what is right and what was given."""
    with pytest.raises(InvalidValue) as caught:
        to_share(value, "max_price_deviation")
    assert caught.value.field == "max_price_deviation"
    assert "max_price_deviation is a share from 0 to 1, 0.05 for 5 %" in str(caught.value)
    assert str(value) in str(caught.value)


@pytest.mark.parametrize("value", ["0.00000001", "1000000000000", 1, 10**12, "1.0000000000"])
def test_money_within_its_bounds_is_taken(value: int | str) -> None:
    """The least and the most included; zeros beyond the eighth decimal are no decimals."""
    assert to_money(value, "amount") == Decimal(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0", "must be greater than 0, not '0'"),
        (0, "must be greater than 0, not 0"),
        ("-1", "must be greater than 0, not '-1'"),
        ("1000000000000.00000001", "must be at most 1000000000000, not '1000000000000.00000001'"),
        (1000000000001, "must be at most 1000000000000, in absolute value"),
        (-1000000000001, "must be at most 1000000000000, in absolute value"),
        (
            "0.000000001",
            "has more than 8 decimals: '0.000000001'; it is never rounded here, so round it"
            " yourself, in the direction that you want",
        ),
        (Decimal("0.000000001"), "has more than 8 decimals: 1E-9; it is never rounded here"),
        ("1e3", "must be a plain decimal number"),
        (Decimal("NaN"), "must be a finite number, not NaN"),
        (Decimal("1e31"), "has too many digits: 1E+31"),
        (Decimal("1e-61"), "has too many digits: 1E-61"),
        (Decimal("0." + "1" * 61), "has too many digits"),
        (Decimal("1" * 61), "has too many digits"),
    ],
)
def test_money_beyond_is_refused(value: Decimal | int | str, words: str) -> None:
    """Each with the field, what would be right and the value."""
    with pytest.raises(InvalidValue) as caught:
        to_money(value, "amount")
    assert caught.value.field == "amount"
    assert str(caught.value).startswith("amount ")
    assert words in str(caught.value)


def test_a_long_value_is_shown_cut() -> None:
    """Forty characters whole, and of more the first forty."""
    for digits, shown in ((38, f"'{'x' * 38}'"), (39, f"'{'x' * 39}…")):
        with pytest.raises(InvalidValue, match="amount must be a plain decimal number") as caught:
            to_money("x" * digits, "amount")
        assert str(caught.value).endswith(f", not {shown}")


@pytest.mark.parametrize(
    ("value", "plain"),
    [(0.1, "0.1"), (0.12345678, "0.12345678"), (0.1 + 0.2, "0.1"), (1e-9, "0.1")],
)
def test_a_float_is_told_what_to_write(value: float, plain: str) -> None:
    """The same digits if they would be taken, else an example."""
    with pytest.raises(InvalidType) as caught:
        to_money(value, "amount")  # type: ignore[arg-type]  # the mistake
    assert caught.value.field == "amount"
    assert f"the float {value!r} is not:" in str(caught.value)
    assert f'write Decimal("{plain}") or "{plain}"' in str(caught.value)


@pytest.mark.parametrize("value", [True, None, b"1", [1]])
def test_what_is_no_number_is_named_by_its_type(value: object) -> None:
    """A truth value is none, either."""
    with pytest.raises(InvalidType) as caught:
        to_money(value, "amount")  # type: ignore[arg-type]  # the mistake
    assert caught.value.field == "amount"
    assert str(caught.value) == (
        f"amount must be a Decimal, an int or a str, not {type(value).__name__}"
    )


@pytest.mark.parametrize(
    ("value", "rounding", "expected"),
    [
        ("10.24", "down", "10"),
        ("10.24", "up", "10.5"),
        ("10.24", "nearest", "10"),
        ("10.26", "nearest", "10.5"),
        ("10.25", "nearest", "10"),
        ("10.75", "nearest", "11"),
        ("10.5", "up", "10.5"),
        ("0", "up", "0"),
    ],
)
def test_a_step_in_each_direction(value: str, rounding: str, expected: str) -> None:
    """Down, up, or to what is nearer; half way to the even multiple."""
    step = Decimal("0.5")
    assert to_step(value, step, rounding, "price") == Decimal(expected)  # type: ignore[arg-type]


def test_a_step_of_nothing_is_the_eighth_decimal() -> None:
    """More decimals than the wire takes are rounded off, and a negative step is no step, either."""
    for step in (Decimal(0), Decimal(-1)):
        assert to_step("1.123456789", step, "down", "price") == Decimal("1.12345678")
        assert to_step("1.123456779", step, "down", "price") == Decimal("1.12345677")
        assert is_multiple(Decimal("1.123456789"), step)
    assert is_multiple(Decimal("1.5"), Decimal("0.5"))
    assert not is_multiple(Decimal("1.25"), Decimal("0.5"))


def test_a_step_refuses_what_has_none() -> None:
    """A negative value, or another word for the direction: the field is named."""
    with pytest.raises(InvalidValue, match="price must be 0 or more, not '-1'") as caught:
        to_step("-1", Decimal(1), "down", "price")
    assert caught.value.field == "price"
    with pytest.raises(InvalidValue, match='"down", "up" or "nearest", not \'off\'') as caught:
        to_step("1", Decimal(1), "off", "price")  # type: ignore[arg-type]  # the mistake
    assert caught.value.field == "rounding"
    for bad in ("one", Decimal("NaN"), Decimal("1e31")):
        with pytest.raises(InvalidValue) as caught:
            to_step(bad, Decimal(1), "down", "price")
        assert caught.value.field == "price"
        assert str(caught.value).startswith("price ")


def test_sums_are_exact_whatever_the_context() -> None:
    """No digit of a sum, a difference or a product is lost."""
    large, small = Decimal("999999999999.99999999"), Decimal("0.00000001")
    assert total([large, small]) == Decimal(1000000000000)
    assert total([]) == 0
    assert difference(large, small, small) == Decimal("999999999999.99999997")
    assert product(large, small) == Decimal("9999.9999999999999999")


def test_what_a_division_left_behind_is_rounded_to_a_step() -> None:
    """As many digits as a division gives are taken on the way to a step, and nowhere else."""
    long = "1." + "3" * 59
    assert to_step(long, Decimal("0.5"), "down", "price") == 1
    assert to_step(long, Decimal("0.5"), "up", "price") == Decimal("1.5")
    assert to_step(Decimal("0." + "1" * 60), Decimal("0.5"), "up", "price") == Decimal("0.5")
    assert to_step(Decimal("1e-60"), Decimal("0.5"), "up", "price") == Decimal("0.5")
    assert to_step(Decimal("1e30"), Decimal("0.5"), "up", "price") == Decimal("1e30")
    for refuses in (to_money, to_share):
        with pytest.raises(InvalidValue, match="price must be a plain decimal number") as caught:
            refuses("0." + "0" * 31, "price")
        assert caught.value.field == "price"

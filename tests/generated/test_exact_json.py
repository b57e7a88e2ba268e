"""The codec under every request and answer keeps each digit, and refuses what is no exact JSON."""

import json
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from coinbtr_api.exact_json import ExactJSONError, dumps, loads, to_decimal, to_optional_decimal
from hypothesis import given
from hypothesis import strategies as st

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=8)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**60), 10**60) | AMOUNTS | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    """Every value comes back equal, and a second round trip gives the same bytes."""
    written = dumps(value)
    assert loads(written) == value
    assert dumps(loads(written)) == written


@given(VALUES)
def test_what_is_written_is_json_to_others(value: Any) -> None:
    """The standard library reads the same document, numbers as text aside."""
    others = json.loads(dumps(value), parse_float=Decimal)
    assert others == value


@given(AMOUNTS)
def test_a_decimal_is_written_without_an_exponent(amount: Decimal) -> None:
    """No `E` in what is sent, and not a digit more or less than the Decimal has."""
    text = dumps(amount).decode()
    assert set(text) <= set("-.0123456789")
    assert Decimal(text).as_tuple() == amount.as_tuple()


@pytest.mark.parametrize(
    ("document", "value"),
    [
        (b"20999999.97690000", "20999999.97690000"),
        (b"0.10", "0.10"),
        (b"0.00000000", "0E-8"),
        (b"-0.0", "-0.0"),
        (b"0.30000000000000004", "0.30000000000000004"),
        (b"1.5e3", "1.5E+3"),
        (b"1e-8", "1E-8"),
        (b"0." + b"7" * 64, "0." + "7" * 64),
    ],
)
def test_a_number_keeps_its_digits_and_zeros(document: bytes, value: str) -> None:
    """A JSON number with a fraction or an exponent becomes the Decimal of exactly its text."""
    read = loads(document)
    assert isinstance(read, Decimal)
    assert str(read) == value


@pytest.mark.parametrize(
    ("amount", "document"),
    [("1E-8", b"0.00000001"), ("0.10", b"0.10"), ("1E+3", b"1000"), ("-0", b"-0")],
)
def test_a_decimal_is_written_as_it_is(amount: str, document: bytes) -> None:
    """Exponents are written out, and trailing zeros stay."""
    assert dumps(Decimal(amount)) == document


def test_whole_numbers_stay_whole() -> None:
    """An id is an int, not a Decimal and not a bool."""
    assert type(loads("7")) is int
    assert loads("[true]") == [True]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"NaN", "NaN"),
        (b"[-Infinity]", "-Infinity"),
        (b'{"a": 1, "a": 2}', "'a' stands twice"),
        (b'{"a": {"b": 1, "c": 2, "b": 1}}', "'b' stands twice"),
        (b"1e65", "1e65"),
        (b"[0.1, 1e999999999]", "1e999999999"),
        (b"1e-400", "1e-400"),
        (b"0e999", "0e999"),
        (b"9" * 65, "digits"),
        (b"-" + b"9" * 5000, "digits"),
        (b"0." + b"1" * 65, "digits"),
        (b"[" * 65 + b"]" * 65, "levels deep"),
        (b'{"a":' * 100_000, "levels deep"),
        (b'"[" ' + b"[" * 65, "levels deep"),
        (b"\xff", "UTF-8 at byte 0"),
        (b'"\xc3"', "UTF-8 at byte 1"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ("\ud800", "UTF-8"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\udc00x": 1}', "surrogate"),
        (b'["ok", {"a": "\\ud800"}]', "surrogate"),
        (b"", "line 1, column 1"),
        (b"<html>", "line 1, column 1"),
        (b'{"success": true', "no JSON"),
        (b"1 2", "line 1, column 3"),
        (b"01", "no JSON"),
        (b"1_0", "no JSON"),
        (b"+1", "no JSON"),
        (b".5", "no JSON"),
        (b"1.", "no JSON"),
        ("٣".encode(), "no JSON"),
        (b'"\n"', "no JSON"),
    ],
)
def test_what_is_no_exact_json_is_refused(document: bytes | str, why: str) -> None:
    """One sentence says what was wrong, and where as far as known."""
    with pytest.raises(ExactJSONError, match=why.replace("[", r"\[")):
        loads(document)


def test_brackets_in_strings_are_no_nesting() -> None:
    """Only real nesting counts, to exactly 64 levels."""
    text = '"' + "[{" * 500 + '\\"]"'
    assert loads(text) == json.loads(text)
    assert loads("[" * 64 + "]" * 64) is not None
    assert loads('"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize(
    "bomb",
    [
        b"[" * 5_000_000,
        b'"' + b'\\"[' * 1_500_000,
        b"9" * 5_000_000,
        b"[1e99999999999]",
        b"{" + b",".join(b'"%d":0' % n for n in range(200_000)) + b',"0":0}',
    ],
    ids=["brackets", "quotes", "digits", "exponent", "keys"],
)
def test_hostile_documents_are_refused_fast(bomb: bytes) -> None:
    """Five million bytes made to be slow take a second or two at most."""
    began = time.process_time()
    with pytest.raises(ExactJSONError) as refused:
        loads(bomb)
    assert time.process_time() - began < 3
    assert len(str(refused.value)) < 200


def test_a_refusal_does_not_hold_the_document() -> None:
    """The error of a broken answer carries nothing of its text: it may hold secrets."""
    with pytest.raises(ExactJSONError) as refused:
        loads(b'{"token": "s3cret" ')
    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0.1, r"the value is a float, which is not exact: use Decimal\('0\.1'\)"),
        ({"orders": [{"amount": 1.5}]}, r"orders\[0\]\.amount is a float"),
        ([1, float("nan")], r"\[1\] is a float"),
        ({"a": {1}}, "a is of type set, which JSON doesn't have"),
        ({"a": {1: 2}}, "a has the key 1, which is no string"),
        (b"bytes", "the value is of type bytes"),
    ],
)
def test_what_json_does_not_have_is_not_written(value: object, message: str) -> None:
    """A float or a foreign type is refused with the name of its field."""
    with pytest.raises(TypeError, match=message):
        dumps(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"amount": Decimal("NaN")}, "amount is NaN"),
        ({"amount": Decimal("-Infinity")}, "amount is -Infinity"),
        ({"amount": Decimal("1E+99999999")}, "amount is a number of more than 64 digits"),
        ({"amount": Decimal("1E-99999999")}, "amount is a number of more than 64 digits"),
        ({"id": 10**64}, "id is a number of more than 64 digits"),
        ("\ud800", "UTF-8"),
    ],
)
def test_numbers_beyond_the_limits_are_not_written(value: object, message: str) -> None:
    """NaN, infinities and enormous numbers are refused at once, with the name of their field."""
    with pytest.raises(ExactJSONError, match=message):
        dumps(value)


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (Decimal("1.50"), "1.50"),
        (7, "7"),
        (-7, "-7"),
        ("0.10", "0.10"),
        ("1e3", "1E+3"),
        ("-0.00000001", "-1E-8"),
    ],
)
def test_a_number_or_its_text_becomes_a_decimal(value: object, amount: str) -> None:
    """An answer may write an amount as a number or as a string: both are taken, exactly."""
    assert str(to_decimal(value)) == amount


@pytest.mark.parametrize("value", [True, False, 1.0, None, [], {}, b"1"])
def test_other_types_are_no_numbers(value: object) -> None:
    """A bool is no number, and a float may have lost digits already."""
    with pytest.raises(TypeError, match="expected a number, got"):
        to_decimal(value)


@pytest.mark.parametrize(
    "value",
    [
        "1_0",
        " 1",
        "1 ",
        "1\n",
        "٣",
        "NaN",
        "Infinity",
        "",
        "+1",
        ".5",
        "1.",
        "00",
        "0x1",
        "1e99",
        "9" * 65,
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1e99"),
        10**64,
    ],
)
def test_text_that_is_no_json_number_is_refused(value: object) -> None:
    """What `Decimal()` takes and JSON doesn't is refused, and so is what can't be kept exactly."""
    with pytest.raises(ExactJSONError):
        to_decimal(value)


def test_null_where_a_number_may_be_missing() -> None:
    """None stays None; all else is as strict as ever."""
    assert to_optional_decimal(None) is None
    assert to_optional_decimal("0.10") == Decimal("0.10")
    with pytest.raises(TypeError):
        to_optional_decimal(True)


@pytest.mark.parametrize("read", [loads, to_decimal])
def test_a_refusal_is_a_value_error(read: Callable[[str], object]) -> None:
    """Callers that know nothing of this module can catch ValueError."""
    with pytest.raises(ValueError, match="number"):
        read("1e99")

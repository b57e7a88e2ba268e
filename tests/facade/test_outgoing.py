"""What goes out: each request to the letter, its time-outs, and the token in its one place."""

import pickle
from typing import Any

import pytest
from coinbtr_api.operations import OPERATIONS

from coinbtr import ConfigurationError, Timeout
from coinbtr.__about__ import __version__
from coinbtr.wire.outgoing import Outgoing, within
from coinbtr.wire.secret import Token, bare, checked_token

URL = "https://exchange.test/api/v1"
USUAL = Timeout(connect=5, read=15, write=15, pool=5)
PLAIN = {"Accept": "application/json", "User-Agent": f"coinbtr-python/{__version__}"}


@pytest.mark.parametrize(
    ("operation", "token", "sent"),
    [
        ("getBalance", "key", {**PLAIN, "Authorization": "Token key"}),
        ("getBalance", None, PLAIN),
        ("getTicker", "key", PLAIN),
        ("getTicker", None, PLAIN),
    ],
)
def test_the_token_goes_with_what_needs_it(
    operation: str, token: str | None, sent: dict[str, str]
) -> None:
    """Whole headers: with an operation that needs no token it isn't sent."""
    outgoing = Outgoing(URL, None if token is None else Token(token))
    request = outgoing.request(OPERATIONS[operation], {"url": "/x"}, USUAL)
    assert dict(request.headers) == sent
    assert (request.method, request.url) == (OPERATIONS[operation].method, f"{URL}/x")
    assert (request.content, request.timeout) == (b"", USUAL)
    with pytest.raises(TypeError):
        request.headers["X"] = "y"  # type: ignore[index]  # shared by all requests


def test_what_the_generated_operation_gave_is_sent() -> None:
    """Its query, its headers beside ours, and its body, to the byte."""
    kwargs: dict[str, Any] = {
        "url": "/x",
        "params": {"market": "btc mxn&", "limit": 2},
        "headers": {"Content-Type": "application/json"},
        "content": b'{"a": 1}',
    }
    request = Outgoing(URL, Token("key")).request(OPERATIONS["withdraw"], kwargs, USUAL)
    assert request.url == f"{URL}/x?market=btc+mxn%26&limit=2"
    assert request.content == b'{"a": 1}'
    assert dict(request.headers) == {
        **PLAIN,
        "Authorization": "Token key",
        "Content-Type": "application/json",
    }


@pytest.mark.parametrize(
    ("left", "each"),
    [
        (None, (5, 15, 15, 5)),
        (15, (5, 15, 15, 5)),
        (99, (5, 15, 15, 5)),
        (14.99, (5, 14, 14, 5)),
        (3.19, (3.1, 3.1, 3.1, 3.1)),
        (0.0459, (0.045, 0.045, 0.045, 0.045)),
        (0.0001, (0.001, 0.001, 0.001, 0.001)),
        (-1, (0.001, 0.001, 0.001, 0.001)),
    ],
)
def test_no_time_out_is_longer_than_what_is_left(
    left: float | None, each: tuple[float, ...]
) -> None:
    """Cut to two digits, downwards, and never to nothing."""
    cut = within(USUAL, left)
    assert (cut.connect, cut.read, cut.write, cut.pool) == pytest.approx(each)
    assert left is None or left <= 0.001 or max(each) <= max(left, 0.001)


def test_each_time_out_is_cut_by_itself() -> None:
    """Those that are shorter anyway stay as they are, and all if there is time for the longest."""
    odd = Timeout(connect=1, read=15.55, write=1, pool=1)
    assert within(odd, 15.55) == odd
    for longest in ("connect", "read", "write", "pool"):
        given = {"connect": 1.0, "read": 2.0, "write": 3.0, "pool": 4.0, longest: 60.0}
        cut = within(Timeout(**given), 10)
        assert cut == Timeout(**given | {longest: 10.0})


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (5, "token must be a str, not int"),
        ("", "token is empty"),
        ("Token abc", 'token must be the key alone, without the word "Token" in front'),
        ("tOKEN ", 'token must be the key alone, without the word "Token" in front'),
        ("ab c", "token has a space at position 2: a key is visible ASCII only"),
        ("ab\n", "token has a line feed at position 2: a key is visible ASCII only"),
        ("\rab", "token has a carriage return at position 0: a key is visible ASCII only"),
        ("a\tb", "token has a tab at position 1: a key is visible ASCII only"),
        (
            "a\x7f",
            "token has a control character (U+007F) at position 1: a key is visible ASCII only",
        ),
        (
            "a\x80",
            "token has a character that is not ASCII (U+0080) at position 1: a key is visible"
            " ASCII only",
        ),
        (
            "aé",
            "token has a character that is not ASCII (U+00E9) at position 1: a key is visible"
            " ASCII only",
        ),
    ],
)
def test_a_token_that_can_not_be_one_is_told_why(key: object, words: str) -> None:
    """By position and kind of what is wrong, and never by the key itself."""
    with pytest.raises(ConfigurationError) as caught:
        checked_token(key)
    assert str(caught.value) == words


def test_any_visible_character_may_be_in_a_token() -> None:
    """From the first one to the last; `Token` without a space is a key, too."""
    for key in ("!", "~", "".join(map(chr, range(0x21, 0x7F))), "Tokenized", "a"):
        assert checked_token(key).header == f"Token {key}"


def test_a_fingerprint_tells_keys_and_places_apart() -> None:
    """24 digits that depend on both, and give neither away."""
    prints = {
        (key, place): Token(key).fingerprint(place) for key in ("a", "b") for place in ("x", "y")
    }
    assert len(set(prints.values())) == 4
    assert all(len(one) == 24 and int(one, 16) for one in prints.values())
    assert Token("a").fingerprint("x") == prints["a", "x"]


def test_a_token_is_blacked_out_however_it_is_written() -> None:
    """As it stands, as JSON escapes it, and as a URL does, every time."""
    token = Token('a"/b&')
    assert token.blacked_out_of('1 a"/b& 2 a\\"/b& 3 a%22%2Fb%26 4 a"/b&') == (
        "1 [token] 2 [token] 3 [token] 4 [token]"
    )
    assert token.blacked_out_of("a b") == "a b"


def test_a_token_shows_itself_to_nobody() -> None:
    """Its repr is a placeholder, and it is neither pickled nor copied."""
    assert repr(Token("key")) == f"{Token('key')}" == "Token(…)"
    with pytest.raises(TypeError) as caught:
        pickle.dumps(Token("key"))
    assert str(caught.value) == ("a token is never pickled or copied; make a new client with it")


def failing() -> None:
    """Fail, with a cause and a context."""
    try:
        raise KeyError("inner")
    except KeyError as inner:
        raise ValueError("outer") from inner


def test_a_bare_error_has_no_frames() -> None:
    """Neither its own, nor those of a cause or a context."""
    with pytest.raises(ValueError, match="outer") as caught:
        failing()
    error = caught.value
    assert all((error.__traceback__, error.__cause__, error.__context__))
    assert bare(error) is error
    assert not any((error.__traceback__, error.__cause__, error.__context__))

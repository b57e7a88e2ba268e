"""What is said of an answer that is no success: the sentence, the path, what arrived, how long."""

from typing import Any

import pytest
from coinbtr_api.operations import OPERATIONS

from coinbtr import errors
from coinbtr.errors import CoinBTRError
from coinbtr.wire.answer import Judge
from coinbtr.wire.engine import Response
from coinbtr.wire.secret import Token
from coinbtr.wire.verdict import failure, verdict
from tests.facade.scripted import answer, example_answer, refusal
from tests.facade.test_answers import FAILED, FAULTS

SENTENCES = {
    "no connection": "no connection came about: refused",
    "connect time-out": "no connection came about in time: 5 s",
    "connection lost": "the connection was lost: reset by peer",
    "read time-out": "no answer came in time: 15 s",
    "answer too large": "the answer was not read: 8 MiB",
    "engine's own bug": "the engine failed: KeyError: 'x'",
    "HTML at 200": "the answer is 'text/html', not JSON",
    "HTML said to be JSON": "the answer can't be read:",
    "HTML at 404": "the answer is 'text/html', not JSON",
    "HTML at 502": "the answer is 'text/html', not JSON",
    "HTML at 429": "the answer is 'text/html', not JSON",
    "empty at 200": "the answer is empty",
    "empty at 503": "the answer is empty",
    "no content": "204 is not documented; the answer is empty",
    "truncated": "the answer can't be read:",
    "not UTF-8": "the answer can't be read: no UTF-8 at byte 13",
    "NaN": "the answer can't be read: NaN is no JSON number",
    "1e400": "the answer can't be read: a number of more than 64 digits or places: '1e400'",
    "duplicate key": "the answer can't be read: the key 'success' stands twice in one object",
    "deep nesting": "the answer can't be read: nested more than 64 levels deep",
    "an array": "$ should be an object",
    "a string": "$ should be an object",
    "no success": "$.success is missing",
    "success is a string": "$.success should be a boolean",
    "success is 1": "$.success should be a boolean",
    "success at 499": "the status is 499, and the body says success",
    "success at 404": "the status is 404, and the body says success",
    "success at 429": "the status is 429, and the body says success",
    "internal error at 200": "No.",
    "empty at 404": "the answer is empty",
    "success at 500": "the status is 500, and the body says success",
    "499": "the answer is 'text/html', not JSON",
    "520": "the answer is 'text/html', not JSON",
    "599": "$.success is missing",
    "redirect": "redirected to 'https://evil.test/'; redirects are never followed",
    "failure at 200": "No.",
    "failure at 499": "No.",
    "failure at 500": "No.",
    "refusal at 503": "No.",
    "bare detail": "Invalid token.",
    "bare detail at 200": "Invalid token.",
    "bare detail at 202": "202 is not documented; $.success is missing",
    "bare words at 200": "$.success is missing",
    "bare words at 400": "odd",
    "words and data at 400": "$.success is missing",
    "detail and data at 200": "$.success is missing",
    "empty detail at 200": "$.success is missing",
}


def judged(
    outcome: Response | Exception, operation: str = "getTicker", token: str | None = None
) -> CoinBTRError:
    """The error that an answer, or an engine's exception, is."""
    arrived = outcome if isinstance(outcome, Response) else failure(outcome)
    key = None if token is None else Token(token)
    error: object = verdict(OPERATIONS[operation], arrived, dict, key)
    assert isinstance(error, CoinBTRError)
    return error


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_sentence(fault: str) -> None:
    """What is wrong with it, in these words, and the beginning of what arrived."""
    arrived, kind = FAULTS[fault]
    if isinstance(arrived, Exception):
        arrived.with_traceback(None)  # others have raised it
    error = judged(arrived)
    assert type(error) is kind
    # How the standard library puts it is left to it.
    assert error.message.partition(" no JSON:")[0] == SENTENCES[fault]
    assert (error.operation, error.attempts, error.elapsed) == ("getTicker", None, None)
    if isinstance(error, errors.MalformedAnswer):
        assert error.path == SENTENCES[fault].partition(" ")[0]
    if isinstance(arrived, Response):
        text = arrived.content.decode("utf-8", "replace")
        assert error.status == arrived.status
        assert error.excerpt == (text if len(text) <= 200 else f"{text[:200]}…")
    else:
        assert (error.status, error.excerpt) == (None, None)


def fail() -> None:
    """What an engine does that has a bug."""
    raise KeyError("s3cret")


def test_an_engines_own_fault_says_where() -> None:
    """The class, the file and the line where it was raised; and what it holds is blacked out."""
    with pytest.raises(KeyError) as caught:
        fail()
    line = fail.__code__.co_firstlineno + 2
    assert judged(caught.value, token="s3cret").message == (
        f"the engine failed: KeyError at test_answer_words.py:{line}: '[token]'"
    )


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/json ;x=y", True),
        ("", True),
        ("application/json-seq", False),
        ("json", False),
        ("text/plain; a=/json", False),
    ],
)
def test_what_is_declared_as_json(kind: str, taken: bool) -> None:
    """Any kind that ends so, in any case, with parameters, or none at all."""
    error = judged(answer(FAILED % "book_not_found", 404, kind))
    if taken:
        assert type(error) is errors.BookNotFound
    else:
        assert error.message == f"the answer is {kind.partition(';')[0]!r}, not JSON"


@pytest.mark.parametrize(("size", "cut"), [(199, False), (200, False), (201, True)])
def test_an_excerpt_has_200_characters(size: int, cut: bool) -> None:
    """One more, and it ends with a sign that it was cut."""
    text = "x" * size
    assert judged(answer(text)).excerpt == (text[:200] + "…" if cut else text)


def test_the_token_is_blacked_out_before_the_cut() -> None:
    """In the excerpt, in the sentence, in the code and in a redirect's target: no part is left."""
    text = "y" * 197 + "s3cret"
    assert judged(answer(text), token="s3cret").excerpt == "y" * 197 + "[to…"
    code = "c" * 60 + "s3cret"
    error = judged(refusal(code, 409, "z" * 497 + "s3cret"), token="s3cret")
    assert (error.message, error.code) == ("z" * 497 + "[to", "c" * 60 + "[tok")
    away = judged(answer("", 302, location="https://x.test/s3cret?q"), token="s3cret")
    assert away.message == "redirected to 'https://x.test/[token]'; redirects are never followed"


@pytest.mark.parametrize("status", [300, 399])
def test_every_3xx_is_a_redirect(status: int) -> None:
    """With a target or without."""
    error = judged(answer("", status))
    assert type(error) is errors.Redirected
    assert error.message == "redirected to ''; redirects are never followed"


def test_a_refusal_without_words_has_its_statuss() -> None:
    """The standard's phrase where there is one."""
    for status, words in ((409, "Conflict"), (499, "the exchange gave no reason")):
        error = judged(answer('{"success": false}', status))
        assert (error.message, error.code) == (words, None)


def test_words_may_stand_at_other_places() -> None:
    """`error` and `detail`, and a code beside them; what is no text is none."""
    for body, words, code in (
        ('{"success": false, "error": "No.", "code": "c"}', "No.", "c"),
        ('{"success": false, "detail": "No.", "code": 7}', "No.", "7"),
        ('{"success": false, "msg": "", "detail": "No."}', "No.", None),
        ('{"success": false, "msg": {"error": true, "code": 1.5}}', "Conflict", None),
        ('{"success": false, "code": "c"}', "Conflict", "c"),
        ('{"success": false, "msg": {"error": "", "code": ""}}', "Conflict", None),
    ):
        error = judged(answer(body, 409))
        assert (error.message, error.code) == (words, code)


def test_a_429_says_how_long_whatever_it_is() -> None:
    """A page of a gateway's, too, and one with another code; and 500 is the server's failure."""
    for content, words in (
        ("", "the answer is empty"),
        (FAILED % "rate_limited", "No."),
        (FAILED % "insufficient_funds", "No."),
    ):
        error = judged(answer(content, 429, retry_after=" 7 "))
        assert isinstance(error, errors.RateLimited)
        assert (error.message, error.retry_after) == (words, 7.0)
    assert type(judged(answer("", 500))) is errors.BrokenServerAnswer


def test_an_answer_need_not_say_what_it_is() -> None:
    """Without a Content-Type it is read as JSON."""
    undeclared = Response(status=404, headers={}, content=(FAILED % "book_not_found").encode())
    assert type(judged(undeclared)) is errors.BookNotFound


@pytest.mark.parametrize(
    ("body", "path", "words"),
    [
        ('{"success": true}', "$.data", "$.data is missing"),
        ('{"success": true, "data": null}', "$.data", "$.data is null"),
        ('{"success": true, "data": 5}', "$.data", "$.data should be an object and is a number"),
    ],
)
def test_a_success_without_its_data_says_what_is_wrong(body: str, path: str, words: str) -> None:
    """Missing, null, or of another type: by its path."""
    error = judged(answer(body))
    assert isinstance(error, errors.MalformedAnswer)
    assert (error.path, error.message, error.status) == (path, words, 200)


def test_a_body_that_the_parser_refuses_is_malformed() -> None:
    """Whatever it raises of what bad data leads to, by its class and words, without the token."""
    operation, token = OPERATIONS["getTicker"], Token("s3cret")

    def parse(_: dict[str, Any]) -> None:
        raise LookupError("s3cret is odd")

    error = verdict(operation, example_answer("getTicker"), parse, token)
    assert isinstance(error, errors.MalformedAnswer)
    assert error.path == "$"
    assert error.message == "the answer can't be read: LookupError: [token] is odd"
    assert (error.__traceback__, error.__cause__, error.__context__) == (None, None, None)


def test_the_quick_way_is_for_successes_alone() -> None:
    """It is asked with the bytes of a 200 that is declared as JSON; None is left to the judge."""
    operation = OPERATIONS["getTicker"]
    good, asked = example_answer("getTicker"), []

    def quickly(content: bytes) -> str | None:
        asked.append(content)
        return "quick" if len(asked) == 1 else None

    assert verdict(operation, good, lambda _: "judged", None, quickly) == "quick"
    assert verdict(operation, good, lambda _: "judged", None, quickly) == "judged"
    assert asked == [good.content] * 2
    for other in (
        answer(good.content, 201),
        answer(good.content, 200, "text/html"),
        answer(good.content, 200, ""),
        Response(status=200, headers={}, content=good.content),
        refusal("book_not_found", 404),
    ):
        verdict(operation, other, lambda _: "judged", None, quickly)
    assert len(asked) == 2


def test_a_success_comes_out_as_the_parsers_read_it() -> None:
    """A `msg` that is no text is "", and data that is null where it may be is left out."""
    judge = Judge(OPERATIONS["cancelBuyLimitOrder"], None)
    assert judge.success(answer('{"success": true, "data": null, "msg": {"a": 1}}')) == {
        "success": True,
        "msg": "",
    }
    whole = judge.success(example_answer("cancelBuyLimitOrder"))
    assert (set(whole), whole["msg"]) == ({"success", "msg", "data"}, "")

"""Whatever a server answers: the object, or one typed error that says what arrived."""

from typing import Any

import pytest
from coinbtr_api import exact_json

from coinbtr import errors
from coinbtr.errors import CoinBTRError
from coinbtr.wire.engine import (
    AnswerOverLimit,
    AnswerTimedOut,
    ConnectTimedOut,
    ExchangeBroken,
    NotConnected,
    Response,
)
from tests.facade.scripted import (
    CALLS,
    ORDER,
    TOKEN,
    Facade,
    Script,
    answer,
    example,
    refusal,
    success,
)

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")

HTML = "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"
FAILED = '{"success": false, "msg": {"error": "No.", "code": "%s"}}'

FAULTS: dict[str, tuple[Response | Exception, type[CoinBTRError]]] = {
    "no connection": (NotConnected("refused"), errors.NoConnection),
    "connect time-out": (ConnectTimedOut("5 s"), errors.ConnectTimeout),
    "connection lost": (ExchangeBroken("reset by peer"), errors.ConnectionLost),
    "read time-out": (AnswerTimedOut("15 s"), errors.AnswerTimeout),
    "answer too large": (AnswerOverLimit("8 MiB"), errors.AnswerTooLarge),
    "engine's own bug": (KeyError("x"), errors.ConnectionLost),
    "HTML at 200": (answer(HTML, 200, "text/html"), errors.WrongContentType),
    "HTML said to be JSON": (answer(HTML, 200), errors.UnreadableAnswer),
    "HTML at 404": (answer(HTML, 404, "text/html"), errors.NotFound),
    "HTML at 502": (answer(HTML, 502, "text/html"), errors.BrokenServerAnswer),
    "HTML at 429": (answer(HTML, 429, "text/html"), errors.RateLimited),
    "empty at 200": (answer(""), errors.EmptyAnswer),
    "empty at 503": (answer("", 503), errors.BrokenServerAnswer),
    "no content": (answer("", 204), errors.UndocumentedStatus),
    "truncated": (answer('{"success": true, "msg": "", "da'), errors.UnreadableAnswer),
    "not UTF-8": (answer(b'{"success": "\xff"}'), errors.UnreadableAnswer),
    "NaN": (answer('{"success": true, "data": NaN}'), errors.UnreadableAnswer),
    "1e400": (answer('{"success": true, "data": 1e400}'), errors.UnreadableAnswer),
    "duplicate key": (answer('{"success": true, "success": false}'), errors.UnreadableAnswer),
    "deep nesting": (answer("[" * 100_000), errors.UnreadableAnswer),
    "an array": (answer("[]"), errors.MalformedAnswer),
    "a string": (answer('"ok"'), errors.MalformedAnswer),
    "no success": (answer('{"msg": "", "data": {}}'), errors.MalformedAnswer),
    "success is a string": (answer('{"success": "true", "data": {}}'), errors.MalformedAnswer),
    "success is 1": (answer('{"success": 1, "data": {}}'), errors.MalformedAnswer),
    "success at 499": (answer('{"success": true}', 499), errors.UndocumentedStatus),
    "success at 404": (answer('{"success": true}', 404), errors.UndocumentedStatus),
    "success at 429": (answer('{"success": true}', 429), errors.UndocumentedStatus),
    "internal error at 200": (answer(FAILED % "internal_error"), errors.Refused),
    "empty at 404": (answer("", 404), errors.NotFound),
    "success at 500": (answer('{"success": true}', 500), errors.BrokenServerAnswer),
    "499": (answer(HTML, 499, "text/html"), errors.Refused),
    "520": (answer(HTML, 520, "text/html"), errors.BrokenServerAnswer),
    "599": (answer("{}", 599), errors.BrokenServerAnswer),
    "redirect": (answer("", 302, location="https://evil.test/?q=1"), errors.Redirected),
    "failure at 200": (answer(FAILED % "order_not_found"), errors.OrderNotFound),
    "failure at 499": (answer(FAILED % "whatever", 499), errors.Refused),
    "failure at 500": (answer(FAILED % "internal_error", 500), errors.ServerError),
    "refusal at 503": (answer(FAILED % "insufficient_funds", 503), errors.Unavailable),
    "bare detail": (answer('{"detail": "Invalid token."}', 401), errors.AuthenticationError),
    "bare detail at 200": (answer('{"detail": "Invalid token."}'), errors.Refused),
    "bare detail at 202": (answer('{"detail": "Accepted."}', 202), errors.UndocumentedStatus),
    "bare words at 200": (answer('{"message": "odd"}'), errors.MalformedAnswer),
    "bare words at 400": (answer('{"message": "odd"}', 400), errors.BadRequest),
    "words and data at 400": (answer('{"message": "odd", "data": {}}', 400), errors.BadRequest),
    "detail and data at 200": (answer('{"detail": "x", "data": {}}'), errors.MalformedAnswer),
    "empty detail at 200": (answer('{"detail": ""}'), errors.MalformedAnswer),
}


def cause_of(error: CoinBTRError) -> CoinBTRError:
    """The error of the answer itself: of a request that moves money, the cause of the unknown."""
    if isinstance(error, errors.OutcomeUnknown):
        assert error.cause is not None
        assert error.excerpt == error.cause.excerpt
        return error.cause
    return error


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("operation_id", ["getTicker", "placeBuyLimitOrder", "cancelBuyLimitOrder"])
def test_each_fault_is_one_typed_error(facade: Facade, operation_id: str, fault: str) -> None:
    """Never None, never an exception from below: exactly the class of the tree, sent once.

    Of a request that moves money it is the cause, where it doesn't prove that nothing was done.
    """
    arrived, expected = FAULTS[fault]
    script = Script([arrived])
    with pytest.raises(CoinBTRError) as caught:
        facade.run(CALLS[operation_id][1], script=script)
    error = caught.value
    if operation_id != "getTicker" and not issubclass(
        expected, (errors.Refused, errors.NoConnection)
    ):
        assert type(error) is errors.OutcomeUnknown
        assert error.cause is not None
        assert error.cause.operation == operation_id
        assert error.intent.operation == operation_id
        error = error.cause
    assert type(error) is expected
    assert caught.value.operation == operation_id
    assert caught.value.message
    assert caught.value.status == (arrived.status if isinstance(arrived, Response) else None)
    assert len(script.requests) == 1


@pytest.mark.parametrize("operation_id", CALLS)
def test_no_operation_takes_a_success_without_its_data(facade: Facade, operation_id: str) -> None:
    """Absent data is an error that names it, except for the two cancels (ruling R020)."""
    call = CALLS[operation_id][1]
    bare = answer('{"success": true, "msg": ""}')
    if operation_id.startswith("cancel"):
        assert facade.run(call, bare) is None
        assert facade.run(call, success(None)) is None
        return
    with pytest.raises(CoinBTRError) as caught:
        facade.run(call, bare)
    error = cause_of(caught.value)
    assert isinstance(error, errors.MalformedAnswer)
    assert error.path == "$.data"


@pytest.mark.parametrize("said", ["true", "false", 1, 0, None, {}])
def test_success_is_true_or_false(facade: Facade, said: object) -> None:
    """Anything else than a boolean is no success, even beside the data of one."""
    with pytest.raises(errors.OutcomeUnknown) as caught:
        facade.run(CALLS["placeBuyLimitOrder"][1], success(ORDER, success=said))
    error = cause_of(caught.value)
    assert isinstance(error, errors.MalformedAnswer)
    assert error.path == "$.success"


def leaves(value: Any, path: str = "$.data") -> list[tuple[str, Any]]:
    """Each object's field below a value: its JSON path, and a way to break it."""
    found: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        for key, child in value.items():
            found += [(f"{path}.{key}", (value, key)), *leaves(child, f"{path}.{key}")]
    elif isinstance(value, list):
        for index, child in enumerate(value):
            found += leaves(child, f"{path}[{index}]")
    return found


@pytest.mark.parametrize("operation_id", CALLS)
def test_every_required_field_is_missed_by_its_path(operation_id: str) -> None:
    """Each field of each answer, taken away or of a wrong type, is named by its JSON path."""
    facade = Facade("sync")
    call = CALLS[operation_id][1]
    whole = exact_json.dumps(example(operation_id))
    paths = [path for path, _ in leaves(exact_json.loads(whole)["data"])]
    assert paths
    for path in paths:
        for spoil in (_mistype, _remove):
            if spoil is _remove and path.endswith(".country"):
                continue  # the one optional field
            document = exact_json.loads(whole)
            spoil(*dict(leaves(document["data"]))[path])
            with pytest.raises(CoinBTRError) as caught:
                facade.run(call, answer(exact_json.dumps(document)))
            error = cause_of(caught.value)
            assert isinstance(error, errors.MalformedAnswer)
            assert error.path == path
            assert path in str(caught.value)


def _remove(owner: dict[str, Any], key: str) -> None:
    del owner[key]


def _mistype(owner: dict[str, Any], key: str) -> None:
    owner[key] = {} if not isinstance(owner[key], dict) else [owner[key]]


CODES = [
    ("insufficient_funds", 409, errors.InsufficientFunds),
    ("order_not_found", 404, errors.OrderNotFound),
    ("below_minimum_value", 422, errors.BelowMinimumValue),
    ("ORDER_NOT_FOUND", 404, errors.OrderNotFound),
    ("never_heard_of", 409, errors.Conflict),
    ("never_heard_of", 418, errors.Refused),
    ("never_heard_of", 422, errors.Unprocessable),
]


@pytest.mark.parametrize(("code", "status", "expected"), CODES)
def test_a_refusal_has_its_meaning(
    facade: Facade, code: str, status: int, expected: type[CoinBTRError]
) -> None:
    """The code decides the class; an unknown one keeps its code and gets its status's class."""
    with pytest.raises(errors.Refused) as caught:
        facade.run(CALLS["placeBuyLimitOrder"][1], refusal(code, status, "5 MXN needed"))
    assert type(caught.value) is expected
    assert caught.value.code == code
    assert caught.value.message == "5 MXN needed"
    assert caught.value.status == status
    assert str(caught.value) == f"placeBuyLimitOrder: 5 MXN needed (HTTP {status}, {code})"


@pytest.mark.parametrize(
    ("said", "message", "code"),
    [
        ('"msg": {"error": "No money.", "code": "c"}', "No money.", "c"),
        ('"msg": {"error": "No money.", "code": 17}', "No money.", "17"),
        ('"msg": "No money."', "No money.", None),
        ('"message": "No money."', "No money.", None),
        ('"message": {"error": "No money.", "code": "c"}', "No money.", "c"),
        ('"msg": null', "Conflict", None),
        ('"msg": {}', "Conflict", None),
        ('"msg": ["?"]', "Conflict", None),
        ('"extra": 1', "Conflict", None),
    ],
)
def test_a_refusal_in_any_shape(facade: Facade, said: str, message: str, code: str | None) -> None:
    """`msg` absent, null, string or object, or `message`: a refusal all the same (R004, R006)."""
    with pytest.raises(errors.Conflict) as caught:
        facade.run(CALLS["withdraw"][1], answer(f'{{"success": false, {said}}}', 409))
    assert (caught.value.message, caught.value.code) == (message, code)


@pytest.mark.parametrize(
    "envelope",
    [
        '{"success": true, "data": %s}',
        '{"success": true, "msg": null, "data": %s}',
        '{"success": true, "msg": {"any": "thing"}, "data": %s}',
        '{"success": true, "message": "", "data": %s}',
        '{"new": [1], "success": true, "msg": "Order placed", "data": %s}',
    ],
)
def test_a_success_in_any_envelope(facade: Facade, envelope: str) -> None:
    """`msg` in any shape, `message` for it, and fields nobody knew: the same order comes out."""
    call = CALLS["placeBuyLimitOrder"][1]
    order = facade.run(call, success(ORDER))
    written = exact_json.dumps({**ORDER, "unknown": {"deep": []}}).decode()
    assert facade.run(call, answer(envelope % written)) == order


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "2"}, 2.0),
        ({}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "-1"}, None),
        (
            {
                "retry_after": "Wed, 21 Oct 2015 07:28:30 GMT",
                "date": "Wed, 21 Oct 2015 07:28:00 GMT",
            },
            30.0,
        ),
        (
            {
                "retry_after": "Wed, 21 Oct 2015 07:28:30 -0000",  # a date of no zone is UTC
                "date": "Wed, 21 Oct 2015 09:28:00 +0200",
            },
            30.0,
        ),
        ({"retry_after": "1234567890"}, 123456789.0),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_rate_limited_says_how_long(
    facade: Facade, headers: dict[str, str], seconds: float | None
) -> None:
    """Retry-After in seconds or as a date, None if there is none or nobody can read it."""
    with pytest.raises(errors.RateLimited) as caught:
        facade.run(CALLS["getTicker"][1], refusal("rate_limited", 429, **headers))
    assert caught.value.retry_after == seconds


def test_an_excerpt_is_cut_and_fit_for_a_terminal(facade: Facade) -> None:
    """The error carries the beginning of what arrived, without escape sequences."""
    with pytest.raises(errors.UnreadableAnswer) as caught:
        facade.run(CALLS["getTicker"][1], answer("\x1b[2J<h1>" + "x" * 5000))
    assert caught.value.excerpt is not None
    assert caught.value.excerpt.startswith("[2J<h1>xxx")
    assert len(caught.value.excerpt) <= 201
    assert caught.value.excerpt in str(caught.value)


def test_a_redirect_is_not_followed(facade: Facade) -> None:
    """The request is sent once, and the error repeats no query of the target."""
    script = Script([answer("", 307, location=f"https://evil.test/x?t={TOKEN}")])
    with pytest.raises(errors.OutcomeUnknown, match=r"https://evil\.test/x") as caught:
        facade.run(CALLS["withdraw"][1], script=script)
    assert isinstance(caught.value.cause, errors.Redirected)
    assert "?t=" not in f"{caught.value}{caught.value.cause}"
    assert len(script.requests) == 1


def test_an_interrupt_passes_through(facade: Facade) -> None:
    """KeyboardInterrupt is nobody's answer: it goes on as it is."""
    interrupt = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt) as caught:
        facade.run(CALLS["getTicker"][1], interrupt)
    assert caught.value is interrupt


def test_no_answer_is_passed_over(facade: Facade) -> None:
    """The faults above have at least one of each leaf of the tree that an answer can lead to."""
    seen = {expected for _, expected in FAULTS.values()}

    def below(kind: type[CoinBTRError]) -> set[type[CoinBTRError]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    assert below(errors.UnexpectedAnswer) - {errors.UnexpectedAnswer} <= seen
    assert below(errors.NetworkError) - {errors.NetworkError} <= seen
    assert below(errors.ServerError) <= seen

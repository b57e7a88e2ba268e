"""The error tree: one root, drawn as it is, and each error survives pickle and copy."""

import copy
import inspect
import pickle
import re

import pytest

from coinbtr import Intent, errors
from coinbtr.description import load
from coinbtr.errors import CoinBTRError
from coinbtr.wire.refusals import BY_CODE, error_class

CLASSES = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, CoinBTRError)
]


def made(kind: type[CoinBTRError]) -> CoinBTRError:
    """An error of a class, with everything that it can carry."""
    if issubclass(kind, errors.ArgumentError):
        return kind("Not so.", field="amount", operation="withdraw")
    if issubclass(kind, errors.GuardRailError):
        return kind("Not so.", limit="min_amount", allowed=1, value=0, operation="withdraw")
    if issubclass(kind, errors.RateLimitExceeded):
        return kind("Not so.", retry_after=2.5, operation="withdraw")
    if issubclass(kind, errors.OutcomeUnknown):
        return kind("Not so.", intent=Intent(operation="withdraw", coin="BTC", address="x"))
    facts = {"operation": "withdraw", "status": 409, "code": "c", "excerpt": "{…}"}
    if issubclass(kind, errors.RateLimited):
        return kind("Not so.", retry_after=2.5, **facts)
    if issubclass(kind, errors.MalformedAnswer):
        return kind("Not so.", path="$.data.price", answered=7, **facts)
    return kind("Not so.", **facts)  # type: ignore[arg-type]  # a dict of str and int


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_an_error_survives_pickle_and_copy(kind: type[CoinBTRError]) -> None:
    """Class, message and all that it carries come back, in every protocol."""
    error = made(kind)
    error.add_note("seen at noon")
    again = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(6)]  # noqa: S301 - our own
    for twin in [*again, copy.copy(error), copy.deepcopy(error)]:
        assert type(twin) is kind
        assert (str(twin), repr(twin), twin.args) == (str(error), repr(error), error.args)
        assert vars(twin) == vars(error)


def test_the_tree_is_drawn_as_it_is() -> None:
    """The module's docstring names every class, below the class that it is derived from."""
    drawn: dict[str, str | None] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").split("```")[1].strip().splitlines():
        match = re.match(r"([│├└─ ]*)(\w+)", line)
        assert match is not None
        depth = len(match[1]) // 4
        path[depth:] = [match[2]]
        drawn[match[2]] = path[depth - 1] if depth else None
    assert drawn == {
        kind.__name__: None if kind is CoinBTRError else kind.__bases__[0].__name__
        for kind in CLASSES
    }


def test_builtin_relatives() -> None:
    """Who catches ValueError, TypeError, LookupError or TimeoutError catches ours."""
    assert issubclass(errors.InvalidValue, ValueError)
    assert issubclass(errors.InvalidType, TypeError)
    assert issubclass(errors.EmptyBook, LookupError)
    assert issubclass(errors.ConnectTimeout, TimeoutError)
    assert issubclass(errors.AnswerTimeout, TimeoutError)


def test_every_code_of_the_description_has_a_class() -> None:
    """The open list of codes and the classes agree, and each class fits its code's status."""
    codes = load()["x-error-codes"]
    assert set(BY_CODE) == set(codes)
    for code, described in codes.items():
        by_status = error_class(described["status"], None)
        assert issubclass(error_class(described["status"], code), by_status)


def test_an_error_says_what_and_where() -> None:
    """Operation, sentence, status and code are in the text."""
    text = str(errors.Conflict("No money.", operation="withdraw", status=409, code="no_money"))
    assert text == "withdraw: No money. (HTTP 409, no_money)"
    assert str(errors.ConfigurationError("token is empty")) == "token is empty"


def test_an_error_has_what_it_was_given_and_nothing_else() -> None:
    """What is not known is None, and a sentence alone is the whole text."""
    error = CoinBTRError("Not so.")
    assert error.args == ("Not so.",)
    assert vars(error) == {
        "message": "Not so.",
        **dict.fromkeys(("operation", "status", "code", "excerpt", "attempts", "elapsed")),
    }
    assert vars(errors.InvalidValue("Not so.", field="amount", operation="withdraw")) == {
        **vars(error),
        "operation": "withdraw",
        "field": "amount",
    }
    facts = {"operation": "withdraw", "status": 409, "code": "c", "excerpt": "{…}"}
    assert vars(errors.RateLimited("Not so.", retry_after=2.5, **facts)) == {
        **vars(error),
        **facts,
        "retry_after": 2.5,
    }
    assert errors.RateLimited("Not so.").retry_after is None


def test_an_unexpected_answer_shows_what_arrived() -> None:
    """Its beginning is in the text, if there was any."""
    facts = {"operation": "withdraw", "status": 502}
    seen = errors.UnexpectedAnswer("No JSON", excerpt="<html>", **facts)  # type: ignore[arg-type]  # a dict of str and int
    assert str(seen) == "withdraw: No JSON (HTTP 502); it began with '<html>'"
    empty = errors.EmptyAnswer("No body", **facts)  # type: ignore[arg-type]  # a dict of str and int
    assert str(empty) == "withdraw: No body (HTTP 502)"


class Lookup:
    """A client that is asked to look something up."""

    def __init__(self) -> None:
        self.asked: list[tuple[errors.OutcomeUnknown, float]] = []

    def reconcile(self, lost: errors.OutcomeUnknown, *, settle: float = 0) -> str:
        """Note what is asked."""
        self.asked.append((lost, settle))
        return "looked up"


def test_an_unknown_outcome_has_the_facts_of_its_cause() -> None:
    """Status, code and excerpt of the answer that proved nothing; without a cause, none."""
    intent = Intent(operation="withdraw", coin="BTC", address="x")
    cause = errors.ServerError("No.", status=500, code="internal_error", excerpt="{…}")
    lost = errors.OutcomeUnknown("Who knows?", intent=intent, cause=cause)
    assert (lost.status, lost.code, lost.excerpt) == (500, "internal_error", "{…}")
    assert (lost.operation, lost.message, lost.cause) == ("withdraw", "Who knows?", cause)
    assert lost.lost_at == intent.when
    bare = errors.OutcomeUnknown("Who knows?", intent=intent)
    assert (bare.status, bare.code, bare.excerpt, bare.cause) == (None, None, None, None)


def test_an_unknown_outcome_is_looked_up_by_its_client_or_another() -> None:
    """Five seconds to settle unless it is said otherwise; without a client it asks for one."""
    mine, other = Lookup(), Lookup()
    intent = Intent(operation="withdraw", coin="BTC", address="x")
    lost = errors.OutcomeUnknown("Who knows?", intent=intent, via=mine)
    assert lost.reconcile() == "looked up"
    assert lost.reconcile(other, settle=1.5) == "looked up"
    assert (mine.asked, other.asked) == ([(lost, 5.0)], [(lost, 1.5)])
    with pytest.raises(errors.ConfigurationError) as caught:
        errors.OutcomeUnknown("Who knows?", intent=intent).reconcile()
    assert str(caught.value) == "say which client to look with: lost.reconcile(using=client)"

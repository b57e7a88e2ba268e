"""Judges one answer: a success whose body the generated parser can take, or the error that it is.

Pure: bytes in, the decoded body or an error out. The bytes are read once. `success` decides, not
the status alone, and nothing that the description doesn't know passes as a success.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from coinbtr_api import exact_json
from coinbtr_api.operations import Operation
from coinbtr_api.shapes import DATA

from coinbtr.errors import (
    BrokenServerAnswer,
    CoinBTRError,
    EmptyAnswer,
    MalformedAnswer,
    RateLimited,
    Redirected,
    UndocumentedStatus,
    UnexpectedAnswer,
    UnreadableAnswer,
    WrongContentType,
)
from coinbtr.sending.agreement import MismatchError
from coinbtr.wire.engine import Response
from coinbtr.wire.refusals import error_class, failure_words, retry_after
from coinbtr.wire.secret import Token
from coinbtr.wire.shape import ShapeError, shape_of

EXCERPT: Final = 200
_SENTENCE: Final = 500


class Judge:
    """Knows one operation and one token, and judges the answers to its requests."""

    def __init__(self, operation: Operation, token: Token | None) -> None:
        self._operation = operation
        self._token = token

    def success(self, response: Response) -> dict[str, Any]:
        """The decoded body of a success, as the generated parsers read it.

        Raises the CoinBTRError that it is otherwise.
        """
        body = self._decoded(response)
        said = body.get("success")
        if said is False or (said is None and self._is_bare_failure(response, body)):
            raise self._failure(response, body)
        if said is not True:
            problem = "is missing" if "success" not in body else "should be a boolean"
            raise self._malformed(response, "$.success", f"$.success {problem}")
        if response.status != 200:
            raise self._contradicted(response)
        self._bring_into_shape(response, body)
        return body

    def malformed(self, response: Response, reason: str) -> CoinBTRError:
        """The error for a body that passed the check and that the generated parser can't read."""
        return self._malformed(response, "$", f"the answer can't be read: {self._shown(reason)}")

    def disagreeing(self, response: Response, error: MismatchError) -> CoinBTRError:
        """The error for a success that tells of something else than was asked for."""
        message = self._shown(str(error))[:_SENTENCE]
        facts = self._facts(response)
        return MalformedAnswer(message, path=error.path, answered=error.answered, **facts)

    def _decoded(self, response: Response) -> dict[str, Any]:
        status = response.status
        if 300 <= status < 400:
            # The target is not repeated whole: a query may hold anything.
            target = self._shown(response.headers.get("location", "").split("?")[0])
            raise self._unexpected(
                response, Redirected, f"redirected to {target!r}; redirects are never followed"
            )
        if not response.content.strip():
            raise self._unexpected(response, EmptyAnswer, "the answer is empty")
        kind = response.headers.get("content-type", "").split(";")[0].strip()
        if kind and not kind.lower().endswith(("/json", "+json")):
            raise self._unexpected(
                response, WrongContentType, f"the answer is {self._shown(kind)!r}, not JSON"
            )
        try:
            body = exact_json.loads(response.content)
        except ValueError as error:
            reason = self._shown(str(error))
            raise self._unexpected(
                response, UnreadableAnswer, f"the answer can't be read: {reason}"
            ) from None
        if not isinstance(body, dict):
            raise self._malformed(response, "$", "$ should be an object")
        return body

    def _is_bare_failure(self, response: Response, body: dict[str, object]) -> bool:
        """Whether it fails without saying `success`: words at a 4xx or 5xx, `{"detail": …}` at 200.

        Not at any other 2xx: `{"detail": "accepted"}` may be a gateway's, and the order placed.
        """
        fails = response.status >= 400 or (response.status == 200 and "detail" in body)
        return fails and "data" not in body and failure_words(body) != (None, None)

    def _failure(self, response: Response, body: dict[str, object]) -> CoinBTRError:
        sentence, code = failure_words(body)
        kind = error_class(response.status, code)
        facts = {
            **self._facts(response),
            "code": None if code is None else self._shown(code)[:64],
        }
        message = self._shown(sentence or _reason(response.status))[:_SENTENCE]
        if issubclass(kind, RateLimited):
            return kind(message, retry_after=retry_after(response.headers), **facts)
        return kind(message, **facts)

    def _bring_into_shape(self, response: Response, body: dict[str, Any]) -> None:
        data = body.get("data")
        if data is None and self._operation.data_required:
            problem = "is null" if "data" in body else "is missing"
            raise self._malformed(response, "$.data", f"$.data {problem}")
        if data is not None:
            try:
                kind = DATA[self._operation.operation_id]
                body["data"] = shape_of(kind)(data, (None, "data"))
            except ShapeError as error:
                raise self._malformed(response, error.path, str(error)) from None
        elif "data" in body:
            del body["data"]
        if not isinstance(body.get("msg"), str):
            body["msg"] = ""

    def _contradicted(self, response: Response) -> CoinBTRError:
        """A success by its body at another status than 200. Not even a 4xx makes it a refusal."""
        message = f"the status is {response.status}, and the body says success"
        kind = BrokenServerAnswer if response.status >= 500 else UndocumentedStatus
        return kind(message, **self._facts(response))

    def _unexpected(
        self, response: Response, kind: type[UnexpectedAnswer], message: str
    ) -> CoinBTRError:
        """An unexpected answer; at 4xx and 5xx the status says more than what is wrong with it."""
        facts = self._facts(response)
        if response.status == 429:
            return RateLimited(message, retry_after=retry_after(response.headers), **facts)
        if response.status >= 500:
            return BrokenServerAnswer(message, **facts)
        if response.status >= 400:
            return error_class(response.status, None)(message, **facts)
        if response.status not in self._operation.statuses and kind is not Redirected:
            return UndocumentedStatus(f"{response.status} is not documented; {message}", **facts)
        return kind(message, **facts)

    def _malformed(self, response: Response, path: str, message: str) -> CoinBTRError:
        error = self._unexpected(response, UnexpectedAnswer, message)
        if type(error) is not UnexpectedAnswer:
            return error
        return MalformedAnswer(message, path=path, **self._facts(response))

    def _facts(self, response: Response) -> dict[str, Any]:
        excerpt = self._shown(response.content[:65536].decode("utf-8", "replace"))
        return {
            "operation": self._operation.operation_id,
            "status": response.status,
            "excerpt": excerpt if len(excerpt) <= EXCERPT else f"{excerpt[:EXCERPT]}…",
        }

    def _shown(self, text: str) -> str:
        """Text from outside, fit for a terminal; the token is blacked out before any cut."""
        if self._token is not None:
            text = self._token.blacked_out_of(text)
        return "".join(c if c.isprintable() else " " for c in text).strip()


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "the exchange gave no reason"

"""The server under test: the only place of the contract test that its own requests leave from."""

import math
from collections.abc import Callable, Mapping
from http import HTTPStatus
from time import monotonic, sleep
from urllib.parse import quote, urlencode, urlsplit

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.operations import Operation
from coinbtr.wire.engine import (
    AnswerOverLimit,
    AnswerTimedOut,
    Engine,
    EngineError,
    NotConnected,
    Request,
    Timeout,
)

HEALTH_PATH = "/_sandbox/health"
SERVICE = "coinbtr-sandbox"
MARK = "coinbtr-sandbox"

_TIMEOUT = Timeout(connect=5.0, read=20.0, write=10.0, pool=5.0)
# A connection kept alive, or one that was let in at the last moment, may still break after a close.
_TRIES_TO_REACH = 3
# With a second between two requests a server may close a connection just when the next one is sent.
_LAST_ON_IT = {"Connection": "close"}
# What every engine can uncompress.
_ENCODINGS = "gzip, deflate"


class Unreachable(Exception):  # noqa: N818 - the command says "could not test"
    """No connection to the server came about, or none does any more."""


class NoAnswer(Exception):  # noqa: N818 - a finding, not a mistake of ours
    """The server took a request and gave no complete answer."""


class Forbidden(Exception):  # noqa: N818 - stops a mistake of ours before it leaves the machine
    """A request that must not be sent to a server that isn't the sandbox."""


class Server:
    """Sends requests to one base URL, and to nothing else.

    Until `is_sandbox` has been proven, only documented reads leave, at `pace` seconds from one
    to the next, whatever the caller asks for; and each request that was permitted, once.

    Args:
        url: the base URL, checked.
        tokens: the tokens by their names: `mine`, `other`.
        engine: what carries requests; it follows no redirects.
        pace: seconds between two requests to a server that isn't the sandbox.
        wait: what waits, in seconds.
        clock: what gives the seconds.
        is_mine: the user says that all may be done to it, as to the sandbox.
    """

    def __init__(
        self,
        url: str,
        tokens: Mapping[str, str],
        engine: Engine,
        *,
        pace: float = 1.0,
        wait: Callable[[float], None] = sleep,
        clock: Callable[[], float] = monotonic,
        is_mine: bool = False,
    ) -> None:
        self.url = url
        self.is_sandbox = False
        self.health: Answer | None = None
        """The last answer to whether it is the sandbox; None where there was no complete one."""
        self._tokens = dict(tokens)
        self._headers = {name: f"Token {token}" for name, token in tokens.items()}
        self._headers["wrong"] = "Token " + "0" * 40
        if (mine := tokens.get("mine")) is not None:
            # What is nearly a token: another scheme, another last character.
            self._headers["scheme"] = f"Bearer {mine}"
            self._headers["end"] = f"Token {mine[:-1]}{'0' if mine[-1] != '0' else '1'}"
        self._engine = engine
        self._pace = pace
        self._wait = wait
        self._clock = clock
        self._is_mine = is_mine
        self._permitted: list[Call] = []
        self._next = -math.inf

    def __repr__(self) -> str:
        return f"<Server {self.url}>"

    @property
    def health_url(self) -> str:
        """Where a sandbox says that it is one."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{HEALTH_PATH}"

    @property
    def takes_all(self) -> bool:
        """Whether every request may be sent to it."""
        return self.is_sandbox or self._is_mine

    def permit(self, call: Call) -> None:
        """Let this very request leave, once."""
        self._permitted.append(call)

    def has_token(self, name: str) -> bool:
        """Tell whether there is a token of this name."""
        return name in self._tokens

    def prove(self) -> bool:
        """Ask the server whether it is the sandbox; header and health answer must both say so.

        Raises:
            Unreachable: nobody listens.
        """
        self.is_sandbox, self.health = False, None
        try:
            self.health = self._ask_health()
        except EngineError as error:
            if self._has_closed(error):
                raise Unreachable(str(error)) from None
            return False
        health = self.health.document
        says_so = isinstance(health, dict) and health.get("service") == SERVICE
        is_well = self.health.status == HTTPStatus.OK
        self.is_sandbox = is_well and MARK in self.health.headers and says_so
        return self.is_sandbox

    def listens(self) -> bool:
        """Ask whether anybody is there, after an answer was lost: a server may just have closed."""
        for _ in range(_TRIES_TO_REACH):
            if not self.takes_all:
                self._wait_for_turn()
            try:
                self._ask_health()
            except NotConnected:
                return False
            except EngineError:
                continue
            return True
        # It takes connections, and breaks each of them.
        return True

    def call(
        self,
        operation: Operation,
        *,
        query: Mapping[str, object] | str = "",
        content: bytes = b"",
        content_type: str | None = None,
        token: str | None = None,
    ) -> Call:
        """Describe a request to an operation, without sending it."""
        text = query if isinstance(query, str) else urlencode(query, quote_via=quote)
        return Call(
            operation=operation,
            method=operation.method,
            url=f"{self.url}{operation.path}" + (f"?{text}" if text else ""),
            content=content,
            content_type=content_type,
            token=token,
            encodings=_ENCODINGS,
        )

    def send(self, call: Call) -> Answer:
        """Send a request once.

        Raises:
            Forbidden: it isn't a documented read, and the server isn't the sandbox.
            NoAnswer: the server took it and gave no complete answer.
            Unreachable: no connection came about, or none does any more.
        """
        if not self.takes_all:
            if call in self._permitted:
                self._permitted.remove(call)
            elif call.operation.effect != "read" or call.method != call.operation.method:
                raise Forbidden(f"{call.method} {call.operation.path}")
            self._wait_for_turn()
        headers = {"Accept": "application/json", **({} if self.takes_all else _LAST_ON_IT)}
        if call.encodings is not None:
            headers["Accept-Encoding"] = call.encodings
        if call.content_type is not None:
            headers["Content-Type"] = call.content_type
        if call.token is not None:
            # A token without a name of ours is sent as it stands: a malformed header.
            headers["Authorization"] = self._headers.get(call.token, call.token)
        request = Request(
            method=call.method,
            url=call.url,
            headers=headers,
            content=call.content,
            timeout=_TIMEOUT,
        )
        try:
            response = self._engine.send(request)
        except NotConnected as error:
            raise Unreachable(str(error)) from None
        except EngineError as error:
            if self._has_closed(error):
                raise Unreachable(f"it stopped answering; the last request was {call}") from None
            raise NoAnswer(str(error)) from None
        return Answer(status=response.status, headers=response.headers, content=response.content)

    def _has_closed(self, error: EngineError) -> bool:
        # Who is late, or sends too much, is there.
        is_there = isinstance(error, AnswerTimedOut | AnswerOverLimit)
        return isinstance(error, NotConnected) or not (is_there or self.listens())

    def _ask_health(self) -> Answer:
        response = self._engine.send(
            Request(
                method="GET",
                url=self.health_url,
                headers={} if self.takes_all else _LAST_ON_IT,
                timeout=_TIMEOUT,
            )
        )
        return Answer(status=response.status, headers=response.headers, content=response.content)

    def _wait_for_turn(self) -> None:
        now = self._clock()
        if now < self._next:
            self._wait(self._next - now)
        self._next = max(now, self._next) + self._pace

"""One request from its head to what goes out: limits, faults, answer, commit, log.

An adapter drives it: it begins with the head, reads the body when one is wanted, lets the request
be carried out, commits, and delivers what comes of it.
"""

import re
from collections.abc import Mapping
from logging import INFO
from time import perf_counter_ns
from typing import Any, Final

from attrs import evolve

from coinbtr.sandbox import files
from coinbtr.sandbox.api import Api
from coinbtr.sandbox.core.tokens import digest_of
from coinbtr.sandbox.delivery import Delivery, Ending
from coinbtr.sandbox.faults import Draw, Faults
from coinbtr.sandbox.faults.doing import NothingToSpoil, do
from coinbtr.sandbox.journal import JournalError
from coinbtr.sandbox.logs import LOGGER, log_request
from coinbtr.sandbox.operations import Operation
from coinbtr.sandbox.rate_limits import RateLimiter
from coinbtr.sandbox.replica import Replica
from coinbtr.sandbox.request_log import MOST_OF_A_BODY, RecordedRequest, RequestLog, without
from coinbtr.sandbox.router import HEALTH_PATH, Router, check_size, internal_error, refusal
from coinbtr.sandbox.sequencer import Sequencer
from coinbtr.sandbox.surface import Admitted, RequestRefused
from coinbtr.wire.engine import Request, Response

_TARGET: Final = re.compile("[/?#].*", re.DOTALL)
_LONG: Final = frozenset({"advanceClock"})  # days of the live market, some seconds each


class Pipeline:
    """What every request goes through; can be shared between threads.

    Limits, faults and log are for the exchange's API only, not for health, control plane and page.

    Args:
        router: what finds the operation and works the answer out.
        sequencer: what the exchange is reached by.
        api: the exchange's API, one of the router's surfaces.
        faults: what goes wrong.
        replica: what stale reads are answered from.
        requests: where each request is recorded.
        limiter: what holds back who sends too much; None is nothing.
    """

    def __init__(
        self,
        router: Router,
        sequencer: Sequencer,
        *,
        api: Api,
        faults: Faults,
        replica: Replica,
        requests: RequestLog,
        limiter: RateLimiter | None,
    ) -> None:
        self.router = router
        self.sequencer = sequencer
        self.api = api
        self.faults = faults
        self.replica = replica
        self.requests = requests
        self.limiter = limiter

    def handle(self, request: Request, peer: str = "127.0.0.1") -> Delivery:
        """Take a whole request that came from the address `peer`; nothing is raised."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        cycle = self.begin(request.method, target_of(request.url), headers, peer)
        return cycle.commit(cycle.carry_out(request.content))

    def begin(self, method: str, target: str, headers: Mapping[str, str], peer: str) -> "Cycle":
        """Check what the head of a request tells: path, method, token, and the size it announces.

        Args:
            method: as it was sent.
            target: path and query, as they were sent, without scheme and host.
            headers: with lower-case names.
            peer: the address that it came from.
        """
        return Cycle(self, method, target, headers, peer)


class Cycle:
    """One request: `carry_out` it, then `commit`, or `finish` when somebody else committed."""

    __slots__ = (
        "_admitted",
        "_began_ns",
        "_body",
        "_faults",
        "_file",
        "_headers",
        "_is_aside",
        "_method",
        "_operation",
        "_path",
        "_peer",
        "_pipeline",
        "_query",
        "_refused",
        "_surface",
    )

    def __init__(
        self, pipeline: Pipeline, method: str, target: str, headers: Mapping[str, str], peer: str
    ) -> None:
        self._began_ns = perf_counter_ns()
        self._pipeline = pipeline
        self._method = method
        self._path, _, self._query = target.partition("#")[0].partition("?")
        self._headers = headers
        self._peer = peer
        self._body = b""
        self._faults: tuple[str, ...] = ()
        self._surface = pipeline.router.surface(self._path)
        self._file = files.find(self._path)
        self._is_aside = self._path == HEALTH_PATH or self._file is not None
        self._operation: Operation | None = None
        self._admitted: Admitted | None = None
        self._refused: Response | None = None
        self._check_head()

    @property
    def wants_body(self) -> bool:
        """Whether the body is needed; if not, it need not be read."""
        return self._admitted is not None and self._admitted.operation.body is not None

    @property
    def max_body(self) -> int:
        """How many bytes of a body are worth reading: one more is refused."""
        return 0 if self._admitted is None else self._admitted.operation.max_body

    @property
    def tells_of_state(self) -> bool:
        """Whether the answer tells of the exchange, and may not go out before a commit."""
        return self._admitted is not None

    @property
    def takes_long(self) -> bool:
        """Whether it may take so long that others should be served meanwhile."""
        return self._admitted is not None and self._admitted.operation.operation_id in _LONG

    def carry_out(self, content: bytes) -> Delivery:
        """Do what is asked for, and what goes wrong with it; nothing is raised."""
        admitted = self._admitted
        if admitted is None:
            return Delivery(self._refused or internal_error(self._surface, self._path))
        self._body = content
        pipeline = self._pipeline
        operation = admitted.operation
        if self._surface is pipeline.api:
            draw = pipeline.faults.draw(operation.operation_id, is_read=operation.is_read)
            if draw is not None:
                return self._spoil(admitted, content, draw)
        return Delivery(pipeline.router.answer(admitted, content))

    def commit(self, delivery: Delivery) -> Delivery:
        """Commit what was done so far, then `finish`."""
        is_committed = True
        if self.tells_of_state:
            try:
                self._pipeline.sequencer.commit()
            except JournalError:
                is_committed = False
        return self.finish(delivery, is_committed=is_committed)

    def finish(self, delivery: Delivery, *, is_committed: bool) -> Delivery:
        """Record the request, and give what goes out: an error when the commit has failed."""
        if not is_committed:
            delivery = Delivery(internal_error(self._surface, "the journal"))
        pipeline = self._pipeline
        if self._surface is pipeline.api and not self._is_aside:
            pipeline.requests.record(self._recorded(delivery))
        if LOGGER.isEnabledFor(INFO) and not self._is_aside:
            log_request(self._recorded(delivery))
        return delivery

    def _check_head(self) -> None:
        router, surface = self._pipeline.router, self._surface
        if self._path == HEALTH_PATH:
            self._refused = router.answer_health(self._method)
            return
        if self._file is not None:
            self._refused = router.answer_file(self._file, self._method, self._headers)
            self._leave_body_out()
            return
        try:
            operation, caller = self._let_in()
            check_size(operation, self._headers)
        except RequestRefused as refused:
            self._refused = refusal(surface, refused)
        except Exception:  # noqa: BLE001 - a server must answer, whatever is wrong with it
            self._refused = internal_error(surface, f"{self._method} {self._path}")
        else:
            self._admitted = Admitted(
                surface, operation, caller, self._query, self._headers, self._peer
            )
            return
        self._leave_body_out()

    def _leave_body_out(self) -> None:
        """Give a HEAD the head of what a GET is answered."""
        full = self._refused
        if self._method == "HEAD" and full is not None:
            length = {"content-length": str(len(full.content))}
            self._refused = Response(status=full.status, headers={**full.headers, **length})

    def _let_in(self) -> tuple[Operation, Any]:
        """Find the operation and the caller, within the caller's limit.

        Raises:
            RequestRefused: there is no such operation, the caller may not, or sends too much.
        """
        surface = self._surface
        try:
            operation = self._pipeline.router.operation(surface, self._method, self._path)
            self._operation = operation
            caller = surface.authenticate(operation, self._headers, self._peer)
        except RequestRefused as refused:
            raise self._over_limit(private=False) or refused from None
        over = self._over_limit(private=operation.secured)
        if over is not None:
            raise over
        return operation, caller

    def _over_limit(self, *, private: bool) -> RequestRefused | None:
        limiter = self._pipeline.limiter
        if limiter is None or self._surface is not self._pipeline.api:
            return None
        key = digest_of(self._token()) if private else self._peer
        wait = limiter.take(key, private=private, now_ms=self._pipeline.sequencer.clock.now_ms())
        if not wait:
            return None
        sentence = f"Too many requests; nothing was done. Wait {wait} s."
        return RequestRefused("rate_limited", sentence, {"retry-after": str(wait)})

    def _spoil(self, admitted: Admitted, content: bytes, draw: Draw) -> Delivery:
        pipeline = self._pipeline

        def perform() -> Response:
            return pipeline.router.answer(admitted, content)

        def perform_earlier() -> Response:
            surface = pipeline.replica.earlier(admitted.caller)
            return pipeline.router.answer(evolve(admitted, surface=surface), content)

        try:
            delivery = do(draw, perform, perform_earlier)
        except NothingToSpoil as nothing:
            pipeline.faults.take_back(draw)
            delivery = Delivery(nothing.response, draw.latency_ms)
        self._faults = tuple(draw.names)
        return delivery

    def _recorded(self, delivery: Delivery) -> RecordedRequest:
        pipeline, admitted, token = self._pipeline, self._admitted, self._token()
        is_silent = delivery.ending in (Ending.DROPPED, Ending.RESET)
        account = None
        if admitted is not None and self._surface is pipeline.api and admitted.caller is not None:
            # A restore may have come in between, to a state without this account.
            owner = pipeline.sequencer.exchange.accounts.get(admitted.caller.account_id)
            account = owner.username if owner else None
        return RecordedRequest(  # by position: at half the cost
            pipeline.sequencer.clock.now_ms(),
            self._method,
            without(token, self._path),
            without(token, self._query),
            self._operation.operation_id if self._operation else None,
            account,
            None if is_silent else delivery.response.status,
            (perf_counter_ns() - self._began_ns) // 1000,
            self._faults,
            without(token, self._body.decode("utf-8", "replace"))[:MOST_OF_A_BODY],
        )

    def _token(self) -> str:
        """The token that was sent, right or wrong."""
        header = self._headers.get("authorization", "").strip()
        return header.partition(" ")[2].strip() or header


def target_of(url: str) -> str:
    """Take scheme and host off a URL, without decoding anything."""
    _, found, rest = url.partition("://")
    if not found:
        return url
    target = _TARGET.search(rest)
    return target[0] if target else ""

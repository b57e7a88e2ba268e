"""A request that moves money was sent, and nobody can say yet what became of it."""

# ruff: noqa: N818 - the name says what happened, and reads so in an `except` line.
from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from coinbtr.errors.base import CoinBTRError, ConfigurationError
from coinbtr.sending.intent import Intent


class Reconciler(Protocol):
    """What can look up the outcome of an intent: a client, sync or async."""

    def reconcile(self, lost: OutcomeUnknown, *, settle: float = ...) -> Any:
        """Find out what became of it."""
        ...


class OutcomeUnknown(CoinBTRError):
    """The request was sent, and the answer doesn't tell whether it was carried out.

    It is never sent again by itself: look up what became of it with `reconcile`, which reads only.
    `intent` says what was to be done, `cause` is the typed error of the attempt, `lost_at` the time
    when the answer was given up (UTC). It pickles, without the client.
    """

    def __init__(
        self,
        message: str,
        *,
        intent: Intent,
        cause: CoinBTRError | None = None,
        lost_at: datetime | None = None,
        via: Reconciler | None = None,
    ) -> None:
        facts = cause or CoinBTRError(message)
        super().__init__(
            message,
            operation=intent.operation,
            status=facts.status,
            code=facts.code,
            excerpt=facts.excerpt,
        )
        self.intent = intent
        self.cause = cause
        self.lost_at = lost_at or intent.when
        self._via = via

    def reconcile(self, using: Reconciler | None = None, *, settle: float = 5.0) -> Any:
        """Find out what became of the request; it is not sent again. Await it in async code.

        Gives what `reconcile` of the client gives, with its type where you call that one.

        Args:
            using: the client to read with; by default the one that sent. Give one after unpickling.
            settle: seconds after the loss before "not found" is believed: until then the request
                may still be under way.

        Raises:
            ConfigurationError: the error was unpickled or read from a log, and `using` is missing.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        via = using or self._via
        if via is None:
            raise ConfigurationError("say which client to look with: lost.reconcile(using=client)")
        return via.reconcile(self, settle=settle)

    def __reduce__(self) -> tuple[Any, ...]:
        restore, (kind, arguments, state) = super().__reduce__()
        return restore, (kind, arguments, {**state, "_via": None})

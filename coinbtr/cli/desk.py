"""What a command works with: the place that was chosen, and clients to read and to send with."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar

from coinbtr import CoinBTR
from coinbtr.cli import state
from coinbtr.cli.options import Where
from coinbtr.cli.places import Place, choose
from coinbtr.cli.proof import is_sandbox
from coinbtr.cli.reporting import progress, say
from coinbtr.config import DEFAULT_TIMEOUT
from coinbtr.errors import ConfigurationError, OutcomeUnknown
from coinbtr.wire.httpx_engine import HttpxEngine

T = TypeVar("T")

# The command says itself what became of a request; without a handler Python would say it again.
logging.getLogger("coinbtr").addHandler(logging.NullHandler())


class Desk:
    """One command's connection; use it in a `with` block.

    A public one has no token. Raises ConfigurationError where options, environment and
    configuration don't fit together.
    """

    def __init__(self, where: Where, *, public: bool = False) -> None:
        self.where = where
        self.place: Place = choose(where, public=public)
        self._timeout = DEFAULT_TIMEOUT if where.timeout is None else where.timeout
        self._engine = HttpxEngine()
        if where.token is not None:
            say("warning: --token shows the token to everybody who lists processes: --token-file")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.close()

    @cached_property
    def exchange(self) -> CoinBTR:
        """A client to read with; it withdraws nothing and keeps no log."""
        return self._client(self.place.token)

    @cached_property
    def label(self) -> str:
        """LIVE, SANDBOX if the server proves it, or the host."""
        if self.place.is_live:
            return "LIVE"
        return "SANDBOX" if is_sandbox(self._engine, self.place.base_url) else self.place.host

    def book(self, given: str | None) -> str:
        """The book that was given, or the profile's. Raises ConfigurationError without either."""
        book = given or self.place.profile.book
        if book is None:
            raise ConfigurationError(
                "name a book such as btc-mxn, or set a default: coinbtr config set book btc-mxn"
            )
        return book

    def all_of(self, pages: Iterable[T], what: str) -> list[T]:
        """Every entry of a list, with progress on a terminal."""
        entries = []
        with progress(f"Reading {what}") as counter:
            for entry in pages:
                entries.append(entry)
                counter.step()
        return entries

    @contextmanager
    def sending(
        self, *, allow_withdrawals: bool = False, log: Path | None = None
    ) -> Iterator[CoinBTR]:
        """A client to send with, which writes to the intent log; no other command does meanwhile.

        Raises OutcomeUnknown, too, for a call that was interrupted after it was sent.
        """
        log = log or state.log_path(self.place)
        with state.alone(log):
            client = self._client(
                self.place.token,
                guards=self.place.guards(allow_withdrawals=allow_withdrawals),
                intent_log=log,
                # A command remembers nothing of the last one, so it reads what is old first.
                watermark="read",
            )
            known = {lost.intent.id for lost in client.unresolved}
            with client:
                try:
                    yield client
                except KeyboardInterrupt:
                    for lost in client.unresolved:
                        if lost.intent.id not in known:
                            raise lost from None
                    raise

    def unresolved(self) -> list[OutcomeUnknown]:
        """What former commands sent from here with an outcome that nobody knows yet."""
        log = state.log_path(self.place)
        with state.alone(log):  # what another command is sending just now is not lost
            return state.open_intents(log)

    def _client(self, token: str | None, **options: Any) -> CoinBTR:
        return CoinBTR(
            token,
            base_url=self.place.base_url,
            timeout=self._timeout,
            engine=self._engine,
            **options,
        )

# Derived from coinbtr/_async/seam.py by `make generate`: edit that file, not this one.
"""Sends what a generated operation built and gives what its parser makes of the answer, or raises.

Here alone requests leave the package. Nothing is sent twice.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from coinbtr_api.models.error import Error
from coinbtr_api.operations import OPERATIONS, Operation

from coinbtr.config import Config
from coinbtr.errors import (
    ClientClosed,
    CoinBTRError,
    ConfigurationError,
    InferredOperationWarning,
)
from coinbtr.wire.engine import Engine, Response
from coinbtr.wire.outgoing import outgoing
from coinbtr.wire.secret import bare
from coinbtr.wire.verdict import Failure, failure, verdict

T = TypeVar("T")


class Seam:
    """One client's way to its server: where, with which token, over which engine."""

    def __init__(self, config: Config, engine: Engine, *, owns_engine: bool) -> None:
        self._config = config
        self._engine = engine
        self._owns_engine = owns_engine
        self._closed = False
        self._warned: set[str] = set()

    @property
    def label(self) -> str:
        """LIVE, SANDBOX or the host."""
        return self._config.label

    def call(
        self, operation_id: str, kwargs: dict[str, Any], parse: Callable[..., T | Error | None]
    ) -> T:
        """Carry out one operation.

        Args:
            operation_id: its name in the description.
            kwargs: what the generated `_get_kwargs` gave.
            parse: the generated `_parse_response`.

        Raises:
            CoinBTRError: any of the tree; its frames hold neither the request nor the token.
        """
        operation = OPERATIONS[operation_id]
        self._check(operation)
        # One expression: no local of this frame, which errors are raised from, holds the answer.
        result = verdict(operation, self._exchange(operation, kwargs), parse, self._config.token)
        if isinstance(result, CoinBTRError):
            raise result
        return result

    def close(self) -> None:
        """Close the engine if this client made it; a second call does nothing."""
        if not self._closed:
            self._closed = True
            if self._owns_engine:
                self._engine.close()

    def _check(self, operation: Operation) -> None:
        name = operation.operation_id
        if self._closed:
            raise ClientClosed("the client is closed", operation=name)
        if operation.secured and self._config.token is None:
            raise ConfigurationError(
                "this operation needs a token: give token and base_url, or set COINBTR_TOKEN and"
                " COINBTR_BASE_URL",
                operation=name,
            )
        if operation.inferred and name not in self._warned:
            self._warned.add(name)
            warnings.warn(
                f"{name} ({operation.method} {operation.path}) is not in the exchange's reference:"
                " that it exists is inferred",
                InferredOperationWarning,
                stacklevel=4,
            )

    def _exchange(self, operation: Operation, kwargs: dict[str, Any]) -> Response | Failure:
        """The answer, or why there is none. The request is no local here, and never outlives it."""
        config = self._config
        try:
            return self._engine.send(
                outgoing(
                    operation,
                    kwargs,
                    base_url=config.base_url,
                    token=config.token,
                    timeout=config.timeout,
                )
            )
        except Exception as error:  # noqa: BLE001 - an engine may raise anything
            return failure(error)
        except BaseException as error:  # noqa: BLE001 - an interrupt or a cancellation goes on
            # … as it is, but without the frames it came through.
            raise bare(error)  # noqa: B904 - a cause or context would bring those frames back

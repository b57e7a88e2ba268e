"""Sets a served sandbox back to how it was when `coinbtr contract` began: by its control plane."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from secrets import token_hex
from typing import Final
from urllib.parse import urlsplit

from coinbtr.contract.server import Server, Unreachable
from coinbtr.wire.engine import Engine, EngineError, Request

_PATH: Final = "/_sandbox/snapshots/"


class NoControl(Exception):  # noqa: N818 - the command says so, with status 2
    """The control plane did not do what it was told."""


class Kept:
    """A state that a sandbox keeps.

    Args:
        url: the base URL of the sandbox.
        secret: the secret of its control plane.
        engine: what carries the requests.
    """

    def __init__(self, url: str, secret: str, engine: Engine) -> None:
        parts = urlsplit(url)
        self._url = f"{parts.scheme}://{parts.netloc}{_PATH}"
        self._secret = secret
        self._engine = engine
        self._name = f"contract-{token_hex(8)}"

    def __call__(self) -> None:
        """Go back to it.

        Raises:
            Unreachable: the sandbox doesn't answer, or doesn't do it.
        """
        try:
            self.tell("restore")
        except NoControl as error:
            raise Unreachable(str(error)) from None

    def tell(self, what: str) -> None:
        """Let the sandbox take, restore or remove it.

        Raises:
            NoControl: there was no answer, or a refusal.
        """
        headers = {"Authorization": f"Secret {self._secret}", "Content-Type": "application/json"}
        body = json.dumps({"name": self._name}).encode()
        request = Request(method="POST", url=self._url + what, headers=headers, content=body)
        try:
            status = self._engine.send(request).status
        except EngineError as error:
            raise NoControl(f"no answer of the control plane: {error}") from None
        if status != HTTPStatus.OK:
            raise NoControl(f"the control plane answered {status}")


@contextmanager
def kept(url: str, secret: str | None, engine: Engine) -> Iterator[Kept | None]:
    """Let a sandbox keep its state as it is now, if there is a secret, and forget it at the end.

    Nothing is told to a server that doesn't prove to be the sandbox.

    Raises:
        NoControl: the secret is wrong, or callers from here are not let in.
    """
    state = None
    if secret is not None:
        with suppress(Unreachable):
            if Server(url, {}, engine).prove():
                state = Kept(url, secret, engine)
                state.tell("take")
    try:
        yield state
    finally:
        if state is not None:
            with suppress(NoControl):
                state.tell("remove")

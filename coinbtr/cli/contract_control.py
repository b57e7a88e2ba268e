"""How `coinbtr contract` speaks with the control plane of a sandbox."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from secrets import token_hex
from typing import Any, Final
from urllib.parse import urlsplit

from coinbtr_api import exact_json

from coinbtr.contract.control import NoControl
from coinbtr.contract.server import Unreachable
from coinbtr.wire.engine import Engine, EngineError, Request

_PATH: Final = "/_sandbox/"


class ControlPlane:
    """The control plane of a sandbox; each method raises `NoControl` where it is not obeyed.

    Args:
        url: the base URL of the sandbox.
        secret: the secret of its control plane.
        engine: what carries the requests.
    """

    def __init__(self, url: str, secret: str, engine: Engine) -> None:
        parts = urlsplit(url)
        self._url = f"{parts.scheme}://{parts.netloc}{_PATH}"
        self._headers = {"Authorization": f"Secret {secret}", "Content-Type": "application/json"}
        self._engine = engine

    def advance(self, seconds: int) -> datetime:
        """Move the exchange's clock on, or not with 0, and give its time, in UTC."""
        told = self.tell("clock/advance", {"seconds": seconds})
        try:
            return datetime.fromisoformat(told["time"])
        except (LookupError, TypeError, ValueError):
            raise NoControl("the control plane does not tell the time") from None

    def credit(self, account: str, coin: str, amount: Decimal) -> None:
        """Let a deposit of an account arrive that waits for its blocks."""
        given = {"account": account, "coin": coin.lower(), "amount": amount, "confirmed": False}
        self.tell("credit", given)

    def tell(self, what: str, arguments: Mapping[str, object]) -> Any:
        """Let it do something, and give what it answers."""
        content = exact_json.dumps(arguments)
        request = Request(
            method="POST", url=self._url + what, headers=self._headers, content=content
        )
        try:
            response = self._engine.send(request)
        except EngineError as error:
            raise NoControl(f"no answer of the control plane: {error}") from None
        if response.status != HTTPStatus.OK:
            raise NoControl(f"the control plane answered {response.status} to {what}")
        try:
            return exact_json.loads(response.content)["data"]
        except (exact_json.ExactJSONError, LookupError, TypeError):
            raise NoControl(f"the control plane's answer to {what} can't be read") from None


class Kept:
    """A state that a sandbox keeps, and goes back to."""

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._name = {"name": f"contract-{token_hex(8)}"}
        control.tell("snapshots/take", self._name)

    def __call__(self) -> None:
        """Go back to it.

        Raises:
            Unreachable: the sandbox doesn't answer, or doesn't do it.
        """
        try:
            self._control.tell("snapshots/restore", self._name)
        except NoControl as error:
            raise Unreachable(str(error)) from None

    def forget(self) -> None:
        """Remove it."""
        self._control.tell("snapshots/remove", self._name)


@contextmanager
def kept(control: ControlPlane) -> Iterator[Kept]:
    """Let a sandbox keep its state as it is now, and forget it at the end.

    Raises:
        NoControl: the secret is wrong, or callers from here are not let in.
    """
    state = Kept(control)
    try:
        yield state
    finally:
        with suppress(NoControl):
            state.forget()


@contextmanager
def issued(control: ControlPlane, account: str) -> Iterator[str]:
    """Let a sandbox issue a token of an account, which may do everything; revoke it at the end.

    Raises:
        NoControl: it doesn't.
    """
    made = control.tell("tokens/issue", {"account": account})
    try:
        token, number = made["token"], {"id": made["id"]}
    except (LookupError, TypeError):
        raise NoControl("the control plane issued no token") from None
    try:
        yield token
    finally:
        with suppress(NoControl):
            control.tell("tokens/revoke", number)

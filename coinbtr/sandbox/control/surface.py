"""The control plane as a surface that the router serves: its secret, its callers, its answers."""

from collections.abc import Mapping
from functools import cache
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from coinbtr import description
from coinbtr.sandbox.answers import answer, success
from coinbtr.sandbox.control.control import Control
from coinbtr.sandbox.control.errors import ControlError
from coinbtr.sandbox.control.handlers import HANDLERS
from coinbtr.sandbox.control.plain import plain
from coinbtr.sandbox.core.errors import Refusal
from coinbtr.sandbox.operations import Operation, Table, read_table
from coinbtr.sandbox.surface import Admitted, RequestRefused
from coinbtr.wire.engine import Response

_CHALLENGE = {"www-authenticate": "Secret"}

BASE_PATH: Final = "/_sandbox"
"""The path of the description's server: written here so that it is read at the first call only."""

_BARE: Final = "getDescription"  # without the envelope: tools read it


@cache
def control_table() -> Table:
    """Make the table of the control plane's operations, once for a process."""
    source = description.load("sandbox")
    return read_table(source, str(source["servers"][0]["url"]))


class ControlSurface:
    """The surface that the description `openapi/sandbox.yaml` lists.

    Args:
        control: what does the work.
        secret: what a caller must know.
        from_anywhere: take calls from other machines, too.
    """

    def __init__(self, control: Control, secret: str, *, from_anywhere: bool = False) -> None:
        self._control = control
        self._secret = secret.encode()
        self._from_anywhere = from_anywhere

    @property
    def base_path(self) -> str:
        """What the paths are below."""
        return BASE_PATH

    @property
    def table(self) -> Table:
        """The operations and the statuses of the error codes."""
        return control_table()

    def authenticate(self, operation: Operation, headers: Mapping[str, str], peer: str) -> None:
        """Let a caller in who is near enough and knows the secret.

        Raises:
            RequestRefused: `forbidden`, `authentication_required`, `invalid_secret`.
        """
        if not operation.secured:
            return
        if not self._from_anywhere and not _is_loopback(peer):
            sentence = "The control plane takes calls from this machine only."
            raise RequestRefused("forbidden", sentence)
        if _is_of_another_site(headers):
            sentence = "The control plane takes no calls from pages of other sites."
            raise RequestRefused("forbidden", sentence)
        header = headers.get("authorization")
        if header is None:
            sentence = "This operation needs the header 'Authorization: Secret <secret>'."
            raise RequestRefused("authentication_required", sentence, _CHALLENGE)
        scheme, _, secret = header.strip().partition(" ")
        given = secret.strip().encode("utf-8", "surrogateescape")
        if scheme.lower() != "secret" or not compare_digest(given, self._secret):
            sentence = "The header must be 'Authorization: Secret <secret>' with the sandbox's own."
            raise RequestRefused("invalid_secret", sentence, _CHALLENGE)

    def perform(self, admitted: Admitted, arguments: Mapping[str, Any]) -> Response:
        """Let the operation's handler do its work.

        Raises:
            RequestRefused: it can't be done; nothing has changed.
        """
        name = admitted.operation.operation_id
        try:
            data = plain(HANDLERS[name].answer(self._control, arguments))
        except (ControlError, Refusal) as refused:
            raise RequestRefused(refused.code, refused.sentence) from None
        return answer(HTTPStatus.OK, data) if name == _BARE else success(data)


def _is_loopback(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False


def _is_of_another_site(headers: Mapping[str, str]) -> bool:
    """Tell whether a browser says that a page of another origin made it send this."""
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")

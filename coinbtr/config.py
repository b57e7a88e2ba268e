"""Where requests go and with which token: the rules, applied once when a client is made.

A token goes only where the user said: with one, the base URL is given (parameter or environment) or
the live exchange is named. Plain http is for loopback only.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

from attrs import asdict, frozen

from coinbtr.errors import ConfigurationError
from coinbtr.sending.retries import Retries
from coinbtr.wire.engine import Timeout
from coinbtr.wire.secret import Token, bare, checked_token

LIVE_URL: Final = "https://coinbtr.com/api/v1"
LIVE_HOSTS: Final = frozenset({"coinbtr.com", "api.coinbtr.com"})
WatermarkMode = Literal["first", "read", "seen"]

DEFAULT_TIMEOUT: Final = Timeout()
LONGEST_TIMEOUT: Final = 1_000_000
"""The longest time-out that an engine is sure to wait, in seconds: eleven days."""
DEFAULT_RETRIES: Final = Retries()
DEFAULT_DEADLINE: Final = 60.0
TOKEN_VARIABLE: Final = "COINBTR_TOKEN"  # noqa: S105 - the variable's name
URL_VARIABLE: Final = "COINBTR_BASE_URL"

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")


@frozen(kw_only=True)
class Config:
    """The outcome of the rules; `label` (LIVE, SANDBOX or the host) is for the repr."""

    base_url: str
    token: Token | None
    label: str
    timeout: Timeout
    retries: Retries = DEFAULT_RETRIES
    deadline: float | None = DEFAULT_DEADLINE
    watermark: WatermarkMode = "first"


def resolve(
    token: str | None,
    base_url: str | None,
    environment: str | None,
    timeout: Timeout | float,
    environ: Mapping[str, str],
) -> Config | ConfigurationError:
    """The configuration of these parameters and environment variables, or the error to raise.

    The error is given back, not raised: the caller raises it from a frame without the token.
    """
    try:
        return _resolve(token, base_url, environment, timeout, environ)
    except ConfigurationError as error:
        return bare(error)


def embedded(key: str, base_url: str, timeout: Timeout | float) -> Config | ConfigurationError:
    """The configuration over the embedded sandbox: the only one that may say SANDBOX.

    The error is given back, as `resolve` does.
    """
    try:
        return Config(
            base_url=base_url,
            token=checked_token(key),
            label="SANDBOX",
            timeout=to_timeout(timeout),
        )
    except ConfigurationError as error:
        return bare(error)


def _resolve(
    token: str | None,
    base_url: str | None,
    environment: str | None,
    timeout: Timeout | float,
    environ: Mapping[str, str],
) -> Config:
    if environment not in (None, "live"):
        raise ConfigurationError(
            f'environment must be "live" or left out, not {environment!r};'
            " any other server is named by base_url"
        )
    # An empty variable counts as unset, as is the custom of shells; an empty parameter does not.
    key = token if token is not None else environ.get(TOKEN_VARIABLE) or None
    url, origin = base_url, "base_url"
    if url is None and (from_environment := environ.get(URL_VARIABLE)):
        url, origin = from_environment, URL_VARIABLE
    address = None if url is None else checked_url(url, origin)
    if environment == "live":
        if address not in (None, LIVE_URL):
            raise ConfigurationError(
                f'environment="live" means {LIVE_URL}, but {origin} says {address}'
            )
        address = LIVE_URL
    if key is not None and address is None:
        raise ConfigurationError(
            f"a token is sent only where you say: give base_url, set {URL_VARIABLE},"
            ' or name the live exchange with environment="live"'
        )
    address = address or LIVE_URL
    host = urlsplit(address).netloc
    return Config(
        base_url=address,
        token=None if key is None else checked_token(key),
        label="LIVE" if urlsplit(address).hostname in LIVE_HOSTS else host,
        timeout=to_timeout(timeout),
    )


def checked_url(url: object, origin: str = "base_url") -> str:
    """The base URL in its plain form, without a slash at the end: `https://host[:port][/path]`.

    Raises ConfigurationError, naming `origin`, for anything else: user and password, a query, a
    fragment, a host that is not ASCII, and plain http to a host that is not loopback.
    """
    if not isinstance(url, str):
        raise ConfigurationError(f"{origin} must be a str, not {type(url).__name__}")
    # First of all, and without repeating the URL: what stands before an @ is a secret.
    if "@" in url:
        raise ConfigurationError(f"{origin} must not hold a user or password")
    if not all("!" <= character <= "~" for character in url):
        raise ConfigurationError(f"{origin} must be visible ASCII only: {url!r}")
    if "?" in url or "#" in url:
        raise ConfigurationError(f"{origin} must not hold a query or fragment")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigurationError(f"{origin} is not a valid URL: {error}") from None
    scheme, host = parts.scheme.lower(), parts.netloc.lower().removesuffix(f":{port}")
    if scheme not in ("http", "https") or _HOST.fullmatch(host) is None or port == 0:
        raise ConfigurationError(
            f"{origin} must look like https://host/path or http://127.0.0.1:8642/path, not {url!r}"
        )
    path = parts.path.rstrip("/")
    if _PATH.fullmatch(path) is None or {".", ".."} & set(path.split("/")):
        raise ConfigurationError(f"{origin} must have a plain path such as /api/v1, not {path!r}")
    if scheme == "http" and not _is_loopback(host):
        raise ConfigurationError(
            f"{origin} must be https: plain http is for loopback only, and {host} is not"
        )
    return f"{scheme}://{host}{'' if port is None else f':{port}'}{path}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def to_watermark(watermark: WatermarkMode) -> WatermarkMode:
    """The checked word. Raises ConfigurationError for any other."""
    if watermark not in get_args(WatermarkMode):
        raise ConfigurationError(f'watermark must be "first", "read" or "seen", not {watermark!r}')
    return watermark


def to_timeout(timeout: Timeout | float) -> Timeout:
    """The time-outs of a number of seconds for each step, or of a Timeout, checked.

    Raises ConfigurationError for None (a request never waits for ever), 0, negatives, infinity, and
    more than a million seconds, which no engine could wait.
    """
    if not isinstance(timeout, Timeout):
        timeout = Timeout(connect=timeout, read=timeout, write=timeout, pool=timeout)
    steps: dict[str, object] = asdict(timeout)
    for step, seconds in steps.items():
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise ConfigurationError(
                f"timeout must be a number of seconds or a Timeout, and {step} is {seconds!r}"
            )
        if not 0 < seconds <= LONGEST_TIMEOUT:  # NaN, too
            raise ConfigurationError(
                f"timeout must be above 0 and at most {LONGEST_TIMEOUT} seconds, and {step} is"
                f" {seconds}"
            )
    return timeout

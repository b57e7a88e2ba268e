"""A body that isn't what its Content-Encoding says is a finding, whoever sent the request."""

import zlib
from collections.abc import Callable
from gzip import compress

import pytest

from coinbtr.wire.engine import Request, Response
from tests.contract.conftest import Command
from tests.contract.tampering import Handle, TamperedSandbox

PLAIN = bytes


@pytest.mark.parametrize(
    ("phase", "declared", "made", "code"),
    [
        ("market", None, PLAIN, None),
        ("market", "identity", PLAIN, None),
        ("market", "GZip", compress, None),
        ("market", "deflate", zlib.compress, None),
        ("market", "br", PLAIN, "C106"),
        ("market", "x-gzip", PLAIN, "C106"),
        ("market", "gzip, zstd", compress, "C106"),
        ("market", "gzip", PLAIN, "C105"),
        ("market", "deflate", PLAIN, "C105"),
        ("market", "gzip", zlib.compress, "C105"),
        ("market", None, compress, "C111"),
        ("market", "identity", zlib.compress, "C111"),
        ("examples", "gzip", compress, None),
        ("examples", "br", PLAIN, "C106"),
        ("examples", "gzip", PLAIN, "C105"),
        ("examples", "deflate", PLAIN, "C105"),
        ("examples", None, compress, "C111"),
        ("model", "br", PLAIN, "C106"),
    ],
)
def test_an_answer_is_encoded_as_it_says(
    phase: str,
    declared: str | None,
    made: Callable[[bytes], bytes],
    code: str | None,
    sandbox: TamperedSandbox,
    url: str,
    command: Command,
) -> None:
    """Asked for and so encoded it is right; otherwise a rule is broken, in every kind of phase."""

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if "/market/" not in request.url:
            return response
        headers = {**response.headers, **({"content-encoding": declared} if declared else {})}
        return Response(status=response.status, headers=headers, content=made(response.content))

    sandbox.tamper = tamper
    only = () if phase == "model" else ("--operation", "getTicker")
    outcome = command(url, "--phase", phase, "--profile", "quick", *only)
    assert outcome.status == (0 if code is None else 1), outcome.text
    assert code is None or code in outcome.codes, outcome.text

"""Who may call the control plane: this machine, with the secret, and no page of another site."""

from collections.abc import Mapping

import pytest

from coinbtr.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.control.conftest import Controller

OPEN = ("getHealth", "getDescription")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "authentication_required"),
        ({"Authorization": "Secret wrong"}, "invalid_secret"),
        ({"Authorization": "Secret"}, "invalid_secret"),
        ({"Authorization": "Secret \xe9\udcff"}, "invalid_secret"),
        ({"Authorization": "Bearer {secret}"}, "invalid_secret"),
        ({"Authorization": "Token {secret}"}, "invalid_secret"),
        ({"Authorization": "Token {token}"}, "invalid_secret"),
        ({"Authorization": "Secret {token}"}, "invalid_secret"),
    ],
)
def test_nobody_is_let_in_without_the_secret(
    controller: Controller, headers: Mapping[str, str], code: str
) -> None:
    """Neither without one, nor with a wrong one, nor with a token of the exchange."""
    sandbox = controller.sandbox
    given = {
        name: value.replace("{secret}", sandbox.control_secret).replace("{token}", sandbox.token)
        for name, value in headers.items()
    }
    answer = controller.call("getOverview", headers=given)
    assert answer.refused == (401, code)
    assert answer.headers["www-authenticate"] == "Secret"
    assert sandbox.control_secret not in str(answer.body)


def test_the_secret_is_no_token(sandbox: Sandbox) -> None:
    """The exchange's API takes it neither as a token nor by its own scheme."""
    caller = Caller(sandbox, sandbox.control_secret)
    assert caller.get("/wallet/listbalances").refused == (401, "invalid_token")


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1", "::ffff:192.0.2.7", "unix:x", ""])
def test_other_machines_are_kept_out(controller: Controller, peer: str) -> None:
    """With the right secret, too, unless the sandbox was told otherwise; health is for all."""
    assert controller.call("getOverview", peer=peer).refused == (403, "forbidden")
    assert controller.call("getHealth", peer=peer).status == 200
    told = Controller(Sandbox(control_from_anywhere=True))
    assert told.call("getOverview", peer=peer).status == 200
    assert told.call("getOverview", headers={}, peer=peer).status == 401


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.10", "::1"])
def test_all_of_loopback_is_this_machine(controller: Controller, peer: str) -> None:
    """Version 4 and 6."""
    assert controller.call("getOverview", peer=peer).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Host": "127.0.0.1:8642"},
        {"Origin": "null", "Host": "127.0.0.1:8642"},
        {"Origin": "http://127.0.0.1:9999", "Host": "127.0.0.1:8642"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_other_sites_are_kept_out(
    controller: Controller, headers: Mapping[str, str]
) -> None:
    """Even one that knows the secret; and no answer lets another site read it."""
    known = {"Authorization": f"Secret {controller.sandbox.control_secret}"}
    answer = controller.call("resetExchange", headers={**known, **headers})
    assert answer.refused == (403, "forbidden")
    assert not any(name.lower().startswith("access-control-") for name in answer.headers)
    own = {"Origin": "http://127.0.0.1:8642", "Host": "127.0.0.1:8642"}
    same = controller.call(
        "resetExchange", headers={**known, **own, "Sec-Fetch-Site": "same-origin"}
    )
    assert same.status == 200


def test_the_secret_is_never_shown(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a repr, nor in what is recorded or logged of a request."""
    controller = Controller(sandbox)
    controller.call("getOverview")
    assert sandbox.control_secret not in repr(sandbox) + repr(vars(sandbox)["_pipeline"])
    assert sandbox.control_secret not in str(sandbox.requests.list()) + caplog.text


def test_secrets_must_differ() -> None:
    """One secret for two purposes is refused, whichever two."""
    for given in ({"token": "x", "control_secret": "x"}, {"token": "x", "other_token": "x"}):
        with pytest.raises(ValueError, match="differ"):
            Sandbox(**given)  # type: ignore[arg-type]  # all of them are strings

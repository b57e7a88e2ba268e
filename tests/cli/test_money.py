"""What moves money is shown first, asked for, and only then sent."""

import json
import os
from pathlib import Path

import pytest

from coinbtr.cli.places import Place
from coinbtr.cli.settings import Profile
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer
from tests.cli.conftest import Outcome, process, run
from tests.facade.faults.front import fronting

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
ORDER = ("btc-mxn", "--amount", "0.01", "--price", "900000")
WITHDRAWAL = ("withdraw", "btc", "--amount", "0.01", "--address", ADDRESS)


def orders() -> list[dict[str, object]]:
    """The open orders."""
    found: list[dict[str, object]] = json.loads(run("orders", "-o", "json").out)
    return found


def facts(done: Outcome) -> dict[str, str]:
    """What was shown before the sending, by the first word of each line."""
    words = [line.split() for line in done.err.splitlines()]
    return {line[0]: " ".join(line[1:]) for line in words if line}


def test_an_order_is_shown_with_all_that_matters(at_sandbox: None) -> None:
    """Where, side, book, amount, price, value, fee and what is available are in plain sight."""
    done = run("buy", *ORDER, "--yes")
    assert done.status == 0
    assert "SANDBOX" in done.err
    assert "LIVE" not in done.err
    shown = facts(done)
    assert shown["operation"] == "buy"
    assert shown["book"] == "BTC-MXN"
    assert shown["amount"] == "0.01 BTC"
    assert shown["price"] == "900000 MXN"
    assert shown["value"] == "9000.00 MXN"
    assert shown["fee"] == "0.00004000 BTC"
    assert shown["available"] == "1000000.00000000 MXN"
    assert len(orders()) == 1


def test_a_sale_pays_its_fee_in_the_other_coin(at_sandbox: None) -> None:
    """What is available and the fee are told in the coins that they are in."""
    shown = facts(run("sell", "btc-mxn", "--amount", "0.01", "--price", "1900000", "--dry-run"))
    assert (shown["operation"], shown["fee"]) == ("sell", "76.00000000 MXN")
    assert shown["available"] == "10.00000000 BTC"


def test_a_withdrawal_is_shown_with_address_and_fee(at_sandbox: None) -> None:
    """The address stands there whole, and so does what it costs."""
    shown = facts(run(*WITHDRAWAL, "--dry-run", "--allow-withdrawals"))
    assert shown["address"] == ADDRESS
    assert (shown["fee"], shown["total"]) == ("0.00050000 BTC", "0.01050000 BTC")


def test_without_a_terminal_nobody_is_asked_and_nothing_sent(at_sandbox: None) -> None:
    """A program that doesn't say --yes sends nothing, whatever its stdin says."""
    done = process("buy", *ORDER, stdin="y\n")
    assert done.status == 2
    assert "--yes" in done.err
    assert orders() == []


def test_a_dry_run_sends_nothing(at_sandbox: None) -> None:
    """What would be accepted ends with 0, and no order is there."""
    done = run("buy", *ORDER, "--dry-run", "--yes", "-o", "json")
    assert done.status == 0
    plan = json.loads(done.out)
    assert (plan["environment"], plan["problems"]) == ("SANDBOX", [])
    assert orders() == []


@pytest.mark.parametrize(
    ("amount", "price", "why"),
    [
        ("0.00001", "900000", "min_amount"),
        ("0.0100001", "900000", "amount_step"),
        ("0.01", "900000.001", "price_step"),
        ("0.0001", "1000", "min_value"),
        ("9", "900000", "is needed, and 1000000.00000000 MXN is available"),
    ],
)
def test_a_dry_run_says_what_would_be_refused(
    amount: str, price: str, why: str, at_sandbox: None
) -> None:
    """Limits of the book and the balance are checked; status 1 tells a program."""
    done = run("buy", "btc-mxn", "--amount", amount, "--price", price, "--dry-run", "-o", "json")
    assert done.status == 1
    (problem,) = json.loads(done.out)["problems"]
    assert why in problem


def test_an_unknown_book_is_named_with_those_there_are(at_sandbox: None) -> None:
    """The sentence begins with command and operation, and lists the books."""
    done = run("buy", "btc-mnx", "--amount", "1", "--price", "1", "--dry-run")
    assert done.status == 1
    assert done.err.startswith("coinbtr buy: placeBuyLimitOrder: BTC-MNX is none of the books")
    assert "BTC-MXN" in done.err


def test_a_dry_run_of_a_closed_book(sandbox: Sandbox, at_sandbox: None) -> None:
    """A book that takes no orders now is told of."""
    sandbox.halt("btc-mxn")
    assert "takes no orders" in run("buy", *ORDER, "--dry-run").err


def test_what_a_limit_forbids_is_not_asked_for(at_sandbox: None) -> None:
    """An order that breaks the book's limits ends with 1 before it is sent."""
    done = run("buy", "btc-mxn", "--amount", "0.0100001", "--price", "900000", "--yes")
    assert done.status == 1
    assert "Nothing was sent." in done.err


def test_no_withdrawal_until_it_is_allowed(sandbox: Sandbox, at_sandbox: None) -> None:
    """Without the profile's or the command's leave nothing is withdrawn."""
    before = sandbox.exchange
    done = run(*WITHDRAWAL, "--yes")
    assert (done.status, before is sandbox.exchange) == (1, True)
    assert "--allow-withdrawals" in done.err
    assert json.loads(run("withdrawals", "-o", "json").out) == []
    assert run(*WITHDRAWAL, "--yes", "--allow-withdrawals").status == 0
    assert len(json.loads(run("withdrawals", "-o", "json").out)) == 1


def test_the_list_of_addresses_holds(server: SandboxServer) -> None:
    """--allow-withdrawals does not open other addresses than the profile lists."""
    run("config", "set", "base_url", server.base_url)
    run("config", "set", "withdrawal_addresses.btc", "2Mvkw8Vy81tBvk6Exn5GmUnNAde6JGNpBnE")
    run("config", "token", stdin=f"{server.sandbox.token}\n")
    done = run(*WITHDRAWAL, "--yes", "--allow-withdrawals")
    assert done.status == 1
    assert "withdrawal_addresses" in done.err
    run("config", "set", "withdrawal_addresses.btc", "2Mvkw8Vy81tBvk6Exn5GmUnNAde6JGNpBnE", ADDRESS)
    assert run(*WITHDRAWAL, "--yes", "--allow-withdrawals").status == 0


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("max_order_value.mxn", "8999.99", "max_order_value"),
        ("max_price_deviation", "0.01", "max_price_deviation"),
    ],
)
def test_the_guard_rails_of_the_profile_hold(
    key: str, value: str, why: str, server: SandboxServer
) -> None:
    """An order beyond the profile's limits is not sent."""
    run("config", "set", "base_url", server.base_url)
    run("config", "token", stdin=f"{server.sandbox.token}\n")
    assert run("config", "set", key, value).status == 0
    done = run("buy", *ORDER, "--yes")
    assert done.status == 1
    assert why in done.err
    assert orders() == []


def test_cancel_shows_each_order_and_cancels_no_other(at_sandbox: None) -> None:
    """Two of three orders by their ids; the third stays."""
    for price in ("900000", "910000", "920000"):
        run("buy", "btc-mxn", "--amount", "0.01", "--price", price, "--yes")
    first, second, third = (str(one["id"]) for one in orders())
    done = run("cancel", first, second, "--yes", "-o", "json")
    assert done.status == 0
    assert [one["outcome"] for one in json.loads(done.out)] == ["cancelled", "cancelled"]
    assert first in done.err
    assert [str(one["id"]) for one in orders()] == [third]


def test_cancel_all_of_one_book(at_sandbox: None) -> None:
    """--all cancels what is open, and --book narrows it."""
    run("buy", *ORDER, "--yes")
    run("buy", "ltc-mxn", "--amount", "1", "--price", "100", "--yes")
    assert run("cancel", "--all", "--book", "ltc-mxn", "--yes").status == 0
    assert [one["book"] for one in orders()] == ["BTC-MXN"]
    assert run("cancel", "--all", "--yes").status == 0
    assert orders() == []
    assert run("cancel", "--all", "-o", "json").out == "[]\n"  # nothing to ask about


def test_cancel_wants_ids_or_all(at_sandbox: None) -> None:
    """Neither, or both, is wrong use."""
    assert run("cancel", "--yes").status == 2
    assert run("cancel", "1", "--all", "--yes").status == 2


def test_a_server_that_does_not_prove_itself_is_taken_for_real(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Loopback alone is no proof of play money."""
    sandbox = Sandbox()
    with fronting(sandbox) as front:  # it keeps the header to itself
        monkeypatch.setenv("COINBTR_BASE_URL", front.url)
        monkeypatch.setenv("COINBTR_TOKEN", sandbox.token)
        done = run("buy", *ORDER, "--dry-run")
    assert "NOT PROVEN TO BE THE SANDBOX" in done.err
    assert " SANDBOX · play money" not in done.err


def test_live_is_in_plain_sight(monkeypatch: pytest.MonkeyPatch, at_sandbox: None) -> None:
    """Where the live exchange is meant, the word LIVE is in the first line."""
    monkeypatch.setattr(Place, "is_live", True)
    assert run("buy", *ORDER, "--dry-run").err.startswith(" LIVE · real money ")
    monkeypatch.undo()
    assert Place(base_url="https://coinbtr.com/api/v1", profile=Profile()).is_live


def test_an_answer_that_could_not_be_written_is_no_refusal(at_sandbox: None) -> None:
    """If stdout takes nothing, an order that was placed ends with 3, and says so."""
    with Path("/dev/full").open("w") as full:
        done = process("buy", *ORDER, "--yes", stdout=full.fileno())
    assert done.status == 3
    assert "sent and answered" in done.err
    assert "Traceback" not in done.err
    assert len(orders()) == 1


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize(("command", "status"), [(("balances",), 4), (("buy", *ORDER, "-y"), 3)])
def test_a_reader_that_has_gone_gets_no_traceback(
    command: tuple[str, ...], status: int, form: str, at_sandbox: None
) -> None:
    """A broken pipe ends with a status that is no refusal, and without a traceback."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = process(*command, "-o", form, stdout=writing)
    finally:
        os.close(writing)
    assert done.status == status
    assert "Traceback" not in done.err
    assert "Exception ignored" not in done.err

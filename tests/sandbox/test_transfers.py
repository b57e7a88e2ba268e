"""Deposits and withdrawals: what they do to balances, and how blocks move them on."""

import pytest

from coinbtr.sandbox.core.addresses import is_address, sandbox_address
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.records import TransferStatus
from coinbtr.sandbox.core.transfers import BLOCK_MS
from coinbtr.sandbox.core.units import to_units
from tests.sandbox.floor import ANA, BOB, Floor

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"


def test_a_deposit_is_pending_until_enough_blocks(floor: Floor) -> None:
    """Pending money can't be used; after the coin's confirmations it is available."""
    wallets = floor.exchange.wallets
    deposit = wallets.deposit(ANA, "btc", to_units("1"), now_ms=floor.now)
    floor.exchange.advance(floor.now + 3 * BLOCK_MS - 1)
    wallet = wallets.wallet(ANA, "BTC")
    assert (deposit.confirmations, deposit.status) == (2, TransferStatus.PENDING)
    assert (wallet.pending, wallet.available) == (to_units("1"), to_units("10"))
    floor.exchange.advance(floor.now + 3 * BLOCK_MS)
    assert (deposit.confirmations, deposit.status) == (3, TransferStatus.CONFIRMED)
    assert (wallet.pending, wallet.available) == (0, to_units("11"))


def test_a_withdrawal_takes_amount_and_fee_at_once(floor: Floor) -> None:
    """The balance falls by the amount and the coin's fee before any block."""
    made = floor.exchange.wallets.withdraw(
        ANA, "btc", address=ADDRESS, amount=to_units("1"), now_ms=floor.now
    )
    assert str(floor.available(ANA, "BTC")) == "8.99950000"
    assert made.status is TransferStatus.SIGNED
    assert len(made.txid) == 64
    assert floor.exchange.wallets.withdrawals(ANA) == [made]


def test_a_withdrawal_is_sent_and_then_confirmed(floor: Floor) -> None:
    """One block sends it, three more confirm it, and the fee is the exchange's then."""
    made = floor.exchange.wallets.withdraw(
        ANA, "btc", address=ADDRESS, amount=to_units("1"), now_ms=floor.now
    )
    statuses = []
    for block in range(6):
        floor.exchange.advance(floor.now + block * BLOCK_MS)
        statuses.append(str(made.status))
    assert statuses == ["signed", "sent", "sent", "sent", "confirmed", "confirmed"]
    assert floor.exchange.ledger.totals()["BTC"] == 0


def test_a_failed_withdrawal_gives_everything_back(floor: Floor) -> None:
    """Amount and fee come back, no block changes it any more, and it can't fail twice."""
    wallets = floor.exchange.wallets
    made = wallets.withdraw(ANA, "btc", address=ADDRESS, amount=to_units("1"), now_ms=floor.now)
    wallets.fail(made)
    floor.exchange.advance(floor.now + 100 * BLOCK_MS)
    assert made.status is TransferStatus.FAILED
    assert floor.available(ANA, "BTC") == 10
    with pytest.raises(ValueError, match="failed"):
        wallets.fail(made)


@pytest.mark.parametrize(
    ("coin", "address", "amount", "code"),
    [
        ("doge", ADDRESS, "1", Code.COIN_NOT_FOUND),
        ("mxn", ADDRESS, "1", Code.WITHDRAWAL_UNAVAILABLE),
        ("btc", "0x52908400098527886E0F7030069857D2E4169EE7", "1", Code.INVALID_ADDRESS),
        ("btc", "yaEod4u93m94pe94B9cdJK46NB28Gw9zoF", "1", Code.INVALID_ADDRESS),
        ("btc", ADDRESS, "0.00099999", Code.BELOW_MINIMUM),
        ("btc", ADDRESS, "9.99950001", Code.INSUFFICIENT_FUNDS),
    ],
)
def test_a_refused_withdrawal_changes_nothing(
    floor: Floor, coin: str, address: str, amount: str, code: Code
) -> None:
    """Each reason has its own code, and every balance stays as it was."""
    before = floor.state()
    with pytest.raises(Refusal) as refused:
        floor.exchange.wallets.withdraw(
            ANA, coin, address=address, amount=to_units(amount), now_ms=floor.now
        )
    assert refused.value.code is code
    assert floor.state() == before
    assert floor.exchange.wallets.withdrawals(ANA) == []


def test_everything_can_be_withdrawn_to_the_last_unit(floor: Floor) -> None:
    """Amount and fee together may be all that is available."""
    floor.exchange.wallets.withdraw(
        ANA, "btc", address=ADDRESS, amount=to_units("9.9995"), now_ms=floor.now
    )
    assert floor.available(ANA, "BTC") == 0


def test_deposit_addresses_stay_and_differ(floor: Floor) -> None:
    """An account has one address for each coin, no other account has it, and it is valid."""
    wallets = floor.exchange.wallets
    assert wallets.deposit_address(ANA, "btc") == wallets.deposit_address(ANA, "BTC")
    assert wallets.deposit_address(ANA, "btc") != wallets.deposit_address(BOB, "btc")
    for coin in floor.exchange.catalogue.coins:
        assert is_address(coin, sandbox_address(coin, "any")), coin


@pytest.mark.parametrize("coin", ["MXN", "XEM"])
def test_coins_without_deposits_have_no_address(floor: Floor, coin: str) -> None:
    """Where deposits by address are not available, asking for one is refused."""
    assert floor.exchange.wallets.address(ANA, coin) is None
    with pytest.raises(Refusal) as refused:
        floor.exchange.wallets.deposit_address(ANA, coin)
    assert refused.value.code is Code.DEPOSIT_UNAVAILABLE


def test_lists_are_newest_first_and_by_coin(floor: Floor) -> None:
    """Deposits come newest first; coin, limit and offset choose among them."""
    wallets = floor.exchange.wallets
    assert [entry.coin for entry in wallets.deposits(ANA)] == ["BTC", "MXN"]
    assert [entry.coin for entry in wallets.deposits(ANA, coin="mxn")] == ["MXN"]
    assert [entry.coin for entry in wallets.deposits(ANA, limit=1, offset=1)] == ["MXN"]

"""The operations of the tag `wallet`: balances, deposits and withdrawals."""

from coinbtr.sandbox.core.catalogue import Coin
from coinbtr.sandbox.core.commands import Withdraw
from coinbtr.sandbox.core.units import to_decimal
from coinbtr.sandbox.handlers.call import Call, iso


def get_deposit_address(call: Call) -> object:
    """Answer `getDepositAddress`."""
    coin = call.exchange.catalogue.coin(call.text("coin")).symbol
    return {"coin": coin, "address": call.exchange.wallets.deposit_address(call.account_id, coin)}


def withdraw(call: Call) -> object:
    """Answer `withdraw`."""
    address = call.text("address")
    call.owner.check_withdrawal_address(address)
    command = Withdraw(call.account_id, call.text("coin"), address, call.units("amount"))
    made = call.execute(command)
    return {
        "coin": made.coin,
        "txid": made.txid,
        "status": str(made.status),
        "date": iso(made.created_ms),
    }


def list_balances(call: Call) -> object:
    """Answer `listBalances`."""
    return [_balance(call, coin) for coin in call.exchange.catalogue.coins.values()]


def get_balance(call: Call) -> object:
    """Answer `getBalance`."""
    return _balance(call, call.exchange.catalogue.coin(call.text("coin")))


def list_withdrawals(call: Call) -> object:
    """Answer `listWithdrawals`."""
    found = call.exchange.wallets.withdrawals(
        call.account_id, coin=call.optional("coin"), **call.page()
    )
    return [
        {
            "coin": entry.coin,
            "address": entry.address,
            "amount": to_decimal(entry.amount),
            "fee_amount": to_decimal(entry.fee),
            "txid": entry.txid,
            "status": str(entry.status),
            "date": iso(entry.created_ms),
        }
        for entry in found
    ]


def list_deposits(call: Call) -> object:
    """Answer `listDeposits`."""
    found = call.exchange.wallets.deposits(
        call.account_id, coin=call.optional("coin"), **call.page()
    )
    return [
        {
            "coin": entry.coin,
            "address": entry.address,
            "amount": to_decimal(entry.amount),
            "txid": entry.txid,
            "status": str(entry.status),
            "confirmations": entry.confirmations,
            "date": iso(entry.created_ms),
        }
        for entry in found
    ]


def _balance(call: Call, coin: Coin) -> object:
    wallet = call.exchange.wallets.wallet(call.account_id, coin.symbol)
    return {
        "coin": coin.symbol,
        "balance": to_decimal(wallet.total),
        "available": to_decimal(wallet.available),
        "pending": to_decimal(wallet.pending),
        "depositAddress": call.exchange.wallets.address(call.account_id, coin.symbol),
    }

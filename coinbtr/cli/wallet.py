"""Commands of the wallet: balances, deposits and withdrawals."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from coinbtr.cli.arguments import All, Amount, Coin, Limit, Offset, OnlyCoin
from coinbtr.cli.commands import Commands

if TYPE_CHECKING:
    from coinbtr.cli.desk import Desk

wallet = Commands("Wallet")


@wallet.reads(
    "balances", "coinbtr balances", "coinbtr balances --output csv >balances.csv", of="Balance"
)
def balances(desk: "Desk") -> Any:
    """The balances of all coins."""
    return desk.exchange.wallet.balances()


@wallet.reads("balance", "coinbtr balance btc", "coinbtr balance btc --output json")
def balance(desk: "Desk", coin: Coin) -> Any:
    """The balance of one coin."""
    return desk.exchange.wallet.balance(coin)


@wallet.reads("deposit-address", "coinbtr deposit-address btc")
def deposit_address(desk: "Desk", coin: Coin) -> Any:
    """The address that funds the account with a coin."""
    return desk.exchange.wallet.deposit_address(coin)


@wallet.moves(
    "withdraw",
    "ADDRESS=2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG",
    "coinbtr withdraw btc --amount 0.01 --address $ADDRESS --allow-withdrawals -n",
)
def withdraw(
    desk: "Desk",
    coin: Coin,
    *,
    amount: Amount,
    address: Annotated[str, typer.Option(help="Where to send them to.", show_default=False)],
    allow_withdrawals: Annotated[
        bool,
        typer.Option(
            "--allow-withdrawals",
            help="Allow this one, where the profile allows none. Its list of addresses holds.",
        ),
    ] = False,
) -> Any:
    """Send coins to an address. This can't be called back, and is never sent twice."""
    from coinbtr.cli import plans

    return plans.withdrawal(desk, coin, amount, address, allowed=allow_withdrawals)


@wallet.reads(
    "withdrawals", "coinbtr withdrawals", "coinbtr withdrawals btc --all -o csv", of="Withdrawal"
)
def withdrawals(
    desk: "Desk",
    coin: OnlyCoin = None,
    *,
    limit: Limit = 50,
    offset: Offset = 0,
    every: All = False,
) -> Any:
    """The account's withdrawals, newest first."""
    if every:
        return desk.all_of(desk.exchange.wallet.iter_withdrawals(coin), "withdrawals")
    return desk.exchange.wallet.withdrawals(coin, limit=limit, offset=offset)


@wallet.reads(
    "deposits", "coinbtr deposits --limit 10", "coinbtr deposits btc --watch", of="Deposit"
)
def deposits(
    desk: "Desk",
    coin: OnlyCoin = None,
    *,
    limit: Limit = 50,
    offset: Offset = 0,
    every: All = False,
) -> Any:
    """The account's deposits, newest first, those not yet confirmed included."""
    if every:
        return desk.all_of(desk.exchange.wallet.iter_deposits(coin), "deposits")
    return desk.exchange.wallet.deposits(coin, limit=limit, offset=offset)

"""`client.wallet`: balances, deposits and withdrawals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from coinbtr_api import models as wire
from coinbtr_api.api import wallet as api

from coinbtr._async.guarding import Guard
from coinbtr._async.seam import Seam
from coinbtr.arguments import given, to_address, to_coin, to_limit, to_offset
from coinbtr.models import reading
from coinbtr.money import to_money
from coinbtr.sending.agreement import agreeing
from coinbtr.sending.intent import Intent

if TYPE_CHECKING:
    from coinbtr._async.paging import AsyncPages
    from coinbtr._async.raw import AsyncRawWallet
    from coinbtr.models import Balance, Deposit, DepositAddress, Withdrawal, WithdrawalReceipt


class AsyncWallet:
    """Balances, deposits and withdrawals. Every method needs a token."""

    def __init__(self, seam: Seam, guard: Guard) -> None:
        self._seam = seam
        self._guard = guard

    @property
    def with_raw_response(self) -> AsyncRawWallet:
        """The methods that send one request, each giving a RawResponse: result, status, body, …"""
        from coinbtr._async.raw import AsyncRawWallet

        return AsyncRawWallet(self)

    async def deposit_address(self, coin: str) -> DepositAddress:
        """Get the address that funds the account with a coin; asking again gives the same.

        Source: reference lines 78-115; rulings R010, R060 and R061.

        Args:
            coin: its symbol, such as `btc`, in any case.

        Raises:
            CoinNotFound: there is no such coin.
            DepositUnavailable: the coin takes no deposits by address, such as MXN.
            PermissionDenied: the token may not deposit.
            InvalidValue: the coin is no symbol; nothing was sent.
            InvalidType: the coin is not a str; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "getDepositAddress",
            api.get_deposit_address._get_kwargs(coin=to_coin(coin)),
            agreeing(api.get_deposit_address._parse_success, {"coin": coin}),
        )
        return reading.deposit_address(answer.data)

    async def withdraw(
        self, coin: str, *, address: str, amount: Decimal | int | str
    ) -> WithdrawalReceipt:
        """Send coins to an address. This can't be called back, and is never sent twice.

        A client withdraws only if it was made with `allow_withdrawals=True`.
        The destination receives `amount`; the coin's `fee_withdraw` is charged on top (R055).
        Source: reference lines 117-157; rulings R012, R016, R033 and R047.

        Args:
            coin: its symbol, such as `btc`, in any case.
            address: the destination, 8 to 128 letters, digits and `:._-`. A coin whose addresses
                need a memo besides can't be withdrawn to one (R059).
            amount: in coins, above 0, with at most 8 decimals; a float is refused.

        Raises:
            WithdrawalsNotAllowed: the client was made without `allow_withdrawals=True`.
            AddressNotAllowed: the client was made with `withdrawal_addresses`, and this is none.
            InsufficientFunds: less is available than the amount and the fee.
            BelowMinimum: the amount is below the coin's `min_withdraw`.
            InvalidAddress: the address is none of this coin.
            WithdrawalUnavailable: the coin can't be withdrawn by address, such as MXN.
            CoinNotFound: there is no such coin.
            PermissionDenied: the token may not withdraw.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type, such as a float; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        body = wire.WithdrawRequest(
            coin=to_coin(coin), address=to_address(address), amount=to_money(amount, "amount")
        )
        self._seam.check("withdraw")
        self._guard.withdrawal(body.coin, body.address)
        intent = Intent(
            operation="withdraw",
            coin=body.coin.upper(),
            address=body.address,
            amount=body.amount,
        )
        answer = await self._seam.call(
            "withdraw",
            api.withdraw._get_kwargs(body=body),
            api.withdraw._parse_success,
            intent=intent,
        )
        return reading.receipt(answer.data)

    async def balances(self) -> list[Balance]:
        """List the balances of all coins, those of zero included.

        Source: reference lines 159-195; rulings R006 and R032.

        Raises:
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "listBalances", api.list_balances._get_kwargs(), api.list_balances._parse_success
        )
        return [reading.balance(one) for one in answer.data]

    async def balance(self, coin: str) -> Balance:
        """Get the balance of one coin.

        Source: reference lines 198-200; rulings R018 and R032.

        Args:
            coin: its symbol, such as `btc`, in any case.

        Raises:
            CoinNotFound: there is no such coin.
            InvalidValue: the coin is no symbol; nothing was sent.
            InvalidType: the coin is not a str; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "getBalance",
            api.get_balance._get_kwargs(coin=to_coin(coin)),
            api.get_balance._parse_success,
        )
        return reading.balance(answer.data)

    async def withdrawals(
        self, coin: str | None = None, *, limit: int | None = None, offset: int | None = None
    ) -> list[Withdrawal]:
        """List the account's withdrawals, newest first.

        Source: reference lines 202-204; rulings R018, R042 and R056.

        Args:
            coin: only this coin, such as `btc`, in any case; all if left out.
            limit: how many at most, 1 to 100; 50 if left out.
            offset: how many of the newest to skip, 0 to 100000; none if left out.

        Raises:
            CoinNotFound: there is no such coin.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "listWithdrawals",
            api.list_withdrawals._get_kwargs(
                coin=given(None if coin is None else to_coin(coin)),
                limit=given(to_limit(limit)),
                offset=given(to_offset(offset)),
            ),
            api.list_withdrawals._parse_success,
        )
        return [reading.withdrawal(one) for one in answer.data]

    def iter_withdrawals(
        self, coin: str | None = None, *, page_size: int | None = None
    ) -> AsyncPages[Withdrawal]:
        """Iterate over all withdrawals, newest first, reading page by page as far as you go.

        One that arrives while this reads makes no other one come twice.
        Source: reference lines 202-204; rulings R018, R042 and R056.

        Args:
            coin: only this coin, such as `btc`, in any case; all if left out.
            page_size: how many to read at a time, 2 to 100; 100 if left out.

        Raises:
            CoinNotFound: there is no such coin; raised by the first step.
            InvalidValue: an argument is out of its bounds, or the list is longer than the exchange
                gives.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors; raised by a step.
        """
        from coinbtr._async.paging import AsyncPages

        name = None if coin is None else to_coin(coin)
        return AsyncPages(
            lambda limit, offset: self.withdrawals(name, limit=limit, offset=offset),
            lambda one: (one.coin, one.txid, one.address, one.amount, one.date),
            page_size,
        )

    async def deposits(
        self, coin: str | None = None, *, limit: int | None = None, offset: int | None = None
    ) -> list[Deposit]:
        """List the account's deposits, newest first, those not yet confirmed included.

        Source: reference lines 206-208; rulings R018, R042 and R056.

        Args:
            coin: only this coin, such as `btc`, in any case; all if left out.
            limit: how many at most, 1 to 100; 50 if left out.
            offset: how many of the newest to skip, 0 to 100000; none if left out.

        Raises:
            CoinNotFound: there is no such coin.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "listDeposits",
            api.list_deposits._get_kwargs(
                coin=given(None if coin is None else to_coin(coin)),
                limit=given(to_limit(limit)),
                offset=given(to_offset(offset)),
            ),
            api.list_deposits._parse_success,
        )
        return [reading.deposit(one) for one in answer.data]

    def iter_deposits(
        self, coin: str | None = None, *, page_size: int | None = None
    ) -> AsyncPages[Deposit]:
        """Iterate over all deposits, newest first, reading page by page as far as you go.

        One that arrives while this reads makes no other one come twice.
        Source: reference lines 206-208; rulings R018, R042 and R056.

        Args:
            coin: only this coin, such as `btc`, in any case; all if left out.
            page_size: how many to read at a time, 2 to 100; 100 if left out.

        Raises:
            CoinNotFound: there is no such coin; raised by the first step.
            InvalidValue: an argument is out of its bounds, or the list is longer than the exchange
                gives.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors; raised by a step.
        """
        from coinbtr._async.paging import AsyncPages

        name = None if coin is None else to_coin(coin)
        return AsyncPages(
            lambda limit, offset: self.deposits(name, limit=limit, offset=offset),
            lambda one: (one.coin, one.txid, one.address, one.amount, one.date),
            page_size,
        )

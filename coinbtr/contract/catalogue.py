"""Which probes there are, the phase that each belongs to, and what it needs."""

from collections.abc import Callable

from attrs import frozen

from coinbtr.contract.bench import Bench
from coinbtr.contract.probes import (
    accounts,
    deposits,
    limits,
    lists,
    market,
    methods,
    near_misses,
    orders,
    tokens,
    trades,
    transfers,
    wallet,
)


@frozen
class Probe:
    """One probe: the phase it belongs to, the operations it is about, and what runs it.

    `needs_calm`: it compares balances, so that nothing but its own requests may change them.
    """

    phase: str
    run: Callable[[Bench], None]
    operations: frozenset[str] | None = None
    needs_other: bool = False
    needs_calm: bool = False


_ORDERS = frozenset(
    {
        "placeBuyLimitOrder",
        "placeSellLimitOrder",
        "cancelBuyLimitOrder",
        "cancelSellLimitOrder",
        "listOpenOrders",
        "getOpenOrder",
    }
)
_PLACE = frozenset({"placeBuyLimitOrder", "placeSellLimitOrder"})
_TRADES = frozenset({"listTransactions", "getTransaction", "getTicker", "get24hVolume"})
_BALANCES = frozenset({"listBalances", "getBalance"})
_TRANSFERS = frozenset({"withdraw", "listWithdrawals", "listDeposits"})

PROBES: tuple[Probe, ...] = (
    Probe("tokens", tokens.run),
    Probe("methods", methods.run),
    Probe("near-misses", near_misses.run, needs_calm=True),
    Probe(
        "orders",
        orders.run,
        _ORDERS | _BALANCES | {"getOrderBook", "getTicker"},
        needs_calm=True,
    ),
    Probe("orders", limits.run, _PLACE, needs_calm=True),
    Probe("trades", trades.run, _ORDERS | _TRADES | _BALANCES, needs_other=True, needs_calm=True),
    Probe("wallet", wallet.run, _TRANSFERS | _BALANCES | {"getDepositAddress"}, needs_calm=True),
    Probe("wallet", transfers.run, _TRANSFERS | _BALANCES, needs_calm=True),
    Probe("wallet", deposits.run, frozenset({"listDeposits"}) | _BALANCES),
    Probe(
        "accounts",
        accounts.run,
        _ORDERS | {"listWithdrawals", "getProfile", "getSession", "getDepositAddress"},
        needs_other=True,
    ),
    Probe("lists", lists.run, frozenset({"listOpenOrders", "listTransactions", "listDeposits"})),
    Probe(
        "market",
        market.run,
        frozenset({"listBooks", "getOrderBook", "getTicker", "get24hVolume", "getCurrencies"}),
    ),
)

PHASES = tuple(dict.fromkeys(probe.phase for probe in PROBES))

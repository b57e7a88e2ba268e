"""Let freqtrade trade on a live sandbox with real orders, and account for each of them.

It is the freqtrade that everybody installs; it knows the exchange by its name alone. At the end its
database and the exchange must tell the same: which orders there were, what was filled of each, what
that did to the balances.
"""

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from coinbtr import CoinBTR
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer
from tests.freqtrade.candles import SECRET

HERE: Final = Path(__file__).parent
TOKEN: Final = "for-freqtrade"
PAIRS: Final = ["BTC/MXN", "LTC/MXN", "BCH/MXN", "DASH/MXN"]
LONGEST: Final = 300.0


def settings(api: str) -> dict[str, Any]:
    """The configuration of a bot that trades in earnest, at this address."""
    pricing = {"price_side": "other", "use_order_book": True, "order_book_top": 1}
    return {
        "dry_run": False,
        "max_open_trades": len(PAIRS),
        "stake_currency": "MXN",
        "stake_amount": 5000,
        "trading_mode": "spot",
        "cancel_open_orders_on_exit": True,
        "unfilledtimeout": {"entry": 1, "exit": 1, "unit": "minutes"},
        "entry_pricing": pricing,
        "exit_pricing": pricing,
        "exchange": {
            "name": "coinbtr",
            "key": TOKEN,
            "secret": "none",
            "ccxt_config": {"urls": {"api": api}, "rateLimit": 50},
            "pair_whitelist": PAIRS,
        },
        "pairlists": [{"method": "StaticPairList"}],
        "bot_name": "round-trips",
        "initial_state": "running",
        "internals": {"process_throttle_secs": 1},
    }


def trade(folder: Path, server: SandboxServer, secret: str, round_trips: int) -> Path:
    """Run the bot until it has closed so many trades; gives its database."""
    database, log = folder / "trades.sqlite", folder / "log"
    (folder / "config.json").write_text(json.dumps(settings(server.base_url)), encoding="utf-8")
    (folder / "user_data").mkdir()
    with (
        log.open("w", encoding="utf-8") as said,
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.freqtrade.candles", "trade"),
                *("--config", str(folder / "config.json"), "--userdir", str(folder / "user_data")),
                *("--strategy", "RoundTrips", "--strategy-path", str(HERE / "strategies")),
                *("--db-url", f"sqlite:///{database}"),
            ],
            env=os.environ | {SECRET: secret},
            stdout=said,
            stderr=subprocess.STDOUT,
        ) as bot,
    ):
        end = time.monotonic() + LONGEST
        while time.monotonic() < end and bot.poll() is None and closed(database) < round_trips:
            time.sleep(0.5)
        bot.send_signal(signal.SIGINT)
        bot.wait(60)
    text = log.read_text(encoding="utf-8")
    if closed(database) < round_trips:
        sys.exit(f"{text}\nfreqtrade closed {closed(database)} trades, not {round_trips}")
    if TOKEN in text:
        sys.exit("the token is in freqtrade's log")
    return database


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    """What the bot's database holds; nothing before it is made."""
    if not database.exists():
        return []
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError:  # not made completely yet
        return []
    finally:
        connection.close()


def closed(database: Path) -> int:
    """How many trades the bot has bought and sold."""
    [(number,)] = rows(database, "SELECT count(*) FROM trades WHERE is_open = 0") or [(0,)]
    return int(number)


def differences(database: Path, sandbox: Sandbox, before: dict[str, Decimal]) -> list[str]:
    """In what the bot and the exchange tell different stories."""
    told = {
        int(order): (side, Decimal(repr(filled or 0.0)))
        for order, side, filled in rows(
            database, "SELECT order_id, ft_order_side, filled FROM orders"
        )
    }
    found: list[str] = []
    placed = sum(
        sandbox.requests.count(name) for name in ("placeBuyLimitOrder", "placeSellLimitOrder")
    )
    if placed != len(told):
        found.append(f"the exchange was sent {placed} orders, and the bot knows {len(told)}")
    with CoinBTR(TOKEN, base_url=sandbox.base_url, engine=sandbox.engine()) as client:
        trades = list(client.trading.iter_transactions())
        open_orders = list(client.trading.iter_open_orders())
    if open_orders:
        found.append(f"still open: {[order.id for order in open_orders]}")
    filled: dict[int, Decimal] = {}
    change = dict.fromkeys(before, Decimal(0))
    for one in trades:
        filled[one.order_id] = filled.get(one.order_id, Decimal(0)) + one.amount
        base, quote = one.book.split("-")
        sign = 1 if one.side == "BUY" else -1
        change[base] += sign * one.amount
        change[quote] -= sign * one.value
        change[one.fee_coin] -= one.fee_amount
    if unknown := set(filled) - set(told):
        found.append(f"the bot knows nothing of {sorted(unknown)}")
    found += [
        f"{order}: the bot says that {amount:f} was filled, and the exchange {filled.get(order, 0)}"
        for order, (_, amount) in told.items()
        if amount != filled.get(order, Decimal(0))
    ]
    found += [
        f"{coin}: {sandbox.balances()[coin].total} is not {had} and {change[coin]}"
        for coin, had in before.items()
        if sandbox.balances()[coin].total != had + change[coin]
    ]
    return found


def main() -> int:
    """Trade, compare, and say what came of it; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("round_trips", type=int, nargs="?", default=10, help="trades to be closed")
    wanted = parser.parse_args().round_trips
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(token=TOKEN, live=True) as sandbox,
        SandboxServer(sandbox) as server,
    ):
        before = {coin: one.total for coin, one in sandbox.balances().items()}
        database = trade(Path(folder), server, sandbox.control_secret, wanted)
        orders = rows(database, "SELECT status FROM orders")
        wrong = differences(database, sandbox, before)
    print(
        f"freqtrade closed {wanted} trades or more with {len(orders)} orders in"
        f" {time.monotonic() - started:.0f} s",
        *(wrong or ["every order is accounted for, and every balance to the last digit"]),
        sep="\n",
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

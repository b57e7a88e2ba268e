"""The journal: what keeping an order costs, and how quickly a state comes back."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from coinbtr.sandbox.core.clock import ManualClock
from coinbtr.sandbox.core.commands import PlaceOrder
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.seeding import seed
from coinbtr.sandbox.journal import Journal
from coinbtr.sandbox.sequencer import Sequencer, recover
from scripts.bench.figures import Figure, Part, at_most
from scripts.bench.timing import Cost, interleaved

ORDERS = 2_000
GROUP = 32


def measure(*, quick: bool) -> Part:
    """Keep orders one by one and in groups, and recover from what was kept."""
    rounds = 3 if quick else 9
    with TemporaryDirectory() as folder:
        costs = interleaved(
            {
                "nothing": partial(_orders, None, 1),
                "normal": partial(_orders, Path(folder, "normal.db"), 1),
                "full": partial(_orders, Path(folder, "full.db"), GROUP),
            },
            rounds=rounds,
        )
        recovery = _recovery(Path(folder, "recovery.db"), rounds)
    kept = costs["normal"].median - costs["nothing"].median
    group = costs["full"].median - costs["nothing"].median
    figures = [
        at_most("keeping an order, committed one by one", kept, 25, " µs"),
        at_most(f"`full`, in groups of {GROUP}, `normal` one by one = 1", group / kept, 1.5),
        at_most("recovery, an operation", recovery.median, 10, " µs"),
        Figure("· an order, nothing kept", str(costs["nothing"])),
        Figure("· an order, `normal`", str(costs["normal"])),
        Figure(f"· an order, `full`, in groups of {GROUP}", str(costs["full"])),
    ]
    about = "CPU of an order that comes to rest, written to SQLite before it is answered."
    return Part("The journal", about, figures)


def _sequencer(path: Path | None) -> Sequencer:
    clock = ManualClock()
    exchange = Exchange()
    seed(exchange, seed=0, now_ms=clock.now_ms())
    exchange.wallets.deposit(3, "MXN", 10**20, now_ms=clock.now_ms(), confirmed=True)
    if path is None:
        return Sequencer(exchange, clock)
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    journal = Journal(path, "full" if path.name == "full.db" else "normal")
    sequencer = Sequencer(exchange, clock, journal)
    sequencer.checkpoint()
    return sequencer


def _order(number: int) -> PlaceOrder:
    # A hundred levels below the market.
    return PlaceOrder(3, "BTC-MXN", "BUY", 10_000, (90_000_000 + number % 100) * 1_000_000)


def _orders(path: Path | None, group: int) -> int:
    sequencer = _sequencer(path)
    for number in range(ORDERS):
        sequencer.execute(_order(number))
        if number % group == group - 1:
            sequencer.commit()
    sequencer.commit()
    if sequencer.journal is not None:
        sequencer.journal.close()
    return ORDERS


def _recovery(path: Path, rounds: int) -> Cost:
    sequencer = _sequencer(path)
    for number in range(5 * ORDERS):
        sequencer.execute(_order(number))
    sequencer.commit()
    assert sequencer.journal is not None  # noqa: S101 - it was made with a path
    sequencer.journal.close()

    def run() -> int:
        journal = Journal(path)
        recover(journal, ManualClock())
        journal.close()
        return 5 * ORDERS

    return interleaved({"recovery": run}, rounds=rounds)["recovery"]

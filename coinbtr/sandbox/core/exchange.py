"""The whole exchange: accounts, tokens, ledger, trading, wallets and market data in one object.

Pure and deterministic: no I/O, no clock of its own, the same calls give the same state.
"""

from collections.abc import Mapping
from typing import Any, Final

from attrs import astuple

from coinbtr.sandbox.core.catalogue import CATALOGUE, Catalogue
from coinbtr.sandbox.core.ledger import Ledger
from coinbtr.sandbox.core.live import LiveMarket
from coinbtr.sandbox.core.market import MarketView
from coinbtr.sandbox.core.records import Account
from coinbtr.sandbox.core.tokens import TokenRegistry
from coinbtr.sandbox.core.trading import TradingDesk
from coinbtr.sandbox.core.transfers import WalletDesk

STATE_VERSION: Final = 1
"""The version of what `Exchange.dump` gives; a change of it that `load` can't read raises it."""


class Exchange:
    """An exchange without users, money or orders; `seeding.seed` brings it to life.

    Not safe between threads: whoever owns it holds a lock around each operation.

    Args:
        catalogue: coins and books.
        seed: what addresses, transaction ids and the live market are derived from.
        keep_entries: let the ledger remember every entry.
    """

    def __init__(
        self, catalogue: Catalogue = CATALOGUE, *, seed: int = 0, keep_entries: bool = False
    ) -> None:
        self.catalogue = catalogue
        self.seed = seed
        self.ledger = Ledger(keep_entries=keep_entries)
        self.tokens = TokenRegistry()
        self.accounts: dict[int, Account] = {}
        self.trading = TradingDesk(catalogue, self.ledger, self.accounts)
        self.wallets = WalletDesk(catalogue, self.ledger, seed)
        self.market = MarketView(catalogue, self.trading)
        self.live: LiveMarket | None = None
        self.skipped_ms = 0

    def open_account(
        self, username: str, email: str, *, now_ms: int, level: int = 1, is_house: bool = False
    ) -> Account:
        """Open an account with empty wallets.

        Raises:
            ValueError: there is an account of that name, or the level is below 1.
        """
        if level < 1:
            raise ValueError(f"level must be 1 or more, not {level}")
        if any(account.username == username for account in self.accounts.values()):
            raise ValueError(f"there is an account {username!r} already")
        account = Account(len(self.accounts) + 1, username, email, level, now_ms, is_house)
        self.accounts[account.id] = account
        return account

    def account(self, username: str) -> Account:
        """Find an account by its name.

        Raises:
            KeyError: there is none.
        """
        for account in self.accounts.values():
            if account.username == username:
                return account
        raise KeyError(username)

    def is_due(self, by_ms: int) -> bool:
        """Tell whether anything happens on its own until then."""
        block = self.wallets.next_due_ms
        return (block is not None and block <= by_ms) or (
            self.live is not None and self.live.next_due_ms <= by_ms
        )

    def advance(self, now_ms: int) -> None:
        """Let everything happen that was due up to now, in its order, before each operation.

        How often it is called makes no difference to what happens.
        """
        while True:
            block = self.wallets.next_due_ms
            step = self.live.next_due_ms if self.live else None
            if block is not None and block <= now_ms and (step is None or block <= step):
                self.wallets.next_block()
            elif self.live and step is not None and step <= now_ms:
                self.live.step()
            else:
                return

    def halt(self, market: str) -> None:
        """Close a book: open orders stay and can be cancelled, new ones are refused.

        Raises:
            Refusal: `book_not_found`.
        """
        self.trading.closed.add(self.catalogue.market(market).name)

    def resume(self, market: str) -> None:
        """Open a book again.

        Raises:
            Refusal: `book_not_found`.
        """
        self.trading.closed.discard(self.catalogue.market(market).name)

    def go_live(self, now_ms: int) -> None:
        """Let the market makers and takers trade from now on; a second call does nothing."""
        if self.live is None:
            self.live = LiveMarket(
                self.catalogue,
                self.trading,
                self.wallets,
                house=self.account("house").id,
                crowd=self.account("crowd").id,
                seed=self.seed,
                now_ms=now_ms,
            )

    def stop_live(self) -> None:
        """Let makers and takers stand still; their orders stay. A second call does nothing."""
        self.live = None

    def dump(self) -> dict[str, Any]:
        """Give the whole state as plain data that JSON can hold, for `load`."""
        return {
            "version": STATE_VERSION,
            "seed": self.seed,
            "accounts": [astuple(account) for account in self.accounts.values()],
            "tokens": self.tokens.dump(),
            "wallets": self.ledger.dump(),
            "trading": self.trading.dump(),
            "transfers": self.wallets.dump(),
            "skipped_ms": self.skipped_ms,
            "live": self.live.dump() if self.live else None,
        }

    @classmethod
    def load(cls, state: Mapping[str, Any], catalogue: Catalogue = CATALOGUE) -> "Exchange":
        """Make an exchange from what `dump` gave, or from what JSON made of it.

        Raises:
            ValueError: the state is of another version.
        """
        if state.get("version") != STATE_VERSION:
            raise ValueError(
                f"the state has version {state.get('version')!r};"
                f" this sandbox reads version {STATE_VERSION}"
            )
        made = cls(catalogue, seed=state["seed"])
        for row in state["accounts"]:
            account = Account(*row)
            made.accounts[account.id] = account
        made.tokens.load(state["tokens"])
        made.ledger.load(state["wallets"])
        made.trading.load(state["trading"])
        made.wallets.load(state["transfers"])
        made.skipped_ms = state["skipped_ms"]
        if state["live"] is not None:
            made.live = LiveMarket.load(state["live"], catalogue, made.trading, made.wallets)
        return made

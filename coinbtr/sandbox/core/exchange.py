"""The whole exchange: accounts, tokens, ledger, trading, wallets and market data in one object.

Pure and deterministic: no I/O, no clock of its own, the same calls give the same state.
"""

from itertools import count

from coinbtr.sandbox.core.catalogue import CATALOGUE, Catalogue
from coinbtr.sandbox.core.ledger import Ledger
from coinbtr.sandbox.core.market import MarketView
from coinbtr.sandbox.core.records import Account
from coinbtr.sandbox.core.tokens import TokenRegistry
from coinbtr.sandbox.core.trading import TradingDesk
from coinbtr.sandbox.core.transfers import WalletDesk


class Exchange:
    """An exchange without users, money or orders; `seeding.seed` brings it to life.

    Not safe between threads: whoever owns it holds a lock around each operation.

    Args:
        catalogue: coins and books.
        seed: what addresses and transaction ids are derived from.
        keep_entries: let the ledger remember every entry.
    """

    def __init__(
        self, catalogue: Catalogue = CATALOGUE, *, seed: int = 0, keep_entries: bool = False
    ) -> None:
        self.catalogue = catalogue
        self.ledger = Ledger(keep_entries=keep_entries)
        self.tokens = TokenRegistry()
        self.trading = TradingDesk(catalogue, self.ledger)
        self.wallets = WalletDesk(catalogue, self.ledger, seed)
        self.market = MarketView(catalogue, self.trading)
        self.accounts: dict[int, Account] = {}
        self._account_ids = count(1)

    def open_account(self, username: str, email: str, *, now_ms: int) -> Account:
        """Open an account of level 1 with empty wallets."""
        account = Account(next(self._account_ids), username, email, 1, now_ms)
        self.accounts[account.id] = account
        return account

    def advance(self, now_ms: int) -> None:
        """Let everything happen that was due up to now; call it before each operation."""
        self.wallets.advance(now_ms)

    def halt(self, market: str) -> None:
        """Close a book: open orders stay and can be cancelled, new ones are refused."""
        self.trading.closed.add(self.catalogue.market(market).name)

    def resume(self, market: str) -> None:
        """Open a book again."""
        self.trading.closed.discard(self.catalogue.market(market).name)

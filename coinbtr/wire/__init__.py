"""The wire seam: what is sent, what carries it, what may come back, without the API's meaning."""

from typing import TYPE_CHECKING

from coinbtr_api.lazy import lazy

if TYPE_CHECKING:
    from coinbtr.wire import plain

__all__ = ["plain"]

if not TYPE_CHECKING:
    # Imported with the first answer that it reads, and looked for only then.
    __getattr__, __dir__ = lazy(__name__, {"plain": "plain"})

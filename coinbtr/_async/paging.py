"""Reads long lists page by page, as far as they are iterated over.

The API's pages go by offset, and a list may grow or shrink between two of them: its later entries
then stand elsewhere. So each page is asked for with the last entry that was seen before; where none
such is on it, the reading steps back until one is. Nothing comes twice, and nothing is left out.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Generic, Literal, Self, TypeVar

from coinbtr.arguments import MAX_OFFSET, MAX_PAGE, to_page_size
from coinbtr.calls import AsyncCall
from coinbtr.errors import InvalidValue

if TYPE_CHECKING:
    from pandas import DataFrame

T = TypeVar("T")

Key = tuple[Hashable, int]


class AsyncPages(Generic[T]):
    """The entries of a list, newest first, read as they are asked for: a lazy iterator.

    Whatever was in the list when the reading began and still is comes once; what is added meanwhile
    may not come. After an error the next step tries the same page again. It is for one reader: not
    to be shared between threads or tasks.
    """

    def __init__(
        self,
        read: AsyncCall[[int, int], list[T]],
        identity: Callable[[T], Hashable],
        page_size: int | None = None,
    ) -> None:
        """Read by `read(limit, offset)`; what has the same `identity` is the same entry."""
        self._read = read
        self._identity = identity
        self._page_size = to_page_size(page_size)
        self._entries: deque[T] = deque()
        self._seen: set[Key] = set()
        self._position = 0
        self._latest: Hashable = None
        self._alike = 1
        self._ended = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while not self._entries:
            if self._ended:
                raise StopAsyncIteration
            await self._next_page()
        return self._entries.popleft()

    async def to_frame(self, *, numbers: Literal["decimal", "float"] = "decimal") -> DataFrame:
        """Read the rest of the list, and make a pandas frame of it; see `coinbtr.to_frame`.

        Args:
            numbers: `"decimal"` keeps amounts exact, `"float"` makes floats of them.

        Raises:
            ConfigurationError: pandas is not installed; the message says what to install.
            InvalidValue: `numbers` is another word.
            CoinBTRError: what a step may raise.
        """
        from coinbtr.models.frames import to_frame

        return to_frame([one async for one in self], numbers=numbers)

    async def _next_page(self) -> None:
        # From the last entry that was seen, or the first of those at the end that look like it.
        offset = max(0, self._position - self._alike)
        limit = min(max(self._page_size, self._alike + 1), MAX_PAGE)
        while True:
            if offset > MAX_OFFSET:
                raise InvalidValue(
                    f"the exchange gives no entry beyond offset {MAX_OFFSET}: ask for one book or"
                    " coin only",
                    field="offset",
                )
            page = await self._read(limit, offset)
            keys = self._keys(page)
            first_seen = next((i for i, key in enumerate(keys) if key in self._seen), None)
            if first_seen is not None or offset == 0:
                break
            # The list has shrunk: what comes next now stands further ahead.
            offset = max(0, offset - limit)
        # What is unseen ahead of the seen came while this was reading.
        for entry, key in list(zip(page, keys, strict=True))[first_seen or 0 :]:
            if key not in self._seen:
                self._take(entry, key)
        self._position = offset + len(page)
        self._ended = len(page) < limit

    def _take(self, entry: T, key: Key) -> None:
        self._seen.add(key)
        self._entries.append(entry)
        # A page must not begin amid entries that look alike: they could not be counted.
        self._alike = min(self._alike + 1, MAX_PAGE - 1) if key[0] == self._latest else 1
        self._latest = key[0]

    def _keys(self, page: Iterable[T]) -> list[Key]:
        """What tells the entries apart: two that look the same are counted."""
        counted: Counter[Hashable] = Counter()
        keys = []
        for entry in page:
            identity = self._identity(entry)
            keys.append((identity, counted[identity]))
            counted[identity] += 1
        return keys

"""The sync facade is the async one with other words, and nothing async is left in it."""

import ast
from pathlib import Path

import pytest

from scripts.generator.pins import GenerationError
from scripts.unasync import to_sync, write_sync

ASYNC = '''\
"""The async client."""

from collections.abc import AsyncIterator

from coinbtr._async.market import AsyncMarket


class AsyncCoinBTR:
    """Use it so: `async with AsyncCoinBTR() as exchange: await exchange.market.books()`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.market = AsyncMarket(engine)  # AsyncMarket awaits nothing by itself

    async def __aenter__(self) -> "AsyncCoinBTR":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def pages(self, first: int) -> AsyncIterator[int]:
        async for page in self.market.pages(first):
            yield (await page).number + first
        async with self.lock:
            found = [x async for x in self.rows() if await x.ready()]
        return await (
            self.rest(found)
        )
'''

SYNC = '''\
"""The sync client."""

from collections.abc import Iterator

from coinbtr._sync.market import Market


class CoinBTR:
    """Use it so: `with CoinBTR() as exchange: exchange.market.books()`."""

    def __init__(self, engine: Engine) -> None:
        self.market = Market(engine)  # Market waits for nothing by itself

    def __enter__(self) -> "CoinBTR":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pages(self, first: int) -> Iterator[int]:
        for page in self.market.pages(first):
            yield (page).number + first
        with self.lock:
            found = [x for x in self.rows() if x.ready()]
        return (
            self.rest(found)
        )
'''


def test_the_words_change_and_nothing_else() -> None:
    """Code, annotations, docstrings and comments follow; the rest stays as it is."""
    source = ASYNC.replace("awaits nothing", "waits for nothing")
    assert to_sync(source) == SYNC


def test_what_comes_out_is_python(tmp_path: Path) -> None:
    """The written module compiles, says where it comes from, and holds no async construct."""
    package = tmp_path / "coinbtr/_async"
    package.mkdir(parents=True)
    (package / "client.py").write_text(ASYNC.replace("awaits nothing", "waits for nothing"))
    write_sync(package, tmp_path / "_sync")
    text = (tmp_path / "_sync/client.py").read_text()
    assert text.startswith("# Derived from coinbtr/_async/client.py by `make generate`")
    asynchronous = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, asynchronous)]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("import asyncio", "asyncio"),
        ("x: AsyncGenerator[int, None]", "AsyncGenerator"),
        ("task = anext(pages)", "anext"),
        ("class AsyncSomething: ...", "AsyncSomething"),
        ('"""Call asyncio.run(main())."""', "asyncio"),
        ("# it awaits the answer", "awaits"),
        ('f"{self.async_lock}"', "async_lock"),
    ],
)
def test_an_unknown_async_word_stops_it(line: str, word: str) -> None:
    """A word that nobody translated is named with its file and line."""
    with pytest.raises(GenerationError, match=rf"client\.py:2: '{word}'"):
        to_sync(f"\n{line}\n", "client.py")

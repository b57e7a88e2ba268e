"""What takes long, in a thread of its own: the event loop goes on, and may end before it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from coinbtr.sandbox.delivery import Delivery


def beside(work: Callable[[], Delivery]) -> asyncio.Future[Delivery]:
    """Begin work that raises nothing, and give what will hold its result.

    `asyncio.to_thread` would keep a server that is stopped waiting until the work is done.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[Delivery] = loop.create_future()

    def settle(delivery: Delivery) -> None:
        if not result.done():  # it may have been cancelled
            result.set_result(delivery)

    def run() -> None:
        delivery = work()
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, delivery)

    Thread(target=run, name="coinbtr-beside", daemon=True).start()
    return result

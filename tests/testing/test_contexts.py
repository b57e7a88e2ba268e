"""The context managers, for unittest and for scripts, and what a sandbox for a test costs."""

import asyncio
import sys
import time
import unittest
from urllib.parse import urlsplit

import pytest

from coinbtr import AsyncCoinBTR, CoinBTR
from coinbtr.sandbox import ManualClock
from coinbtr.sandbox.server import SandboxServer
from coinbtr.testing import sandbox, sandbox_server


def test_a_script_has_an_exchange_for_a_block() -> None:
    """Its clock stands still, and the same options give the same exchange."""
    with sandbox(seed=7) as first, sandbox(seed=7) as second, sandbox(seed=8) as third:
        assert isinstance(first.clock, ManualClock)
        assert first.book("btc-mxn") == second.book("btc-mxn") != third.book("btc-mxn")


def test_a_script_has_a_server_for_a_block() -> None:
    """A real client reaches it over loopback; when the block ends the port is free again."""
    with sandbox_server(token="a-token") as server:
        port = urlsplit(server.address).port
        assert port
        with CoinBTR("a-token", base_url=server.base_url) as client:
            assert client.account.profile().username == "demo"
    with SandboxServer(port=port):
        pass


def test_both_are_async_too() -> None:
    """`async with` does the same; the server answers while the loop runs."""

    async def work() -> tuple[str, str]:
        async with sandbox() as exchange, exchange.async_client() as client:
            first = (await client.account.profile()).username
        async with (
            sandbox_server() as server,
            AsyncCoinBTR(server.sandbox.other_token, base_url=server.base_url) as client,
        ):
            return first, (await client.account.profile()).username

    assert asyncio.run(work()) == ("demo", "other")


def test_unittest_enters_them_as_contexts() -> None:
    """`enterContext` in `setUp` is all that a test case needs."""

    class Case(unittest.TestCase):
        def setUp(self) -> None:
            self.exchange = self.enterContext(sandbox())

        def test_credit(self) -> None:
            self.exchange.credit("btc", 1)
            assert self.exchange.balances()["BTC"].available == 11

    result = unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(unittest.TestResult())
    assert (result.testsRun, result.wasSuccessful()) == (1, True)


def test_a_block_that_fails_closes_what_it_began() -> None:
    """Whatever is raised in it comes out of it, and the port is free."""

    def fail() -> None:
        with sandbox_server() as server:
            ports.append(urlsplit(server.address).port or 0)
            raise RuntimeError("mine")

    ports: list[int] = []
    with pytest.raises(RuntimeError, match="mine"):
        fail()
    with sandbox_server(port=ports[0]):
        pass
    with pytest.raises(TypeError, match="no option 'sead'"):
        sandbox(sead=1)  # type: ignore[call-arg]  # the mistake under test


def test_a_sandbox_for_a_test_is_cheap() -> None:
    """Under 5 ms of CPU, the best of 20: a test's fixture costs less than the test."""
    costs = []
    tracer = sys.gettrace()  # what measures coverage is no part of the cost
    sys.settrace(None)
    for _ in range(20):
        began = time.process_time_ns()
        with sandbox():
            costs.append(time.process_time_ns() - began)
    sys.settrace(tracer)
    assert min(costs) < 5_000_000

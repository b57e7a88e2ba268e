"""An engine over the embedded sandbox that loses answers when told to."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import define

from coinbtr import CoinBTR, OutcomeUnknown, Request, Response
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.engine import SandboxEngine
from coinbtr.wire.engine import AnswerTimedOut, ExchangeBroken
from tests.facade.faults.steering import PatientClock
from tests.facade.scripted import OPEN

# Far more than any test sends: who asks without end shall fail and not hang.
MANY = 2000


@define
class LossyEngine:
    """Loses the next answer, of `only` these paths, before or after it was carried out."""

    inner: SandboxEngine
    lose: str | None = None
    only: tuple[str, ...] = ("",)
    sent: int = 0
    meanwhile: Callable[[], None] | None = None

    def send(self, request: Request) -> Response:
        """The sandbox's answer, unless it is lost."""
        self.sent += 1
        if self.sent > MANY:
            raise ExchangeBroken("it was asked without end")
        lose = None
        if any(path in request.url for path in self.only):
            lose, self.lose = self.lose, None
        if lose == "before":
            raise ExchangeBroken("reset by peer")
        answer = self.inner.send(request)
        if lose == "after":
            raise AnswerTimedOut("15 s")
        if self.meanwhile is not None and "/list" in request.url:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        return answer

    def close(self) -> None:
        """Nothing to close."""


@define
class Desk:
    """A client whose answers can be lost, and the exchange that it trades on."""

    client: CoinBTR
    engine: LossyEngine
    sandbox: Sandbox

    def lose(self, when: str, call: Callable[[CoinBTR], Any]) -> OutcomeUnknown:
        """The error of a call whose answer is lost before or after it was carried out."""
        self.engine.lose = when
        with pytest.raises(OutcomeUnknown) as caught:
            call(self.client)
        return caught.value


def desk(sandbox: Sandbox | None = None, **options: Any) -> Desk:
    """A client of an embedded sandbox, over a lossy engine, with a clock that never waits."""
    sandbox = sandbox or Sandbox()
    engine = LossyEngine(sandbox.engine())
    given: dict[str, Any] = {"guards": OPEN, "rate_limit": None, "watermark": "seen"}
    client = CoinBTR(sandbox.token, base_url=sandbox.base_url, engine=engine, **given | options)
    client._seam._shared.clock = PatientClock()
    return Desk(client, engine, sandbox)


def buy(client: CoinBTR) -> Any:
    """An order that rests."""
    return client.trading.buy_limit("btc-mxn", amount="0.01", price="900000")


def withdraw(client: CoinBTR) -> Any:
    """A withdrawal."""
    return client.wallet.withdraw(
        "btc", address="2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG", amount="0.01"
    )

"""Engines that record what another engine carries: for programs that use the facade."""

from coinbtr.recording.recorder import Recorder
from coinbtr.wire.engine import AsyncEngine, Engine, Request, Response


class RecordingEngine:
    """An `Engine` that hands everything to another, and to a recorder.

    Args:
        engine: what carries requests.
        recorder: what writes; it is not closed with the engine.
    """

    def __init__(self, engine: Engine, recorder: Recorder) -> None:
        self._engine = engine
        self._recorder = recorder

    def send(self, request: Request) -> Response:
        """Send `request` once, and record it with its answer or with why there was none.

        Raises what the other engine raises.
        """
        try:
            response = self._engine.send(request)
        except BaseException as error:
            self._recorder.record(request, error)
            raise
        self._recorder.record(request, response)
        return response

    def close(self) -> None:
        """Close the other engine."""
        self._engine.close()


class AsyncRecordingEngine:
    """The same as `RecordingEngine`, awaited."""

    def __init__(self, engine: AsyncEngine, recorder: Recorder) -> None:
        self._engine = engine
        self._recorder = recorder

    async def send(self, request: Request) -> Response:
        """Send `request` once, and record it with its answer or with why there was none.

        Raises what the other engine raises.
        """
        try:
            response = await self._engine.send(request)
        except BaseException as error:
            self._recorder.record(request, error)
            raise
        self._recorder.record(request, response)
        return response

    async def aclose(self) -> None:
        """Close the other engine."""
        await self._engine.aclose()

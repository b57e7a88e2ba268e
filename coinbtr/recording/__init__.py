"""Records what a client and a server say to each other, with nothing in it that must not be told.

`coinbtr record` puts a proxy between them; a program of the facade's wraps its engine.
"""

from coinbtr.recording.engines import AsyncRecordingEngine, RecordingEngine
from coinbtr.recording.lines import RecordingError
from coinbtr.recording.recorder import Recorder

__all__ = ["AsyncRecordingEngine", "Recorder", "RecordingEngine", "RecordingError"]

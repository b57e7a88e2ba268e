"""Where snapshots are kept: in the journal where there is one, else in memory."""

import json
from collections.abc import Mapping
from typing import Any, Protocol


class SnapshotStore(Protocol):
    """Keeps states under names."""

    def keep_snapshot(self, name: str, at_ms: int, state: Mapping[str, Any]) -> None:
        """Keep a state under a name; an older one of that name is replaced."""
        ...

    def snapshot(self, name: str) -> tuple[int, Mapping[str, Any]]:
        """Give the time and the state that were kept under a name.

        Raises:
            KeyError: there is none.
        """
        ...

    def snapshots(self) -> Mapping[str, int]:
        """Tell the names of the kept states with their times, oldest first."""
        ...

    def remove_snapshot(self, name: str) -> None:
        """Forget a kept state; nothing happens when there is none."""
        ...


class MemorySnapshots:
    """Keeps them until the process ends; as text, for the state itself goes on changing."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, str]] = {}

    def keep_snapshot(self, name: str, at_ms: int, state: Mapping[str, Any]) -> None:
        """Keep a state under a name; an older one of that name is replaced."""
        self._kept[name] = (at_ms, json.dumps(state))

    def snapshot(self, name: str) -> tuple[int, Mapping[str, Any]]:
        """Give the time and the state that were kept under a name.

        Raises:
            KeyError: there is none.
        """
        at_ms, state = self._kept[name]
        return at_ms, json.loads(state)

    def snapshots(self) -> Mapping[str, int]:
        """Tell the names of the kept states with their times, oldest first."""
        kept = [(at_ms, name) for name, (at_ms, _) in self._kept.items()]
        return {name: at_ms for at_ms, name in sorted(kept)}

    def remove_snapshot(self, name: str) -> None:
        """Forget a kept state; nothing happens when there is none."""
        self._kept.pop(name, None)

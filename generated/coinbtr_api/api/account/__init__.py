"""Contains endpoint functions for accessing the API; imported when asked for."""

from typing import TYPE_CHECKING

from ...lazy import lazy

if TYPE_CHECKING:
    from . import get_profile, get_session

__all__ = ("get_profile", "get_session")

if not TYPE_CHECKING:  # else any name would do for a type checker
    __getattr__, __dir__ = lazy(
        __name__, {"get_profile": "get_profile", "get_session": "get_session"}
    )

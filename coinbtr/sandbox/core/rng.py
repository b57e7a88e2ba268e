"""Random numbers of the live market: SplitMix64, whose whole state is one integer.

It fits into a dump as it is, and no version of Python changes what it draws.
"""

from hashlib import sha256
from typing import Final

_MASK: Final = (1 << 64) - 1

NORMAL_SCALE: Final = 37_837
"""The standard deviation of what `bell` draws: four even draws of 16 bits added up."""


class SplitMix64:
    """A stream of random integers; the same state gives the same stream.

    Args:
        state: any integer; its lowest 64 bits count.
    """

    def __init__(self, state: int) -> None:
        self.state = state & _MASK

    @classmethod
    def named(cls, seed: int, name: str) -> "SplitMix64":
        """Begin a stream that differs for each seed and each name."""
        return cls(int.from_bytes(sha256(f"{seed}/live/{name}".encode()).digest()[:8]))

    def bits(self) -> int:
        """Draw 64 random bits."""
        self.state = z = (self.state + 0x9E3779B97F4A7C15) & _MASK
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & _MASK
        return z ^ (z >> 31)

    def between(self, least: int, most: int) -> int:
        """Draw an integer from `least` to `most`, each as likely as the other."""
        return least + (self.bits() * (most - least + 1) >> 64)

    def bell(self) -> int:
        """Draw around zero, near a normal distribution of standard deviation `NORMAL_SCALE`."""
        bits = self.bits()
        return (
            (bits & 0xFFFF)
            + (bits >> 16 & 0xFFFF)
            + (bits >> 32 & 0xFFFF)
            + (bits >> 48)
            - 2 * 0xFFFF
        )

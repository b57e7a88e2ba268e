"""The rate limit that a client keeps by itself, in one process or shared through Redis."""

from coinbtr.limits.rate_limit import RateLimit

__all__ = ["RateLimit"]

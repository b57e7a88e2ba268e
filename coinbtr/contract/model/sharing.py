"""Shares found failures between machines: the example database of Hypothesis in a Redis."""

from hypothesis.database import ExampleDatabase


def database(address: str | None) -> ExampleDatabase | None:
    """Open the database of an address such as `redis://host:6379/0`; None without an address.

    Raises:
        ModuleNotFoundError: redis isn't installed; the message says what to install.
        ValueError: it is no address of a Redis, or none answers there.
    """
    if address is None:
        return None
    try:
        from hypothesis.extra.redis import RedisExampleDatabase
        from redis import Redis, RedisError
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "sharing failures needs one more package: pip install 'coinbtr[redis]'",
            name=missing.name,
        ) from missing
    redis = Redis.from_url(address)
    try:
        redis.ping()
    except RedisError as error:
        raise ValueError(f"no Redis answers there: {error}") from None
    return RedisExampleDatabase(redis, key_prefix=b"coinbtr-contract:")

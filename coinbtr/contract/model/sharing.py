"""Shares found failures between machines: the example database of Hypothesis in a Redis."""

from hypothesis.database import ExampleDatabase


def database(address: str | None) -> ExampleDatabase | None:
    """Open the database of an address such as `redis://host:6379/0`; None without an address.

    Raises:
        ModuleNotFoundError: redis isn't installed; the message says what to install.
        ValueError: it is no address of a Redis.
    """
    if address is None:
        return None
    try:
        from hypothesis.extra.redis import RedisExampleDatabase
        from redis import Redis
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "sharing failures needs one more package: pip install 'coinbtr[redis]'",
            name=missing.name,
        ) from missing
    return RedisExampleDatabase(Redis.from_url(address), key_prefix=b"coinbtr-contract:")

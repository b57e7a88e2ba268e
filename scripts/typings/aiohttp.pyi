# What the package uses of aiohttp, which comes with ccxt alone.
from typing import Any

ClientSession: Any

class ClientConnectorError(Exception): ...
class ConnectionTimeoutError(TimeoutError): ...

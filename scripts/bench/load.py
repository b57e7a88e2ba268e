"""Sends the same request again and again over some connections that are kept alive."""

import asyncio


async def _connection(port: int, request: bytes, requests: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for _ in range(requests):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            status = head.split(b" ", 2)[1]
            lower = head.lower()
            if b"content-length:" in lower:
                length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
                body = await reader.readexactly(length)
            else:
                body = await reader.readuntil(b"0\r\n\r\n")  # chunked
            if status != b"200":
                raise RuntimeError(f"the server answered {status.decode()}: {body[:200]!r}")
    finally:
        writer.close()


def send(port: int, request: bytes, *, requests: int, connections: int) -> None:
    """Send requests and read their answers, each connection one after the other.

    Raises:
        RuntimeError: an answer isn't a 200.
    """

    async def run() -> None:
        each = requests // connections
        await asyncio.gather(*(_connection(port, request, each) for _ in range(connections)))

    asyncio.run(run())


def request(method: str, target: str, token: str = "", body: bytes = b"") -> bytes:
    """Write a request down."""
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    if token:
        lines.append(f"Authorization: Token {token}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body

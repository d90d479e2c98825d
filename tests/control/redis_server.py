"""Debian's redis-server, on a free port and without a file."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.e2e.processes import PATIENCE, free_port

PROGRAM = shutil.which("redis-server")
MISSING = "needs redis-server: apt-get install redis-server"


@dataclass(slots=True)
class RedisServer:
    """A Redis that can be stopped, frozen and started again."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @classmethod
    def started(cls, folder: Path) -> RedisServer:
        port = free_port()
        return cls(folder, port, _process(folder, port))

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it, keeping what it knows."""
        self.thaw()
        self.process.terminate()
        self.process.wait(PATIENCE)

    def start_again(self) -> None:
        self.process = _process(self.folder, self.port)

    def empty(self) -> None:
        with redis.Redis(port=self.port) as client:
            client.flushall()


def _process(folder: Path, port: int) -> subprocess.Popen[bytes]:
    words = [str(PROGRAM), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "3600", "1"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)  # noqa: S603
    give_up = time.monotonic() + PATIENCE
    with redis.Redis(port=port) as client:
        while True:
            try:
                client.ping()
            except redis.RedisError:
                if time.monotonic() > give_up or process.poll() is not None:
                    process.kill()
                    process.wait()
                    raise
                time.sleep(0.02)
            else:
                return process

"""Over loopback: each peer behind a server with one worker, driven by wrk, visited in turn, round by round.

python benchmarks/load.py [--stacks ours-asgi@uvicorn,...] [--rounds 5] [--seconds 2] [--connections 16] [--write]

CPU per request is that of the server's whole process tree: the figure to trust on a shared machine.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

import workloads
from peers import PEERS
from report import publish, ratio, table, times

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
WORK = ("W1", "W3", "W4")
STACKS = (
    "floor-wsgi@granian",
    "ours-wsgi@granian",
    "falcon-wsgi@granian",
    "floor-asgi@uvicorn",
    "ours-asgi@uvicorn",
    "ours-asgi-sync@uvicorn",
    "falcon-asgi@uvicorn",
    "starlette@uvicorn",
    "litestar@uvicorn",
    "fastapi@uvicorn",
    "fastapi-sync@uvicorn",
)
SCRIPT = """wrk.method = "{method}"
wrk.body = {body}
wrk.headers["Content-Type"] = "application/json"
"""
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}


@dataclass(frozen=True)
class Sample:
    per_second: float
    cpu: float
    p50: float
    p99: float


class Server:
    """One stack `peer@server` on a port of its own, up until `stop()`."""

    def __init__(self, stack: str) -> None:
        self.peer, _, server = stack.partition("@")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [str(BIN / server), *_options(server, str(self._port)), "application:app"],
            cwd=HERE,
            env={**os.environ, "BENCH_PEER": self.peer, "PYTHONPATH": str(HERE)},
            start_new_session=True,
        )
        self._wait(stack)
        for name in WORK:
            workloads.check(name, *self._ask(workloads.work(name)))

    def _wait(self, stack: str) -> None:
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 0.1):
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit(f"{stack} does not start")

    def _ask(self, work: workloads.Work) -> tuple[int, bytes]:
        request = urllib.request.Request(self._url(work), data=work.body or None, method=work.method)  # noqa: S310
        if work.body:
            request.add_header("content-type", "application/json")
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read()

    def _url(self, work: workloads.Work) -> str:
        return f"http://127.0.0.1:{self._port}{work.paths[0]}" + (f"?{work.query}" if work.query else "")

    def _cpu(self) -> float:
        root = psutil.Process(self._process.pid)
        used = [process.cpu_times() for process in (root, *root.children(recursive=True))]
        return sum(each.user + each.system for each in used)

    def load(self, name: str, seconds: int, connections: int) -> Sample:
        work, before = workloads.work(name), self._cpu()
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            body = "[==[" + work.body.decode() + "]==]" if work.body else "nil"
            script.write(SCRIPT.format(method=work.method, body=body))
            script.flush()
            command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script.name]
            text = subprocess.run([*command, self._url(work)], capture_output=True, text=True, check=True).stdout
        if trouble := re.search(r"Non-2xx.*|Socket errors.*", text):
            print(f"{self.peer} {name}: {trouble[0]}", file=sys.stderr)
        cpu = (self._cpu() - before) * 1e6
        return Sample(
            per_second=float(_found(r"Requests/sec:\s+([\d.]+)", text)),
            cpu=cpu / int(_found(r"(\d+) requests in", text)),
            p50=_milliseconds(_found(r"\n +50% +(\S+)", text)),
            p99=_milliseconds(_found(r"\n +99% +(\S+)", text)),
        )

    def stop(self) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)


def _options(server: str, port: str) -> list[str]:
    common = ["--host", "127.0.0.1", "--port", port, "--log-level", "warning"]
    if server == "granian":
        return [*common, "--interface", "wsgi", "--workers", "1", "--blocking-threads", "1"]
    return [*common, "--loop", "uvloop", "--http", "httptools", "--ws", "none", "--no-access-log"]


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(f"wrk said:\n{text}")
    return match[1]


def _milliseconds(text: str) -> float:
    number = text.rstrip("mus")
    return float(number) * MILLISECONDS[text.removeprefix(number)]


@contextlib.contextmanager
def running(stacks: list[str]) -> Iterator[dict[str, Server]]:
    with contextlib.ExitStack() as stack:
        servers = {}
        for name in stacks:
            servers[name] = Server(name)
            stack.callback(servers[name].stop)
        yield servers


def rows_of(found: dict[str, list[Sample]]) -> Iterator[list[str]]:
    for stack, samples in found.items():
        peer, _, server = stack.partition("@")
        floor, rival = found.get(f"{PEERS[peer].floor}@{server}"), found.get(f"{PEERS[peer].rival}@{server}")
        cpu = [sample.cpu for sample in samples]
        yield [
            f"{PEERS[peer].title} ({server})",
            f"{statistics.median(cpu):.1f}",
            f"{ratio(cpu, [sample.cpu for sample in floor]):.2f}" if floor else "",
            f"{statistics.median(sample.per_second for sample in samples):.0f}",
            times(ratio([s.per_second for s in rival], [s.per_second for s in samples])) if rival else "",
            f"{statistics.median(sample.p50 for sample in samples):.2f}",
            f"{statistics.median(sample.p99 for sample in samples):.2f}",
        ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--stacks", default=",".join(STACKS))
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=2)
    arguments.add_argument("--connections", type=int, default=16)
    arguments.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    given = arguments.parse_args()
    stacks = given.stacks.split(",")
    found: dict[str, dict[str, list[Sample]]] = {name: {stack: [] for stack in stacks} for name in WORK}
    with running(stacks) as servers:
        for turn in range(given.rounds):
            for name in WORK:
                for stack in stacks[turn % len(stacks) :] + stacks[: turn % len(stacks)]:
                    found[name][stack].append(servers[stack].load(name, given.seconds, given.connections))
    head = ["CPU µs per request", "ratio to the floor", "requests/s", "our requests/s ÷ these", "p50 ms", "p99 ms"]
    tables = [table([f"{name}, {given.connections} connections", *head], rows_of(found[name])) for name in WORK]
    publish("over loopback", "\n\n".join(tables), write=given.write)


if __name__ == "__main__":
    main()

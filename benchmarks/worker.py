"""One peer in a process of its own; the other scripts start it.

python worker.py PEER ROUTES          answers orders "WORKLOAD SECONDS" on stdin with nanoseconds of CPU per request
python worker.py PEER ROUTES first    builds, answers one W1, prints the resident kilobytes
python worker.py PEER ROUTES startup  milliseconds of CPU: import and build, first answer, first documents
"""

from __future__ import annotations

import importlib
import itertools
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import workloads
from peers import PEERS

Driver = tuple[Callable[[int], None], Callable[[], tuple[int, bytes]]]


def main(peer: str, routes: int, mode: str) -> None:
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a peer prints must not break the protocol
    if mode == "first":
        _, once = _drive(peer, PEERS[peer].build(routes), workloads.work("W1"))
        workloads.check("W1", *once())
        print(_resident_kilobytes(), file=out)
    elif mode == "startup":
        print(*_startup(peer, routes), file=out)
    else:
        _serve_orders(peer, routes, out)
    out.flush()
    os._exit(0)  # no teardown in the figures


def _drive(peer: str, app: Any, work: workloads.Work) -> Driver:
    # Imported when it is known which: asyncio alone doubles the cold start of a WSGI peer.
    return importlib.import_module(f"driver_{PEERS[peer].interface}").drive(app, work)


def _resident_kilobytes() -> int:
    # Not ru_maxrss: a child inherits the peak of the process that started it.
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - pathlib would count
        return int(status.read().partition("VmRSS:")[2].split()[0])


def _startup(peer: str, routes: int) -> list[float]:
    times = [time.process_time()]
    app = PEERS[peer].build(routes)
    times.append(time.process_time())
    _, once = _drive(peer, app, workloads.work("W5", routes))
    workloads.check("W5", *once())
    times.append(time.process_time())
    for kind, mark in (("rest", b'"httpMethod"'), ("openapi.json", b'"operationId"')):
        _, once = _drive(peer, app, workloads.Work("GET", (f"/_ah/api/discovery/v1/apis/bench/v1/{kind}",)))
        status, body = once()
        times.append(time.process_time())
        if status != 200 or body.count(mark) < routes:
            raise ValueError(f"{kind}: wrong answer {status} {body[:300]!r}")
    return [round((b - a) * 1000, 1) for a, b in itertools.pairwise(times)]


def _serve_orders(peer: str, routes: int, out: object) -> None:
    app = PEERS[peer].build(routes)
    drivers: dict[str, Driver] = {}
    sizes: dict[str, int] = {}
    print("ready", file=out)
    for line in sys.stdin:
        name, seconds = line.split()
        if name not in drivers:
            drivers[name] = _drive(peer, app, workloads.work(name, routes))
            repeat, once = drivers[name]
            workloads.check(name, *once())
            repeat(20)
        sizes[name], nanoseconds = _timed(drivers[name][0], sizes.get(name, 20), float(seconds))
        print(f"{nanoseconds:.1f}", file=out)


def _timed(repeat: Callable[[int], None], size: int, seconds: float) -> tuple[int, float]:
    """CPU of all threads per request, over a batch that lasts long enough."""
    while True:
        start = time.process_time()
        repeat(size)
        spent = time.process_time() - start
        if spent >= seconds * 0.7:
            return size, spent / size * 1e9
        size = int(size * min(20, seconds / max(spent, 1e-4))) + 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), (sys.argv[3:] or ["orders"])[0])

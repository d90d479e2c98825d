"""Cold start: a fresh process imports the application and answers one W1; and ours with a thousand methods.

python benchmarks/cold.py [--rounds 7] [--write]

Interpreter start included, bytecode compiled before. CPU is what counts; wall time is the machine's mood.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from peers import PEERS
from report import publish, ratio, table, times

HERE = Path(__file__).parent
OURS = ("ours-wsgi", "ours-asgi")


def first_answer(peer: str) -> tuple[float, float, float]:
    """Wall milliseconds, CPU milliseconds and resident megabytes, from exec to the first right answer."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    kilobytes = _worker(peer, 0, "first")
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, cpu * 1000, int(kilobytes) / 1024


def _worker(peer: str, routes: int, mode: str) -> str:
    command = [sys.executable, "worker.py", peer, str(routes), mode]
    return subprocess.run(command, cwd=HERE, stdout=subprocess.PIPE, text=True, check=True).stdout


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--peers", default=",".join(p for p in PEERS if not p.endswith(("int64", "sync"))))
    arguments.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    given = arguments.parse_args()
    peers = given.peers.split(",")
    for peer in peers:
        first_answer(peer)
    found = {peer: [first_answer(peer)] for peer in peers}
    for _ in range(given.rounds - 1):
        for peer in peers:
            found[peer].append(first_answer(peer))
    rows = []
    for peer, samples in found.items():
        rival = found.get(PEERS[peer].rival)
        share = times(ratio([s[1] for s in rival], [s[1] for s in samples])) if rival else ""
        wall, cpu, resident = (f"{statistics.median(column):.0f}" for column in zip(*samples, strict=True))
        rows.append([PEERS[peer].title, cpu, wall, resident, share])
    text = table(["first answer", "CPU ms", "wall ms", "resident MB", "our CPU as a share"], rows)
    if set(OURS) & set(peers):
        text += "\n\n" + thousand_methods(given.rounds)
    publish("cold start", text, write=given.write)


def thousand_methods(rounds: int) -> str:
    rows = []
    for peer in OURS:
        samples = [[float(part) for part in _worker(peer, 1000, "startup").split()] for _ in range(rounds)]
        rows.append([PEERS[peer].title, *(f"{statistics.median(part):.0f}" for part in zip(*samples, strict=True))])
    measured = ["import and build", "first answer", "first discovery document", "first OpenAPI 3.1 document"]
    return table(["1000 methods, CPU ms", *measured], rows)


if __name__ == "__main__":
    main()

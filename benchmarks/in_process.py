"""CPU per request with no sockets: every peer in a process of its own, visited in turn, round by round.

python benchmarks/in_process.py [--peers a,b] [--rounds 9] [--seconds 0.1] [--write]

W1 to W4 first, then W5 with 10 and with 1000 routes, then a part of W3.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

from peers import PEERS
from report import publish, ratio, table, times

HERE = Path(__file__).parent
Samples = dict[str, dict[str, list[float]]]
HEAD = "CPU µs per request (ratio to the floor of the same interface)"


class Worker:
    def __init__(self, peer: str, routes: int) -> None:
        command = [sys.executable, "worker.py", peer, str(routes)]
        self._process = subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        if self._ask("") != "ready":
            raise SystemExit(f"{peer} does not start")

    def _ask(self, order: str) -> str:
        assert self._process.stdin and self._process.stdout  # noqa: S101 - both are pipes
        self._process.stdin.write(order)
        return self._process.stdout.readline().strip()

    def measure(self, work: str, seconds: float) -> float:
        answer = self._ask(f"{work} {seconds}\n")
        if not answer:
            raise SystemExit(f"a worker died on {work}")
        return float(answer)

    def stop(self) -> None:
        self._process.communicate(timeout=20)


def sample(peers: list[str], names: list[str], routes: int, rounds: int, seconds: float) -> Samples:
    workers = {peer: Worker(peer, routes) for peer in peers}
    found: Samples = {peer: {name: [] for name in names} for peer in peers}
    for turn in range(rounds):
        order = peers[turn % len(peers) :] + peers[: turn % len(peers)]
        for name in names:
            for peer in order:
                found[peer][name].append(workers[peer].measure(name, seconds))
    for worker in workers.values():
        worker.stop()
    return found


def costs(found: Samples, columns: dict[str, str]) -> str:
    """What each peer costs, beside the floor of its interface in the same round."""

    def cell(peer: str, name: str) -> str:
        values, floor = found[peer][name], found.get(PEERS[peer].floor)
        text = f"{statistics.median(values) / 1000:.1f}"
        return f"{text} ({ratio(values, floor[name]):.2f})" if floor else text

    rows = [[PEERS[peer].title, *(cell(peer, name) for name in columns)] for peer in found]
    return table([HEAD, *columns.values()], rows)


def shares(found: Samples, columns: dict[str, str]) -> str:
    """What ours costs as a share of each peer that does the same kind of work."""
    rows = [
        [PEERS[peer].title, *(times(ratio(found[PEERS[peer].rival][n], found[peer][n])) for n in columns)]
        for peer in found
        if PEERS[peer].rival in found
    ]
    return table(["our CPU as a share of", *columns.values()], rows) if rows else ""


def sync_hop(found: Samples) -> str:
    if not {"ours-asgi", "ours-asgi-sync"} <= found.keys():
        return ""
    pairs = zip(found["ours-asgi-sync"]["W1"], found["ours-asgi"]["W1"], strict=True)
    hop = statistics.median((sync - on_loop) / 1000 for sync, on_loop in pairs)
    return f"\n\nA sync method on ASGI (W1) costs {hop:.1f} µs more CPU than the same `async def` method."


def partial_answers(peers: list[str], rounds: int, seconds: float) -> str:
    """What it costs to answer a part of W3, beside the whole."""
    ours = [peer for peer in peers if peer.startswith("ours") and peer != "ours-asgi-sync"]
    if not ours:
        return ""
    found = sample(ours, ["W3", "W3-partial"], 0, rounds, seconds)
    rows = [[PEERS[peer].title, times(ratio(each["W3-partial"], each["W3"]))] for peer, each in found.items()]
    return table(["W3 with `fields=items(id,author/name)`", "share of the full answer"], rows)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--peers", default=",".join(PEERS))
    arguments.add_argument("--rounds", type=int, default=9)
    arguments.add_argument("--seconds", type=float, default=0.1)
    arguments.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    given = arguments.parse_args()
    peers = given.peers.split(",")
    short = {name: name for name in ("W1", "W2", "W3", "W4")}
    found = sample(peers, list(short), 0, given.rounds, given.seconds)
    last: Samples = {peer: {} for peer in peers}
    for routes in (10, 1000):
        for peer, values in sample(peers, ["W5"], routes, given.rounds, given.seconds).items():
            last[peer][str(routes)] = values["W5"]
    many = {"10": "W5, 10 routes", "1000": "W5, 1000 routes"}
    text = [costs(found, short) + sync_hop(found), shares(found, short), costs(last, many), shares(last, many)]
    text.append(partial_answers(peers, given.rounds, given.seconds))
    publish("in process", "\n\n".join(filter(None, text)), write=given.write)


if __name__ == "__main__":
    main()

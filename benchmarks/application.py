"""The application that a server under load runs: BENCH_PEER names it."""

from __future__ import annotations

import os

from peers import PEERS

app = PEERS[os.environ["BENCH_PEER"]].build(0)

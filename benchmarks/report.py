"""Medians, ratios within a round, Markdown tables, and the results section of docs/performance.md."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios taken round by round: a slow moment of the machine hits both sides of each."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def times(value: float) -> str:
    """2.4 as `2.4 x`, 0.04 as `1/25`."""
    return f"{value:.2f} ×" if value >= 0.2 else f"1/{1 / value:.0f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    models = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    versions = (f"{name} {importlib.metadata.version(name)}" for name in ("falcon", "fastapi", "litestar", "starlette"))
    today = datetime.datetime.now(tz=datetime.UTC).date()
    cores = f"{os.cpu_count()} cores, {models[0] if models else platform.machine()}"
    return f"{today}, {cores}, CPython {platform.python_version()}; {', '.join(versions)}."


def publish(section: str, text: str, *, write: bool) -> None:
    """Print `text`; with `write`, also put it between the markers of its section in docs/performance.md."""
    print(text)
    if write:
        begin, end = f"<!-- results: {section} -->\n", f"<!-- end: {section} -->"
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        PAGE.write_text(f"{before}{begin}\n{machine()}\n\n{text}\n\n{end}{after}", encoding="utf-8")

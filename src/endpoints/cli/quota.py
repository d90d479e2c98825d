"""`endpoints quota show`: the limits of APIs, and what has been used of them in this minute."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from endpoints.cli import control_options, declared, table
from endpoints.cli.command import Command
from endpoints.cli.lookup import DEFAULT_ATTRIBUTES
from endpoints.control.minutes import Use
from endpoints.operations import Api

_DESCRIPTION: Final = """
Show what has been used of quotas in this minute (of UTC), by consumer: project:NAME is the consumer of an API key,
user:... a verified user, address:... a caller that is known by address only. A server that counts in its memory copies
its counters to the file four times a second.
"""
_HEADINGS: Final = ("API", "METRIC", "LIMIT", "CONSUMER", "USED", "LEFT")


def run(options: argparse.Namespace) -> int:
    """Print the list.

    Raises:
        UsageError: the store cannot be asked, or a target cannot be found.
    """
    apis = declared.joined(options.targets, options.application).apis if options.targets else ()
    with control_options.store(options) as store:
        shown = list(_shown(_limits(apis), store.seen.used(), restricted=bool(apis)))
    if options.json:
        sys.stdout.write(json.dumps([_facts(each) for each in shown], indent=2, ensure_ascii=False) + "\n")
        return 0
    for line in table.lines([_HEADINGS, *(_row(*each) for each in shown)]):
        sys.stdout.write(line + "\n")
    return 0


def _limits(apis: Sequence[Api]) -> dict[tuple[str, str], int]:
    """The limits by API and metric; where versions of an API differ, the largest."""
    limits: dict[tuple[str, str], int] = {}
    for api in apis:
        for each in api.info.limit_definitions or ():
            name = (api.name, each.metric_name)
            limits[name] = max(each.default_limit, limits.get(name, 0))
    return limits


def _shown(
    limits: dict[tuple[str, str], int], uses: Sequence[Use], *, restricted: bool
) -> Iterator[tuple[str, str, int | None, str | None, int]]:
    """API, metric, limit, consumer and use: for every limit that nobody has used yet a line without a consumer."""
    used = {(each.api, each.metric) for each in uses}
    for (api, metric), limit in limits.items():
        if (api, metric) not in used:
            yield api, metric, limit, None, 0
    for use in sorted(uses, key=lambda each: (each.api, each.metric, each.counter)):
        known = limits.get((use.api, use.metric))
        if known is not None or not restricted:
            yield use.api, use.metric, known, use.counter, use.used


def _row(api: str, metric: str, limit: int | None, consumer: str | None, used: int) -> tuple[str, ...]:
    left = "-" if limit is None else str(max(0, limit - used))
    return api, metric, "-" if limit is None else str(limit), consumer or "-", str(used), left


def _facts(shown: tuple[str, str, int | None, str | None, int]) -> dict[str, Any]:
    return dict(zip(("api", "metric", "limit", "consumer", "used"), shown, strict=True))


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="quota_action", metavar="ACTION", required=True)
    show = actions.add_parser("show", help="limits, and what has been used of them in this minute")
    show.add_argument(
        "targets",
        metavar="TARGET",
        nargs="*",
        help="APIs whose limits are shown: what api_server returned, or service classes, as module:name; of a module "
        f"alone the first of {', '.join(DEFAULT_ATTRIBUTES)} (default: all that is used, without the limits)",
    )
    show.add_argument(
        "-a",
        "--application",
        metavar="PATH",
        type=Path,
        default=Path(),
        help="folder in which modules are looked for first (default: the current one)",
    )
    show.add_argument("--json", action="store_true", help="as a JSON list, for programs")
    control_options.add_argument(show)


COMMAND: Final = Command(
    summary="show limits and their use",
    description=_DESCRIPTION,
    add_arguments=_arguments,
    run=run,
)

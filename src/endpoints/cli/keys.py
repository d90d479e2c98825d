"""`endpoints keys create|list|revoke|rotate`: API keys, in the store that servers look them up in."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from endpoints.cli import control_options, table
from endpoints.cli.command import Command, UsageError
from endpoints.control.keys import MAX_NAME, KeyRecord, KeyStore, made

_DESCRIPTION: Final = """
Make, list and withdraw API keys for methods that require one (api_key_required=True). Servers that use the same store
know of a change with the next request. Only digests of keys are stored: a key is shown once, when it is made.
"""
_HEADINGS: Final = ("ID", "CONSUMER", "APIS", "CREATED", "EXPIRES", "STATE")
_FIRST: Final = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())
_LAST: Final = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
_DURATION: Final = re.compile(r"([0-9]{1,6})(s|m|h|d)", re.ASCII)
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_API_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def run(options: argparse.Namespace) -> int:
    """Do what the sub-command says.

    Raises:
        UsageError: the store cannot be asked, or there is no such key.
    """
    action: Callable[[KeyStore, argparse.Namespace], int] = options.action
    with control_options.store(options) as store:
        return action(store.keys, options)


def _create(keys: KeyStore, options: argparse.Namespace) -> int:
    expires = None if options.expires is None else int(options.expires.timestamp())
    key, record = made(options.consumer, options.api or (), time.time(), expires)
    keys.add(record)
    _show_once(key, record)
    return 0


def _list(keys: KeyStore, options: argparse.Namespace) -> int:
    now = time.time()
    found = [each for each in keys.all() if options.consumer in (None, each.consumer)]
    if options.json:
        sys.stdout.write(json.dumps([_facts(each, now) for each in found], indent=2, ensure_ascii=False) + "\n")
        return 0
    for line in table.lines([_HEADINGS, *(_row(each, now) for each in found)]):
        sys.stdout.write(line + "\n")
    return 0


def _revoke(keys: KeyStore, options: argparse.Namespace) -> int:
    record = _known(keys, options.id)
    keys.revoke(record.id, int(time.time()))
    sys.stdout.write(f"key {record.id} of {record.consumer} is revoked\n")
    return 0


def _rotate(keys: KeyStore, options: argparse.Namespace) -> int:
    old, now = _known(keys, options.id), time.time()
    if _state(old, now) != "active":
        raise UsageError(f"key {old.id} is {_state(old, now)}; make a new one with: endpoints keys create")
    expires = old.expires if options.expires is None else int(options.expires.timestamp())
    key, record = made(old.consumer, old.apis, now, expires)
    keys.add(record)
    keys.revoke(old.id, int(now + options.overlap.total_seconds()))
    _show_once(key, record)
    until = _time(int(now + options.overlap.total_seconds())) if options.overlap else None
    sys.stderr.write(f"key {old.id} {f'counts until {until}' if until else 'is revoked'}\n")
    return 0


def _show_once(key: str, record: KeyRecord) -> None:
    """The key alone on stdout, for programs; what else is to be said on stderr."""
    sys.stdout.write(key + "\n")
    sys.stdout.flush()
    apis = f"for {', '.join(record.apis)}" if record.apis else "for all APIs"
    until = "without end" if record.expires is None else f"until {_time(record.expires)}"
    sys.stderr.write(f"key {record.id} of {record.consumer}, {apis}, {until}; it is not shown again\n")


def _known(keys: KeyStore, name: str) -> KeyRecord:
    for record in keys.all():
        if record.id == name:
            return record
    hint = "give the id that `endpoints keys list` shows, not the key" if name.startswith("epk_") else "see keys list"
    raise UsageError(f"there is no key with the id {name[:14]!r}; {hint}")


def _state(record: KeyRecord, now: float) -> str:
    if record.revoked is not None and record.revoked <= now:
        return "revoked"
    return "expired" if record.expires is not None and record.expires <= now else "active"


def _row(record: KeyRecord, now: float) -> tuple[str, ...]:
    ends = [each for each in (record.expires, record.revoked) if each is not None]
    return (
        record.id,
        record.consumer,
        ", ".join(record.apis) or "all",
        _time(record.created),
        _time(min(ends)) if ends else "-",
        _state(record, now),
    )


def _facts(record: KeyRecord, now: float) -> dict[str, Any]:
    times = {"created": record.created, "expires": record.expires, "revoked": record.revoked}
    return {
        "id": record.id,
        "consumer": record.consumer,
        "apis": list(record.apis),
        **{name: None if at is None else _time(at) for name, at in times.items()},
        "state": _state(record, now),
    }


def _time(seconds: int) -> str:
    """By UTC; what is beyond all calendars, as a store may hold it, as their first or last second."""
    return datetime.fromtimestamp(min(max(seconds, _FIRST), _LAST), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="keys_action", metavar="ACTION", required=True)
    create = _action(actions, "create", _create, "make a key and show it, once")
    create.add_argument(
        "--consumer", metavar="NAME", type=_consumer, required=True, help="whose it is; quotas are counted by this name"
    )
    create.add_argument(
        "--api",
        metavar="NAME",
        type=_api,
        action="append",
        help="an API that it is for; may be repeated (default: all)",
    )
    _add_expires(create, "default: never")
    listed = _action(actions, "list", _list, "list keys, the oldest first")
    listed.add_argument("--consumer", metavar="NAME", help="only those of one consumer")
    listed.add_argument("--json", action="store_true", help="as a JSON list, for programs")
    revoke = _action(actions, "revoke", _revoke, "let a key count no longer")
    revoke.add_argument("id", metavar="ID", help="of the key, as list shows it")
    rotate = _action(actions, "rotate", _rotate, "make a key in the place of another one, and revoke that")
    rotate.add_argument("id", metavar="ID", help="of the old key, as list shows it")
    rotate.add_argument(
        "--overlap",
        metavar="DURATION",
        type=_duration,
        default=timedelta(),
        help="how long the old key goes on counting: 30m, 24h, 7d (default: not at all)",
    )
    _add_expires(rotate, "default: as the old key")


def _action(actions: Any, name: str, run: Callable[..., int], summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=summary, description=summary)
    parser.set_defaults(action=run)
    control_options.add_argument(parser)
    return parser


def _add_expires(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--expires", metavar="WHEN", type=_moment, help=f"in 90d or 12h, or on 2030-01-31, by UTC ({default})"
    )


def _consumer(text: str) -> str:
    if not text.isprintable() or not text.strip() or text != text.strip() or len(text) > MAX_NAME:
        raise argparse.ArgumentTypeError(f"expected a name of 1 to {MAX_NAME} printable characters, found {text!r}")
    return text


def _api(text: str) -> str:
    if not _API_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"expected the name of an API, without its version, found {text!r}")
    return text


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    if not found or int(found[1]) > 100_000:
        raise argparse.ArgumentTypeError(f"expected a duration like 30m, 24h or 7d, found {text!r}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _moment(text: str) -> datetime:
    now = datetime.now(UTC)
    try:
        if _DURATION.fullmatch(text):
            moment = now + _duration(text)
        else:
            moment = datetime.fromisoformat(text)
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"expected a duration like 90d or a date like 2030-01-31, found {text!r}"
        ) from None
    if moment <= now:
        raise argparse.ArgumentTypeError(f"expected a moment in the future, found {text!r}")
    return moment


COMMAND: Final = Command(
    summary="make, list and withdraw API keys",
    description=_DESCRIPTION,
    add_arguments=_arguments,
    run=run,
)

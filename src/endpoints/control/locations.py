"""Which control a server has: a string, as ENDPOINTS_CONTROL holds it, as the thing itself."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from endpoints.control import SERVICE_NAME, VARIABLE, WORKERS
from endpoints.control.contract import Control
from endpoints.control.database import Database, FileCounters, FileKeys
from endpoints.control.memory import MemoryCounters
from endpoints.control.mirror import Mirror
from endpoints.control.stored import StoredControl
from endpoints.exceptions import ApiConfigurationError

DEFAULT_FILE: Final = "endpoints-control.db"
_REDIS: Final = ("redis", "rediss", "unix")
_EXPECTED: Final = "expected sqlite, sqlite:///PATH, redis://HOST:PORT/DB, google or off"
_WORDS: Final[Mapping[str, bool]] = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}

Clock = Callable[[], float]


def open_control(location: str | Control | None, clock: Clock = time.time) -> Control | None:
    """The control that a location stands for; None for none. Nothing is opened or connected before it is needed.

    | location | what |
    |---|---|
    | `sqlite` | keys in the file `endpoints-control.db` of the current folder |
    | `sqlite:///PATH` | keys in the file at PATH, which begins with a further slash if it is an absolute one |
    | `redis://HOST:PORT/DB`, `rediss://...`, `unix://PATH` | keys and counters in Redis |
    | `google`, `google:SERVICE_NAME` | Google's Service Control, also chosen by ENDPOINTS_SERVICE_NAME |
    | `off` | no control: keys are not looked at, and nothing is counted |

    Options follow a question mark: `fail_closed=true` refuses calls that cannot be counted; `counters=file` or
    `counters=memory` says where a `sqlite` counts. By default that is the memory, and the file where this process is or
    may be one of several: as ENDPOINTS_WORKERS or WEB_CONCURRENCY says, under gunicorn, and in processes that uvicorn,
    hypercorn or granian started.

    Args:
        location: the string, a `Control`, or None for what ENDPOINTS_CONTROL says (`sqlite`, if that is not set).
        clock: tells the time in seconds since 1970; Redis has its own.

    Raises:
        ApiConfigurationError: it is no location, or redis-py is missing.
    """
    if location is None:
        # The original began to check keys and quotas where a service was named, and there only.
        location = os.environ.get(VARIABLE) or ("google" if os.environ.get(SERVICE_NAME) else "sqlite")
        said_by = VARIABLE
    else:
        said_by = "api_server: control"
    if not isinstance(location, str):
        _check_control(said_by, location)
        return location
    if location == "off":
        return None
    if is_google(location):
        return _google(said_by, location)
    return stored_control(location, said_by, clock)


def is_google(location: str) -> bool:
    """Whether a location stands for Google's Service Control."""
    return re.match(r"google(?![^:?])", location) is not None


def stored_control(location: str, said_by: str, clock: Clock = time.time) -> StoredControl:
    """The control at a location that keeps keys itself: `sqlite` or Redis.

    Args:
        location: as for `open_control`.
        said_by: where the location comes from; begins the messages of errors.
        clock: as for `open_control`.

    Raises:
        ApiConfigurationError: it is no such location, or redis-py is missing.
    """
    parts = _parts(said_by, location)
    scheme = parts.scheme or (location if location == "sqlite" else "")
    if scheme == "sqlite":
        return _sqlite(said_by, location, clock)
    if scheme in _REDIS:
        return _redis(said_by, location, clock)
    raise ApiConfigurationError(f"{said_by}: {_shown(location)!r} is no control; {_EXPECTED}")


def _google(said_by: str, location: str) -> Control:
    try:
        from endpoints.control.google import location as google  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise ApiConfigurationError(
            f"{said_by}: {error.name} is not installed; it comes with: pip install 'endpoints-frameworks[google]'"
        ) from None
    _parts(said_by, location)
    return google.opened(location, said_by)


def _sqlite(said_by: str, location: str, clock: Clock) -> StoredControl:
    parts = urlsplit(location)
    if parts.netloc or parts.fragment or (parts.scheme and not location.startswith("sqlite:///")):
        raise ApiConfigurationError(
            f"{said_by}: {_shown(location)!r} names no file; "
            "expected sqlite:///PATH, with a fourth slash for an absolute path"
        )
    path = Path(unquote(parts.path[1:]) or DEFAULT_FILE) if parts.scheme else Path(DEFAULT_FILE)
    if "\0" in str(path):
        raise ApiConfigurationError(f"{said_by}: {_shown(location)!r}: the name of a file must not contain %00")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    fail_closed = _flag(said_by, "fail_closed", options.pop("fail_closed", "false"))
    counters = options.pop("counters", "file" if _several_processes() else "memory")
    if counters not in ("file", "memory"):
        raise ApiConfigurationError(f"{said_by}: counters must be file or memory, not {counters!r}")
    if options:
        raise ApiConfigurationError(
            f"{said_by}: unknown option {next(iter(options))!r}; there are counters, fail_closed"
        )
    path = path.absolute()
    database = Database(path)
    keys = FileKeys(Database(path))  # one of its own, so that lookups never wait for who counts
    seen = FileCounters(database, clock)
    if counters == "file":
        return StoredControl(keys, seen, seen=seen, waits=True, fail_closed=fail_closed, clock=clock)
    memory = MemoryCounters(clock)
    memory.changed = Mirror(database, memory.used, clock).changed
    return StoredControl(keys, memory, seen=seen, waits=False, fail_closed=fail_closed, clock=clock)


def _redis(said_by: str, location: str, clock: Clock) -> StoredControl:
    try:
        from endpoints.control import redis  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise ApiConfigurationError(
            f"{said_by}: {error.name} is not installed; it comes with: pip install 'endpoints-frameworks[redis]'"
        ) from None
    parts = urlsplit(location)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    fail_closed = _flag(said_by, "fail_closed", options.pop("fail_closed", "false"))
    try:
        server = redis.Server(urlunsplit(parts._replace(query=urlencode(options))))
    except (ValueError, TypeError) as error:
        raise ApiConfigurationError(f"{said_by}: {_shown(location)!r} is no address of a Redis: {error}") from None
    keys, counters = redis.RedisKeys(server), redis.RedisCounters(server)
    return StoredControl(keys, counters, seen=counters, waits=True, bounded=True, fail_closed=fail_closed, clock=clock)


def _flag(said_by: str, name: str, value: str) -> bool:
    if value.lower() not in _WORDS:
        raise ApiConfigurationError(f"{said_by}: {name} must be true or false, not {value!r}")
    return _WORDS[value.lower()]


def _several_processes() -> bool:
    """Whether this process is one of several that serve together, or may be."""
    said = os.environ.get(WORKERS)
    if said:
        return _is_several(said)
    if _is_several(os.environ.get("WEB_CONCURRENCY", "")):
        return True
    if os.environ.get("SERVER_SOFTWARE", "").startswith("gunicorn"):  # which tells nobody how many it starts
        return True
    multiprocessing = sys.modules.get("multiprocessing")  # by which uvicorn, hypercorn and granian start theirs
    return multiprocessing is not None and multiprocessing.parent_process() is not None


def _is_several(number: str) -> bool:
    return number.isdecimal() and int(number) > 1


def _check_control(said_by: str, control: object) -> None:
    missing = [name for name in ("check", "charge") if not callable(getattr(control, name, None))]
    missing += [name for name in ("waits", "fail_closed", "observer") if not hasattr(control, name)]
    if isinstance(control, type) or missing:
        text = f"it has no {', '.join(missing)}" if missing else "it is a class"
        raise ApiConfigurationError(f"{said_by} must be a string or an endpoints Control, not {control!r}: {text}")


def _parts(said_by: str, location: str) -> SplitResult:
    try:
        return urlsplit(location)
    except ValueError as error:
        raise ApiConfigurationError(f"{said_by}: {_shown(location)!r} is no control: {error}; {_EXPECTED}") from None


def _shown(location: str) -> str:
    """The location without a password in it, also where it cannot be taken apart."""
    address, mark, query = location.partition("?")
    options = parse_qsl(query, keep_blank_values=True)
    if any("password" in name.lower() for name, _ in options):
        hidden = [(name, "***" if "password" in name.lower() else value) for name, value in options]
        query = urlencode(hidden, safe="*/:@")
    return re.sub(r"(?<=://).*@", "***@", address + mark + query)

"""Keys and counters in Redis (version 6 or later), for any number of processes and machines.

Each key is a hash at `endpoints:key:DIGEST`, found by its id in the hash `endpoints:keys`. What a consumer has used of
an API is one hash, `endpoints:quota:API:CONSUMER`, so that a charge touches one key of Redis and works on a cluster.
Minutes are those of Redis' own clock: the clocks of the servers do not matter.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import Any, ClassVar, Final, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from endpoints.control.breaker import Breaker
from endpoints.control.contract import BUDGET, Balance, Consumer, ControlUnavailable, Method
from endpoints.control.keys import KeyRecord
from endpoints.control.minutes import MINUTE, Use

T = TypeVar("T")

_KEY: Final = "endpoints:key:"
_KEYS: Final = "endpoints:keys"
_QUOTA: Final = "endpoints:quota:"
_LONGEST: Final = 2**53 - 1  # up to here Lua counts exactly

# KEYS: the hash. ARGV: metric, amount and limit of each cost. Answers microseconds to the next minute, the number of
# the metric that there is too little of, or 0, and what has been used of each metric.
_MINUTE: Final = "\nminute"  # no metric
_CHARGE: Final = f"""
local time = redis.call('TIME')
local minute = tostring(math.floor(tonumber(time[1]) / {MINUTE}))
local left = ({MINUTE} - tonumber(time[1]) % {MINUTE}) * 1000000 - tonumber(time[2])
if redis.call('HGET', KEYS[1], '\\nminute') ~= minute then
    redis.call('DEL', KEYS[1])
end
local answer = {{left, 0}}
for i = 1, #ARGV, 3 do
    local used = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or 0)
    answer[#answer + 1] = used
    if answer[2] == 0 and used + tonumber(ARGV[i + 1]) > tonumber(ARGV[i + 2]) then
        answer[2] = (i + 2) / 3
    end
end
if answer[2] == 0 then
    for i = 1, #ARGV, 3 do
        redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
    end
    redis.call('HSET', KEYS[1], '\\nminute', minute)
    redis.call('EXPIRE', KEYS[1], {2 * MINUTE})
end
return answer
"""
# KEYS: the hash of a key. ARGV: from when on it does not count any more.
_REVOKE: Final = """
local known = tonumber(redis.call('HGET', KEYS[1], 'revoked') or '')
if not known or known > tonumber(ARGV[1]) then
    redis.call('HSET', KEYS[1], 'revoked', ARGV[1])
end
"""
_LEAST: Final = 0.05  # seconds that a charge has left, however long the lookup before it took
_SUMMARY: Final = ("id", "consumer", "apis", "created", "expires", "revoked")


class _Deadline(threading.local):
    """Until when the question that this thread has asked may take."""

    until = 0.0

    @property
    def left(self) -> float:
        return max(0.001, self.until - monotonic())


class _Bounded:
    """Bounds the connections of redis-py by a deadline, over all that one question makes them do.

    What is bounded is the waiting for the network: an answer that is there counts, however late this process looks.
    """

    deadline: ClassVar[_Deadline]
    socket_connect_timeout: float

    def connect(self) -> None:
        self.socket_connect_timeout = self.deadline.left
        super().connect()  # type: ignore[misc]

    def read_response(self, disable_decoding: bool = False, **options: Any) -> Any:
        options["timeout"] = self.deadline.left
        return super().read_response(disable_decoding, **options)  # type: ignore[misc]


class Server:
    """A Redis, asked within `BUDGET` and without retries; what does not answer is left alone for a while.

    Args:
        url: its address, as redis-py takes it: `redis://`, `rediss://` or `unix://`.

    Raises:
        ValueError, TypeError: it is no such address, names no possible host, or has options that redis-py does not
            know.

    Attributes:
        name: what it is called in messages.
    """

    def __init__(self, url: str) -> None:
        # redis-py's own retries wait seven seconds for a server that is silent (D10).
        self._redis: Any = redis.Redis.from_url(
            url,
            protocol=2,
            decode_responses=True,
            socket_timeout=BUDGET,
            socket_connect_timeout=BUDGET,
            retry=Retry(NoBackoff(), 0),
        )
        self._deadline = _Deadline()
        pool = self._redis.connection_pool
        pool.connection_class = type("Connection", (_Bounded, pool.connection_class), {"deadline": self._deadline})
        pool.connection_class(**pool.connection_kwargs)
        str(pool.connection_kwargs.get("host", "")).encode("idna")  # as connecting does
        self.name = f"Redis at {_place(self._redis)}"
        self._breaker = Breaker(self.name)
        self.charge = self._redis.register_script(_CHARGE)
        self.revoke = self._redis.register_script(_REVOKE)

    def ask(self, question: Callable[[Any], T], *, goes_on: bool = False) -> T:
        """Ask something.

        Args:
            question: called with the redis-py client.
            goes_on: whether it belongs to the one before it in this thread, with which it shares its time.

        Raises:
            ControlUnavailable: it does not answer, or answers with an error.
        """
        now = monotonic()
        self._deadline.until = max(self._deadline.until, now + _LEAST) if goes_on else now + BUDGET
        with self._breaker.watching():
            try:
                return question(self._redis)
            except (redis.RedisError, OSError) as error:
                raise ControlUnavailable(f"{self.name}: {type(error).__name__}: {error}") from error


class RedisKeys:
    """Keys in Redis."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def find(self, digest: str) -> KeyRecord | None:
        """The key with this digest. Raises ControlUnavailable."""
        found: dict[str, str] = {}
        try:
            found = self._server.ask(lambda client: client.hgetall(_KEY + digest))
            return _record(digest, found) if found else None
        except ValueError as error:  # no text, or no number
            name = found.get("id") or f"with the digest {digest}"
            raise ControlUnavailable(f"{self._server.name}: cannot read the record of key {name}: {error}") from None

    def all(self) -> Sequence[KeyRecord]:
        """All keys, the oldest first. Raises ControlUnavailable."""
        digests = self._server.ask(lambda client: client.hvals(_KEYS))
        records = (self.find(digest) for digest in digests)
        return sorted((each for each in records if each is not None), key=lambda each: (each.created, each.id))

    def add(self, record: KeyRecord) -> None:
        """Keep a new key. Raises ControlUnavailable."""
        values = (
            record.id,
            record.consumer,
            "\n".join(record.apis),
            record.created,
            "" if record.expires is None else record.expires,
            "" if record.revoked is None else record.revoked,
        )

        def add(client: Any) -> None:
            pipeline = client.pipeline(transaction=False)
            pipeline.hset(_KEY + record.digest, mapping=dict(zip(_SUMMARY, values, strict=True)))
            pipeline.hset(_KEYS, record.id, record.digest)
            pipeline.execute()

        self._server.ask(add)

    def revoke(self, key_id: str, at: int) -> None:
        """Let a key count no longer from a moment on. Raises ControlUnavailable."""
        digest = self._server.ask(lambda client: client.hget(_KEYS, key_id))
        if digest is not None:
            self._server.ask(lambda _: self._server.revoke(keys=[_KEY + digest], args=[at]))


class RedisCounters:
    """Counts in Redis: exact for all processes of all machines that share it."""

    waits: Final = True

    def __init__(self, server: Server) -> None:
        self._server = server

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        """As `Control.charge`."""
        key = f"{_QUOTA}{method.api}:{consumer.counter}"
        costs: list[str | int] = []
        for metric, amount, limit in method.costs:
            costs += (metric, min(amount, _LONGEST), min(limit, _LONGEST))
        left, too_little, *used = self._server.ask(
            lambda _: self._server.charge(keys=[key], args=costs),
            goes_on=consumer.name is not None,  # the key was looked up just now
        )
        reset = left / 1_000_000
        if too_little:
            short = method.costs[too_little - 1]
            return Balance(False, short.metric, short.limit, max(0, short.limit - used[too_little - 1]), reset)
        remaining = [limit - amount - spent for (_, amount, limit), spent in zip(method.costs, used, strict=True)]
        tightest = remaining.index(min(remaining))
        return Balance(True, method.costs[tightest].metric, method.costs[tightest].limit, remaining[tightest], reset)

    def used(self) -> Sequence[Use]:
        """What has been used in this minute."""
        minute = str(self._server.ask(lambda client: client.time())[0] // MINUTE)
        names = self._server.ask(lambda client: sorted(client.scan_iter(_QUOTA + "*", count=1000)))
        found: list[Use] = []
        for name in names:
            metrics: dict[str, str] = self._server.ask(partial(_hash, name))
            if metrics.pop(_MINUTE, None) == minute:
                api, _, counter = name.removeprefix(_QUOTA).partition(":")
                found.extend(Use(api, counter, metric, int(used)) for metric, used in sorted(metrics.items()))
        return found


def _hash(name: str, client: Any) -> dict[str, str]:
    found: dict[str, str] = client.hgetall(name)
    return found


def _record(digest: str, found: dict[str, str]) -> KeyRecord:
    key_id, consumer, apis, created, expires, revoked = (found.get(name, "") for name in _SUMMARY)
    return KeyRecord(
        id=key_id,
        digest=digest,
        consumer=consumer,
        apis=tuple(apis.split("\n")) if apis else (),
        created=int(created),
        expires=int(expires) if expires else None,
        revoked=int(revoked) if revoked else None,
    )


def _place(client: Any) -> str:
    """Where it is, without the password that its address may hold."""
    options = client.connection_pool.connection_kwargs
    return str(options.get("path") or f"{options.get('host', 'localhost')}:{options.get('port', 6379)}")

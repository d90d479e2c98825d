"""The composition root: declarations in, an application out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from endpoints.auth.access import Access, Hooks
from endpoints.control import SERVICE_NAME, VARIABLE
from endpoints.describe.schema import check_names
from endpoints.explorer.clients import Explorer
from endpoints.explorer.routes import explorer_routes
from endpoints.operations import Api, Operation, collect
from endpoints.paths import parse
from endpoints.serving.call import Call
from endpoints.serving.compression import Compression
from endpoints.serving.cors import Cors
from endpoints.serving.deferred import Deferred
from endpoints.serving.entrance import Entrance
from endpoints.serving.exchange import Exchange
from endpoints.serving.limits import Limits
from endpoints.serving.pages import Pages
from endpoints.serving.pipeline import Pipeline
from endpoints.serving.raw_paths import RawPaths
from endpoints.serving.router import Route, Router
from endpoints.serving.wiring import NaiveDatetimes
from endpoints.serving.wsgi import WsgiApplication
from endpoints.upload_folder import UploadFolder

if TYPE_CHECKING:
    from endpoints.auth.asking import Fetch
    from endpoints.control.contract import Control, Observer
    from endpoints.serving.asgi import Application
    from endpoints.serving.controlled import Controlled
    from endpoints.serving.media.doors import MediaDoors
    from endpoints.serving.preconditions import Precondition

DEFAULT_THREADS = 40
"""How many blocking methods run at a time on ASGI; as many as Starlette allows."""

_ANY_ORIGIN = Cors()
_WITHOUT_CLIENTS = Explorer()
_USUAL = Limits()
_PACKED = Compression()


class ApiServer(WsgiApplication):
    """APIs, served: an instance is a WSGI application, and its `asgi` an ASGI application.

    Attributes:
        apis: what is served.
        naive_datetimes: as given to `api_server`.
    """

    def __init__(
        self,
        apis: tuple[Api, ...],
        pipeline: Pipeline,
        threads: int,
        naive_datetimes: NaiveDatetimes | None,
        close: Callable[[], None] | None,
    ) -> None:
        super().__init__(pipeline)
        self.apis = apis
        self.naive_datetimes = naive_datetimes
        self._threads = threads
        self._close = close

    @cached_property
    def asgi(self) -> Application:
        """The same server as an ASGI 3 application, lifespan included."""
        # PERF: asyncio takes 30 ms to import, which a WSGI server need not pay for.
        from endpoints.serving.asgi import application

        return application(self._pipeline, self._threads, self._close)


def api_server(
    api_services: Iterable[Any],
    *,
    cors: Cors | None = _ANY_ORIGIN,
    limits: Limits = _USUAL,
    trust_forwarded: bool = False,
    threads: int = DEFAULT_THREADS,
    naive_datetimes: NaiveDatetimes | None = None,
    fetch: Fetch | None = None,
    clock: Callable[[], float] = time.time,
    control: str | Control | None = None,
    observers: Sequence[Observer] = (),
    explorer: Explorer | None = _WITHOUT_CLIENTS,
    compression: Compression | None = _PACKED,
    uploads: str | os.PathLike[str] | UploadFolder | None = None,
    registry_path: str | None = None,  # noqa: ARG001 - accepted for old code
    restricted: bool = True,  # noqa: ARG001
) -> ApiServer:
    """Serve APIs.

    Args:
        api_services: service classes decorated with `endpoints.api`, and collections made by it.
        cors: which pages of other origins may call; by default any, without credentials. None switches it off.
        limits: how large, long and late a request may be.
        trust_forwarded: whether a proxy in front sets X-Forwarded-Proto and X-Forwarded-Host, which then decide the
            addresses in documents, and X-Forwarded-For, whose last entry says whom quotas count for.
        threads: how many blocking methods run at a time on ASGI.
        naive_datetimes: `utc` makes dates without a time zone ones of UTC: they are answered with an offset, and
            OpenAPI documents promise `date-time`. By default they are answered without one, as ever.
        fetch: asks addresses for the keys of issuers and about access tokens, for proxies, tests and closed networks:
            `fetch(url, data=None, headers=None)` returns status, headers and body. Called in threads of its own; may
            raise anything.
        clock: tells the time in seconds since 1970.
        control: where API keys and quotas are kept, as ENDPOINTS_CONTROL says by default: `sqlite`, `sqlite:///PATH`,
            `redis://HOST:PORT/DB`, `off`, or an object of your own (see `endpoints.control.locations`).
        observers: are told of every finished request, to count or report it (see `endpoints.control.contract`).
        explorer: the page on which people try the APIs, and how it signs them in. None switches it off.
        compression: which answers are packed, and how, where the caller understands it. None switches it off.
        uploads: the folder where uploaded media is kept until a method has it, as ENDPOINTS_UPLOADS says by default;
            all processes of the server need the same one.
        registry_path: accepted for old code; there is no registry service any more.
        restricted: accepted for old code; said whether Google's own server alone might call.

    Raises:
        ApiConfigurationError, TypeError, KeyError: something that is declared cannot be served (recorded in
            conformance/docs/config_errors.json).
    """
    _check(api_services, limits, threads, naive_datetimes)
    _check_optional("cors", cors, Cors)
    _check_optional("explorer", explorer, Explorer)
    _check_optional("compression", compression, Compression)
    apis = collect(api_services)
    check_names(apis)
    hooks = Hooks(fetch, clock)
    keys_and_quotas = _controlled(apis, control, observers, trust_forwarded)
    gate, observe, close = keys_and_quotas or (None, None, None)
    precondition = _preconditions(apis, naive_datetimes)
    doors = _media_doors(apis, limits, uploads, trust_forwarded)
    routes: list[Route[Any]] = []
    raw_routes: list[Route[Any]] = []
    for api in apis:
        for operation in api.operations:
            call = Call(
                operation, Access(operation, hooks), naive_datetimes, gate and gate(operation), precondition(operation)
            )
            target = _target(call) if doors is None else doors.choice(call) or _target(call)
            route = Route(operation.http_method, api.root_path, operation.template, target)
            (raw_routes if operation.use_request_uri else routes).append(route)
    for route, is_raw in doors.routes() if doors is not None else ():
        (raw_routes if is_raw else routes).append(route)
    pages = Pages(apis, trust_forwarded, naive_datetimes)
    site = () if explorer is None else explorer_routes(explorer, apis, fetch)
    batch = Deferred(lambda: _batch(server, pipeline, trust_forwarded))
    router: Router[Any] = Router([*routes, *pages.routes(), *_batch_routes(apis, batch), *site])
    raw_paths = RawPaths(raw_routes) if raw_routes else None
    pipeline = Pipeline(router, raw_paths, cors, limits, observe=observe, compression=compression)
    server = ApiServer(apis, pipeline, threads, naive_datetimes, close)
    return server


def _target(call: Call) -> Any:
    """What answers the requests for an operation."""
    if call.operation.streams:
        from endpoints.serving.streams import StreamCall  # PERF: brings asyncio

        return StreamCall(call.operation, Entrance(call.access, call.gate), call.naive_datetimes)
    return call


def _batch_routes(apis: tuple[Api, ...], batch: Exchange) -> Iterator[Route[Any]]:
    """Where batches are sent: where discovery documents say, and where Google has it for one API."""
    for base in dict.fromkeys(api.base_path for api in apis):
        yield Route("POST", base, parse("batch"), batch)
        yield Route("POST", base, parse("batch/{api}/{version}"), batch)


def _batch(server: ApiServer, pipeline: Pipeline, trust_forwarded: bool) -> Exchange:
    """What answers batches."""
    from endpoints.serving.batch import Batch  # PERF: as below
    from endpoints.serving.batched_calls import Caller

    return Batch(server.apis, lambda: Caller(pipeline, trust_forwarded, server, lambda: server.asgi))


def _media_doors(apis: tuple[Api, ...], limits: Limits, uploads: Any, trust_forwarded: bool) -> MediaDoors | None:
    """Where media is taken and given; None where no method does."""
    setting = uploads if isinstance(uploads, UploadFolder) else UploadFolder(path=uploads)
    infos = [operation.method_info for api in apis for operation in api.operations]
    if not any(info.media_upload is not None or info.media_download for info in infos):
        return None
    from endpoints.serving.media.doors import MediaDoors  # PERF: brings asyncio

    return MediaDoors(limits, setting, trust_forwarded=trust_forwarded)


def _preconditions(
    apis: tuple[Api, ...], naive_datetimes: NaiveDatetimes | None
) -> Callable[[Operation], Precondition | None]:
    """What finds the precondition of an operation, where one is declared."""
    if all(operation.method_info.if_match is None for api in apis for operation in api.operations):
        return lambda _: None
    from endpoints.serving.preconditions import preconditions  # PERF: as below

    return preconditions(apis, naive_datetimes)


def _controlled(apis: tuple[Api, ...], control: Any, observers: Sequence[Observer], trust: bool) -> Controlled | None:
    """Keys and quotas; None where nothing is declared or said about them."""
    said = control is not None or observers or os.environ.get(VARIABLE) or os.environ.get(SERVICE_NAME)
    operations = (operation for api in apis for operation in api.operations)
    if not (said or any(each.api_key_required or each.metric_costs for each in operations)):
        return None
    # PERF: takes 10 ms to import, which most servers need not pay for.
    from endpoints.serving.controlled import controlled

    return controlled(apis, control, observers, trust)


def _check(api_services: Any, limits: Any, threads: Any, naive_datetimes: Any) -> None:
    if not isinstance(api_services, Iterable) or isinstance(api_services, (type, str)):
        raise TypeError(f"api_server: the first argument must be a list of classes, not {api_services!r}")
    if not isinstance(limits, Limits):
        raise TypeError(f"api_server: limits must be an endpoints.Limits, not {limits!r}")
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ValueError(f"api_server: threads must be a whole number from 1 on, not {threads!r}")
    if naive_datetimes not in (None, "utc"):
        raise ValueError(f"api_server: naive_datetimes must be 'utc' or None, not {naive_datetimes!r}")


def _check_optional(argument: str, value: Any, kind: type) -> None:
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"api_server: {argument} must be an endpoints.{kind.__name__} or None, not {value!r}")

"""ProtoRPC services as WSGI applications, one path for a service and one below it for each method.

    application = service.service_mappings([("/guestbook", Guestbook)])

A call is `POST /guestbook.insert` with the request message as the body. The answer is the response message, or an
RpcStatus with status 400 or 500. What `endpoints.api_server` serves has nothing to do with this protocol.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from protorpc import messages, remote
from protorpc._registry import RegistryService

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["DEFAULT_REGISTRY_PATH", "service_mapping", "service_mappings"]

DEFAULT_REGISTRY_PATH = "/protorpc"

_LARGEST_BODY = 10 * 2**20  # bytes, all of which are read into memory
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mount:
    """A service and the paths of its methods: group 1 of `path` is the service's, group 2 the method's name."""

    path: re.Pattern[str]
    factory: Callable[[], Any]
    methods: Mapping[str, Callable[..., Any]]
    protocols: remote.Protocols | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


def service_mapping(
    service_factory: Callable[[], Any], service_path: str = r".*", protocols: remote.Protocols | None = None
) -> WSGIApplication:
    """Make an application of one service.

    Args:
        service_factory: A service class, or what `new_factory` of one returned.
        service_path: Regular expression for the path of the service.
        protocols: Codecs for requests and answers; without it, those of `remote.Protocols.get_default()`.

    Raises:
        re.error: `service_path` is no regular expression.
    """
    return _application([_mount(service_factory, service_path, protocols)])


def service_mappings(
    services: Iterable[tuple[str, Callable[[], Any]]] | Mapping[str, Callable[[], Any]],
    registry_path: str | None = DEFAULT_REGISTRY_PATH,
) -> WSGIApplication:
    """Make one application of several services.

    Args:
        services: Pairs of path and service, or a mapping, as `service_mapping` takes them; the first match wins.
        registry_path: Where a service is added that lists and describes the others; None for no such service.

    Raises:
        ServiceConfigurationError: Two services have the same path.
        re.error: One of the paths is no regular expression.
    """
    mounts: list[_Mount] = []
    classes: dict[str, type[remote.Service]] = {}
    for path, factory in services.items() if hasattr(services, "items") else services:
        if path in classes:
            raise remote.ServiceConfigurationError(f"Path {path!r} is already defined in service mapping")
        classes[path] = _service_class(factory)
        mounts.append(_mount(factory, path))
    if registry_path is not None:
        mounts.append(_mount(RegistryService.new_factory(classes), registry_path))
    return _application(mounts)


def _mount(factory: Callable[[], Any], path: str, protocols: remote.Protocols | None = None) -> _Mount:
    methods = _service_class(factory).all_remote_methods()
    return _Mount(path=re.compile(rf"({path})\.([^?]+)"), factory=factory, methods=methods, protocols=protocols)


def _service_class(factory: Any) -> Any:
    return getattr(factory, "service_class", factory)


def _application(mounts: list[_Mount]) -> WSGIApplication:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = _route(mounts, environ)
        headers = [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body))), *answer.headers]
        start_response(f"{answer.status.value} {answer.status.phrase}", headers)
        return [answer.body]

    return application


def _route(mounts: list[_Mount], environ: WSGIEnvironment) -> _Answer:
    for mount in mounts:
        match = mount.path.fullmatch(environ.get("PATH_INFO", ""))
        if match is not None:
            return _receive(mount, match[1], match[2], environ)
    return _refusal(HTTPStatus.NOT_FOUND)


def _receive(mount: _Mount, service_path: str, method_name: str, environ: WSGIEnvironment) -> _Answer:
    fault = _fault_of(environ)
    if fault is not None:
        return _refusal(fault)
    content_type = _content_type(environ)
    try:
        protocol = (mount.protocols or remote.Protocols.get_default()).lookup_by_content_type(content_type)
    except KeyError:
        return _refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        state = _request_state(environ, service_path)
        return _Answer(HTTPStatus.OK, _call(mount, method_name, state, protocol, body), content_type)
    except remote.RpcError as error:
        return _rpc_failure(protocol, error)


def _fault_of(environ: WSGIEnvironment) -> HTTPStatus | None:
    """What is wrong with the envelope of a request, if anything is."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if environ["REQUEST_METHOD"] != "POST":
        return HTTPStatus.METHOD_NOT_ALLOWED
    if "HTTP_TRANSFER_ENCODING" in environ:
        return HTTPStatus.LENGTH_REQUIRED
    if not _content_type(environ) or not (length.isascii() and length.isdigit()):
        return HTTPStatus.BAD_REQUEST
    # The number of digits first: int() refuses very long numbers with an error of its own.
    if len(length) > len(str(_LARGEST_BODY)) or int(length) > _LARGEST_BODY:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


def _content_type(environ: WSGIEnvironment) -> str:
    content_type: str = environ.get("CONTENT_TYPE", "")
    return content_type.partition(";")[0].strip()


def _call(
    mount: _Mount, method_name: str, state: remote.HttpRequestState, protocol: remote.ProtocolConfig, body: bytes
) -> bytes:
    method = mount.methods.get(method_name)
    info = remote.get_remote_method_info(method)
    if method is None or info is None:
        raise remote.MethodNotFoundError(f"Unrecognized RPC method: {method_name}")
    try:
        request = protocol.decode_message(info.request_type, body)
    except (messages.ValidationError, messages.DecodeError, TypeError, ValueError) as error:
        raise remote.RequestError(
            f"Error parsing ProtoRPC request (Unable to parse request content: {error})"
        ) from error
    try:
        service = mount.factory()
        if hasattr(service, "initialize_request_state"):
            service.initialize_request_state(state)
        response = method(service, request)
        if inspect.iscoroutine(response):
            response = asyncio.run(response)
        return _as_bytes(protocol.encode_message(response))
    except remote.ApplicationError:
        raise
    except Exception as error:
        _log.exception("%s.%s failed", state.service_path, method_name)
        raise remote.ServerError("Internal Server Error") from error


def _request_state(environ: WSGIEnvironment, service_path: str) -> remote.HttpRequestState:
    prefix = "HTTP_"
    port = environ.get("SERVER_PORT", "")
    return remote.HttpRequestState(
        remote_host=environ.get("REMOTE_HOST"),
        remote_address=environ.get("REMOTE_ADDR"),
        server_host=environ.get("SERVER_HOST"),
        server_port=int(port) if port.isdigit() else None,
        http_method=environ["REQUEST_METHOD"],
        service_path=service_path,
        headers=[
            (name.removeprefix(prefix).lower().replace("_", "-"), value)
            for name, value in environ.items()
            if name.startswith(prefix)
        ],
    )


def _refusal(status: HTTPStatus) -> _Answer:
    allow = (("Allow", "POST"),) if status is HTTPStatus.METHOD_NOT_ALLOWED else ()
    return _Answer(status, status.phrase.encode(), headers=allow)


def _rpc_failure(protocol: remote.ProtocolConfig, error: remote.RpcError) -> _Answer:
    status = remote.RpcStatus(
        state=error.STATE, error_message=str(error), error_name=getattr(error, "error_name", None)
    )
    failed = isinstance(error, remote.ServerError)
    http_status = HTTPStatus.INTERNAL_SERVER_ERROR if failed else HTTPStatus.BAD_REQUEST
    return _Answer(http_status, _as_bytes(protocol.encode_message(status)), protocol.default_content_type)


def _as_bytes(encoded: str | bytes) -> bytes:
    return encoded.encode() if isinstance(encoded, str) else encoded

"""The one description of a server's APIs that serving, documents and control are made from.

`collect` joins what the decorators have left on classes and functions, and finds every mistake that one declaration
alone does not show: it runs when the server is built, before the first request.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from endpoints import consistency
from endpoints._operation import Api, Operation
from endpoints.decorators import ApiCollection
from endpoints.definitions import AUTH_LEVEL, ApiInfo, MethodInfo
from endpoints.exceptions import ApiConfigurationError, ConfigurationWarning
from endpoints.fields import is_message_class
from endpoints.paths import PathTemplate, parse
from protorpc import remote
from protorpc.messages import DefinitionNotFoundError, Message

__all__ = ["Api", "Operation", "collect"]

T = TypeVar("T")


def collect(services: Iterable[Any]) -> tuple[Api, ...]:
    """Describe what a server is to serve.

    Args:
        services: service classes, what their `new_factory` returned, and collections made by `endpoints.api`.

    Returns:
        One Api for each name and version, in the order of their first classes.

    Raises:
        ApiConfigurationError, TypeError: something cannot be served together, or at all (recorded in
            docs/config_errors.json).
        protorpc.messages.DefinitionNotFoundError: a message given by name does not exist.
    """
    groups: dict[tuple[str, str], list[_Entry]] = {}
    entries = [entry for service in services for entry in _entries(service)]
    for entry in entries:
        group = groups.setdefault((entry.info.name, entry.info.api_version), [])
        if any(entry.service is other.service for other in group):
            raise ApiConfigurationError(f"class {entry.service.__name__} is given to the server twice")
        group.append(entry)
    apis = tuple(_api(group) for group in groups.values())
    consistency.check_together(apis)
    return apis


@dataclass(frozen=True, slots=True)
class _Entry:
    service: type[remote.Service]
    factory: Callable[[], remote.Service]

    @property
    def info(self) -> ApiInfo:
        info: ApiInfo = self.service.api_info  # type: ignore[attr-defined]
        return info


def _entries(service: Any) -> Iterator[_Entry]:
    if isinstance(service, ApiCollection):
        for each in service.get_api_classes():
            yield from _entries(each)
        return
    service_class = getattr(service, "service_class", service)
    if not (isinstance(service_class, type) and issubclass(service_class, remote.Service)):
        raise TypeError(
            f"{service!r} cannot be served: it is no subclass of remote.Service and no endpoints.api collection"
        )
    if not isinstance(getattr(service_class, "api_info", None), ApiInfo):
        raise ApiConfigurationError(f"class {service_class.__name__} is not decorated with endpoints.api")
    yield _Entry(service_class, service)


def _api(entries: Sequence[_Entry]) -> Api:
    info = entries[0].info
    for entry in entries[1:]:
        if not entry.info.is_same_api(info):
            raise ApiConfigurationError(
                f"API {info.name!r}, version {info.api_version!r}: classes {entries[0].service.__name__} and "
                f"{entry.service.__name__} are decorated by different calls of endpoints.api; call it once and "
                "decorate both with its api_class()"
            )
    operations = tuple(operation for entry in entries for operation in _operations(entry))
    api = Api(info=info, classes=tuple(entry.service for entry in entries), operations=operations)
    consistency.check_api(api)
    return api


def _operations(entry: _Entry) -> Iterator[Operation]:
    methods = entry.service.all_remote_methods()
    decorated = {name: getattr(method, "method_info", None) for name, method in methods.items()}
    if not any(decorated.values()):
        # A ProtoRPC service without methods for this framework is no mistake (recorded: class-remote-method).
        forgotten = [] if methods else _public_functions(entry.service)
        if forgotten:
            text = (
                f"class {entry.service.__name__} declares no endpoints.method: {', '.join(forgotten)} cannot be called"
            )
            warnings.warn(text, ConfigurationWarning, stacklevel=2)
        return
    for name, info in decorated.items():
        if info is None:
            raise ApiConfigurationError(f"{entry.service.__name__}.{name} is not decorated with endpoints.method")
        yield _operation(entry, name, methods[name], info)


def _public_functions(service: type[remote.Service]) -> list[str]:
    own = [base for base in service.__mro__ if not issubclass(remote.Service, base)]
    return sorted(
        {name for base in own for name, value in vars(base).items() if callable(value) and not name.startswith("_")}
    )


def _operation(entry: _Entry, name: str, method: Any, declared: MethodInfo) -> Operation:
    where, api = f"{entry.service.__name__}.{name}", entry.info
    request_type = _message_class(where, "request_message", lambda: method.remote.request_type)
    response_type = _message_class(where, "response_message", lambda: method.remote.response_type)
    if not isinstance(declared.http_method, str):
        raise TypeError(f"{where}: http_method must be a string, not {declared.http_method!r}")
    settings = (declared.scope_objs, declared.audiences, declared.allowed_client_ids)
    level = api.auth_level if declared.auth_level is None else declared.auth_level
    return Operation(
        service=entry.service,
        factory=entry.factory,
        function_name=name,
        function=method.remote.method,
        api_info=api,
        method_info=declared,
        id=declared.method_id(api),
        http_method=declared.http_method.upper(),
        template=_template(where, declared, api),
        request_type=request_type,
        body_type=declared.request_body_class or request_type,
        parameters_type=declared.request_params_class,
        response_type=response_type,
        scope_objs=_chosen(declared.scope_objs, api.scope_objs),
        audiences=_chosen(declared.audiences, api.audiences),
        allowed_client_ids=_chosen(declared.allowed_client_ids, api.allowed_client_ids),
        issuers=api.issuers,
        auth_level=level,
        api_key_required=declared.is_api_key_required(api),
        metric_costs=declared.metric_costs or {},
        asks_for_auth=api.restricts_callers
        or any(each is not None for each in settings)
        or level is not AUTH_LEVEL.NONE,
        use_request_uri=declared.use_request_uri(api),
        blocking=declared.blocking,
        streams=declared.streams,
    )


def _message_class(where: str, argument: str, find: Callable[[], type[Message]]) -> type[Message]:
    try:
        found = find()
    except DefinitionNotFoundError as error:
        raise DefinitionNotFoundError(f"{where}: {argument}: {error}") from error
    if not is_message_class(found):
        raise TypeError(f"{where}: {argument} must be a message class, not {found!r}")
    return found


def _template(where: str, declared: MethodInfo, api: ApiInfo) -> PathTemplate:
    try:
        return parse(declared.get_path(api))
    except ApiConfigurationError as error:
        raise ApiConfigurationError(f"{where}: {error}") from None


def _chosen(own: T | None, inherited: T) -> T:
    return inherited if own is None else own

"""Whether declarations fit together: mistakes that no single decorator can see."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any, Final

from endpoints._operation import Api, Operation
from endpoints.definitions import BODILESS
from endpoints.exceptions import ApiConfigurationError, ConfigurationWarning, DeploymentWarning
from endpoints.fields import by_number
from endpoints.url_fields import check_finite, check_variables
from protorpc.messages import Field

# Names with which several APIs can be one service (seed page 004, on `name`).
_DEPLOYABLE_NAME: Final = re.compile(r"[a-z][a-z0-9]{0,39}")


def check_api(api: Api) -> None:
    """Check the methods of one API.

    Raises:
        ApiConfigurationError: two methods have the same id, or the same verb and path; a path names no parameter; a
            parameter has no end.
        TypeError: a path names something that is no single value.
    """
    ids: dict[str, Operation] = {}
    addresses: dict[tuple[str, str], Operation] = {}
    for operation in api.operations:
        other = ids.setdefault(operation.id, operation)
        if other is not operation:
            _clash(api, f"the method id {operation.id!r}", other, operation)
        other = addresses.setdefault((operation.http_method, operation.path), operation)
        if other is not operation:
            _clash(api, f"{operation.http_method} path {operation.path!r}", other, operation)
        _check_url(operation)
        _warn_of_metrics(api, operation)


def check_together(apis: Iterable[Api]) -> None:
    """Check all APIs of a server.

    Raises:
        ApiConfigurationError: two classes have the same name (recorded: multi-same-class-name).
    """
    apis = tuple(apis)
    modules: dict[str, str] = {}
    for service in (service for api in apis for service in api.classes):
        name, module = service.__name__, service.__module__
        if name in modules:
            raise ApiConfigurationError(
                f"two classes are named {name}, in {modules[name]} and {module}; each service class of a server needs "
                "a name of its own"
            )
        modules[name] = module
    _warn_of_names(apis)
    _warn_of_shadows(apis)


def check_metrics(apis: Iterable[Api]) -> None:
    """Check what methods cost, where quotas are enforced.

    Raises:
        ApiConfigurationError: a method of an API that defines limits costs something of a metric without one. Documents
            may show such a cost (recorded: services/quota.py of the kit), but nobody could count it.
    """
    for operation in (operation for api in apis for operation in api.operations):
        limits = {each.metric_name for each in operation.api_info.limit_definitions or ()}
        for metric in operation.metric_costs.keys() - limits:
            if limits:
                raise ApiConfigurationError(
                    f"{operation.rpc_name}: metric_costs names {metric!r}, for which API {operation.api_info.name!r} "
                    f"defines no limit; it defines {', '.join(map(repr, sorted(limits)))}"
                )


def _clash(api: Api, what: str, one: Operation, other: Operation) -> None:
    first, second = one.rpc_name, other.rpc_name
    if first == second:  # of a copied file
        first, second = (f"{each.service.__module__}.{each.rpc_name}" for each in (one, other))
    raise ApiConfigurationError(
        f"API {api.name!r}, version {api.version!r}: {what} is used by both {first} and {second}"
    )


def _check_url(operation: Operation) -> None:
    container = operation.parameters_type
    message_type = container or operation.request_type
    strangers = check_variables(operation.rpc_name, operation.template, message_type, complete=container is not None)
    if strangers:
        _warn(
            f"{operation.rpc_name}: path {operation.path!r} names {', '.join(map(repr, strangers))}, no field of "
            f"{message_type.__name__}: the method finds it among the unrecognized fields only"
        )
    for field in _spread_over_url(operation):
        check_finite(operation.rpc_name, field)


def _spread_over_url(operation: Operation) -> Iterator[Field[Any]]:
    """Yield the fields that documents show as parameters of the path or the query."""
    if operation.parameters_type:
        yield from by_number(operation.parameters_type)
        return
    in_path = {name.partition(".")[0] for name in operation.path_parameters}
    for field in by_number(operation.request_type):
        if operation.http_method in BODILESS or field.name in in_path:
            yield field


def _warn_of_metrics(api: Api, operation: Operation) -> None:
    limits = {limit.metric_name: limit.default_limit for limit in api.info.limit_definitions or ()}
    for metric, cost in operation.metric_costs.items():
        if metric not in limits:
            _warn(f"{operation.rpc_name}: metric_costs names {metric!r}, for which API {api.name!r} defines no limit")
        elif 0 < limits[metric] < cost:
            _warn(f"{operation.rpc_name}: a call costs {cost} of {metric!r}, and {limits[metric]} a minute are allowed")


def _warn_of_names(apis: tuple[Api, ...]) -> None:
    for name in dict.fromkeys(api.name for api in apis if len(apis) > 1):
        if not _DEPLOYABLE_NAME.fullmatch(name):
            rule = f"several APIs deploy as one service only with names that match {_DEPLOYABLE_NAME.pattern}"
            _warn(f"API {name!r}: {rule}", DeploymentWarning)


def _warn_of_shadows(apis: tuple[Api, ...]) -> None:
    """Warn of methods that no address can reach, because all theirs lead to another method."""
    known: dict[object, Operation] = {}
    for operation in (operation for api in apis for operation in api.operations):
        api = operation.api_info
        root = (api.base_path, api.name, api.path_version)
        other = known.setdefault((operation.http_method, root, operation.template.shape), operation)
        if other is not operation:
            _warn(
                f"{operation.http_method} {operation.full_path} of {operation.rpc_name} and {other.full_path} of "
                f"{other.rpc_name} match the same addresses: only one of the methods can be reached"
            )


def _warn(text: str, category: type[ConfigurationWarning] = ConfigurationWarning) -> None:
    # Far from the user's line whatever the number says; the text names the place.
    warnings.warn(text, category, stacklevel=2)

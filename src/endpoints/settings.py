"""The settings that APIs, classes and methods share: arguments in, checked values out.

Each function takes where the argument stands, for its messages, and the argument; None stays None.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

from endpoints import checks
from endpoints.definitions import AUTH_LEVEL, Audiences, LimitDefinition, Namespace, OAuth2Scope
from endpoints.exceptions import (
    ConfigurationWarning,
    DeploymentWarning,
    InvalidLimitDefinitionException,
    InvalidNamespaceException,
)
from endpoints.issuers import Issuer

_DIRECTIVE = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+(=([!#$%&'*+.^_`|~0-9A-Za-z-]+|\"[\t !#-\[\]-~]*\"))?"
_CACHE_CONTROL = rf"{_DIRECTIVE}([ \t]*,[ \t]*{_DIRECTIVE})*"  # RFC 9111, 5.2; few need it compiled
MAX_DISPLAY_NAME = 40  # characters; seed page 001 on LimitDefinition


def scopes(where: str, value: Any) -> list[OAuth2Scope] | None:
    """Check OAuth scopes: strings or OAuth2Scopes. Raises TypeError."""
    return OAuth2Scope.convert_list(checks.listing(where, "scopes", value, (str, OAuth2Scope), "scopes"))


def audiences(where: str, value: Any) -> Audiences | None:
    """Check audiences: a list of strings, or a dict of such lists by the name of an issuer. Raises TypeError.

    A dict is not looked into by the original, so a wrong value in it is only warned of; a single string in the place of
    a list is one audience.
    """
    if not isinstance(value, dict):
        return checks.texts(where, "audiences", value)
    for issuer, accepted in value.items():
        if not isinstance(accepted, (list, tuple)):
            text = f"{where}: audiences[{issuer!r}] should be a list of strings, not {accepted!r}"
            warnings.warn(text, ConfigurationWarning, stacklevel=3)  # the caller of endpoints.api
    return {issuer: [accepted] if isinstance(accepted, str) else accepted for issuer, accepted in value.items()}


def auth_level(where: str, value: Any) -> AUTH_LEVEL | None:
    """Check an auth level. Raises TypeError."""
    if value is None:
        return None
    try:
        return AUTH_LEVEL(value)
    except ValueError:
        raise TypeError(f"{where}: auth_level must be one of endpoints.AUTH_LEVEL, not {value!r}") from None


def issuers(where: str, value: Any) -> dict[str, Issuer] | None:
    """Check issuers: a dict from names to Issuers. Raises TypeError."""
    found = checks.mapping(where, "issuers", value)
    for name, issuer in (found or {}).items():
        checks.required_text(where, f"the issuer name {name!r}", name)
        if not isinstance(issuer, Issuer):
            raise TypeError(f"{where}: issuers[{name!r}] must be an endpoints.Issuer, not {issuer!r}")
    return found


def namespace(where: str, value: Any) -> Namespace | None:
    """Check a namespace: the owner's domain and name must be there. Raises TypeError, InvalidNamespaceException."""
    found = checks.instance(where, "namespace", value, Namespace, "an endpoints.Namespace")
    if found is not None:
        for argument in ("owner_domain", "owner_name"):
            if not getattr(found, argument):
                raise InvalidNamespaceException(
                    f"{where}: namespace.{argument} must be set; only package_path is optional"
                )
        for argument in found._fields:
            checks.text(where, f"namespace.{argument}", getattr(found, argument))
    return found


def limit_definitions(where: str, value: Any) -> list[LimitDefinition] | None:
    """Check quota limits: named once, with a limit of 0 or more units a minute.

    Raises:
        TypeError: something is of another type.
        InvalidLimitDefinitionException: a name is missing or comes twice, or a limit is negative.
    """
    found = checks.instance(where, "limit_definitions", value, list, "a list of endpoints.LimitDefinition objects")
    limits = checks.listing(where, "limit_definitions", found, LimitDefinition, "endpoints.LimitDefinition objects")
    seen: set[str] = set()
    for index, limit in enumerate(limits or ()):
        _check_limit(f"{where}: limit_definitions[{index}]", limit)
        if limit.metric_name in seen:
            raise InvalidLimitDefinitionException(
                f"{where}: limit_definitions holds the metric {limit.metric_name!r} twice"
            )
        seen.add(limit.metric_name)
    return limits


def _check_limit(where: str, limit: LimitDefinition) -> None:
    for argument in ("metric_name", "display_name"):
        value = getattr(limit, argument)
        if not value:
            raise InvalidLimitDefinitionException(f"{where}: {argument} must be set")
        checks.text(where, argument, value)
    if checks.required_number(where, "default_limit", limit.default_limit) < 0:
        raise InvalidLimitDefinitionException(
            f"{where}: default_limit must not be negative, as {limit.default_limit} is"
        )
    if len(limit.display_name) > MAX_DISPLAY_NAME:
        text = f"{where}: display_name has more than {MAX_DISPLAY_NAME} characters: {limit.display_name!r}"
        warnings.warn(text, DeploymentWarning, stacklevel=4)  # the caller of endpoints.api


def metric_costs(where: str, value: Any) -> dict[str, int] | None:
    """Check what a call costs: a dict from names of metrics to positive integers. Raises TypeError, ValueError."""
    costs = checks.mapping(where, "metric_costs", value)
    for metric, cost in (costs or {}).items():
        checks.required_text(where, f"the metric name {metric!r}", metric)
        if checks.required_number(where, f"metric_costs[{metric!r}]", cost) < 1:
            raise ValueError(f"{where}: metric_costs[{metric!r}] must be 1 or more, not {cost}")
    return costs


def cache_control(where: str, value: Any, http_method: str, streams: bool) -> str | None:
    """Check a Cache-Control header. Raises TypeError; ValueError where it is none, or not for the answers of a GET."""
    found = checks.text(where, "cache_control", value)
    if found is None:
        return None
    if str(http_method).upper() != "GET":
        raise ValueError(f"{where}: cache_control is for GET methods, not for {http_method}")
    if streams:
        raise ValueError(f"{where}: cache_control is for complete answers, and this one is a stream")
    if not re.fullmatch(_CACHE_CONTROL, found):
        raise ValueError(f"{where}: cache_control must be directives such as 'public, max-age=60', not {found!r}")
    return found


def if_match(where: str, value: Any, http_method: str, required: Any) -> Any:
    """Check the name of a GET method, or the method itself; which it is, is found when the server is built.

    Raises:
        TypeError: it is neither.
        ValueError: it is there for a GET method, or is missing but required.
    """
    if value is None:
        if required:
            raise ValueError(f"{where}: if_match_required needs if_match, the GET method that answers the state")
        return None
    if not isinstance(value, str) and not callable(value):
        raise TypeError(f"{where}: if_match must be a method of the class or the name of one, not {value!r}")
    if str(http_method).upper() in ("GET", "HEAD"):
        raise ValueError(f"{where}: if_match is for methods that change something, not for {http_method}")
    return value

"""`endpoints.api` and `endpoints.method`: what users write, checked and kept as definitions."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

from endpoints import checks, paths, settings
from endpoints.annotations import declared, is_annotated, is_stream, returned
from endpoints.binding import Declaration, void_for_none
from endpoints.definitions import (
    API_EXPLORER_CLIENT_ID,
    AUTH_LEVEL,
    DEFAULT_BASE_PATH,
    EMAIL_SCOPE_OBJ,
    ApiInfo,
    Audiences,
    LimitDefinition,
    MethodInfo,
    Namespace,
    OAuth2Scope,
)
from endpoints.exceptions import ApiConfigurationError, ConfigurationWarning
from endpoints.fields import is_message_class
from endpoints.frontend import ApiAuth, ApiFrontEndLimits
from endpoints.hosts import default_hostname
from endpoints.issuers import Issuer
from endpoints.media import MediaUpload, checked_upload
from endpoints.resource_container import ResourceContainer
from endpoints.semver import path_version
from protorpc import remote
from protorpc.message_types import VoidMessage
from protorpc.messages import Message

_Class = TypeVar("_Class", bound=type)
_Function = TypeVar("_Function", bound=Callable[..., Any])
_Scopes = Sequence[str | OAuth2Scope] | None
_Request = type[Message] | ResourceContainer | str
_Response = type[Message] | str

# What is not said in the decorator may be said by annotations.
_UNSAID: Final[Any] = object()


class ApiCollection:
    """An API: decorates its only service class, or through `api_class` each of several. Made by `endpoints.api`.

    ```python
    library = endpoints.api(name="library", version="v1.0")


    @library.api_class(resource_name="shelves")
    class Shelves(remote.Service): ...
    ```

    `endpoints.api_server` takes the collection in place of its classes.
    """

    def __init__(self, info: ApiInfo) -> None:
        self._info = info
        self._classes: list[type[remote.Service]] = []

    def __call__(self, service_class: _Class) -> _Class:
        """Decorate the only class of the API."""
        return self.api_class()(service_class)

    def api_class(  # noqa: PLR0917 - positional in the original
        self,
        resource_name: str | None = None,
        path: str | None = None,
        audiences: Sequence[str] | None = None,
        scopes: _Scopes = None,
        allowed_client_ids: Sequence[str] | None = None,
        auth_level: AUTH_LEVEL | None = None,
        api_key_required: bool | None = None,
    ) -> Callable[[_Class], _Class]:
        """Return the decorator for one of several classes. What is None is as the API says.

        Args:
            resource_name: put before the names of the class's methods in documents.
            path: put before the paths of the class's methods.
            audiences: accepted audiences of tokens.
            scopes: OAuth scopes, one of which a token needs.
            allowed_client_ids: clients that may call.
            auth_level: what is asked of callers.
            api_key_required: whether callers need an API key.

        Raises:
            TypeError: by the decorator, when an argument is of another type.
        """

        def decorate(service_class: _Class) -> _Class:
            name = getattr(service_class, "__name__", repr(service_class))
            where = f"API {self._info.name!r}, class {name}"
            access = {
                "audiences": checks.texts(where, "audiences", audiences),
                "scope_objs": settings.scopes(where, scopes),
                "allowed_client_ids": checks.texts(where, "allowed_client_ids", allowed_client_ids),
            }
            info = self._info.for_class(
                restricts_callers=any(value is not None for value in access.values()),
                resource_name=checks.text(where, "resource_name", resource_name),
                path=checks.text(where, "path", path),
                auth_level=settings.auth_level(where, auth_level),
                api_key_required=checks.flag(where, "api_key_required", api_key_required),
                **access,
            )
            cast(Any, service_class).api_info = info
            self._classes.append(cast("type[remote.Service]", service_class))
            return service_class

        return decorate

    def get_api_classes(self) -> list[type[remote.Service]]:
        """Return the classes decorated so far, in their order."""
        return list(self._classes)


def api(
    name: str,
    version: str,
    *,
    description: str | None = None,
    hostname: str | None = None,
    audiences: Audiences | None = None,
    scopes: _Scopes = None,
    allowed_client_ids: Sequence[str] | None = None,
    canonical_name: str | None = None,
    auth: ApiAuth | None = None,
    owner_domain: str | None = None,
    owner_name: str | None = None,
    package_path: str | None = None,
    frontend_limits: ApiFrontEndLimits | None = None,
    title: str | None = None,
    documentation: str | None = None,
    auth_level: AUTH_LEVEL | None = None,
    issuers: Mapping[str, Issuer] | None = None,
    namespace: Namespace | None = None,
    api_key_required: bool | None = None,
    base_path: str | None = None,
    limit_definitions: Sequence[LimitDefinition] | None = None,
    use_request_uri: bool | None = None,
) -> ApiCollection:
    """Declare an API: a class decorator, or with `api_class` one for several classes (seed pages 001 and 004).

    ```python
    @endpoints.api(name="guestbook", version="v0.2")
    class Guestbook(remote.Service): ...
    ```

    Args:
        name: begins all addresses and ids; lower-case letters and digits, to be deployed together with others.
        version: ends the root of all addresses; of a SemVer version only the major number: 2.1.0 is served under v2.
        description: what documents say; by default the docstring of the only class.
        hostname: host in generated documents; by default see `endpoints.hosts`.
        audiences: accepted audiences of tokens; a dict from the names of `issuers` when these are not Google's.
        scopes: OAuth scopes, one of which a token needs; the e-mail scope by default.
        allowed_client_ids: clients that may call; by default the API explorer's.
        canonical_name: name for generated libraries.
        auth: settings of Google's former front end.
        owner_domain: domain of the owner, for names of generated libraries.
        owner_name: name of the owner.
        package_path: package of generated libraries, with slashes.
        frontend_limits: limits of Google's former front end.
        title: name that people read.
        documentation: address of the documentation.
        auth_level: what is asked of callers before a method is called; nothing by default.
        issuers: who signs tokens, by name.
        namespace: owner and package in one.
        api_key_required: whether callers need an API key.
        base_path: what comes before the name in addresses, with a slash at both ends; `/_ah/api/` by default.
        limit_definitions: quotas, per minute and consumer.
        use_request_uri: match addresses before any decoding.

    Raises:
        TypeError: an argument is of another type.
        InvalidNamespaceException, InvalidLimitDefinitionException, ApiConfigurationError: a value makes no sense.
    """
    where = f"endpoints.api({name!r}, {version!r})"
    own_scopes = settings.scopes(where, scopes)
    own_clients = checks.texts(where, "allowed_client_ids", allowed_client_ids)
    own_audiences = settings.audiences(where, audiences)
    own_issuers = settings.issuers(where, issuers)
    level = settings.auth_level(where, auth_level)
    hostname = checks.text(where, "hostname", hostname)
    info = ApiInfo(
        name=checks.required_text(where, "name", name),
        api_version=checks.required_text(where, "version", version),
        path_version=path_version(str(version)),
        description=checks.text(where, "description", description),
        hostname=default_hostname() if hostname is None else hostname,
        declared_hostname=hostname,
        audiences=own_audiences,
        scope_objs=[EMAIL_SCOPE_OBJ] if own_scopes is None else own_scopes,
        allowed_client_ids=[API_EXPLORER_CLIENT_ID] if own_clients is None else own_clients,
        issuers=own_issuers,
        namespace=settings.namespace(where, namespace),
        auth_level=AUTH_LEVEL.NONE if level is None else level,
        api_key_required=checks.flag(where, "api_key_required", api_key_required) or False,
        canonical_name=checks.text(where, "canonical_name", canonical_name),
        auth=checks.instance(where, "auth", auth, ApiAuth, "an ApiAuth"),
        owner_domain=checks.text(where, "owner_domain", owner_domain),
        owner_name=checks.text(where, "owner_name", owner_name),
        package_path=checks.text(where, "package_path", package_path),
        frontend_limits=checks.instance(
            where, "frontend_limits", frontend_limits, ApiFrontEndLimits, "an ApiFrontEndLimits"
        ),
        title=checks.text(where, "title", title),
        documentation=checks.text(where, "documentation", documentation),
        base_path=_base_path(where, base_path),
        limit_definitions=settings.limit_definitions(where, limit_definitions),
        use_request_uri=checks.flag(where, "use_request_uri", use_request_uri) or False,
        restricts_callers=any(each is not None for each in (own_scopes, own_clients, own_audiences, own_issuers)),
    )
    return ApiCollection(info)


def method(
    request_message: _Request = _UNSAID,
    response_message: _Response = _UNSAID,
    *,
    name: str | None = None,
    path: str | None = None,
    http_method: str | None = "POST",
    scopes: _Scopes = None,
    audiences: Audiences | None = None,
    allowed_client_ids: Sequence[str] | None = None,
    auth_level: AUTH_LEVEL | None = None,
    api_key_required: bool | None = None,
    metric_costs: Mapping[str, int] | None = None,
    use_request_uri: bool | None = None,
    blocking: bool = True,
    cache_control: str | None = None,
    if_match: Callable[..., Any] | str | None = None,
    if_match_required: bool = False,
    stream: bool = False,
    media_upload: MediaUpload | None = None,
    media_download: bool = False,
) -> Callable[[_Function], _Function]:
    """Declare a function of a service as a method of its API (seed pages 001 and 004).

    The function is called with the service and the request message, and returns the response message; it may be
    `async def`. Without message classes here, its annotations declare them: see `endpoints.annotations`. The decorated
    function takes the service and a request message too, so that tests can call it; it raises `remote.RequestError` or
    `remote.ServerError` when a message is not of the declared class.

    Args:
        request_message: message class, its name, or a ResourceContainer; nothing by default.
        response_message: message class or its name; nothing by default.
        name: name in documents, after that of the API; by default the function's.
        path: template of the address; by default the function's name.
        http_method: POST by default.
        scopes: OAuth scopes, one of which a token needs. This and the next four are by default as class and API say.
        audiences: accepted audiences of tokens.
        allowed_client_ids: clients that may call.
        auth_level: what is asked of callers.
        api_key_required: whether callers need an API key.
        metric_costs: what a call takes from which quota, in units of 1 or more.
        use_request_uri: match the address before any decoding.
        blocking: False for a function that never waits: it is then called without a thread of its own on ASGI.
        cache_control: header of the answers of a GET method: `public, max-age=60`. By default they carry none.
        if_match: the GET method of the same class that answers the state of what this method changes, or its name: the
            method is not called for callers who mean another state (`If-Match`, answered 412).
        if_match_required: True to refuse callers who do not say which state they mean (428).
        stream: True for a function that returns an iterator of messages but is no generator and does not say so.
        media_upload: what media callers may upload with a call: see `endpoints.uploaded_media`.
        media_download: whether the function may answer with media: see `endpoints.wants_media`.

    Raises:
        TypeError, ValueError, ApiConfigurationError: by the decorator, when an argument makes no sense.
    """
    if inspect.isfunction(request_message):
        raise TypeError(f"{request_message.__qualname__}: write @endpoints.method(...) with parentheses")

    def decorate(function: _Function) -> _Function:
        where = _name_of(function)
        _check_function(where, function)
        verb = "POST" if http_method is None else http_method
        streams = checks.flag(where, "stream", stream) or is_stream(function)
        declaration = _declaration(function, where, verb, request_message, response_message)
        container = declaration.request if isinstance(declaration.request, ResourceContainer) else None
        request = _message(where, "request_message", _combined(where, declaration.request))
        response = _message(where, "response_message", declaration.response)
        if streams and response is VoidMessage:
            raise TypeError(f"{where}: a stream needs the class of its messages, as response_message or as annotation")
        decorated: Any = remote.method(request, response)(declaration.function)
        gives_media = checks.flag(where, "media_download", media_download) or False
        if streams and (gives_media or media_upload is not None):
            raise TypeError(f"{where}: a stream of messages neither takes nor gives media")
        if streams or gives_media:
            decorated = _unchecked(decorated)
        decorated.method_info = MethodInfo(
            name=checks.required_text(where, "name", name or function.__name__),
            path=checks.required_text(where, "path", path or function.__name__),
            http_method=verb,
            scope_objs=settings.scopes(where, scopes),
            audiences=settings.audiences(where, audiences),
            allowed_client_ids=checks.texts(where, "allowed_client_ids", allowed_client_ids),
            auth_level=settings.auth_level(where, auth_level),
            api_key_required=_lenient_flag(where, "api_key_required", api_key_required),
            metric_costs=settings.metric_costs(where, metric_costs),
            request_body_class=container.body_message_class if container else None,
            request_params_class=container.parameters_message_class if container else None,
            parameter_descriptions=container.parameter_descriptions if container else {},
            blocking=checks.flag(where, "blocking", blocking) is not False,
            streams=streams,
            media_upload=checked_upload(where, verb, media_upload),
            media_download=gives_media,
            from_request_uri=_lenient_flag(where, "use_request_uri", use_request_uri),
            cache_control=settings.cache_control(where, cache_control, verb, streams),
            if_match=settings.if_match(where, if_match, verb, if_match_required),
            if_match_required=checks.flag(where, "if_match_required", if_match_required) is True,
        )
        decorated.__name__ = decorated.method_info.name
        return cast(_Function, decorated)

    return decorate


def _declaration(
    function: Callable[..., Any], where: str, http_method: str, request: _Request, response: _Response
) -> Declaration:
    """Join what the decorator says with what the annotations say about the rest."""
    if request is _UNSAID and is_annotated(function):
        return declared(function, where, http_method, None if response is _UNSAID else response)
    request = VoidMessage if request is _UNSAID else request
    if response is _UNSAID and "return" in getattr(function, "__annotations__", {}):
        found = returned(function, where)
        if found is None:
            return Declaration(request, VoidMessage, void_for_none(function))
        response = found
    return Declaration(request, VoidMessage if response is _UNSAID else response, function)


def _unchecked(decorated: Any) -> Any:
    """The same method, whose answer is an iterator, or may be media, and so of no message class."""

    @functools.wraps(decorated.remote.method)
    def call(service: Any, request: Message) -> Any:
        return decorated.remote.method(service, request)

    unchecked: Any = call
    unchecked.remote = decorated.remote
    return unchecked


def _combined(where: str, request: _Request) -> type[Message] | str:
    if not isinstance(request, ResourceContainer):
        return request
    try:
        return request.combined_message_class
    except TypeError as error:
        raise TypeError(f"{where}: request_message: {error}") from None


def _message(where: str, argument: str, value: type[Message] | str) -> type[Message] | str:
    if isinstance(value, str) or is_message_class(value):
        return value
    raise TypeError(f"{where}: {argument} must be a message class or the name of one, not {value!r}")


def _lenient_flag(where: str, argument: str, value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    # Recorded: method-api-key-string is accepted, and taken for what it is as a truth value.
    text = f"{where}: {argument} should be True or False, and {value!r} counts as {bool(value)}"
    warnings.warn(text, ConfigurationWarning, stacklevel=3)  # where the function is decorated
    return bool(value)


def _check_function(where: str, function: Any) -> None:
    if not inspect.isfunction(function):
        raise TypeError(f"{where}: endpoints.method decorates functions, not {function!r}")


def _name_of(function: Callable[..., Any]) -> str:
    name: str = getattr(function, "__qualname__", repr(function))
    return name.rpartition("<locals>.")[2]


def _base_path(where: str, value: Any) -> str:
    base_path = checks.text(where, "base_path", value)
    if base_path is None:
        return DEFAULT_BASE_PATH
    if not (base_path.startswith("/") and base_path.endswith("/")):
        raise ApiConfigurationError(f"{where}: base_path must begin and end with a slash, not {base_path!r}")
    if paths.parse(base_path).variables:
        raise ApiConfigurationError(f"{where}: base_path {base_path!r} must not hold variables")
    return base_path

"""What one method and one API are, in one value each: all that the decorators said, joined."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from endpoints.definitions import AUTH_LEVEL, ApiInfo, Audiences, MethodInfo, OAuth2Scope
from endpoints.issuers import Issuer
from endpoints.paths import PathTemplate
from protorpc import remote
from protorpc.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation:
    """One method of one API, with everything that its class and its API say about it."""

    service: type[remote.Service]
    factory: Callable[[], remote.Service]
    """Makes the instance that answers one request: the class, or what `new_factory` returned."""
    function_name: str
    """Name of the method in the class."""
    function: Callable[[Any, Any], Any]
    """The function before decoration; takes the service and the request message."""
    api_info: ApiInfo
    method_info: MethodInfo
    id: str
    """Unique in its API: `guestbook.greetings.list`."""
    http_method: str
    """In upper case."""
    template: PathTemplate
    """The path, relative to the API's root."""
    request_type: type[Message]
    """What the function gets: for a ResourceContainer, body and parameters combined."""
    body_type: type[Message]
    """What the body of a request holds: of a ResourceContainer its body, else `request_type`."""
    parameters_type: type[Message] | None
    """The parameters of a ResourceContainer."""
    response_type: type[Message]
    scope_objs: Sequence[OAuth2Scope]
    audiences: Audiences | None
    allowed_client_ids: Sequence[str]
    issuers: Mapping[str, Issuer] | None
    auth_level: AUTH_LEVEL
    api_key_required: bool
    metric_costs: Mapping[str, int]
    asks_for_auth: bool
    """Whether documents list scopes: method, class or API set scopes, audiences, allowed_client_ids or issuers, or the
    auth level is another than NONE. What nobody has set is not asking."""
    use_request_uri: bool
    blocking: bool
    """Whether a call takes a thread on ASGI."""
    streams: bool
    """Whether the answer is a stream of messages."""

    @property
    def rpc_name(self) -> str:
        """Class and method: `GuestbookApi.everything`."""
        return f"{self.service.__name__}.{self.function_name}"

    @property
    def path(self) -> str:
        """The path template relative to the API's root: `greetings/{id}`."""
        return self.template.text

    @property
    def full_path(self) -> str:
        """The path template from the root of the server: `/_ah/api/guestbook/v0.2/greetings/{id}`."""
        return _root_path(self.api_info) + self.template.text

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Dotted names of the fields in the path, in order."""
        return self.template.variables

    @property
    def scopes(self) -> list[str]:
        """The scopes as strings."""
        return [each.scope for each in self.scope_objs]

    @property
    def doc(self) -> str | None:
        """The docstring without its indentation."""
        return inspect.cleandoc(self.function.__doc__) if self.function.__doc__ else None

    @property
    def parameter_descriptions(self) -> Mapping[str, str]:
        """Texts on parameters by name, where annotations give them."""
        return self.method_info.parameter_descriptions


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Api:
    """One version of an API: all its classes and methods."""

    info: ApiInfo
    """That of the first class."""
    classes: tuple[type[remote.Service], ...]
    operations: tuple[Operation, ...]
    """By class and then as written, inherited ones first."""

    @property
    def name(self) -> str:
        """Name of the API."""
        return self.info.name

    @property
    def version(self) -> str:
        """Version as declared."""
        return self.info.api_version

    @property
    def path_version(self) -> str:
        """Version in addresses."""
        return self.info.path_version

    @property
    def base_path(self) -> str:
        """What comes before the name in addresses."""
        return self.info.base_path

    @property
    def root_path(self) -> str:
        """What all addresses begin with: `/_ah/api/guestbook/v0.2/`."""
        return _root_path(self.info)


def _root_path(info: ApiInfo) -> str:
    return f"{info.base_path}{info.name}/{info.path_version}/"

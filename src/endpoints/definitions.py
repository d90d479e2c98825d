"""The values that a declaration consists of: what an API and its methods say about themselves.

They are made by the decorators, checked when they are made, and never change. `endpoints.operations` joins them into
the one description that serving and documents are made from.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from endpoints import paths
from endpoints.frontend import ApiAuth, ApiFrontEndLimits
from endpoints.issuers import Issuer
from endpoints.media import MediaUpload
from protorpc.messages import Message

API_EXPLORER_CLIENT_ID: Final = "292824132082.apps.googleusercontent.com"
EMAIL_SCOPE: Final = "https://www.googleapis.com/auth/userinfo.email"
SKIP_CLIENT_ID_CHECK: Final = ["*"]
"""As `allowed_client_ids`: any client may call."""
DEFAULT_BASE_PATH: Final = "/_ah/api/"

BODILESS: Final = frozenset(["DELETE", "GET", "HEAD"])
"""HTTP methods of requests without a body; all fields are parameters then."""

Audiences = Sequence[str] | Mapping[str, Sequence[str]]
"""Accepted audiences: a list for Google's ID tokens, or a dict from the name of an issuer to its list."""


class AUTH_LEVEL(enum.IntEnum):  # noqa: N801 - the name is public since 2013
    """What a method asks of its callers before it is called (seed page 002; the original ignored it, see V11)."""

    REQUIRED = 0
    """Valid credentials."""
    OPTIONAL = 1
    """Valid credentials or none."""
    OPTIONAL_CONTINUE = 2
    """Anything; invalid credentials count as none."""
    NONE = 3
    """Nothing; the method decides by `get_current_user()`."""

    reverse_mapping = enum.nonmember({0: "REQUIRED", 1: "OPTIONAL", 2: "OPTIONAL_CONTINUE", 3: "NONE"})


class LimitDefinition(NamedTuple):
    """A quota: how much of a metric one consumer may use in a minute."""

    metric_name: str
    display_name: str
    """At most 40 characters (seed page 001)."""
    default_limit: int
    """Units per minute and consumer."""


class Namespace(NamedTuple):
    """Whose API it is, for the names of generated client libraries."""

    owner_domain: str
    owner_name: str
    package_path: str | None


class OAuth2Scope(NamedTuple):
    """An OAuth 2.0 scope and what documents say about it."""

    scope: str
    description: str

    @classmethod
    def convert_scope(cls, scope: str | OAuth2Scope) -> OAuth2Scope:
        """Return a scope as an OAuth2Scope; a string describes itself."""
        return cls(scope, scope) if isinstance(scope, str) else scope

    @classmethod
    def convert_list(cls, values: Sequence[str | OAuth2Scope] | None) -> list[OAuth2Scope] | None:
        """Return a list of scopes as OAuth2Scopes, and None as None."""
        return None if values is None else [cls.convert_scope(value) for value in values]


EMAIL_SCOPE_OBJ: Final = OAuth2Scope(EMAIL_SCOPE, "View your email address")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ApiInfo:
    """What an API, and one service class of it, says about itself: `SomeService.api_info`."""

    name: str
    api_version: str
    path_version: str
    """The version in addresses: `v2` of the SemVer version `2.1.0`."""
    description: str | None
    hostname: str | None
    """As declared, else as `endpoints.hosts` finds it."""
    declared_hostname: str | None
    audiences: Audiences | None
    scope_objs: Sequence[OAuth2Scope]
    allowed_client_ids: list[str]
    issuers: Mapping[str, Issuer] | None
    namespace: Namespace | None
    auth_level: AUTH_LEVEL
    api_key_required: bool
    canonical_name: str | None
    auth: ApiAuth | None
    owner_domain: str | None
    owner_name: str | None
    package_path: str | None
    frontend_limits: ApiFrontEndLimits | None
    title: str | None
    documentation: str | None
    base_path: str
    """Begins and ends with a slash."""
    limit_definitions: Sequence[LimitDefinition] | None
    use_request_uri: bool
    restricts_callers: bool
    """Whether the API or the class itself sets scopes, audiences, allowed_client_ids or issuers."""
    resource_name: str | None = None
    path: str | None = None
    """Put before the paths of the methods of the class."""
    declaration: object = field(default_factory=object, repr=False)
    """One object per call of `endpoints.api`."""

    @property
    def scopes(self) -> list[str]:
        """The scopes as strings."""
        return [each.scope for each in self.scope_objs]

    def is_same_api(self, other: object) -> bool:
        """Whether both come from one call of `endpoints.api`."""
        return isinstance(other, ApiInfo) and other.declaration is self.declaration

    def for_class(self, *, restricts_callers: bool, **settings: Any) -> ApiInfo:
        """Return the same with what one class sets itself; settings that are None are the API's."""
        chosen = {name: value for name, value in settings.items() if value is not None}
        return replace(self, restricts_callers=self.restricts_callers or restricts_callers, **chosen)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MethodInfo:
    """What `endpoints.method` says about a method: `decorated_function.method_info`. None means: as the API says."""

    name: str
    path: str
    """As declared, or the name of the function."""
    http_method: str
    """As declared; `Operation.http_method` is in upper case."""
    scope_objs: Sequence[OAuth2Scope] | None = None
    audiences: Audiences | None = None
    allowed_client_ids: list[str] | None = None
    auth_level: AUTH_LEVEL | None = None
    api_key_required: bool | None = None
    metric_costs: Mapping[str, int] | None = None
    request_body_class: type[Message] | None = None
    """Body message of a ResourceContainer."""
    request_params_class: type[Message] | None = None
    """Path and query parameters of a ResourceContainer."""
    parameter_descriptions: Mapping[str, str] = field(default_factory=dict)
    """Texts on parameters that annotations give."""
    blocking: bool = True
    """Whether a call may wait for something, and so takes a thread on ASGI (`async def` methods never do)."""
    streams: bool = False
    """Whether the method returns an iterator of messages."""
    media_upload: MediaUpload | None = None
    """What media callers may upload; None for none."""
    media_download: bool = False
    """Whether the method may answer with media."""
    from_request_uri: bool | None = None
    """The `use_request_uri` argument."""
    cache_control: str | None = None
    """The Cache-Control header of answers to GET."""
    if_match: object = None
    """The GET method that answers the state of what this one changes, or its name."""
    if_match_required: bool = False
    """Whether callers have to say by If-Match which state they mean."""

    @property
    def scopes(self) -> list[str] | None:
        """The scopes as strings, or None."""
        return None if self.scope_objs is None else [each.scope for each in self.scope_objs]

    def get_path(self, api_info: ApiInfo) -> str:
        """Return the path below the API's root: a leading slash leaves the path of the class out.

        Raises:
            ApiConfigurationError: the path is no valid template.
        """
        return paths.parse(paths.join(self.path, api_info.path)).text

    def method_id(self, api_info: ApiInfo) -> str:
        """Return the id in documents: `guestbook.greetings.list`."""
        resource = [api_info.resource_name] if api_info.resource_name else []
        return ".".join(map(_safe_name, [api_info.name, *resource, self.name]))

    def is_api_key_required(self, api_info: ApiInfo) -> bool:
        """Whether callers need an API key."""
        return api_info.api_key_required if self.api_key_required is None else self.api_key_required

    def use_request_uri(self, api_info: ApiInfo) -> bool:
        """Whether the path is matched in REQUEST_URI, before any decoding."""
        return api_info.use_request_uri if self.from_request_uri is None else self.from_request_uri


def _safe_name(name: str) -> str:
    kept = re.sub(r"[^.a-zA-Z0-9_]", "", name).lstrip("_")
    return kept[:1].lower() + kept[1:]

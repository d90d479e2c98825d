"""APIs that set everything an API can set; nothing of them is called."""

from __future__ import annotations

from typing import Any, Final

import endpoints
from protorpc import message_types, remote
from tests.openapi.torture import method, service
from tests.openapi.torture_messages import Leaf

package = "torture"
Void = message_types.VoidMessage

AUTH0 = endpoints.Issuer("https://torture.auth0.example", "https://torture.auth0.example/.well-known/jwks.json?a=b&c")
BARE = endpoints.Issuer("https://issuer.example/", None)
NAMED = endpoints.Issuer("issuer@developer.gserviceaccount.example", "https://keys.example/x509")
LIMITS = [
    endpoints.LimitDefinition("reads", "Reads", 1000),
    endpoints.LimitDefinition("writes-of-all-kinds", 'Forty characters: "quoted", #1 & <so on>', 1),
]


def declare(class_name: str, methods: dict[str, dict[str, Any]] | None = None, **settings: Any) -> Any:
    """Declare an API of one class, with a method for each set of settings."""
    made = {
        name: endpoints.method(Void, Leaf, path=name, http_method="GET", name=name, **own)(_nothing)
        for name, own in (methods or {"get": {}}).items()
    }
    return endpoints.api(**{"version": "v1", **settings})(service(class_name, **made))


def _nothing(_self: remote.Service, _request: Any) -> Any:
    return Leaf()


audience_list = declare(
    "AudienceList",
    {
        "same": {},
        "own": {"audiences": ["b", "a"], "scopes": ["https://scope.example/a", "b c"]},
        "none": {"audiences": [], "scopes": [], "allowed_client_ids": []},
        "keyed": {"api_key_required": True},
        "keyed_only": {"api_key_required": True, "audiences": []},
        "scoped": {"scopes": ["https://scope.example/a https://scope.example/b", "https://scope.example/c"]},
        "required": {"auth_level": endpoints.AUTH_LEVEL.REQUIRED, "audiences": []},
        "optional": {"auth_level": endpoints.AUTH_LEVEL.OPTIONAL},
    },
    name="audiencelist",
    audiences=["2-x.apps.googleusercontent.com", "1-x.apps.googleusercontent.com"],
    scopes=["https://www.googleapis.com/auth/userinfo.email", "one and_two", endpoints.EMAIL_SCOPE],
    allowed_client_ids=["client", endpoints.API_EXPLORER_CLIENT_ID],
)
issuers = declare(
    "Issuers",
    {
        "same": {},
        "bare": {"audiences": {"bare": ["me"]}},
        "both": {"audiences": {"auth0": ["b", "a"], "bare": ["me"]}, "api_key_required": True},
        "named": {"audiences": {"named": []}, "scopes": ["x"]},
        "none": {"audiences": {}},
        "required": {"auth_level": endpoints.AUTH_LEVEL.REQUIRED},
        "keyed": {"api_key_required": True},
    },
    name="issuers",
    audiences={"auth0": ["them"]},
    issuers={"auth0": AUTH0, "bare": BARE, "named": NAMED},
)
protected = declare("Protected", name="protected", auth_level=endpoints.AUTH_LEVEL.REQUIRED)
clients = declare("Clients", name="clients", allowed_client_ids=["only this one"])
keyed = declare("Keyed", {"keyed": {}, "free": {"api_key_required": False}}, name="keyed", api_key_required=True)
limited = declare(
    "Limited",
    {
        "cheap": {"metric_costs": {"reads": 1}},
        "dear": {"metric_costs": {"writes-of-all-kinds": 5, "reads": 2}, "api_key_required": True},
        "free": {"metric_costs": {}},
    },
    name="limited",
    limit_definitions=LIMITS,
)
rooted = declare("Rooted", name="rooted", base_path="/", hostname="rooted.example.com")
deep = declare("Deep", name="deep", base_path="/services/deep-er/~x/", hostname="localhost:8080")
first = declare("First", name="twice", version="v1")
second = declare("Second", name="twice", version="v2", description="The second version")
semver = declare("SemVer", name="semver", version="3.0.0-beta.1+build5", description="")
shortest = declare("X", name="x", version="0")
longest = declare("L" * 60, {"m" * 200: {}}, name="n" * 40, version="v" + "1" * 60)
odd = declare("Odd", {"dotted.name": {}, "Camel_Case": {}, "x-y~z": {}}, name="odd-Name_1", version="V1_beta-2")
silent = endpoints.api(name="silent", version="v1", description="Has no method")(service("Silent"))
owned = declare(
    "Owned",
    name="owned",
    canonical_name="Owned Ünïcode",
    namespace=endpoints.Namespace("example.com", 'Example "Inc" & <co>', "cloud/games"),
    title="  ",
    documentation="http://docs.example.com/ä ö",
)

several = endpoints.api(name="several", version="v1", audiences=["api"], limit_definitions=LIMITS)
_several = [
    several.api_class(resource_name="things", path="things")(
        service("Things", get=method(Void, Leaf, "get", "GET"), put=method(Leaf, Leaf, "{label}", "PUT"))
    ),
    several.api_class(resource_name="things.inner", audiences=["class"], scopes=["class"], allowed_client_ids=["c"])(
        service("Inner", get=method(Void, Leaf, "inner", "GET"), get_=method(Leaf, Leaf, "things/{color}", "GET"))
    ),
    several.api_class(path="/absolute", api_key_required=True)(
        service("Absolute", put_it=method(Leaf, Void, "put", "PUT"), putIt=method(Leaf, Void, "put", "POST"))
    ),
    several.api_class(resource_name="guarded", auth_level=endpoints.AUTH_LEVEL.REQUIRED, audiences=[])(
        service("Guarded", get=method(Void, Leaf, "guarded", "GET"))
    ),
]

APIS: Final[dict[str, list[Any]]] = {
    "versions": [first, second],
    "semver": [semver],
    "shortest": [shortest],
    "longest": [longest],
    "odd": [odd],
    "silent": [silent],
    "owned": [owned],
    "several": [several],
    "bases": [deep, rooted, first],
    "restricted": [audience_list, keyed, limited, issuers, protected, clients],
}
"""What to describe together."""

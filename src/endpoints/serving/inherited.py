"""What calls inside a batch have from the request around them.

As Google has it: headers but those about the content, where the call does not set them itself, and of the query what
says who is calling.
"""

from __future__ import annotations

import re
from typing import Final

from endpoints.serving.enclosed import EnclosedRequest
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request
from endpoints.serving.parameters import query_pairs

PARAMETERS: Final = frozenset(
    ["access_token", "api_key", "bearer_token", "key", "oauth_token", "prettyPrint", "quotaUser", "userIp"]
)
"""Parameters of the batch's own address that apply to its calls."""
MAX_QUERY: Final = 20 * 1024
"""Characters of them; a token may have 16 Ki."""

# Of each group a call that sets one sets all: a second key or token would make the first one ambiguous.
_GROUPS: Final = (
    frozenset(["api_key", "key", "x-api-key"]),
    frozenset(["access_token", "authorization", "bearer_token", "oauth_token"]),
)
# About one connection, or one message on it (RFC 9110, 7.6.1), or made anew here.
_CONNECTION: Final = frozenset(
    [
        *("connection", "expect", "host", "http2-settings", "keep-alive", "proxy-authorization", "proxy-connection"),
        *("te", "trailer", "transfer-encoding", "upgrade"),
        # Calls are answered inside of one answer, which alone is packed, and shown to pages of other origins.
        *("accept-encoding", "access-control-request-headers", "access-control-request-method", "origin"),
    ]
)
# What proxies say of the caller. From within a batch, where no proxy removes it, it would be the caller's own word.
_PROXY: Final = re.compile(
    r"(x-)?forwarded(-.*)?|via|(true|x|x-cluster|x-real)-(client-)?ip|(client-cert|x-goog-authenticated|x-goog-iap)(-.*)?"
    r"|(cf|fastly|fly|remote|ssl|tailscale|x-(amzn|anonymous|apigateway|appengine|auth-request|authenticated|authentik"
    r"|azure|client|consumer|credential|endpoint|envoy|google|ms|original|pomerium|remote|ssl|vouch|webauth))-.*"
)


class Inherited:
    """What one batch gives to its calls.

    Args:
      request: the batch.

    Raises:
      Refusal: 400 or 414, its query is unreadable or too long.
    """

    def __init__(self, request: Request) -> None:
        sent = [(name.lower(), value) for name, value in request.headers()]
        self._always = [(name, value) for name, value in sent if name == "host" or _PROXY.fullmatch(name)]
        self._by_default = [(name, value) for name, value in sent if _applies(name)]
        query = request.query
        self._query = _parts(query) if query_pairs(query) else []
        if sum(len(part) for _, part in self._query) > MAX_QUERY:
            raise Refusal(414, f"The parameters that apply to all calls are longer than {MAX_QUERY} characters")
        self._tells_caller = bool(self._query) or any(name in group for name, _ in sent for group in _GROUPS)

    def given_to(self, call: EnclosedRequest) -> EnclosedRequest:
        """A call with all that it is made with.

        Raises:
          Refusal: 400 or 414, its query is unreadable or too long.
        """
        said = {name for name, _ in call.fields}
        if self._tells_caller:
            said.update(name for name, _ in query_pairs(call.query))
            for group in _GROUPS:
                if said & group:
                    said |= group
        own = [(name, value) for name, value in call.fields if _may_be_set(name)]
        added = [(name, value) for name, value in self._by_default if name not in said]
        # The length is the one of the body, whatever was announced.
        fields = [*self._always, *added, *own, ("content-length", str(len(call.body)))]
        parts = [part for name, part in self._query if name not in said]
        query = "&".join([call.query, *parts] if call.query else parts)
        return call._replace(fields=fields, query=query)


def _applies(name: str) -> bool:
    about_batch = name.startswith("content-") or name in ("x-http-method-override", *_CONNECTION)
    return not about_batch and _PROXY.fullmatch(name) is None


def _may_be_set(name: str) -> bool:
    # Servers pass on no header with an underscore, which CGI could not tell from one with a hyphen.
    return name not in _CONNECTION and "_" not in name and name != "content-length" and not _PROXY.fullmatch(name)


def _parts(query: str) -> list[tuple[str, str]]:
    """Parameters that apply to calls: their names, and as they were sent."""
    found: dict[str, list[str]] = {name: [] for name in PARAMETERS}
    for part in dict.fromkeys(re.split("[&;]", query)):
        found.get(part.partition("=")[0], []).append(part)
    # Every call reads them, so that they must be few; two show as well as more that they are not the same.
    return [(name, part) for name, parts in found.items() for part in parts[:2]]

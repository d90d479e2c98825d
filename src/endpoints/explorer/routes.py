"""Where the explorer is. What it consists of is loaded when somebody opens it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from endpoints.explorer.clients import Explorer
from endpoints.operations import Api
from endpoints.paths import parse
from endpoints.serving.http import Request, Response
from endpoints.serving.router import Route

if TYPE_CHECKING:
    from endpoints.auth.asking import Fetch
    from endpoints.explorer.site import ExplorerSite

_OTHER_VERBS: Final = ("DELETE", "OPTIONS", "PATCH", "POST", "PUT")


def explorer_routes(explorer: Explorer, apis: Sequence[Api], fetch: Fetch | None) -> Iterator[Route[Any]]:
    """List the addresses of the explorer: some below every base path.

    Args:
        explorer: its settings.
        apis: what can be tried on it.
        fetch: asks an address, for those who sign in with an issuer that wants a secret; over the network by default.

    Raises:
        ApiConfigurationError: people cannot be signed in as the settings say.
    """

    @cache
    def site() -> ExplorerSite:
        from endpoints.explorer.site import ExplorerSite  # noqa: PLC0415 - PERF: few requests are for the explorer

        return ExplorerSite(explorer, apis, fetch)

    def page(name: str) -> Callable[[Request, tuple[str, ...], bytes], Response]:
        def deferred(request: Request, values: tuple[str, ...], body: bytes) -> Response:
            response: Response = getattr(site(), name)(request, values, body)
            return response

        return deferred

    relay = site().relay if explorer.clients else None  # mistakes in the settings show at once
    for base in dict.fromkeys(api.base_path for api in apis):
        yield Route("GET", base, parse("explorer"), page("page"))
        yield Route("GET", base, parse("explorer/settings.json"), page("settings"))
        yield Route("GET", base, parse("explorer/callback"), page("callback"))
        yield Route("GET", base, parse("explorer/{edition}/{file}"), page("asset"))
        if relay is not None:
            yield Route("POST", base, parse("explorer/token"), relay)
        for verb in _OTHER_VERBS:
            yield Route(verb, base, parse("explorer"), page("to_the_page"))

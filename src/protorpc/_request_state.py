"""What a service can learn about the request it answers, beside the request message."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator


class RequestState:
    """Who sent a request, and to which server; what is not known is None."""

    def __init__(
        self,
        *,
        remote_host: str | None = None,
        remote_address: str | None = None,
        server_host: str | None = None,
        server_port: int | None = None,
    ) -> None:
        """Describe a request.

        Args:
            remote_host: Name of the host that sent it.
            remote_address: IP address it came from.
            server_host: Name of the host that received it.
            server_port: Port that received it.
        """
        self._remote_host = remote_host
        self._remote_address = remote_address
        self._server_host = server_host
        self._server_port = server_port

    @property
    def remote_host(self) -> str | None:
        """Name of the host that sent the request."""
        return self._remote_host

    @property
    def remote_address(self) -> str | None:
        """IP address that the request came from."""
        return self._remote_address

    @property
    def server_host(self) -> str | None:
        """Name of the host that received the request."""
        return self._server_host

    @property
    def server_port(self) -> int | None:
        """Port that received the request."""
        return self._server_port

    def _repr_items(self) -> Iterator[tuple[str, object]]:
        for name in ("remote_host", "remote_address", "server_host", "server_port"):
            yield name, getattr(self, name)

    def __repr__(self) -> str:
        known = [f"{name}={value!r}" for name, value in self._repr_items() if value]
        return f"<{' '.join([type(self).__name__, *known])}>"


class HttpRequestState(RequestState):
    """The same, with what is particular to HTTP."""

    def __init__(
        self,
        *,
        http_method: str | None = None,
        service_path: str | None = None,
        headers: Headers | dict[str, str | list[str]] | list[tuple[str, str]] | None = None,
        remote_host: str | None = None,
        remote_address: str | None = None,
        server_host: str | None = None,
        server_port: int | None = None,
    ) -> None:
        """Describe a request.

        Args:
            http_method: Its verb, such as `'GET'`.
            service_path: Path that the service is mounted at, without the method's part.
            headers: A `wsgiref.headers.Headers`, pairs of name and value, or a dict whose values may be lists.
            remote_host: As in RequestState.
            remote_address: As in RequestState.
            server_host: As in RequestState.
            server_port: As in RequestState.
        """
        super().__init__(
            remote_host=remote_host, remote_address=remote_address, server_host=server_host, server_port=server_port
        )
        self._http_method = http_method
        self._service_path = service_path
        self._headers = headers

    @property
    def http_method(self) -> str | None:
        """The verb of the request."""
        return self._http_method

    @property
    def service_path(self) -> str | None:
        """Path that the service is mounted at."""
        return self._service_path

    @property
    def headers(self) -> Headers:
        """The headers of the request, found without regard to case."""
        # PERF: most methods never look, so the Headers object is made by the first that does.
        if not isinstance(self._headers, Headers):
            self._headers = Headers(_pairs(self._headers))
        return self._headers

    def _repr_items(self) -> Iterator[tuple[str, object]]:
        yield from super()._repr_items()
        yield "http_method", self.http_method
        yield "service_path", self.service_path
        yield "headers", self.headers.items()


current_request: ContextVar[Any] = ContextVar("current_request", default=None)
"""What a server is answering in this context: an object whose `request_state` describes it, or None."""


def _pairs(headers: dict[str, str | list[str]] | list[tuple[str, str]] | None) -> list[tuple[str, str]]:
    if not isinstance(headers, dict):
        return headers or []
    lists = ((name, [value] if isinstance(value, str) else value) for name, value in sorted(headers.items()))
    return [(name, value) for name, values in lists for value in values]

"""Fetches tokens in the place of the page, for issuers that hand out none without a secret: it stays on the server."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec

from endpoints.auth.asking import Fetch, Unanswered, ask
from endpoints.explorer.clients import SignIn
from endpoints.serving.exchange import Body, Exchange
from endpoints.serving.failures import Refusal
from endpoints.serving.http import JSON_UTF8, NO_SNIFFING, Request, Response

if TYPE_CHECKING:
    from endpoints.serving.async_body import AsyncBody
    from endpoints.serving.threads import ThreadPool

MOST_AT_A_TIME: Final = 4
"""Requests to issuers: strangers can make this server send them, and are not to make it busy with that alone."""

_LONGEST: Final = 8192  # bytes of a value
_ASKED: Final = ("code", "code_verifier", "redirect_uri")
_TOLD: Final = ("access_token", "id_token", "token_type", "expires_in", "scope", "error", "error_description")


class TokenRelay(Exchange):
    """Answers the page what the token endpoint of an issuer answers (RFC 6749, 4.1.3).

    A code is worth nothing to others: it belongs to this client, to the address of the callback page, and to a verifier
    that only the page knows.

    Args:
        sign_ins: those with a secret.
        fetch: asks an address; over the network by default.
    """

    def __init__(self, sign_ins: Sequence[SignIn], fetch: Fetch | None) -> None:
        self._sign_ins = {each.name: each for each in sign_ins}
        self._fetch = fetch
        self._free = threading.BoundedSemaphore(MOST_AT_A_TIME)

    def answer(self, request: Request, _values: tuple[str, ...], body: Body) -> Response:
        """Answer on WSGI.

        Raises:
            Refusal: 403, another site asks; 400, something is missing; 429, too many ask.
        """
        _check_site(request)
        return self._relayed(body.whole())

    async def answer_async(
        self, request: Request, _values: tuple[str, ...], body: AsyncBody, threads: ThreadPool
    ) -> Response:
        """The same on ASGI."""
        _check_site(request)
        response: Response = await threads.run(self._relayed, await body.whole())
        return response

    def _relayed(self, body: bytes) -> Response:
        sign_in, form = self._read(body)
        if not self._free.acquire(blocking=False):
            raise Refusal(429, "Too many people sign in at once", [("Retry-After", "1")])
        try:
            answer = ask(self._asked(), sign_in.token_endpoint, urlencode(form).encode(), _FORM)
            told = msgspec.json.decode(answer.body)
        except (Unanswered, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _response(502, {"error": "server_error", "error_description": "The issuer gives no answer"})
        finally:
            self._free.release()
        if not isinstance(told, Mapping):
            return _response(502, {"error": "server_error", "error_description": "The issuer's answer makes no sense"})
        status = 200 if answer.status == 200 else 400
        return _response(status, {name: told[name] for name in _TOLD if name in told})

    def _read(self, body: bytes) -> tuple[SignIn, dict[str, str]]:
        try:
            sent = msgspec.json.decode(body, type=dict[str, str])
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
            raise Refusal(400, f"The body must be a JSON object of texts: {error}") from None
        sign_in = self._sign_ins.get(sent.get("issuer", ""))
        if sign_in is None:
            raise Refusal(400, "issuer must be one that the explorer has a secret for")
        for name in _ASKED:
            if not 0 < len(sent.get(name, "")) <= _LONGEST:
                raise Refusal(400, f"{name} must be a text of 1 to {_LONGEST} characters")
        form = {
            "grant_type": "authorization_code",
            **{name: sent[name] for name in _ASKED},
            "client_id": sign_in.client.client_id,
            "client_secret": sign_in.client.client_secret or "",
        }
        return sign_in, form

    def _asked(self) -> Fetch:
        if self._fetch is not None:
            return self._fetch
        # PERF: urllib, http and ssl take 40 ms to import, which only those pay for who sign in.
        from endpoints.auth.network import fetch  # noqa: PLC0415

        return fetch


_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def _check_site(request: Request) -> None:
    """Every browser of today says which site sends a request (https://www.w3.org/TR/fetch-metadata)."""
    if (request.header("sec-fetch-site") or "same-origin") != "same-origin":
        raise Refusal(403, "Only the explorer itself may ask for this")


def _response(status: int, content: dict[str, Any]) -> Response:
    headers = [JSON_UTF8, NO_SNIFFING, ("Cache-Control", "no-store")]
    return Response(status, headers, msgspec.json.encode(content), shared=False)

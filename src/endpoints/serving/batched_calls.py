"""The calls of a batch, and whether they may be made."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from endpoints.operations import Operation
from endpoints.serving.choice import Choice
from endpoints.serving.enclosed import EnclosedRequest
from endpoints.serving.exchange import Exchange
from endpoints.serving.failures import PathNotFound, Refusal
from endpoints.serving.http import Request
from endpoints.serving.pipeline import Pipeline
from endpoints.serving.wsgi import WsgiApplication

if TYPE_CHECKING:
    from endpoints.serving.asgi import Application

MAX_ANSWERS: Final = 64 * 1024 * 1024
"""Bytes of answers after which a batch makes no further call: few requests could ask for a memory full of answers."""

_DEFAULT_PORT: Final = re.compile(r":(80|443)?\Z")


class BatchedCall:
    """One call of a batch.

    Args:
      allowed: the operations that may be called; None for all that the server has.

    Attributes:
      content_id: what its part is called.
      sent: the request, or why there is none.
      answer: the response as it is sent, once there is one.
    """

    __slots__ = ("allowed", "answer", "content_id", "sent")

    def __init__(self, allowed: set[Operation] | None) -> None:
        self.allowed = allowed
        self.content_id = ""
        self.sent: EnclosedRequest | Refusal = Refusal(400, "The part is empty")
        self.answer = b""


class Caller:
    """What it takes to make calls.

    Args:
      pipeline: of the server.
      trust_forwarded: whether a proxy in front says how callers reach the server.
      wsgi: the server on WSGI.
      asgi: makes the server on ASGI.

    Attributes:
      pipeline: as given.
      wsgi: as given.
      asgi: as given.
    """

    def __init__(
        self, pipeline: Pipeline, trust_forwarded: bool, wsgi: WsgiApplication, asgi: Callable[[], Application]
    ) -> None:
        self.pipeline = pipeline
        self.wsgi = wsgi
        self.asgi = asgi
        self._trust_forwarded = trust_forwarded

    def checked(self, batch: Request, call: BatchedCall) -> EnclosedRequest:
        """The request of a call, if it is for this server. Raises Refusal: 400 and 404."""
        sent = call.sent
        if isinstance(sent, Refusal):
            raise sent
        if sent.authority is not None:
            origin = batch.origin(self._trust_forwarded)
            if _host(sent.authority) != _host(f"{origin.server}:{origin.port}"):
                raise Refusal(400, f"A batch can only call the server that it was sent to, not {sent.authority[:80]!r}")
        if not sent.path_bytes.startswith(f"{batch.mount}/".encode()):
            raise PathNotFound(sent.path)
        return sent

    def target(self, call: BatchedCall, request: Request) -> Any:
        """What answers a call; None where the application can say why nothing does.

        Raises:
          Refusal: 400, it cannot be called in this batch.
        """
        try:
            target, _ = self.pipeline.find(request)
        except Refusal:
            return None
        if isinstance(target, Choice):
            target = target.chosen(request.query)
        if isinstance(target, Exchange):
            raise Refusal(400, "Batches, streams and media cannot be part of a batch; send a request of its own")
        if call.allowed is not None and getattr(target, "operation", None) not in call.allowed:
            raise Refusal(400, "A batch that is sent to the address of one API can only call methods of that API")
        return target


def check_size(size: int) -> None:
    """Raises Refusal (400) when the answers of a batch have grown so large that no further call may be made."""
    if size > MAX_ANSWERS:
        raise Refusal(400, f"Not called: the answers before have more than {MAX_ANSWERS} bytes; send fewer calls")


def _host(authority: str) -> str:
    return _DEFAULT_PORT.sub("", authority.lower())

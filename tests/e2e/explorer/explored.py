"""What the API Explorer is tried on: the documentation's greetings, a method for signed-in callers, and odd shapes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import endpoints
from protorpc import message_types, messages, remote

ISSUER = os.environ.get("EXPLORED_ISSUER") or "http://localhost:9400"
HOSTILE = "<img src=x onerror=\"window.broken='yes'\"><script>window.broken='yes'</script> & [x](javascript:alert(1))"
Void = message_types.VoidMessage


class Greeting(messages.Message):
    """Greeting that stores a message."""

    message = messages.StringField(1)


class Signed(messages.Message):
    """Who has called."""

    name = messages.StringField(1)


MULTIPLY_RESOURCE = endpoints.ResourceContainer(
    Greeting, times=messages.IntegerField(2, variant=messages.Variant.INT32, required=True)
)


@endpoints.api(
    name="helloworld",
    version="v1",
    title="Greetings",
    description="The greetings of the documentation.",
    documentation="https://example.com/greetings",
    audiences={"provider": ["guestbook", "guestbook-web"]},
    issuers={"provider": endpoints.Issuer(ISSUER, None)},
)
class HelloWorldApi(remote.Service):
    @endpoints.method(
        MULTIPLY_RESOURCE,
        Greeting,
        path="hellogreeting/{times}",
        http_method="POST",
        name="greetings.multiply",
        auth_level=endpoints.AUTH_LEVEL.NONE,
    )
    def multiply(self, request: Any) -> Greeting:
        """Repeat a greeting."""
        if request.times > 100:
            raise endpoints.BadRequestException("That is too often")
        return Greeting(message=(request.message or "") * request.times)

    @endpoints.method(
        Void,
        Signed,
        path="hellogreeting/authed",
        http_method="GET",
        name="greetings.authed",
        auth_level=endpoints.AUTH_LEVEL.REQUIRED,
    )
    def authed(self, request: Any) -> Signed:
        """Say who is calling."""
        user = endpoints.get_current_user()
        return Signed(name=user.nickname() if user else None)


class Color(messages.Enum):
    RED = 1
    GREEN = 2


class Point(messages.Message):
    """A place in the plane."""

    x = messages.FloatField(1, required=True)
    y = messages.FloatField(2)
    tags = messages.StringField(3, repeated=True)


class Shape(messages.Message):
    name = messages.StringField(1, required=True)
    color = messages.EnumField(Color, 2, default=Color.GREEN)
    points = messages.MessageField(Point, 3, repeated=True)
    parent = messages.MessageField("Shape", 4)
    area = messages.IntegerField(5)
    sides = messages.IntegerField(6, variant=messages.Variant.INT32, default=4)
    hollow = messages.BooleanField(7)
    drawn = message_types.DateTimeField(8)
    picture = messages.BytesField(9)
    levels = messages.IntegerField(10, repeated=True)
    weight = messages.IntegerField(11, variant=messages.Variant.UINT64)


SHAPE_RESOURCE = endpoints.ResourceContainer(
    Shape,
    kind=messages.EnumField(Color, 20, required=True),
    words=messages.StringField(21, repeated=True),
    since=message_types.DateTimeField(22),
    count=messages.IntegerField(23, default=10),
    wide=messages.BooleanField(24),
)
FIND_RESOURCE = endpoints.ResourceContainer(
    Void, id=messages.StringField(1, required=True), q=messages.StringField(2, repeated=True)
)


class Found(messages.Message):
    id = messages.StringField(1)
    q = messages.StringField(2, repeated=True)


@endpoints.api(name="shapes", version="v2", description=f"Odd {HOSTILE}", documentation="javascript:alert(1)")
class ShapesApi(remote.Service):
    @endpoints.method(SHAPE_RESOURCE, Shape, path="shapes", http_method="POST", name="shapes.draw")
    def draw(self, request: Any) -> Shape:
        """Draw it: the answer is the shape that was sent."""
        return Shape(**{field.name: getattr(request, field.name) for field in Shape.all_fields()})

    @endpoints.method(FIND_RESOURCE, Found, path="shapes/{id}", http_method="GET", name="shapes.get")
    def find(self, request: Any) -> Found:
        """Look <img src=x onerror="window.broken='yes'"> there."""
        return Found(id=request.id, q=request.q)

    @endpoints.method(Void, Greeting, path="hostile", http_method="GET", name="hostile.read")
    def hostile(self, request: Any) -> Greeting:
        return Greeting(message=HOSTILE)

    @endpoints.method(Void, Void, path="hostile", http_method="DELETE", name="hostile.remove")
    def refuse(self, request: Any) -> Any:
        raise endpoints.ConflictException(HOSTILE)

    @endpoints.method(Void, Void, path="nothing", http_method="POST", name="nothing")
    def nothing(self, request: Any) -> Any:
        return Void()

    @endpoints.method(Void, Void, path="counted", http_method="GET", name="counted", api_key_required=True)
    def counted(self, request: Any) -> Any:
        return Void()


class Photo(messages.Message):
    title = messages.StringField(1)
    type = messages.StringField(2)
    size = messages.IntegerField(3, variant=messages.Variant.INT32)


@endpoints.api(name="media", version="v1")
class MediaApi(remote.Service):
    @endpoints.method(
        Photo,
        Photo,
        path="photos",
        http_method="POST",
        name="photos.insert",
        media_upload=endpoints.MediaUpload(accept=["image/*"], max_size="1KB"),
    )
    def insert(self, request: Any) -> Photo:
        media = endpoints.uploaded_media()
        if media is None:
            return Photo(title=request.title)
        return Photo(title=request.title, type=media.content_type, size=len(b"".join(media)))

    @endpoints.method(Void, Photo, path="photo", http_method="GET", name="photos.get", media_download=True)
    def get(self, request: Any) -> Any:
        return (
            endpoints.MediaContent(b"\x89PNG", content_type="image/png")
            if endpoints.wants_media()
            else Photo(title="one")
        )

    @endpoints.method(http_method="GET", path="ticks", name="ticks")
    async def ticks(self, request, count: int = 3) -> AsyncIterator[Photo]:  # type: ignore[no-untyped-def]
        """More and more photos."""
        for number in range(count):
            yield Photo(title=f"photo {number}")
            await asyncio.sleep(0.05)


# The same provider, to which the explorer is a client with a secret here.
@endpoints.api(name="aside", version="v1", base_path="/elsewhere/", issuers={"vault": endpoints.Issuer(ISSUER, None)})
class AsideApi(remote.Service):
    @endpoints.method(Void, Greeting, path="text", http_method="GET", name="text")
    def text(self, request: Any) -> Greeting:
        return Greeting(message="from elsewhere")


app = endpoints.api_server(
    [HelloWorldApi, ShapesApi, MediaApi, AsideApi],
    explorer=endpoints.Explorer(
        clients={
            "provider": "guestbook-web",
            "vault": endpoints.ExplorerClient(
                "guestbook-reader",
                client_secret="not-a-secret",  # noqa: S106
                token_endpoint=f"{ISSUER}/token",
            ),
        }
    ),
)

PLACES = {"/mounted": "/mounted", "/proxied": ""}
"""Where `placed` is found: what addresses begin with, and what the application is told of it."""


def placed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The same, mounted, and behind a proxy that takes a prefix away and tells nobody."""
    for prefix, told in PLACES.items():
        if environ["PATH_INFO"].startswith(f"{prefix}/"):
            environ = {**environ, "SCRIPT_NAME": told, "PATH_INFO": environ["PATH_INFO"].removeprefix(prefix)}
            break
    return app(environ, start_response)

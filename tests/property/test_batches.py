"""Whatever is sent as a batch, the server answers it, and every part of it, without a failure of its own."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import endpoints
from protorpc import messages, remote
from tests.client import Client, Interface
from tests.http.batches import BATCH, BOUNDARY, TYPE, answers, part, request, written
from tests.property.strategies import damaged

ECHO = "/_ah/api/batched/v1/echo"


class Sent(messages.Message):
    text = messages.StringField(1)
    data = messages.BytesField(2)


@endpoints.api("batched", "v1")
class BatchedApi(remote.Service):
    @endpoints.method(Sent, Sent, path="echo", blocking=False)
    def echo(self, request: Sent) -> Sent:
        return request

    @endpoints.method(Sent, Sent, path="echo", http_method="PUT", name="put")
    async def put(self, request: Sent) -> Sent:
        return request


@pytest.fixture(scope="module", params=["wsgi", "asgi"])
def server(request: pytest.FixtureRequest) -> Iterator[Client]:
    interface: Interface = request.param
    made = endpoints.api_server([BatchedApi])
    with Client(made if interface == "wsgi" else made.asgi, interface) as client:
        yield client


newlines = st.sampled_from(["\r\n", "\n"])
latin = st.text(st.characters(max_codepoint=255), max_size=20)
lines = st.one_of(
    st.sampled_from([f"POST {ECHO} HTTP/1.1", f"PUT {ECHO}", f"POST {BATCH} HTTP/1.1", f"GET http://x{ECHO} HTTP/1.1"]),
    st.builds("{} {} {}".format, latin, latin, latin),
)
headers = st.dictionaries(
    st.one_of(st.sampled_from(["Content-Type", "Content-Length", "Authorization", "X-HTTP-Method-Override"]), latin),
    latin,
    max_size=4,
)
bodies = st.one_of(st.just(b'{"text":"x"}'), st.binary(max_size=30))
ids = st.one_of(st.none(), latin)
parts = st.builds(
    lambda line, named, body, content_id, end: part(request(line, named, body, newline=end), content_id, newline=end),
    lines,
    headers,
    bodies,
    ids,
    newlines,
)
batches = st.builds(
    lambda sent, end: written(sent, newline=end),
    st.lists(st.one_of(parts, st.binary(max_size=40)), max_size=6),
    newlines,
)


@given(body=st.one_of(batches, damaged(batches), st.binary(max_size=200)))
def test_every_batch_is_answered(server: Client, body: bytes) -> None:
    response = server.post(BATCH, body=body, headers={"Content-Type": TYPE})
    assert response.status in (200, 400), response
    if response.status == 200:
        assert all(answer.status < 500 for _, answer in answers(response)), response


@given(
    content_type=st.one_of(latin, st.builds("multipart/mixed; boundary={}".format, latin)),
    boundary=st.one_of(latin, st.just(BOUNDARY)),
)
def test_every_content_type_is_answered(server: Client, content_type: str, boundary: str) -> None:
    body = b"--" + boundary.encode() + b"\r\n\r\n--" + boundary.encode() + b"--"
    assert server.post(BATCH, body=body, headers={"Content-Type": content_type}).status in (200, 400)


@given(texts=st.lists(st.binary(max_size=60), max_size=5), end=newlines)
def test_bodies_arrive_as_they_were_sent(server: Client, texts: list[bytes], end: str) -> None:
    """Text with a NUL, a line break or something like the boundary in it too."""
    payloads = [b'{\r\n"data":\n"' + base64.b64encode(text) + b'"}' for text in texts]
    sent = [part(request(f"POST {ECHO} HTTP/1.1", {}, each, newline=end), newline=end) for each in payloads]
    if not sent:
        return
    response = server.post(BATCH, body=written(sent, newline=end), headers={"Content-Type": TYPE})
    found = [base64.b64decode(answer.json().get("data", "")) for _, answer in answers(response)]
    assert found == texts

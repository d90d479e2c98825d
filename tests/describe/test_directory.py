"""endpoints.describe.directory: the list of the APIs of a server."""

from __future__ import annotations

import endpoints
from endpoints.describe import directory
from endpoints.describe.origin import Origin
from endpoints.operations import collect
from protorpc import remote

TARGET = "/_ah/api/discovery/v1/apis"


@endpoints.api(name="first", version="1.2.0", description="Comes first")
class First(remote.Service):
    """Never shown beside a description."""


@endpoints.api(name="second", version="v1", hostname="localhost:8081")
class Second(remote.Service):
    """Comes second."""


third = endpoints.api(name="third", version="v1")


@third.api_class()
class ThirdOne(remote.Service):
    """Does not speak for the API."""


@third.api_class()
class ThirdTwo(remote.Service):
    """Nor does this."""


def test_an_item_for_each_api_in_order() -> None:
    document = directory.document(collect([First, Second, third]), Origin("http", "here", "80", "/mounted"), TARGET)
    assert document["kind"] == "discovery#directoryList"
    assert [(each["id"], each.get("description")) for each in document["items"]] == [
        ("first:1.2.0", "Comes first"),
        ("second:v1", "Comes second."),
        ("third:v1", None),
    ]
    assert [(each["discoveryLink"], each["discoveryRestUrl"]) for each in document["items"]] == [
        ("./apis/first/1.2.0/rest", f"http://here/mounted{TARGET}/first/1.2.0/rest"),
        ("./apis/second/v1/rest", f"http://here:8081/mounted{TARGET}/second/v1/rest"),
        ("./apis/third/v1/rest", f"http://here/mounted{TARGET}/third/v1/rest"),
    ]


def test_without_apis_there_are_no_items() -> None:
    assert directory.document([], Origin("http", "here"), TARGET) == {
        "kind": "discovery#directoryList",
        "discoveryVersion": "v1",
    }

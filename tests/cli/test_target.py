from __future__ import annotations

import pytest

from endpoints.cli.command import UsageError
from endpoints.cli.target import load
from tests.cli.conftest import HELLO, Write
from tests.client import Client

APPLICATIONS = {
    "server": "endpoints.api_server([HelloApi])",
    "service class": "HelloApi",
    "service factory": "HelloApi.new_factory()",
    "list": "[HelloApi]",
    "tuple": "(HelloApi,)",
}


@pytest.mark.parametrize("expression", [pytest.param(text, id=name) for name, text in APPLICATIONS.items()])
def test_what_api_server_takes_is_served_on_both_interfaces(write: Write, expression: str) -> None:
    write("hello.py", f"{HELLO}\nsome = {expression}\n")
    target = load("hello:some")
    assert target.apis is not None and [api.name for api in target.apis] == ["hello"]
    for interface, app in (("wsgi", target.wsgi), ("asgi", target.asgi)):
        with Client(app, interface) as client:  # type: ignore[arg-type]
            assert client.get("/_ah/api/hello/v1/greet").status == 204


def test_a_collection_is_served(write: Write) -> None:
    write(
        "library.py",
        """
import endpoints
from protorpc import remote

library = endpoints.api(name="library", version="v1")

@library.api_class(resource_name="shelves")
class Shelves(remote.Service):
    @endpoints.method(path="list", http_method="GET")
    def list(self, request) -> None:
        pass
""",
    )
    target = load("library:library")
    assert target.apis is not None and [api.name for api in target.apis] == ["library"]


@pytest.mark.parametrize(
    "name", ["pages.hello:HelloApi", "pages.hello.HelloApi", "pages.hello:Outer.Api", "pages.hello.Outer.Api"]
)
def test_colon_and_dots(write: Write, name: str) -> None:
    write("pages/hello.py", f"{HELLO}\nclass Outer:\n    Api = HelloApi\n")
    target = load(name)
    assert target.apis is not None and [api.name for api in target.apis] == ["hello"]


@pytest.mark.parametrize("attribute", ["app", "api", "application", "server"])
def test_the_attribute_may_be_left_away(write: Write, attribute: str) -> None:
    write("pages/hello.py", f"{HELLO}\n{attribute} = endpoints.api_server([HelloApi])\n")
    assert load("pages.hello").apis is not None


def test_the_first_of_several_attributes_is_taken(write: Write) -> None:
    write("hello.py", f"{HELLO}\nserver, app = [], HelloApi\n")
    assert load("hello").apis is not None


PLAIN = f"""{HELLO}
made = endpoints.api_server([HelloApi])

def wsgi(environ, start_response):
    return made(environ, start_response)

async def asgi(scope, receive, send):
    await made.asgi(scope, receive, send)

def returning(scope, receive, send):
    return made.asgi(scope, receive, send)

class Wsgi:
    def __call__(self, environ, start_response):
        return made(environ, start_response)

class Asgi:
    async def __call__(self, scope, receive, send):
        await made.asgi(scope, receive, send)

wsgi_object, asgi_object = Wsgi(), Asgi()
"""


@pytest.mark.parametrize("name", ["wsgi", "wsgi_object", "asgi", "asgi_object", "returning", "made.asgi"])
def test_a_plain_application_has_one_interface(write: Write, name: str) -> None:
    write("plain.py", PLAIN)
    target = load(f"plain:{name}")
    assert target.apis is None
    expected = "wsgi" if "wsgi" in name else "asgi"
    assert (target.wsgi is None, target.asgi is None) == (expected != "wsgi", expected != "asgi")
    with Client(target.wsgi or target.asgi, expected) as client:  # type: ignore[arg-type]
        assert client.get("/_ah/api/hello/v1/greet").status == 204


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("nowhere", "there is no module 'nowhere' in ", id="no module"),
        pytest.param("nowhere.at.all:app", "there is no module 'nowhere' in ", id="no package"),
        pytest.param("nowhere.Api", "there is no module 'nowhere' in ", id="no module before the dot"),
        pytest.param("hello.inner:app", "there is no module 'hello.inner' in ", id="no module in a module"),
        pytest.param("hello.other", "module 'hello' has no attribute 'other'", id="no attribute after the dot"),
        pytest.param("hello.HelloApi.other", "type object has no attribute 'other'", id="no inner attribute, dots"),
        pytest.param("hello.py", "'hello.py' is no module name; expected one like main, ", id="file"),
        pytest.param("./hello:app", "'./hello' is no module name", id="path"),
        pytest.param(":app", "'' is no module name", id="nothing"),
        pytest.param("hello", "module 'hello' has none of app, api, application, server; name what", id="no default"),
        pytest.param("hello:other", "module 'hello' has no attribute 'other'", id="no attribute"),
        pytest.param("hello:HelloApi.other", "type object has no attribute 'other'", id="no inner attribute"),
        pytest.param(
            "hello:number", "hello:number is an object of type int; expected what endpoints.api_server", id="number"
        ),
        pytest.param("hello:Message", "hello:Message is the class Message; expected", id="other class"),
        pytest.param("hello:empty", "hello:empty is an empty list; expected", id="empty list"),
        pytest.param("hello:mixed", "hello:mixed is a list with an object of type int; e", id="list of other things"),
        pytest.param("hello:one", "hello:one is an object of type function; e", id="function of one argument"),
        pytest.param("hello:Bare", "hello:Bare cannot be served: class Bare is not decorated", id="not decorated"),
        pytest.param("hello:twice", "hello:twice cannot be served: class HelloApi is given to the", id="twice"),
    ],
)
def test_mistakes_name_what_is_wrong(write: Write, name: str, said: str) -> None:
    write(
        "hello.py",
        f"""{HELLO}
from protorpc.messages import Message
number, empty, mixed, twice = 3, [], [HelloApi, 3], [HelloApi, HelloApi]
one = lambda argument: None
class Bare(remote.Service):
    pass
""",
    )
    with pytest.raises(UsageError) as caught:
        load(name)
    text = str(caught.value)
    assert text.startswith(said) and "\n" not in text


@pytest.mark.parametrize(
    ("source", "last_line"),
    [
        pytest.param("import no_such_thing", "ModuleNotFoundError: No module named 'no_such_thing'", id="import"),
        pytest.param("from json import no_such", "ImportError: cannot import name 'no_such' from 'json'", id="name"),
        pytest.param("import inner_broken", "ValueError: inner", id="in a module that it imports"),
        pytest.param("1 / 0", "ZeroDivisionError: division by zero", id="anything"),
        pytest.param("raise SystemExit(3)", "SystemExit: 3", id="exit"),
        pytest.param("def (:", "SyntaxError: invalid syntax", id="syntax"),
    ],
)
def test_what_a_module_raises_is_shown_without_our_part_of_the_traceback(
    write: Write, source: str, last_line: str
) -> None:
    write("inner_broken.py", "raise ValueError('inner')")
    write("broken.py", f"\n{source}\n")
    with pytest.raises(UsageError) as caught:
        load("broken:app")
    lines = str(caught.value).splitlines()
    assert lines[0] == "module 'broken' cannot be imported"
    assert lines[-1].startswith(last_line)
    assert any("broken.py" in line and "line 2" in line for line in lines)
    assert not any("endpoints" in line or "importlib" in line for line in lines)

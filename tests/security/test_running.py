"""What is promised of a server as a process: nothing starts by itself, a fork may serve, and nothing piles up."""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import Any

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client

ROOT = "/_ah/api/run/v1/"

PROGRAM = """
import sys, threading
opened = []
sys.addaudithook(lambda event, arguments: opened.append(event) if event.startswith("socket.") else None)
import endpoints
from protorpc import message_types, messages, remote

class Text(messages.Message):
    text = messages.StringField(1)

@endpoints.api("run", "v1")
class RunApi(remote.Service):
    @endpoints.method(message_types.VoidMessage, Text, path="text", http_method="GET")
    def text(self, request):
        return Text(text=str(threading.current_thread() is threading.main_thread()))

    @endpoints.method(message_types.VoidMessage, Text, path="coroutine", http_method="GET")
    async def coroutine(self, request):
        return Text(text="done")

server = endpoints.api_server([RunApi])

def get(path):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/_ah/api/run/v1/" + path, "wsgi.url_scheme": "http"}
    return b"".join(server(environ, lambda status, headers: None))

def get_asgi(path):
    import asyncio
    sent = []
    async def send(event):
        sent.append(event)
    async def receive():
        return {"type": "http.request"}
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": "/_ah/api/run/v1/" + path,
             "query_string": b"", "headers": []}
    asyncio.run(server.asgi(scope, receive, send))
    return sent[1]["body"]
"""


def _run(rest: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM + rest]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_nothing_is_started_before_it_is_needed() -> None:
    told = _run("""
print(threading.active_count(), opened, get("text"), threading.active_count(), opened)
""")
    assert told == '1 [] b\'{"text":"True"}\' 1 []\n'


def test_a_fork_serves() -> None:
    told = _run("""
import os
assert get_asgi("text") == b'{"text":"False"}'
assert get("coroutine") == b'{"text":"done"}'
assert threading.active_count() > 1
child = os.fork()
if not child:
    assert threading.active_count() == 1
    assert get_asgi("text") == b'{"text":"False"}'
    assert get("text") == b'{"text":"True"}'
    print("child", flush=True)
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert get_asgi("text") == b'{"text":"False"}'
print("parent")
""")
    assert told.split() == ["child", "parent"]


def test_a_process_ends_while_threads_wait() -> None:
    assert _run("get_asgi('text')\nprint(threading.active_count() > 1)\n") == "True\n"


class Text(messages.Message):
    text = messages.StringField(1)


@endpoints.api("run", "v1")
class RunApi(remote.Service):
    @endpoints.method(Text, Text, path="text", blocking=False)
    def text(self, request: Any) -> Text:
        endpoints.get_current_user()
        return Text(text=request.text)

    @endpoints.method(message_types.VoidMessage, Text, path="coroutine", http_method="GET")
    async def coroutine(self, request: Any) -> Text:
        return Text()


def _varied(client: Client, number: int) -> None:
    """Requests of which no two are alike."""
    client.post(ROOT + "text", json={"text": str(number), f"unknown{number}": number})
    client.post(ROOT + f"text?unknown{number}={number}", body=b"")
    client.post(ROOT + "text", body=b"{%d" % number)
    client.get(ROOT + f"nowhere{number}")
    client.get(ROOT + "coroutine", headers={"Origin": f"https://o{number}.example", f"X-H{number}": "1"})
    client.get("/_ah/api/discovery/v1/apis/run/v1/rest", headers={"Host": f"h{number}.example"})
    client.get(f"/_ah/api/discovery/v1/apis/run{number}/v1/rest")


def _sizes() -> dict[str, int]:
    """How much every container holds that a module of ours keeps."""
    ours = [module for name, module in sys.modules.items() if name.split(".")[0] in ("endpoints", "protorpc")]
    return {
        f"{module.__name__}.{name}": len(value)
        for module in ours
        for name, value in vars(module).items()
        if isinstance(value, (dict, list, set)) and not name.startswith("__")
    }


def test_no_module_keeps_anything_of_a_request() -> None:
    client = Client(endpoints.api_server([RunApi]), "wsgi")
    _varied(client, -1)
    before = _sizes()
    for number in range(20):
        _varied(client, number)
    assert _sizes() == before


def test_nothing_piles_up() -> None:
    client = Client(endpoints.api_server([RunApi]), "wsgi")
    for number in range(120):  # a hundred documents are kept
        _varied(client, number)
    gc.collect()
    before = len(gc.get_objects())
    for number in range(1000, 1100):
        _varied(client, number)
    gc.collect()
    assert len(gc.get_objects()) - before < 100

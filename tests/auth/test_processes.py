"""Identity and the process: what is loaded when, and what a fork does in the middle of a fetch."""

from __future__ import annotations

import subprocess
import sys

from tests.auth.issuing import ISSUER, KEYS_AT, NOW, claims_of, key_set, rsa_key, token

PROGRAM = f"""
import json, sys, threading, time
import endpoints
from protorpc import message_types, messages, remote

class Text(messages.Message):
    text = messages.StringField(1)

@endpoints.api("who", "v1", issuers={{"it": endpoints.Issuer("{ISSUER}", "{KEYS_AT}")}}, audiences={{"it": ["my-api"]}})
class Who(remote.Service):
    @endpoints.method(message_types.VoidMessage, Text, path="who", http_method="GET")
    def who(self, request):
        user = endpoints.get_current_user()
        return Text(text=user and user.user_id())

asked, gate = [], threading.Event()

def fetch(url, data=None, headers=None):
    asked.append(url)
    gate.wait()
    return 200, {{}}, json.dumps({key_set(rsa_key())!r}).encode()

server = endpoints.api_server([Who], fetch=fetch, clock=lambda: {NOW})

def get(headers={{"HTTP_AUTHORIZATION": "Bearer {token(claims_of())}"}}):
    environ = {{"REQUEST_METHOD": "GET", "PATH_INFO": "/_ah/api/who/v1/who", "wsgi.url_scheme": "http", **headers}}
    return b"".join(server(environ, lambda status, headers: None))
"""


def _run(rest: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM + rest]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_nothing_heavy_is_loaded_before_there_is_a_token() -> None:
    told = _run("""
gate.set()
heavy = {"joserfc", "cryptography", "urllib.request", "ssl", "asyncio"}
print(get({}), heavy & set(sys.modules), threading.active_count())
print(get(), sorted(heavy & set(sys.modules)))
""")
    assert told == "b'{}' set() 1\nb'{\"text\":\"user-1\"}' ['cryptography', 'joserfc']\n"


def test_a_fork_in_the_middle_of_a_fetch() -> None:
    told = _run("""
import os
callers = [threading.Thread(target=get) for _ in range(5)]
for caller in callers: caller.start()
while not asked: time.sleep(0.001)
child = os.fork()
gate.set()
if not child:
    print("child", get(), len(asked), flush=True)
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
for caller in callers: caller.join()
print("parent", get(), len(asked))
""")
    assert told == 'child b\'{"text":"user-1"}\' 2\nparent b\'{"text":"user-1"}\' 1\n'


def test_a_process_ends_while_a_fetch_hangs() -> None:
    assert (
        _run("""
threading.Thread(target=get, daemon=True).start()
while not asked: time.sleep(0.001)
print("over")
""")
        == "over\n"
    )

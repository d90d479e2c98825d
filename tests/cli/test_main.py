from __future__ import annotations

import socket
import sys
from importlib import metadata

import pytest

from tests.cli.conftest import HELLO, Write, run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "endpoints: the following arguments are required: COMMAND; see ", id="nothing"),
        pytest.param(["dance"], "endpoints: argument COMMAND: invalid choice: 'dance'", id="no such command"),
        pytest.param(["serve"], "endpoints serve: there is no module 'main' in ", id="no target"),
        pytest.param(["serve", "nowhere:app"], "endpoints serve: there is no module 'nowhere'", id="no such module"),
        pytest.param(["serve", "hello", "--port", "http"], "endpoints serve: argument --port: expected a ", id="port"),
        pytest.param(
            ["serve", "hello", "--port", "65536"], "endpoints serve: argument --port: expected", id="big port"
        ),
        pytest.param(
            ["serve", "hello", "--workers", "0"], "endpoints serve: argument --workers: expecte", id="workers"
        ),
        pytest.param(["serve", "hello", "--grace", "-1"], "endpoints serve: argument --grace: expected", id="grace"),
        pytest.param(["serve", "hello", "--interface", "cgi"], "endpoints serve: argument --interface", id="interface"),
        pytest.param(
            ["serve", "hello", "--host", "no.invalid"], "endpoints serve: host 'no.invalid' cannot", id="host"
        ),
        pytest.param(
            ["serve", "hello", "--host", "192.0.2.1"],
            "endpoints serve: cannot listen on 192.0.2.1, port",
            id="not here",
        ),
        pytest.param(
            ["serve", "hello", "--reload", "--workers", "2"], "endpoints serve: --reload serves with one", id="reload"
        ),
        pytest.param(
            ["serve", "hello:plain", "--interface", "asgi"],
            "endpoints serve: hello:plain is a plain WSGI application; --interface asgi is not for it",
            id="wsgi only",
        ),
        pytest.param(
            ["serve", "hello:server.asgi", "--interface", "wsgi"],
            "endpoints serve: hello:server.asgi is a plain ASGI application; --interface wsgi is not for it",
            id="asgi only",
        ),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    write: Write, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    write(
        "hello.py", HELLO + "server = endpoints.api_server([HelloApi])\nplain = lambda environ, start_response: server"
    )
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(said) and captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.parametrize("listening", [True, False], ids=["listening", "bound only"])
def test_a_port_in_use(write: Write, capsys: pytest.CaptureFixture[str], listening: bool) -> None:
    write("hello.py", HELLO)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if listening:
            taken.listen()
        port = taken.getsockname()[1]
        assert run("serve", "hello:HelloApi", "--port", str(port)) == 2
    assert capsys.readouterr().err == (
        f"endpoints serve: cannot listen on localhost, port {port}: Address already in use\n"
    )


def test_what_a_module_raises_follows_the_line(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("broken.py", "import no_such_thing")
    assert run("serve", "broken") == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["endpoints serve: module 'broken' cannot be imported", "Traceback (most recent call last):"]


@pytest.mark.parametrize(("interface", "server"), [("asgi", "uvicorn"), ("wsgi", "granian")])
def test_a_server_that_is_not_installed(
    write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, interface: str, server: str
) -> None:
    write("hello.py", HELLO)
    monkeypatch.setitem(sys.modules, server, None)  # as if it were not there
    assert run("serve", "hello:HelloApi", "--port", "0", "--interface", interface) == 2
    assert capsys.readouterr() == (
        "",
        f"endpoints serve: {server} is not installed; it comes with: pip install 'endpoints-frameworks[serve]'\n",
    )


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"endpoints-frameworks {metadata.version('endpoints-frameworks')}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"]], ids=" ".join)
def test_help(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(*arguments) == 0
    assert "serve" in capsys.readouterr().out

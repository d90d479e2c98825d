"""What deploy/ describes, running: its commands started as they stand there, behind its nginx, with a Redis."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.control.redis_server import MISSING, PROGRAM, RedisServer
from tests.deploy.test_deploy import DEPLOY, container_file, documents
from tests.docs.test_programs import ROOT
from tests.e2e.processes import ENDPOINTS, GUESTBOOK, PATIENCE, Server, end, free_port, start

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
LIMIT = 60
WHOAMI = "/_ah/api/whoami/v1/me"
Launch = Callable[..., Server]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The folder of the application, filled as the Containerfile fills it."""
    folder = tmp_path / "app"
    folder.mkdir()
    for step in container_file().structure:
        *sources, target = step["value"].split()
        if step["instruction"] == "COPY" and target == "./" and sources[0].endswith(".py"):
            for source in sources:
                shutil.copy(ROOT / source, folder)
    return folder


@pytest.fixture
def launch(tmp_path: Path, image: Path) -> Iterator[Launch]:
    with ExitStack() as stack:

        def start_one(name: str, words: list[str], **environment: str) -> Server:
            metrics = tmp_path / f"{name}-metrics"
            metrics.mkdir()
            own = {
                "GUESTBOOK_DB": str(tmp_path / "guestbook.db"),
                "PROMETHEUS_MULTIPROC_DIR": str(metrics),
                **environment,
            }
            assert own.keys() >= container_file().envs.keys() - {"PATH", "PYTHONUNBUFFERED"}
            command = [sys.executable, "-m", *words]
            command = ["{port}" if word == "8080" else "127.0.0.1" if word == "0.0.0.0" else word for word in command]  # noqa: S104
            server = start(command, tmp_path / f"{name}.log", app="", cwd=image, environment=own)
            stack.callback(end, server)
            return server

        yield start_one


def container_command() -> list[str]:
    words: list[str] = json.loads(container_file().cmd)
    return words


def cluster_command() -> list[str]:
    (_, deployment) = documents(DEPLOY / "kubernetes" / "api.yaml")
    words: list[str] = deployment["spec"]["template"]["spec"]["containers"][0]["args"]
    return words


@pytest.mark.parametrize("words", [container_command(), cluster_command()], ids=["container", "cluster"])
def test_the_command_of_the_image(launch: Launch, tmp_path: Path, words: list[str]) -> None:
    server = launch("api", words, ENDPOINTS_CONTROL=f"sqlite:///{tmp_path}/control.db")
    assert server.request("/healthz").body == b"ok\n"
    assert server.request("/_ah/api/guestbook/v0.2/greetings").status == 200
    assert server.request(WHOAMI).status == 401
    counted = server.request("/metrics").body.decode()
    assert re.search(r'endpoints_requests_total\{.*method="whoami.me",status="401".*\} 1\.0', counted)
    assert server.stop() == 0


def test_the_health_check_of_the_image(launch: Launch) -> None:
    server = launch("api", container_command(), ENDPOINTS_CONTROL="off")
    (check,) = [step["value"] for step in container_file().structure if step["instruction"] == "HEALTHCHECK"]
    _, _, program = json.loads(check[check.index("[") :])
    program = program.replace(":8080/", f":{server.port}/")
    healthy = (sys.executable, "-c", program)
    assert subprocess.run(healthy, timeout=PATIENCE, check=False).returncode == 0  # noqa: S603
    server.stop()
    assert subprocess.run(healthy, timeout=PATIENCE, check=False, stderr=subprocess.DEVNULL).returncode != 0  # noqa: S603


def test_app_engine(tmp_path: Path) -> None:
    (app,) = documents(DEPLOY / "app-engine" / "app.yaml")
    program, *words = shlex.split(app["entrypoint"])
    folder = tmp_path / "app"
    shutil.copytree(GUESTBOOK, folder, ignore=shutil.ignore_patterns("*.db", "__pycache__"))
    command = [
        sys.executable,
        "-m",
        program,
        *(word.replace("$PORT", "127.0.0.1:{port}").lstrip(":") for word in words),
    ]
    environment = {"ENDPOINTS_CONTROL": "off", "GUESTBOOK_DB": str(tmp_path / "guestbook.db")}
    server = start(command, tmp_path / "log", app="", cwd=folder, environment=environment)
    try:
        assert server.request("/_ah/api/guestbook/v0.2/greetings").status == 200
    finally:
        end(server)


@pytest.mark.skipif(NGINX is None, reason="needs nginx: apt-get install nginx-light")
@pytest.mark.skipif(PROGRAM is None, reason=MISSING)
def test_two_containers_behind_the_balancer_count_together(launch: Launch, tmp_path: Path, image: Path) -> None:
    with ExitStack() as stack:
        redis = RedisServer.started(tmp_path)
        stack.callback(redis.stop)
        control = {"ENDPOINTS_CONTROL": redis.url}
        servers = [launch(name, container_command(), **control) for name in ("one", "two")]
        balancer = stack.enter_context(_balancer(tmp_path, servers))
        create = (*ENDPOINTS, "keys", "create", "--consumer", "acme")
        made = subprocess.run(  # noqa: S603
            create, cwd=image, env={**os.environ, **control}, capture_output=True, text=True, check=True
        )
        key = made.stdout.strip()
        second = time.time() % 60
        if second > 45:
            time.sleep(60.1 - second)  # all in one minute
        asked = [balancer.request(f"{WHOAMI}?key={key}") for _ in range(LIMIT + 10)]
        assert [each.status for each in asked].count(200) == LIMIT
        assert {each.status for each in asked} == {200, 429}
        assert asked[0].json() == {"name": "acme"}
        described = balancer.request("/_ah/api/discovery/v1/apis/whoami/v1/rest").json()
        assert described["rootUrl"] == f"http://localhost:{balancer.port}/_ah/api/"
        for hidden in ("/metrics", "/"):
            assert balancer.request(hidden).status == 404
        counts = [_count(each, 'method="whoami.me",status="200"') for each in servers]
        assert sum(counts) == LIMIT and all(counts)
        assert key not in balancer.output() and WHOAMI in balancer.output()


def _count(server: Server, labels: str) -> float:
    """What one container has counted, in all its workers."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=PATIENCE) as answer:  # noqa: S310
        lines = [line for line in answer.read().decode().splitlines() if labels in line]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


@contextmanager
def _balancer(folder: Path, servers: list[Server]) -> Iterator[Server]:
    """deploy/nginx.conf, but for the addresses."""
    text = (DEPLOY / "nginx.conf").read_text()
    here = folder / "nginx"
    here.mkdir()
    changes = {
        "server api:8080;": " ".join(f"server 127.0.0.1:{each.port};" for each in servers),
        "listen 8080;": "listen 127.0.0.1:{port};",
        "/tmp/": f"{here}/",  # noqa: S108
    }
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    port = free_port()
    configuration = here / "nginx.conf"
    configuration.write_text(text.replace("{port}", str(port)))
    command = [str(NGINX), "-e", "stderr", "-c", str(configuration)]
    subprocess.run([*command, "-t"], check=True, capture_output=True, timeout=PATIENCE)  # noqa: S603
    server = start([*command, "-g", "daemon off;"], here / "log", app="", port=port)
    try:
        yield server
    finally:
        end(server)

"""The files of deploy/: valid, as far as that can be told without a container engine, and of one mind."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from dockerfile_parse import DockerfileParser

from tests.docs.test_programs import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
MANIFESTS = sorted(KUBERNETES.glob("*.yaml"))
SHORT_NAME = re.compile(r"[a-z0-9-]+(:[a-z0-9.-]+)?")
SCRIPTS = Path(sys.executable).parent


def documents(path: Path) -> list[Any]:
    return list(yaml.safe_load_all(path.read_text()))


def container_file() -> DockerfileParser:
    return DockerfileParser(fileobj=io.BytesIO((DEPLOY / "Containerfile").read_bytes()))


@pytest.fixture(scope="module")
def resources() -> dict[tuple[str, str], Any]:
    """What the manifests make, by kind and name."""
    found = {}
    for path in MANIFESTS:
        for each in documents(path):
            if each["kind"] != "Kustomization":
                key = (each["kind"], each["metadata"]["name"])
                assert key not in found
                found[key] = each
    return found


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=DEPLOY, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_container_file_is_clean() -> None:
    assert run(str(SCRIPTS / "hadolint"), "--failure-threshold", "style", "Containerfile") == ""


def test_the_container_file_copies_what_there_is_and_runs_as_nobody_in_particular() -> None:
    steps = container_file().structure
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text().splitlines()
    for step in steps:
        if step["instruction"] == "COPY" and "--from" not in step["value"]:
            for source in step["value"].split()[:-1]:
                assert (ROOT / source).exists(), source
                assert any(
                    source == each[1:] or source.startswith(each[1:] + "/") for each in ignored if each[:1] == "!"
                )
    names = [step["instruction"] for step in steps]
    users = [step["value"] for step in steps if step["instruction"] == "USER"]
    assert users == ["10001:10001"] and names.index("USER") < names.index("CMD")
    assert "HEALTHCHECK" in names and "STOPSIGNAL" in names
    assert all(SHORT_NAME.fullmatch(image) for image in container_file().parent_images)


def test_pinned_as_the_tests_have_it() -> None:
    (pinned,) = re.findall(r"SQLAlchemy==[0-9.]+", (DEPLOY / "Containerfile").read_text())
    assert pinned in (ROOT / "pyproject.toml").read_text()


def test_what_is_installed_is_offered() -> None:
    """Extras that these files name are those of pyproject.toml."""
    offered = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for path in (DEPLOY / "Containerfile", DEPLOY / "app-engine" / "requirements.txt"):
        (extras,) = re.findall(r"(?:endpoints-frameworks|'\.)\[([a-z,]+)\]", path.read_text())
        assert set(extras.split(",")) <= offered.keys(), path


@pytest.mark.slow
def test_the_compose_file_is_valid() -> None:
    run(str(SCRIPTS / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "compose.yaml")


def test_the_compose_file_is_of_one_mind() -> None:
    (compose,) = documents(DEPLOY / "compose.yaml")
    services = compose["services"]
    for name, service in services.items():
        assert SHORT_NAME.fullmatch(service["image"]), name
        assert set(service["networks"]) <= compose["networks"].keys(), name
        assert set(service.get("depends_on", ())) <= services.keys(), name
        assert "healthcheck" in service or name == "api", name  # its image has one
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists(), volume
    assert [name for name, service in services.items() if "ports" in service] == ["balancer"]
    api = services["api"]
    assert (DEPLOY / api["build"]["context"] / api["build"]["dockerfile"]).resolve() == DEPLOY / "Containerfile"
    assert api["environment"]["ENDPOINTS_CONTROL"] == "redis://redis:6379/0"
    assert api["deploy"]["replicas"] > 1 and "--appendonly" in services["redis"]["command"]


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifests_are_valid(path: Path) -> None:
    for each in documents(path):
        if each["kind"] != "Kustomization":  # kustomize's own; no part of Kubernetes
            kubernetes_validate.validate(each, kubernetes_validate.latest_version(), strict=True)


def test_a_manifest_that_is_not_valid_is_noticed() -> None:
    (autoscaler, _) = documents(KUBERNETES / "autoscaling.yaml")
    autoscaler["spec"]["maxReplica"] = 3
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(autoscaler, kubernetes_validate.latest_version(), strict=True)


def test_the_kustomization_lists_all_manifests() -> None:
    (listed,) = documents(KUBERNETES / "kustomization.yaml")
    others = {"kustomization.yaml", "secret.example.yaml"}
    assert set(listed["resources"]) == {path.name for path in MANIFESTS} - others


@pytest.mark.parametrize("workload", [("Deployment", "api"), ("StatefulSet", "redis")], ids=lambda each: each[1])
def test_workloads(resources: dict[tuple[str, str], Any], workload: tuple[str, str]) -> None:
    spec = resources[workload]["spec"]
    template = spec["template"]
    labels = template["metadata"]["labels"]
    service = resources["Service", workload[1]]["spec"]
    (container,) = template["spec"]["containers"]
    assert spec["selector"]["matchLabels"].items() <= labels.items() >= service["selector"].items()
    assert SHORT_NAME.fullmatch(container["image"])
    ports = {each["name"] for each in container["ports"]}
    assert {each["targetPort"] for each in service["ports"]} <= ports
    for probe in ("readinessProbe", "livenessProbe"):
        check = container[probe].get("httpGet") or container[probe]["tcpSocket"]
        assert check["port"] in ports
    assert template["spec"]["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    volumes = {each["name"] for each in template["spec"].get("volumes", ())}
    volumes |= {each["metadata"]["name"] for each in spec.get("volumeClaimTemplates", ())}
    assert {each["name"] for each in container["volumeMounts"]} == volumes
    for variable in container.get("env", ()):
        wanted = variable["valueFrom"]["secretKeyRef"]
        assert wanted["key"] in resources["Secret", wanted["name"]]["stringData"]
    for source in container.get("envFrom", ()):
        assert ("ConfigMap", source["configMapRef"]["name"]) in resources


def test_what_refers_to_the_deployment(resources: dict[tuple[str, str], Any]) -> None:
    scaler = resources["HorizontalPodAutoscaler", "api"]["spec"]
    target = scaler["scaleTargetRef"]
    assert (target["kind"], target["name"]) in resources
    assert "replicas" not in resources["Deployment", "api"]["spec"]  # or each apply would undo the autoscaler's work
    assert scaler["minReplicas"] > resources["PodDisruptionBudget", "api"]["spec"]["minAvailable"]
    (rule,) = resources["Ingress", "api"]["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    backend = path["backend"]["service"]
    assert path["path"] == "/_ah/api/"
    assert backend["port"]["name"] in {each["name"] for each in resources["Service", backend["name"]]["spec"]["ports"]}
    spec = resources["Deployment", "api"]["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    grace = int(container["args"][container["args"].index("--grace") + 1])
    pause = int(container["lifecycle"]["preStop"]["exec"]["command"][-1])
    assert spec["terminationGracePeriodSeconds"] > grace + pause


def test_configuration_is_that_of_the_image(resources: dict[tuple[str, str], Any]) -> None:
    data = resources["ConfigMap", "guestbook"]["data"]
    image = container_file().envs
    assert data.items() <= image.items()
    secret = resources["Secret", "guestbook"]["stringData"]
    assert secret["ENDPOINTS_CONTROL"] == f"redis://:{secret['REDIS_PASSWORD']}@redis:6379/0"


def test_no_file_names_where_images_or_packages_come_from() -> None:
    hosts = re.compile(r"\b(docker\.io|ghcr\.io|quay\.io|gcr\.io|pkg\.dev|pypi\.org|npmjs|registry\.)", re.IGNORECASE)
    for path in DEPLOY.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert not hosts.search(path.read_text()), path


def test_app_engine() -> None:
    (app,) = documents(DEPLOY / "app-engine" / "app.yaml")
    known = {"runtime", "entrypoint", "instance_class", "env_variables", "handlers", "automatic_scaling"}
    assert app.keys() <= known and app["runtime"] == "python311"
    for handler in app["handlers"]:
        re.compile(handler["url"])
        assert handler["script"] == "auto"
    required = (DEPLOY / "app-engine" / "requirements.txt").read_text()
    assert app["entrypoint"].split()[0] in required.split()
    assert app["env_variables"]["ENDPOINTS_CONTROL"] == "google" and "endpoints-frameworks[google]" in required

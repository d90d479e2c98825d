"""endpoints.describe.origin: the address in front of the paths of a document."""

from __future__ import annotations

import pytest

from endpoints.describe.origin import Origin


@pytest.mark.parametrize(
    ("origin", "root"),
    [
        pytest.param(Origin("http", "kit.example.com", "80"), "http://kit.example.com", id="http's own port"),
        pytest.param(Origin("https", "kit.example.com", "443"), "https://kit.example.com", id="https's own port"),
        pytest.param(Origin("http", "kit.example.com", "443"), "http://kit.example.com:443", id="the other's port"),
        pytest.param(Origin("https", "kit.example.com", "80"), "https://kit.example.com:80", id="the other's, https"),
        pytest.param(Origin("http", "[::1]", "8080"), "http://[::1]:8080", id="IPv6"),
        pytest.param(
            Origin("https", "kit.example.com", "443", "/mounted"), "https://kit.example.com/mounted", id="mounted"
        ),
        pytest.param(Origin("https", "kit.example.com:8443"), "https://kit.example.com:8443", id="port in the name"),
        pytest.param(Origin.declared("kit.example.com"), "https://kit.example.com", id="declared"),
        pytest.param(Origin.declared("localhost:8080"), "http://localhost:8080", id="declared on localhost"),
        pytest.param(Origin.declared(None), "https://None", id="never declared"),
    ],
)
def test_root(origin: Origin, root: str) -> None:
    assert origin.root == root


@pytest.mark.parametrize(
    ("hostname", "root"),
    [
        pytest.param("localhost:8081", "http://here:8081", id="a port"),
        pytest.param("localhost", "http://here:8080", id="no port"),
        pytest.param("[::1]", "http://here:8080", id="colons of an address"),
        pytest.param(None, "http://here:8080", id="no name"),
    ],
)
def test_port_of_a_declared_name(hostname: str | None, root: str) -> None:
    assert Origin("http", "here", "8080").on_port_of(hostname).root == root

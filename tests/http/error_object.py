"""Google's error object, as every refusal of a server has it."""

from __future__ import annotations

from typing import Any

from tests.client import Response


def error_of(response: Response, status: int, reason: str, domain: str = "global") -> dict[str, Any]:
    """The only entry of `error.errors`, once everything around it has been found to be as it must."""
    assert response.status == status, response
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"
    body = response.json()
    assert list(body) == ["error"]
    error = body["error"]
    (entry,) = error["errors"]
    assert error["code"] == status
    assert error["message"] == entry["message"] != ""
    assert (entry["domain"], entry["reason"]) == (domain, reason)
    assert set(error) <= {"code", "message", "errors", "details"}
    found: dict[str, Any] = entry
    return found

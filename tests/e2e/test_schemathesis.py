"""Schemathesis calls servers in process by their OpenAPI 3.1 documents, and the two agree.

The document as it is: no 5xx, no status, type or answer that it does not tell, no verb that it does not know.
Narrowed to what a server can take (`wire.narrow`): all of it is taken. Widened by what is taken, as recorded, although
no document tells (`wire.wide`): nothing else is.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from schemathesis.engine import events, from_schema

import endpoints
from tests.openapi import torture, wire
from tests.openapi.documents import SERVICES, imported

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::endpoints.exceptions.ConfigurationWarning"),
]

Json = dict[str, Any]

GUESTBOOK: Final = Path(__file__).parent.parent.parent / "examples" / "guestbook"
CONFORMANCE: Final = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance"),
    *("response_schema_conformance", "missing_required_header", "unsupported_method", "allow_header_conformance"),
)
ACCEPTANCE: Final = ("positive_data_acceptance",)
REJECTION: Final = ("negative_data_rejection",)

# What a check cannot find right, and why.
ELSEWHERE: Final = ("unsupported_method", "allow_header_conformance")
EXCUSED: Final[dict[str, tuple[str, ...]]] = {
    # The address is, for another verb, a value of another operation's variable.
    "GET /echo/v1/echo/tellKey": ELSEWHERE,
    "POST /library/v1.0/books/bookmark": ELSEWHERE,
    "GET /library/v1.0/books/deep.name": ELSEWHERE,
    "POST /torture/v2/paths/nested/{leaf_label}/{branch_leaf_color}:tidy": ELSEWHERE,
    # The method forgets a required field of its answer.
    "PUT /schemas/v1/paths/{zeta}/{alpha}/x/{mid}": ("not_a_server_error",),
    # The message is required, none of its fields is: a query has to hold one of them, whichever.
    "GET /torture/v2/queries/needed": ACCEPTANCE,
    "POST /torture/v2/queries/needed": ACCEPTANCE,
    # Nobody reads the path where the body says the same (recorded: the body goes before the path).
    "POST /torture/v2/paths/plain/{id}/odd~path-with.dots": REJECTION,
}


class Api:
    """A server of one API.

    Args:
        services: as for `api_server`.
        name: that of the API.
        version: as it was declared.
    """

    def __init__(self, services: list[Any], name: str, version: str, **options: Any) -> None:
        # No key that is made up would do; and Schemathesis unpacks no answer of an application in its own process.
        self._server = endpoints.api_server(services, control="off", compression=None, **options)
        config = schemathesis.Config.from_dict({})
        path = f"/_ah/api/discovery/v1/apis/{name}/{version}/openapi.json"
        self._document: Json = schemathesis.openapi.from_wsgi(path, self._server, config=config).raw_schema

    def findings(
        self,
        checks: tuple[str, ...],
        *,
        mode: str = "all",
        change: Callable[[Json], Json] = copy.deepcopy,
        examples: int,
    ) -> list[str]:
        """Let Schemathesis call the server, always in the same way.

        Args:
            checks: names of its checks.
            mode: `positive`, `negative` or `all`: which data to send.
            change: makes the document that it goes by.
            examples: how many requests to draw at random for each operation, beside those at the limits of values.

        Returns:
            What it has found wrong.
        """
        config = schemathesis.Config.from_dict(
            {
                "seed": 1,
                "suppress-health-check": ["all"],
                "continue-on-failure": True,
                "generation": {"max-examples": examples, "mode": mode, "database": "none", "no-shrink": True},
                "phases": {"stateful": {"enabled": False}, "fuzzing": {"enabled": examples > 0}},
                "checks": {"enabled": False, **{check: {"enabled": True} for check in checks}},
            }
        )
        schema = schemathesis.openapi.from_dict(change(self._document), config=config)
        schema.app = self._server
        schema.hook(map_body)
        return [each for event in from_schema(schema).execute() for each in _findings(event)]


def map_body(_context: Any, body: Any) -> Any:
    """Write integers as such: 1.0 is one for JSON Schema, but not for ProtoRPC, as recorded (alltypes/i32-06)."""
    if isinstance(body, dict):
        return {key: map_body(_context, value) for key, value in body.items()}
    if isinstance(body, list):
        return [map_body(_context, value) for value in body]
    return int(body) if isinstance(body, float) and body.is_integer() else body


def _findings(event: Any) -> Iterator[str]:
    if isinstance(event, events.NonFatalError):
        yield f"{event.label}: {event.value!r}"
    elif isinstance(event, events.FatalError):
        yield repr(event.exception)
    elif isinstance(event, events.ScenarioFinished):
        operation = event.recorder.label
        for check in (each for checks in event.recorder.checks.values() for each in checks):
            if check.failure_info and check.name not in EXCUSED.get(operation, ()):
                failure = check.failure_info
                yield f"{operation}: {check.name}: {failure.failure.message}: {failure.code_sample}"


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    """Without a line for each of thousands of unknown fields."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def apis(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Api]:
    made = {"torture": Api([torture.torture], "torture", "2.7.1", naive_datetimes="utc")}
    for name, version in {"params": "v1", "alltypes": "v1", "schemas": "v1", "library": "v1.0", "errors": "v1"}.items():
        with imported(SERVICES, name) as module:
            made[name] = Api(module.API_CLASSES, name, version)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUESTBOOK_DB", str(tmp_path_factory.mktemp("guestbook") / "guestbook.db"))
        with imported(GUESTBOOK, "main") as module:
            made["guestbook"] = Api([module.GuestbookApi], "guestbook", "v0.2")
            made["echo"] = Api([module.EchoApi], "echo", "v1")
    return made


@pytest.mark.parametrize("name", ["torture", "params", "alltypes", "schemas", "library", "guestbook", "echo"])
def test_answers_are_as_documented(apis: dict[str, Api], name: str) -> None:
    assert apis[name].findings(CONFORMANCE, examples=3) == []


def test_errors_are_as_documented(apis: dict[str, Api]) -> None:
    """Its methods raise everything there is, 5xx among them."""
    assert apis["errors"].findings(CONFORMANCE[1:], examples=3) == []


# The methods of the guestbook and the echo have conditions of their own.
@pytest.mark.parametrize("name", ["torture", "params", "alltypes", "schemas", "library"])
def test_what_is_documented_is_taken(apis: dict[str, Api], name: str) -> None:
    assert apis[name].findings(ACCEPTANCE, mode="positive", change=wire.narrow, examples=3) == []


@pytest.mark.parametrize("name", ["torture", "params", "alltypes", "schemas", "guestbook", "echo"])
def test_what_is_not_documented_is_refused(apis: dict[str, Api], name: str) -> None:
    assert apis[name].findings(REJECTION, mode="negative", change=wire.wide, examples=0) == []

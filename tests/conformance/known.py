"""Recorded answers from which ours differ by a rule of deviations.md that deviations.py cannot tell from a mistake.

Each group names its rule and the reason; each case in it is listed with what we answer instead, so that a case that
comes to answer as recorded, or otherwise than listed, fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_NOT_JSON = (400, "The request body is not valid JSON")


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that differ for one reason."""

    rule: str
    reason: str
    answers: dict[str, Any]
    """By case: status and JSON, or how the text of the error begins; of messages, class and text of what is raised."""


CASES = (
    Group(
        "V2",
        "NaN and Infinity are no JSON; deviations.py reads them with Python, which takes them for numbers",
        {
            f"alltypes/{name}{seen}": _NOT_JSON
            for name in ("f-10", "f-11", "f-12", "d-08", "list-f-03")
            for seen in ("", "-seen")
        },
    ),
    Group(
        "V15",
        "the answer is strict JSON: a number that is not finite is written as the word that protocol buffers write",
        {
            "alltypes/f-13": (200, {"f": "NaN"}),
            "alltypes/f-14": (200, {"f": "Infinity"}),
            "alltypes/d-09": (200, {"d": "NaN"}),
            "alltypes/d-10": (200, {"d": "Infinity"}),
        },
    ),
    Group(
        "V15",
        "integers keep their declared range in path and query as in the body, and booleans are no integers; these"
        " cases are like others that are tagged lenient, but are not tagged",
        {
            "echo/echo-n-bool": (400, "Error parsing ProtoRPC request"),
            "guestbook/get-2147483648": (400, "Error parsing ProtoRPC request"),
            "guestbook/get-99999999999999999999": (400, "Error parsing ProtoRPC request"),
            "params/only-negative": (400, "Error parsing ProtoRPC request"),
        },
    ),
    Group(
        "V7",
        "a mask that names what the answer has not is bad input; the original never looked at `fields`, though its"
        " discovery documents promise it",
        {"echo/echo-fields-other": (400, "Invalid field selection nothing")},
    ),
    Group(
        "V12",
        "a plus sign in a path stays one; deviations.py looks for it before the path is decoded",
        {
            "alltypes/path-string-02": (200, {"lines": ["v: text a+b"]}),
            "library/book-encoded": (200, {"answer": "books.get a b+c&d"}),
            "library/book-encoded-plus": (200, {"answer": "books.get a+b"}),
        },
    ),
    Group(
        "V12",
        "the original cannot find a version with a plus sign by the address that its own directory lists",
        {
            "versions/rest-semverpre-3.0.0-beta.1+build5": (200, "discovery#restDescription"),
            "versions/rest-semverpre-3.0.0-beta.1%2Bbuild5": (200, "discovery#restDescription"),
        },
    ),
    Group(
        "V12",
        "text of a path is no regular expression, and the most specific route wins",
        {
            "routing/get-27": (200, {"at": "{a}/{b} a=dottedXpath b=x-y_z~1"}),
            "routing/post-00": (200, {"at": "verbs/{a}:activate a=7"}),
            "routing/post-03": (200, {"at": "verbs/{a}:activate a=7"}),
            "routing/post-04": (200, {"at": "verbs/{a}:activate a="}),
            "routing/post-06": (200, {"at": "verbs/{a}:activate a=7"}),
        },
    ),
)

MESSAGES = (
    Group(
        "V6",
        "an unknown argument is refused by Python's own check, which raises TypeError",
        {
            "json_encode/unknown-keyword": ("TypeError", "Unexpected keyword argument 'nope'"),
            "behaviour/message-unknown-argument": ("TypeError", "Unexpected keyword argument 'nope'"),
            "behaviour/message-set-dict-bad": ("TypeError", "Unexpected keyword argument 'nope'"),
        },
    ),
)

DOCUMENTS = (
    Group(
        "V12",
        "as in the cases: the original cannot find this version",
        {
            "versions /_ah/api/discovery/v1/apis/semverpre/3.0.0-beta.1+build5/rest": (
                200,
                "discovery#restDescription",
            ),
        },
    ),
)


def listed(groups: tuple[Group, ...]) -> dict[str, Any]:
    """What we answer, by case."""
    return {case: answer for group in groups for case, answer in group.answers.items()}

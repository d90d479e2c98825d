"""Partial answers: whatever a mask chooses is what a plain walk over the whole answer finds."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from endpoints.serving.failures import Refusal
from endpoints.serving.partial import Selection
from protorpc import message_types, messages
from protorpc._codec import codec
from tests.property.strategies import CLASSES, messages_of

Tree = dict[str, Any]
"""A mask: of each name what is chosen below; empty for all of it."""
CALLS = 3
_SPACES = st.sampled_from(["", "", "", " ", "\n\t"])


def _inner(field: Any) -> Any:
    is_object = isinstance(field, messages.MessageField) and not isinstance(field, message_types.DateTimeField)
    return field.message_type if is_object else None


def _trees(message: Any, depth: int) -> SearchStrategy[Tree]:
    """Any mask that fits a class; `*` stands for its fields with messages alike, or for all."""
    members: dict[str, SearchStrategy[Tree]] = {"*": st.just({})}
    for field in message.all_fields():
        inner = _inner(field)
        below = _trees(inner, depth - 1) if inner and depth else st.just({})
        members[field.name] = st.just({}) | below
        if inner and depth:
            members["*"] |= below
    return st.lists(st.sampled_from(sorted(members)), min_size=1, max_size=3, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: members[name] for name in names})
    )


@st.composite
def _texts(draw: Any, tree: Tree) -> str:
    """A mask in one of its spellings."""
    choices = []
    for name, below in tree.items():
        space = draw(_SPACES)
        if not below:
            choices.append(f"{space}{name}{draw(_SPACES)}")
            continue
        for part in [below] if draw(st.booleans()) else [{each: deeper} for each, deeper in below.items()]:
            inner = draw(_texts(part))
            is_path = "," not in inner and draw(st.booleans())
            choices.append(
                f"{space}{name}{draw(st.sampled_from('/.'))}{inner}" if is_path else f"{space}{name}({inner})"
            )
    return ",".join(choices)


def _walked(message: Any, trees: list[Tree], value: Any) -> Any:
    """What is chosen of an object. An object of which nothing can be chosen is left out."""
    if isinstance(value, list):
        return [_walked(message, trees, each) for each in value]
    chosen: dict[str, Any] = {}
    for field in message.all_fields():
        below = [tree[name] for tree in trees for name in (field.name, "*") if name in tree]
        if field.name not in value or not below:
            continue
        inner = _inner(field)
        if any(tree == {} or ("*" in tree and tree["*"] == {} and inner) for tree in below):
            chosen[field.name] = value[field.name]
        elif inner and _reaches(inner, below):
            chosen[field.name] = _walked(inner, below, value[field.name])
    return chosen


def _reaches(message: Any, trees: list[Tree]) -> bool:
    """Whether any of the names below stands for a field."""
    for field in message.all_fields():
        below = [tree[name] for tree in trees for name in (field.name, "*") if name in tree]
        inner = _inner(field)
        if any(tree == {} for tree in below) or (inner and below and _reaches(inner, below)):
            return True
    return False


cases = st.sampled_from(CLASSES).flatmap(
    lambda message: st.tuples(
        messages_of(message), _trees(message, 2).flatmap(lambda tree: st.tuples(st.just(tree), _texts(tree)))
    )
)


@given(cases)
def test_a_mask_chooses_what_a_walk_finds(case: Any) -> None:
    answer, (tree, text) = case
    encode = codec(type(answer)).encode
    selection = Selection(type(answer), text, naive_as_utc=False)
    whole = json.loads(encode(answer))
    expected = whole if "*" in tree and not tree["*"] else _walked(type(answer), [tree], whole)
    parts = [selection.encode(answer, encode) for _ in range(CALLS)]
    assert json.loads(parts[0]) == expected
    assert list(json.loads(parts[0])) == list(expected)
    assert set(parts) == {parts[0]}


@given(st.sampled_from(CLASSES), st.text(st.sampled_from("abtext*/,.() leafsv"), max_size=12) | st.text(max_size=8))
def test_any_text_chooses_or_is_refused(message: Any, text: str) -> None:
    refused: list[Refusal] = []
    try:
        Selection(message, text, naive_as_utc=False)
    except Refusal as refusal:
        refused.append(refusal)
    assert all(each.wire.status == 400 and each.message.startswith("Invalid field selection ") for each in refused)

"""Services that import protopigeon, which is found in ferris3 where it is not installed."""

from __future__ import annotations

import importlib
import subprocess
import sys
from dataclasses import dataclass

import pytest

import ferris3
from protorpc import messages

protopigeon = importlib.import_module("protopigeon")


@dataclass
class Post:
    title: str = ""


def test_it_makes_messages_of_models_and_back() -> None:
    message_type = protopigeon.model_message(Post)
    assert message_type is ferris3.model_message(Post)
    message = protopigeon.to_message(Post("first"), message_type)
    assert message.title == "first"
    assert protopigeon.to_entity(message, Post) == Post("first")
    listed = protopigeon.list_message(message_type)
    assert listed is ferris3.list_message(message_type)
    assert protopigeon.collection_message(message_type) is listed


def test_it_fills_and_changes_what_it_is_given() -> None:
    message = ferris3.model_message(Post)()
    assert protopigeon.to_message(Post("first"), message) is message
    assert message.title == "first"
    post = Post("old")
    assert protopigeon.to_entity(message, post) is post
    assert post.title == "first"
    assert protopigeon.to_message(Post("first"), type(message), exclude=["title"]).title == ""


def test_its_modules() -> None:
    types = importlib.import_module("protopigeon.types")
    converters = importlib.import_module("protopigeon.converters")
    assert issubclass(types.UserMessage, messages.Message)
    assert converters.converters is ferris3.messages.converters
    assert protopigeon.types.UserMessage is types.UserMessage


@pytest.mark.parametrize(
    "first", ["import ferris3, protopigeon", "import ferris3; from protopigeon.types import UserMessage"]
)
def test_a_fresh_process(first: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", first], check=True)  # noqa: S603


def test_without_ferris3_it_is_not_found() -> None:
    code = "import protopigeon"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert "No module named 'protopigeon'" in done.stderr

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest

import endpoints
from ferris3.chain import Chain


def test_each_step_gets_the_value_last() -> None:
    assert Chain("a-b-a", use=[re]).re.sub("a", "c").re.split("-").value() == ["c", "b", "c"]


def test_pipe_and_tap() -> None:
    seen: list[float] = []
    assert Chain(9, use=[math]).math.sqrt().tap(seen.append).pipe(int).value() == 3
    assert seen == [3.0]


@pytest.mark.parametrize(
    ("unwanted", "raises"),
    [
        pytest.param(None, False, id="another value"),
        pytest.param(0, True, id="the value"),
        pytest.param(lambda value: value > 0, False, id="a function that says no"),
        pytest.param(lambda value: value == 0, True, id="a function that says yes"),
    ],
)
@pytest.mark.parametrize(
    "error", [endpoints.NotFoundException, endpoints.NotFoundException("none")], ids=["class", "it"]
)
def test_raise_if(unwanted: object, error: Exception, raises: bool) -> None:
    chain = Chain(0)
    if not raises:
        assert chain.raise_if(unwanted, error) is chain and chain.value() == 0
        return
    with pytest.raises(endpoints.NotFoundException):
        chain.raise_if(unwanted, error)


@pytest.mark.parametrize("step", ["pipe", "tap", "raise_if", "math"])
def test_what_a_step_raises_is_logged_and_raised(step: str, caplog: pytest.LogCaptureFixture) -> None:
    chain = Chain("secret", use=[math])
    steps: dict[str, Callable[[], object]] = {
        "pipe": lambda: chain.pipe(math.sqrt),
        "tap": lambda: chain.tap(math.sqrt),
        "raise_if": lambda: chain.raise_if(math.sqrt, ValueError()),
        "math": chain.math.sqrt,
    }
    with pytest.raises(TypeError, match="must be real number"):
        steps[step]()
    assert caplog.messages == [
        "sqrt, given a value of type str in a chain, raised TypeError('must be real number, not str')"
    ]
    assert chain.value() == "secret"


def test_unknown_steps_are_named() -> None:
    with pytest.raises(AttributeError, match=r"^Chain has no 'sqrt', only value, pipe, tap, raise_if, math$"):
        Chain(1, use=[math]).sqrt  # noqa: B018
    with pytest.raises(AttributeError, match="module 'math' has no attribute 'root'"):
        Chain(1, use=[math]).math.root()

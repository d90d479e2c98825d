from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable

import pytest

import ferris3
from ferris3.retries import retries


class Flaky:
    """Fails some times, then answers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def call(self, text: str = "done") -> str:
        """Say it."""
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return text

    async def wait(self, text: str = "done") -> str:
        """Say it."""
        await asyncio.sleep(0)
        return self.call(text)


Call = Callable[[Flaky, Callable[[Callable[..., object]], Callable[..., object]]], object]


def plainly(flaky: Flaky, decorate: Callable[..., Callable[..., object]]) -> object:
    function = decorate(flaky.call)
    assert function.__doc__ == "Say it."
    return function(text="told")


def awaited(flaky: Flaky, decorate: Callable[..., Callable[..., object]]) -> object:
    function = decorate(flaky.wait)
    assert inspect.iscoroutinefunction(function) and function.__doc__ == "Say it."
    return asyncio.run(function(text="told"))


@pytest.mark.parametrize("call", [plainly, awaited])
class TestCalls:
    def test_it_is_called_until_it_answers(self, call: Call, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO", "ferris3")
        flaky = Flaky(ValueError("one"), ValueError("two"))
        assert call(flaky, retries(3, lambda error: isinstance(error, ValueError), delay=0.001)) == "told"
        assert flaky.calls == 3
        assert caplog.messages == [
            "ValueError('one'); trying again in 0.001 seconds",
            "ValueError('two'); trying again in 0.002 seconds",
        ]

    def test_the_last_error_is_raised(self, call: Call) -> None:
        flaky = Flaky(ValueError("one"), ValueError("two"), ValueError("three"))
        with pytest.raises(ValueError, match="two"):
            call(flaky, retries(2, lambda _: True, delay=0))
        assert flaky.calls == 2

    def test_what_will_not_pass_is_raised_at_once(self, call: Call) -> None:
        flaky = Flaky(KeyError("gone"))
        with pytest.raises(KeyError):
            call(flaky, retries(9, lambda error: isinstance(error, ValueError)))
        assert flaky.calls == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param({"max_tries": 0}, "max_tries must be 1 or more, not 0", id="never"),
        pytest.param({"max_tries": 1, "delay": -1}, "delay and backoff must be 0 or more, not -1 and 2", id="delay"),
        pytest.param({"max_tries": 1, "backoff": -1}, "not 1 and -1", id="backoff"),
    ],
)
def test_mistakes_show_at_once(arguments: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        retries(**arguments, should_retry=bool)


def test_it_is_a_module_of_the_package() -> None:
    assert ferris3.retries.retries is retries

"""What belongs to a message class is made when it is first needed, which may be in several threads at once."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from protorpc import message_types, messages
from protorpc._codec import codec

THREADS = 4
TEXT = b'{"text":"a","inner":{"f1":"5"},"inners":[{"f19":7}],"shade":"LIGHT","when":"2014-02-28T23:59:59"}'


class Shade(messages.Enum):
    LIGHT = 5


def define(body: dict[str, Any]) -> Any:
    return types.new_class("Made", (messages.Message,), exec_body=lambda namespace: namespace.update(body))


def fresh() -> Any:
    inner = define({f"f{number}": messages.IntegerField(number) for number in range(1, 20)})
    return define(
        {
            "inner": messages.MessageField(inner, 1),
            "inners": messages.MessageField(inner, 2, repeated=True),
            "when": message_types.DateTimeField(3),
            "shade": messages.EnumField(Shade, 4, default="LIGHT"),
            "text": messages.StringField(5, required=True),
        }
    )


def at_once(function: Callable[[], Any]) -> list[Any]:
    """What several threads find that call the function at the same time: its result, or what it raises."""
    together = threading.Barrier(THREADS)
    found: list[Any] = [None] * THREADS

    def run(index: int) -> None:
        together.wait()
        try:
            found[index] = function()
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            found[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def construct(made: Any) -> Any:
    message = made(text="a", inner={"f1": 5})
    message.inners = [{"f19": 7}]
    message.when = dt.datetime(2014, 2, 28, 23, 59, 59)  # noqa: DTZ001
    with pytest.raises(messages.ValidationError):
        message.text = 5
    with pytest.raises(messages.ValidationError):
        made(inners=[5])
    return message.text, message.inner.f1, message.inners[0].f19, message.when.isoformat(), message.shade


def read(made: Any) -> Any:
    message = codec(made).read(TEXT)
    message.text += "b"
    return message.text, message.inner.f1, message.inners[0].f19, message.when.isoformat(), message.shade


def write(made: Any) -> Any:
    return codec(made).encode(made(text="a", inner={"f1": 5}, inners=[{"f19": 7}], shade=Shade.LIGHT))


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (construct, ("a", 5, 7, "2014-02-28T23:59:59", Shade.LIGHT)),
        (read, ("ab", 5, 7, "2014-02-28T23:59:59", Shade.LIGHT)),
        (write, b'{"inner":{"f1":"5"},"inners":[{"f19":"7"}],"shade":"LIGHT","text":"a"}'),
    ],
    ids=["construct", "read", "write"],
)
def test_first_use_in_several_threads(use: Callable[[Any], Any], expected: Any) -> None:
    for _ in range(25):
        made = fresh()
        assert at_once(lambda made=made: use(made)) == [expected] * THREADS  # type: ignore[misc]


def test_first_use_of_a_class_inside_another() -> None:
    """Half of the threads begin with the inner class, half with the outer one."""
    for _ in range(25):
        made = fresh()
        inner = made.inner.type
        begin_with = iter([made, inner] * THREADS)

        def use(begin_with: Any = begin_with, made: Any = made, inner: Any = inner) -> Any:
            codec(next(begin_with))
            return inner(f1=5).f1, made(text="a", inner=inner(f2=6)).inner.f2, codec(inner).read(b'{"f3":"7"}').f3

        assert at_once(use) == [(5, 6, 7)] * THREADS


# In a process of its own, which may crash.
HURRY = """
import gc, sys
from tests.protorpc.test_first_use import THREADS, at_once, construct, fresh, read, write

gc.set_threshold(100)
sys.setswitchinterval(1e-5)
for use in [read] * 200 + [write] * 40 + [construct] * 40:
    made = fresh()
    (found, *others) = at_once(lambda made=made: use(made))
    assert not isinstance(found, Exception) and others == [found] * (THREADS - 1), (found, others)
"""


@pytest.mark.slow
def test_first_use_while_garbage_is_collected() -> None:
    root = Path(__file__).parent.parent.parent
    command = (sys.executable, "-X", "faulthandler", "-c", HURRY)
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr

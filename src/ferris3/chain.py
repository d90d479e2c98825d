"""A value that is handed from function to function, read from left to right.

```python
Chain(9, use=[math]).math.sqrt().pipe(int).value()  # 3
```
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Generic, Self, TypeVar

_LOG = logging.getLogger(__name__)
_Made = TypeVar("_Made")


class Chain:
    """A value, and what is done with it. Each step changes the value and returns the chain.

    A step is a function of one of the modules, `chain.module.function(...)`: it is called with the arguments given and,
    after these, the value. What a step raises is logged, with the value, and raised.

    Args:
        value: what the first step gets.
        use: modules for the steps, each under the last part of its name.
    """

    def __init__(self, value: Any = None, use: Iterable[ModuleType] = ()) -> None:
        self._value = value
        self._modules = {module.__name__.rpartition(".")[2]: module for module in use}

    def value(self) -> Any:
        """Return what the last step has made."""
        return self._value

    def pipe(self, function: Callable[[Any], Any]) -> Self:
        """Replace the value by what a function makes of it."""
        return self._step(function)

    def tap(self, function: Callable[[Any], object]) -> Self:
        """Show the value to a function, and keep it."""
        self._made(function)
        return self

    def raise_if(self, unwanted: Any, error: BaseException | type[BaseException]) -> Self:
        """Raise an exception if the value is unwanted.

        Args:
            unwanted: a value that it must not equal, or a function that is true for values that it must not be.
            error: what is raised then.
        """
        if self._made(unwanted) if callable(unwanted) else self._value == unwanted:
            raise error
        return self

    def __getattr__(self, name: str) -> Steps[Self]:
        """Return the functions of a module."""
        modules = {} if name.startswith("_") else self._modules
        if name not in modules:
            steps = ", ".join(("value", "pipe", "tap", "raise_if", *modules))
            raise AttributeError(f"{type(self).__name__} has no {name!r}, only {steps}")
        return Steps(modules[name], self._step)

    def _step(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        self._value = self._made(function, *args, **kwargs)
        return self

    def _made(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, self._value, **kwargs)
        except Exception as error:
            name, kind = getattr(function, "__name__", function), type(self._value).__name__
            _LOG.error("%s, given a value of type %s in a chain, raised %r", name, kind, error)
            raise


class Steps(Generic[_Made]):
    """The functions of a module, as steps of a chain."""

    def __init__(self, module: ModuleType, step: Callable[..., _Made]) -> None:
        self._module = module
        self._step = step

    def __getattr__(self, name: str) -> Callable[..., _Made]:
        """Return a function as a step: it takes what the function takes before the value."""
        return functools.partial(self._step, getattr(self._module, name))

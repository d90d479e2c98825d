"""The base class of services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from protorpc import util
from protorpc._remote_method import RemoteMethodInfo, checked_method, get_remote_method_info
from protorpc._request_state import current_request
from protorpc._rpc_errors import ServiceDefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from protorpc._request_state import RequestState


class Service:
    """Base of the classes whose methods can be called from outside.

    A new instance answers each request, so state of a request may be kept in `self` and state that outlives it may
    not: give that to the constructor through `new_factory`. A subclass may override a remote method without the
    decorator; the override takes and returns the messages of the original.
    """

    _remote_method_names: ClassVar[tuple[str, ...]] = ()
    _request_state: RequestState | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Find the remote methods of a new service class.

        Raises:
            ServiceDefinitionError: The class replaces a remote method by something that is no function, or decorates
                the replacement.
        """
        super().__init_subclass__(**kwargs)
        inherited = dict.fromkeys(name for base in cls.__bases__ for name in getattr(base, "_remote_method_names", ()))
        for name in inherited:
            _keep_remote(cls, name)
        own = (name for name, value in list(vars(cls).items()) if get_remote_method_info(value))
        cls._remote_method_names = tuple(dict.fromkeys([*inherited, *own]))

    @classmethod
    def all_remote_methods(cls) -> dict[str, Callable[..., Any]]:
        """The remote methods of this class by name, inherited ones first, in the order they are written in."""
        return {name: getattr(cls, name) for name in cls._remote_method_names}

    @classmethod
    def new_factory(cls, *args: Any, **kwargs: Any) -> Callable[[], Service]:
        """A function that makes instances with these arguments; can be served wherever the class can.

        Its `service_class` attribute is the class.
        """

        def service_factory() -> Service:
            return cls(*args, **kwargs)

        service_factory.__name__ = f"{cls.__name__}_service_factory"
        service_factory.__doc__ = (
            f"Creates new instances of service {cls.__name__}.\n\n"
            f"Returns:\n  New instance of {cls.__module__}.{cls.__name__}."
        )
        service_factory.service_class = cls  # type: ignore[attr-defined]
        return service_factory

    @classmethod
    def definition_name(cls) -> str:
        """Full name of the service: its package and the name of the class."""
        package = cls.definition_package()
        return cls.__name__ if package is None else f"{package}.{cls.__name__}"

    @classmethod
    def outer_definition_name(cls) -> str | None:
        """The package of the service: services are never part of another definition."""
        return cls.definition_package()

    @classmethod
    def definition_package(cls) -> str | None:
        """The `package` attribute of the class's module, else the module's name; None if it is not imported."""
        return util.get_package_for_module(cls.__module__)

    def initialize_request_state(self, request_state: RequestState) -> None:
        """Called by the server before the method; a service may override it to learn about the request early."""
        self._request_state = request_state

    @property
    def request_state(self) -> RequestState | None:
        """What is known about the current request; None outside of any."""
        if self._request_state is None:
            # PERF: worked out by the first who asks, since most methods never do.
            request = current_request.get()
            self._request_state = None if request is None else request.request_state
        return self._request_state


def _keep_remote(cls: type[Service], name: str) -> None:
    """See that an inherited remote method is one in `cls` as well, whoever overrides it."""
    found = getattr(cls, name)
    is_remote = get_remote_method_info(found) is not None
    if is_remote and name in vars(cls):
        raise ServiceDefinitionError(
            f"Do not use method decorator when overloading remote method {name} on service {cls.__name__}."
        )
    if not callable(found):
        raise ServiceDefinitionError(f"Must override {name} in {cls.__name__} with a method.")
    if not is_remote:
        checked = checked_method(_inherited_info(cls, name).replaced_by(found))
        _keep_declarations(_inherited(cls, name), checked)
        setattr(cls, name, checked)


def _keep_declarations(inherited: Any, checked: Any) -> None:
    """What other decorators have said of the inherited method counts for the one that overrides it."""
    if hasattr(inherited.remote.method, "__wrapped__"):
        return  # declared by its annotations; those of the other may be different
    for key, value in vars(inherited).items():
        if key not in ("remote", "__wrapped__"):
            setattr(checked, key, value)


def _inherited(cls: type[Service], name: str) -> Any:
    found = (vars(base).get(name) for base in cls.__mro__)
    return next(method for method in found if get_remote_method_info(method) is not None)


def _inherited_info(cls: type[Service], name: str) -> RemoteMethodInfo:
    info: RemoteMethodInfo = _inherited(cls, name).remote
    return info

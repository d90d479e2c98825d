"""How a remote procedure call can fail, as exceptions and as a message.

util.Error
+-- ServiceDefinitionError
+-- ServiceConfigurationError
+-- RpcError
    +-- RequestError
    |   +-- MethodNotFoundError
    +-- NetworkError
    +-- ServerError
    +-- ApplicationError
"""

from __future__ import annotations

from typing import Any, ClassVar

from protorpc import messages
from protorpc.util import Error

# The definitions in here are known by the name of the public module.
package = "protorpc.remote"


class ServiceDefinitionError(Error):
    """A service class is written wrongly; raised where the class is defined."""


class ServiceConfigurationError(Error):
    """Services or protocols are put together in a way that cannot work; raised at start-up."""


class RpcStatus(messages.Message):
    """The state of a call, and what to say about it when it failed."""

    class State(messages.Enum):
        """How far a call is, or how it ended."""

        OK = 0
        RUNNING = 1
        REQUEST_ERROR = 2
        SERVER_ERROR = 3
        NETWORK_ERROR = 4
        APPLICATION_ERROR = 5
        METHOD_NOT_FOUND_ERROR = 6

    state = messages.EnumField(State, 1, required=True)
    error_message = messages.StringField(2)
    error_name = messages.StringField(3)


RpcState = RpcStatus.State


class RpcError(Error):
    """Base of the errors a call can end with; each class has its RpcState as `STATE`.

    Attributes:
        cause: The exception behind this one, if the code that raised it named one.
    """

    STATE: ClassVar[RpcStatus.State]

    def __init__(self, message: str | None, cause: BaseException | None = None) -> None:
        super().__init__(message)
        self.cause = cause

    @classmethod
    def from_state(cls, state: RpcStatus.State | str | int) -> type[RpcError] | None:
        """The exception class for a state, given as an RpcState, its name or its number.

        Returns:
            The class, or None for OK and RUNNING.

        Raises:
            TypeError: There is no such state.
        """
        return _ERROR_CLASSES.get(RpcState(state))


class RequestError(RpcError):
    """The request is not one that the method takes."""

    STATE = RpcState.REQUEST_ERROR


class MethodNotFoundError(RequestError):
    """The service has no method of the requested name."""

    STATE = RpcState.METHOD_NOT_FOUND_ERROR


class NetworkError(RpcError):
    """The call failed on its way."""

    STATE = RpcState.NETWORK_ERROR


class ServerError(RpcError):
    """The server failed, for instance to answer with the message that the method declares."""

    STATE = RpcState.SERVER_ERROR


class ApplicationError(RpcError):
    """An error that a method raises to tell its caller something; base of the exceptions of `endpoints`.

    Attributes:
        error_name: What the application calls this error, or None.
    """

    STATE = RpcState.APPLICATION_ERROR

    def __init__(self, message: str | None, error_name: str | None = None) -> None:
        super().__init__(message)
        self.error_name = error_name

    def __str__(self) -> str:
        return self.args[0] or ""

    def __repr__(self) -> str:
        name = "" if self.error_name is None else f", {self.error_name!r}"
        return f"{type(self).__name__}({self.args[0]!r}{name})"


_ERROR_CLASSES: dict[Any, type[RpcError]] = {
    error.STATE: error for error in (RequestError, MethodNotFoundError, NetworkError, ServerError, ApplicationError)
}


def is_error_status(status: RpcStatus) -> bool:
    """Whether a status speaks of a failed call.

    Raises:
        ValidationError: The status has no state.
    """
    return _error_class(status) is not None


def check_rpc_status(status: RpcStatus) -> None:
    """Raise what a status speaks of; do nothing for OK and RUNNING.

    Raises:
        RpcError: The call failed. The class is that of the state, the text that of the status.
        ValidationError: The status has no state.
    """
    error_class = _error_class(status)
    if error_class is ApplicationError:
        raise ApplicationError(status.error_message, status.error_name)
    if error_class is not None:
        raise error_class(status.error_message)


def _error_class(status: RpcStatus) -> type[RpcError] | None:
    status.check_initialized()
    return RpcError.from_state(status.state)

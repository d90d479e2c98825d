"""The message in which the original's two halves told each other of an error; old tests and proxies still know it."""

from __future__ import annotations

from protorpc import messages

# Part of the full name of the message.
package = "google.appengine.endpoints"


class EndpointsErrorMessage(messages.Message):
    """State and text of a failed call."""

    class State(messages.Enum):
        """How far a call is, or how it ended: the states of `remote.RpcStatus`."""

        OK = 0
        RUNNING = 1
        REQUEST_ERROR = 2
        SERVER_ERROR = 3
        NETWORK_ERROR = 4
        APPLICATION_ERROR = 5
        METHOD_NOT_FOUND_ERROR = 6

    state = messages.EnumField(State, 1, required=True)
    error_message = messages.StringField(2)

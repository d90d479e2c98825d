"""The root of every exception that ProtoRPC itself raises."""


class Error(Exception):
    """Base of all ProtoRPC exceptions; public as `protorpc.util.Error` and `protorpc.messages.Error`."""

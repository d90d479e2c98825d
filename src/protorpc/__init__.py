"""Typed messages and the services that exchange them: Google's ProtoRPC for Python 3."""

from protorpc import message_types, messages, remote

__all__ = ["message_types", "messages", "remote"]

"""Messages and fields beyond what protocol buffers define: nothing at all, and points in time."""

from protorpc._standard_messages import DateTimeField, DateTimeMessage, VoidMessage

__all__ = ["DateTimeField", "DateTimeMessage", "VoidMessage"]

"""The messages for values that have no field of their own, under their old names."""

from ferris3.models.conversion import DateMessage, GeoPtMessage, TimeMessage, UserMessage

__all__ = ["DateMessage", "GeoPtMessage", "TimeMessage", "UserMessage"]

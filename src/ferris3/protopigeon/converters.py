"""The table of converters, under its old name."""

from ferris3.messages import Converter, converters

__all__ = ["Converter", "converters"]

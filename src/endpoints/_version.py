"""The version of the distribution, where building it and asking for it find the same."""

__version__ = "5.0.0.dev0"

"""What goes wrong when a client library is written."""

from __future__ import annotations


class ClientError(Exception):
    """No client library can be written so; its text is one line that says why."""

"""Old module path of the tool's function, which its wrapper called."""

from endpoints.cli.endpointscfg import main

__all__ = ["main"]

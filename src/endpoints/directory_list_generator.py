"""Old module path of DirectoryListGenerator."""

from endpoints.describe.generators import DirectoryListGenerator

__all__ = ["DirectoryListGenerator"]

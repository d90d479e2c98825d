"""Old module path of DiscoveryGenerator."""

from endpoints.describe.generators import DiscoveryGenerator

__all__ = ["DiscoveryGenerator"]

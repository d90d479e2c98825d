"""Old module path of OpenApiGenerator."""

from endpoints.describe.generators import OpenApiGenerator

__all__ = ["OpenApiGenerator"]

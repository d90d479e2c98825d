"""Old module path of the framework's JSON codec."""

from protorpc.protojson import EndpointsProtoJson

__all__ = ["EndpointsProtoJson"]

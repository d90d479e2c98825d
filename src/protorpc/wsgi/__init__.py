"""ProtoRPC services as WSGI applications."""

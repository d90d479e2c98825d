# mypy: ignore-errors
# ruff: noqa: I001, RSE102
"""Airports by code. Written as tutorials of 2018 were: data in a module beside, one path under several verbs."""

import endpoints
from endpoints import message_types
from endpoints import messages
from endpoints import remote

from data import PORTS

CODE_RESOURCE = endpoints.ResourceContainer(code=messages.StringField(1, required=True))


class Port(messages.Message):
    code = messages.StringField(1, required=True)
    name = messages.StringField(2, required=True)


# The code is in the path and, when the caller sends the whole port, in the body too.
CODE_PORT_RESOURCE = endpoints.ResourceContainer(Port, code=messages.StringField(1, required=True))


class PortList(messages.Message):
    ports = messages.MessageField(Port, 1, repeated=True)


@endpoints.api(name="airports", version="v1")
class AirportsApi(remote.Service):
    @endpoints.method(CODE_RESOURCE, Port, path="port/{code}", http_method="GET", name="get_port")
    def get_port(self, request):
        if request.code not in PORTS:
            raise endpoints.NotFoundException()
        return Port(code=request.code, name=PORTS[request.code])

    @endpoints.method(message_types.VoidMessage, PortList, path="ports", http_method="GET", name="list_ports")
    def list_ports(self, request):
        return PortList(ports=[Port(code=code, name=PORTS[code]) for code in sorted(PORTS)])

    @endpoints.method(
        CODE_RESOURCE,
        message_types.VoidMessage,
        path="port/{code}",
        http_method="DELETE",
        name="delete_port",
        api_key_required=True,
    )
    def delete_port(self, request):
        if PORTS.pop(request.code, None) is None:
            raise endpoints.NotFoundException()
        return message_types.VoidMessage()

    @endpoints.method(Port, Port, path="port", http_method="POST", name="create_port", api_key_required=True)
    def create_port(self, request):
        if request.code in PORTS:
            raise endpoints.BadRequestException()
        PORTS[request.code] = request.name
        return request

    @endpoints.method(
        CODE_PORT_RESOURCE, Port, path="port/{code}", http_method="POST", name="update_port", api_key_required=True
    )
    def update_port(self, request):
        if request.code not in PORTS:
            raise endpoints.BadRequestException()
        PORTS[request.code] = request.name
        return Port(code=request.code, name=request.name)


api = endpoints.api_server([AirportsApi])

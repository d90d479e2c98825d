"""The echo API of the documentation, as printed there; only the last lines of its method are lost on that page."""

import endpoints
from protorpc import messages
from protorpc import remote


class EchoRequest(messages.Message):
    content = messages.StringField(1)


class EchoResponse(messages.Message):
    """A proto Message that contains a simple string field."""
    content = messages.StringField(1)


ECHO_RESOURCE = endpoints.ResourceContainer(
    EchoRequest,
    n=messages.IntegerField(2, default=1))

LONGEST = 1000000


@endpoints.api(name='echo', version='v1')
class EchoApi(remote.Service):

    @endpoints.method(
        # This method takes a ResourceContainer defined above.
        ECHO_RESOURCE,
        # This method returns an Echo message.
        EchoResponse,
        path='echo',
        http_method='POST',
        name='echo')
    def echo(self, request):
        content = request.content or ''
        if (len(content) + 1) * request.n > LONGEST:
            raise endpoints.BadRequestException(f'The echo is longer than {LONGEST} characters')
        return EchoResponse(content=' '.join([content] * request.n))

# mypy: ignore-errors
# ruff: noqa: I001, RUF059
"""Says things back. Written as tutorials of 2016 were: imports from `endpoints`, one resource for body and query."""

import endpoints
from endpoints import message_types
from endpoints import messages
from endpoints import remote


class Said(messages.Message):
    words = messages.StringField(1)


class Heard(messages.Message):
    """What comes back."""

    words = messages.StringField(1)


SAID = endpoints.ResourceContainer(Said, times=messages.IntegerField(2, default=1))


@endpoints.api(name="echo", version="v1")
class EchoApi(remote.Service):
    @endpoints.method(
        # The body and a parameter of the query.
        SAID,
        Heard,
        path="say",
        http_method="POST",
        name="say",
    )
    def say(self, request):
        return Heard(words=", ".join([request.words] * request.times))

    @endpoints.method(
        # The same, the parameter in the path.
        SAID,
        Heard,
        path="say/{times}",
        http_method="POST",
        name="say_in_path",
    )
    def say_in_path(self, request):
        return self.say(request)

    @endpoints.method(
        message_types.VoidMessage, Heard, path="say/key", http_method="GET", name="say_key", api_key_required=True
    )
    def say_key(self, request):
        key, variant = request.get_unrecognized_field_info("key")
        return Heard(words=key)

    @endpoints.method(
        message_types.VoidMessage, Heard, path="say/name", http_method="GET", scopes=[endpoints.EMAIL_SCOPE]
    )
    def say_name(self, request):
        user = endpoints.get_current_user()
        if not user:
            raise endpoints.UnauthorizedException
        return Heard(words=user.email())


api = endpoints.api_server([EchoApi])

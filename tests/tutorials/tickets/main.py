# mypy: ignore-errors
# ruff: noqa: B009, B904, BLE001, I001, RUF005, UP004, UP008, UP031
"""A help desk. Written as larger applications were: a root API, a base service, decorators of their own around methods,
forms copied field by field, exceptions with a status from `http.client`."""

import functools
import http.client as httplib

import endpoints
from endpoints.api_exceptions import ForbiddenException
from endpoints.protojson import EndpointsProtoJson
from protorpc import messages, message_types, remote
from protorpc.messages import FieldList
from protorpc.message_types import VoidMessage

ROOT_API = endpoints.api(
    name="tickets",
    version="v1",
    title="Help desk",
    allowed_client_ids=("anonymous", endpoints.API_EXPLORER_CLIENT_ID),
    auth=endpoints.api_config.ApiAuth(allow_cookie_auth=False),
)


class ConflictException(endpoints.ServiceException):
    """A ticket of that title is there."""

    http_status = httplib.CONFLICT


class ApiError(endpoints.ServiceException):
    """Any failure, with the status of its cause."""

    def __init__(self, cause=None, status=None, message=None):
        self.cause = cause
        self.http_status = status or httplib.INTERNAL_SERVER_ERROR
        super(ApiError, self).__init__(message or httplib.responses[self.http_status])


class TicketMiniForm(messages.Message):
    title = messages.StringField(1)
    urgency = messages.EnumField("Urgency", 2)


class TicketForm(messages.Message):
    title = messages.StringField(1)
    urgency = messages.EnumField("Urgency", 2, default="LOW")
    followers = messages.StringField(3, repeated=True)


class TicketForms(messages.Message):
    items = messages.MessageField(TicketForm, 1, repeated=True)


class Urgency(messages.Enum):
    """How soon."""

    LOW = 1
    HIGH = 2


FIND_RESOURCE = endpoints.ResourceContainer(**{field.name: field for field in TicketMiniForm.all_fields()})


class BaseService(remote.Service):
    def __init__(self, *args, **kwargs):
        super(BaseService, self).__init__(*args, **kwargs)
        self.language = "en"

    @property
    def caller(self):
        if not hasattr(self, "_caller"):
            self._caller = dict(self.request_state.headers.items()).get("X-Caller")
        return self._caller


class Greeter(object):
    def hello(self):
        return "hello" if self.language == "en" else "hallo"


def checked_method(*args, **kwargs):
    """`endpoints.method`, after a check."""
    forbidden_to = kwargs.pop("forbidden_to", None)

    def decorator(function):
        @functools.wraps(function)
        def wrapper(service, request):
            if service.caller == forbidden_to:
                raise ForbiddenException("Not for %s." % forbidden_to)
            return function(service, request)

        return endpoints.method(*args, **kwargs)(wrapper)

    return decorator


def converting_method(request_type, response_type, **kwargs):
    """`endpoints.method`, with every exception made one of ours."""
    declare = endpoints.method(request_type, response_type, **kwargs)

    def decorator(function):
        api_method = declare(function)

        @functools.wraps(api_method)
        def wrapper(*args):
            try:
                return api_method(*args)
            except Exception as error:
                raise ApiError(error, getattr(error, "http_status", None), str(error))

        return wrapper

    return decorator


TICKETS = {}


@ROOT_API.api_class(resource_name="tickets", path="tickets")
class TicketsApi(BaseService, Greeter):
    @checked_method(TicketMiniForm, TicketForm, name="open", path="open", http_method="POST", forbidden_to="mallory")
    def open_ticket(self, request):
        form = TicketForm()
        for field in TicketForm.all_fields():
            if hasattr(request, field.name):
                value = getattr(request, field.name)
                if value:
                    setattr(form, field.name, value)
        form.followers.append(self.hello())
        form.check_initialized()
        assert isinstance(form.followers, FieldList)
        TICKETS[form.title] = form
        return form

    @converting_method(FIND_RESOURCE, TicketForm, name="claim", path="claim/{title}", http_method="PUT")
    def claim(self, request):
        if "me" in TICKETS[request.title].followers:
            raise ConflictException("Claimed already.")
        if request.urgency == Urgency.HIGH:
            TICKETS[request.title].urgency = getattr(Urgency, "HIGH")
        TICKETS[request.title].followers = TICKETS[request.title].followers + ["me"]
        return TICKETS[request.title]

    @endpoints.method(response_message=TicketForms, path="/all", name="all", http_method="GET")
    def get_all(self, request):
        """All tickets."""
        return TicketForms(items=[TICKETS[title] for title in sorted(TICKETS)])

    @endpoints.method(VoidMessage, message_types.VoidMessage, path="reset", name="reset")
    def reset(self, request):
        TICKETS.clear()
        return VoidMessage()


def dump(form):
    return EndpointsProtoJson().encode_message(form)


application = endpoints.api_server([ROOT_API])

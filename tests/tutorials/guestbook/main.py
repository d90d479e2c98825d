#!/usr/bin/python
# mypy: ignore-errors
# ruff: noqa: B904, EXE001, I001, UP031
"""A guestbook. Written as tutorials of 2013 were: a package name, resources in the class, a second API."""

import endpoints
from protorpc import messages
from protorpc import message_types
from protorpc import remote


WEB_CLIENT_ID = "your web client"
ANDROID_CLIENT_ID = "your Android client"
ANDROID_AUDIENCE = WEB_CLIENT_ID

package = "Book"


class Entry(messages.Message):
    """One visit."""

    text = messages.StringField(1)


class EntryCollection(messages.Message):
    """All visits."""

    items = messages.MessageField(Entry, 1, repeated=True)


ENTRIES = EntryCollection(
    items=[
        Entry(text="lovely place"),
        Entry(text="came back"),
    ]
)


@endpoints.api(name="guestbook", version="v1", allowed_client_ids=[WEB_CLIENT_ID, endpoints.API_EXPLORER_CLIENT_ID])
class GuestbookApi(remote.Service):
    """Guestbook API v1."""

    REPEAT_RESOURCE = endpoints.ResourceContainer(
        Entry, times=messages.IntegerField(2, variant=messages.Variant.INT32, required=True)
    )

    @endpoints.method(REPEAT_RESOURCE, Entry, path="entries/{times}", http_method="POST", name="entries.repeat")
    def entries_repeat(self, request):
        return Entry(text=request.text * request.times)

    @endpoints.method(
        message_types.VoidMessage, EntryCollection, path="entries", http_method="GET", name="entries.listEntries"
    )
    def entries_list(self, unused_request):
        return ENTRIES

    ID_RESOURCE = endpoints.ResourceContainer(
        message_types.VoidMessage, id=messages.IntegerField(1, variant=messages.Variant.INT32)
    )

    @endpoints.method(ID_RESOURCE, Entry, path="entries/{id}", http_method="GET", name="entries.getEntry")
    def entry_get(self, request):
        try:
            return ENTRIES.items[request.id]
        except (IndexError, TypeError):
            raise endpoints.NotFoundException("There is no entry %s." % (request.id,))

    @endpoints.method(message_types.VoidMessage, Entry, path="entries/mine", http_method="POST", name="entries.mine")
    def entry_mine(self, request):
        current_user = endpoints.get_current_user()
        email = current_user.email() if current_user is not None else "a stranger"
        return Entry(text="from %s" % (email,))


@endpoints.api(
    name="members",
    version="v1",
    allowed_client_ids=[WEB_CLIENT_ID, ANDROID_CLIENT_ID, endpoints.API_EXPLORER_CLIENT_ID],
    audiences=[ANDROID_AUDIENCE],
    scopes=[endpoints.EMAIL_SCOPE],
)
class MembersApi(remote.Service):
    @endpoints.method(message_types.VoidMessage, Entry, path="welcome", http_method="POST", name="welcome")
    def welcome(self, request):
        user = endpoints.get_current_user()
        return Entry(text="Welcome, {}".format(user.email() if user else "stranger"))


APPLICATION = endpoints.api_server([GuestbookApi, MembersApi], restricted=False)

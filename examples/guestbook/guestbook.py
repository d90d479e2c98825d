"""The guestbook API: greetings that are kept, and the multiply method as the documentation prints it."""

import os
from pathlib import Path

import endpoints
from protorpc import message_types
from protorpc import messages
from protorpc import remote

from store import Book

BOOK = Book(Path(os.environ.get('GUESTBOOK_DB') or Path(__file__).with_name('guestbook.db')))
LONGEST = 100000
MOST_ON_A_PAGE = 100


class Greeting(messages.Message):
    """Greeting that stores a message."""
    message = messages.StringField(1)


class StoredGreeting(messages.Message):
    """A greeting in the book."""
    id = messages.IntegerField(1)
    message = messages.StringField(2)


class GreetingsPage(messages.Message):
    """Some greetings; with nextPageToken there are more."""
    items = messages.MessageField(StoredGreeting, 1, repeated=True)
    nextPageToken = messages.StringField(2)


PAGE_RESOURCE = endpoints.ResourceContainer(
    message_types.VoidMessage,
    limit=messages.IntegerField(1, variant=messages.Variant.INT32,
                                default=10),
    pageToken=messages.StringField(2))

ID_RESOURCE = endpoints.ResourceContainer(
    message_types.VoidMessage,
    id=messages.IntegerField(1, required=True))

# This ResourceContainer is similar to the one used for get_greeting, but
# this one also contains a request body in the form of a Greeting message.
MULTIPLY_RESOURCE = endpoints.ResourceContainer(
    Greeting,
    times=messages.IntegerField(2, variant=messages.Variant.INT32,
                                required=True))


@endpoints.api(name='guestbook', version='v0.2', description='Greetings, for everyone to read and write')
class GuestbookApi(remote.Service):

    @endpoints.method(
        PAGE_RESOURCE,
        GreetingsPage,
        path='greetings',
        http_method='GET',
        name='greetings.list')
    def list_greetings(self, request):
        """Greetings in the order of their ids, a page at a time."""
        if not 1 <= request.limit <= MOST_ON_A_PAGE:
            raise endpoints.BadRequestException(f'limit must be between 1 and {MOST_ON_A_PAGE}, found {request.limit}')
        token = request.pageToken or '0'
        if not (token.isascii() and token.isdecimal() and len(token) < 19):
            raise endpoints.BadRequestException(f'{token!r} is no pageToken')
        # One more than is asked for shows whether there is a next page.
        found = BOOK.after(int(token), request.limit + 1)
        page = found[:request.limit]
        return GreetingsPage(
            items=[StoredGreeting(id=each.id, message=each.message) for each in page],
            nextPageToken=str(page[-1].id) if len(found) > len(page) else None)

    @endpoints.method(
        ID_RESOURCE,
        StoredGreeting,
        path='greetings/{id}',
        http_method='GET',
        name='greetings.get')
    def get_greeting(self, request):
        """The greeting with this id."""
        found = BOOK.get(request.id)
        if found is None:
            raise endpoints.NotFoundException(f'There is no greeting {request.id}')
        return StoredGreeting(id=found.id, message=found.message)

    @endpoints.method(
        Greeting,
        StoredGreeting,
        path='greetings',
        http_method='POST',
        name='greetings.insert')
    def insert_greeting(self, request):
        """Write a greeting into the book."""
        if not request.message:
            raise endpoints.BadRequestException('message is missing')
        return StoredGreeting(id=BOOK.add(request.message), message=request.message)

    @endpoints.method(
        # This method accepts a request body containing a Greeting message
        # and a URL parameter specifying how many times to multiply the
        # message.
        MULTIPLY_RESOURCE,
        # This method returns a Greeting message.
        Greeting,
        path='greetings/multiply/{times}',
        http_method='POST',
        name='greetings.multiply')
    def multiply_greeting(self, request):
        if not request.message or len(request.message) * request.times > LONGEST:
            raise endpoints.BadRequestException(f'Between 1 and {LONGEST} characters can be answered')
        return Greeting(message=request.message * request.times)

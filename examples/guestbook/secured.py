"""The guestbook that asks who is calling: greetings are signed, and only their author may delete them.

`endpoints serve secured:app`, beside the OpenID provider in the folder `provider`.
"""

import os
from pathlib import Path

import endpoints
from protorpc import message_types
from protorpc import messages
from protorpc import remote
from sqlalchemy import Column, Integer, MetaData, Table, Text

from store import Book

SIGNED = Table(
    'signed_greetings',
    MetaData(),
    Column('id', Integer, primary_key=True),
    Column('message', Text, nullable=False),
    Column('author', Text, nullable=False),
    Column('owner', Text, nullable=False),
    sqlite_autoincrement=True)
FIRST = {'id': 9001, 'message': 'Hello, world!', 'author': 'the guestbook', 'owner': ''}
BOOK = Book(Path(os.environ.get('GUESTBOOK_DB') or Path(__file__).with_name('secured.db')), SIGNED, FIRST)
ISSUER = os.environ.get('GUESTBOOK_ISSUER') or 'http://localhost:9400'
MOST_ON_A_PAGE = 100


class Greeting(messages.Message):
    """Greeting that stores a message."""
    message = messages.StringField(1)


class SignedGreeting(messages.Message):
    """A greeting in the book, and who wrote it."""
    id = messages.IntegerField(1)
    message = messages.StringField(2)
    author = messages.StringField(3)


class SignedGreetings(messages.Message):
    """Some greetings."""
    items = messages.MessageField(SignedGreeting, 1, repeated=True)


AFTER_RESOURCE = endpoints.ResourceContainer(
    message_types.VoidMessage,
    after=messages.IntegerField(1, default=0))

ID_RESOURCE = endpoints.ResourceContainer(
    message_types.VoidMessage,
    id=messages.IntegerField(1, required=True))


def stored(greeting_id):
    found = BOOK.get(greeting_id)
    if found is None:
        raise endpoints.NotFoundException(f'There is no greeting {greeting_id}')
    return found


def signed(found):
    return SignedGreeting(id=found.id, message=found.message, author=found.author)


def caller():
    """The name to sign with, and what tells a person from all others: not every issuer says an e-mail address."""
    user = endpoints.get_current_user()
    if user is None:
        raise endpoints.UnauthorizedException('Sign in first')
    return user.nickname(), f'{user.issuer} {user.user_id()}'


@endpoints.api(
    name='guestbook',
    version='v0.2',
    description='Greetings, signed by those who wrote them',
    # Access tokens are for the guestbook, ID tokens for the client that they were issued to.
    audiences={'provider': ['guestbook', 'guestbook-reader', 'guestbook-writer', 'guestbook-web']},
    # Where the keys are is asked of the issuer itself.
    issuers={'provider': endpoints.Issuer(ISSUER, None)},
    auth_level=endpoints.AUTH_LEVEL.REQUIRED)
class SecuredGuestbookApi(remote.Service):

    @endpoints.method(
        AFTER_RESOURCE,
        SignedGreetings,
        path='greetings',
        http_method='GET',
        name='greetings.list')
    def list_greetings(self, request):
        """The first greetings with larger ids than the one given."""
        return SignedGreetings(items=[signed(found) for found in BOOK.after(request.after, MOST_ON_A_PAGE)])

    @endpoints.method(
        ID_RESOURCE,
        SignedGreeting,
        path='greetings/{id}',
        http_method='GET',
        name='greetings.get')
    def get_greeting(self, request):
        """The greeting with this id."""
        return signed(stored(request.id))

    @endpoints.method(
        Greeting,
        SignedGreeting,
        path='greetings',
        http_method='POST',
        name='greetings.insert')
    def insert_greeting(self, request):
        """Write a greeting into the book, signed by the caller."""
        if not request.message:
            raise endpoints.BadRequestException('message is missing')
        author, owner = caller()
        new_id = BOOK.add(request.message, author=author, owner=owner)
        return SignedGreeting(id=new_id, message=request.message, author=author)

    @endpoints.method(
        ID_RESOURCE,
        message_types.VoidMessage,
        path='greetings/{id}',
        http_method='DELETE',
        name='greetings.delete')
    def delete_greeting(self, request):
        """Delete a greeting that the caller has written."""
        found = stored(request.id)
        if found.owner != caller()[1]:
            raise endpoints.ForbiddenException(f'Greeting {request.id} was written by somebody else')
        BOOK.remove(request.id)
        return message_types.VoidMessage()


app = endpoints.api_server([SecuredGuestbookApi], explorer=endpoints.Explorer(clients={'provider': 'guestbook-web'}))

"""Greetings, in the style of the documentation: parameters are tuples of a type and a default."""

import ferris3
from protorpc import messages


class HelloMessage(messages.Message):
    """A greeting."""

    greeting = messages.StringField(1)


class PeopleMessage(messages.Message):
    """Whom to greet."""

    people = messages.StringField(1, repeated=True)


@ferris3.auto_service
class HelloService(ferris3.Service):
    @ferris3.auto_method(returns=HelloMessage)
    def hello(self, request, name=(str, "Unknown")):
        """Greet one."""
        return HelloMessage(greeting=f"Hello, {name}!")

    @ferris3.auto_method(returns=HelloMessage)
    def hello_all(self, request=(PeopleMessage,), greeting=(str, "Hello")):
        """Greet several."""
        return HelloMessage(greeting=f"{greeting} {', '.join(request.people)}!")

    @ferris3.auto_method(returns=HelloMessage)
    def hello_me(self, request):
        """Greet the caller: the token has told who that is."""
        user = ferris3.get_current_user()
        return HelloMessage(greeting=f"Hello, {user.nickname() if user else 'stranger'}!")

"""What is served: `endpoints serve main:app`, or any WSGI server with main:app, or ASGI server with main:app.asgi."""

import endpoints

from echo import EchoApi
from guestbook import GuestbookApi

app = endpoints.api_server([EchoApi, GuestbookApi])

"""What is served: `endpoints serve`, or any WSGI server with main:app, or ASGI server with main:app.asgi."""

import ferris3

app = ferris3.application()

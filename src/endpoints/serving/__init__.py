"""One request lives here.

In reading order: `wsgi` and `asgi` receive it as an `http` request, `router` finds its operation, the operation's
`call` answers it with what `decoding` reads, `failures` words what goes wrong, and `cors` says who may read the
answer. What is the same for every request is wired in `pipeline`.
"""

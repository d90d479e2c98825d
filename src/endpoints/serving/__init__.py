"""One request lives here. In reading order: `wsgi` and `asgi` receive it as an `http` request, `router` finds its
operation, `pipeline` answers it with the operation's `call`, which `decoding` feeds; `failures` words what goes wrong, and
`cors` says who may read the answer."""

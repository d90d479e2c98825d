"""What the APIs look like to their callers: pure functions from operations to documents.

In reading order: `schema` (message classes as JSON schema) and `parameters` (what goes into the path and the query)
know no format; `discovery` and `directory` write them down as Google's clients read them, `openapi2` and `openapi3` as
everyone else's (`openapi` holds what these two have in common, `openapi_security` who may call); `origin` says at which
address; `generators` keeps the classes of the old module paths.
"""

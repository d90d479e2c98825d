"""The endpoints; imported before the services, which need theirs at once."""

from ferris3 import endpoints

endpoints.add("app/default-endpoint.yaml", default=True)
endpoints.add("app/library-endpoint.yaml")

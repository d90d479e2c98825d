"""An API that needs a key, and may be called sixty times a minute with it."""

from __future__ import annotations

import endpoints
from protorpc import message_types, messages, remote


class Consumer(messages.Message):
    """Whose key it is."""

    name = messages.StringField(1)


@endpoints.api(
    name="whoami",
    version="v1",
    api_key_required=True,
    limit_definitions=[endpoints.LimitDefinition("questions", "Questions", 60)],
)
class WhoAmIApi(remote.Service):
    """Tells consumers who they are."""

    @endpoints.method(path="me", http_method="GET", metric_costs={"questions": 1})
    def me(self, request: message_types.VoidMessage) -> Consumer:
        """Tell who calls."""
        return Consumer(name=endpoints.get_current_consumer())

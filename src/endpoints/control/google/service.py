"""What a service and its methods are called at Google."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from endpoints._version import __version__
from endpoints.control.contract import Consumer, Method
from endpoints.exceptions import ApiConfigurationError

SERVICE_VERSION: Final = "ENDPOINTS_SERVICE_VERSION"
"""Environment variable with the id of the service's configuration; the newest, if it is not set."""

AGENT: Final = {
    "servicecontrol.googleapis.com/service_agent": f"endpoints-frameworks/{__version__}",
    "servicecontrol.googleapis.com/user_agent": "endpoints-frameworks",
}
"""Labels that say who asks."""

_HOST: Final = re.compile(r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_NUMBER: Final = re.compile(r"[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Service:
    """A service that was deployed with `gcloud endpoints services deploy openapi.json`.

    Args:
        name: as deployed, that is, the `host` of the OpenAPI document: `bookstore.endpoints.my-project.cloud.goog`.
        config_id: of the configuration that requests are judged by; None for the newest.

    Raises:
        ApiConfigurationError: it is no such name.
    """

    name: str
    config_id: str | None = None

    def __post_init__(self) -> None:
        if not _HOST.fullmatch(self.name):
            raise ApiConfigurationError(
                f"{self.name!r} is no name of a service; expected the host of the OpenAPI document that was deployed, "
                "such as bookstore.endpoints.my-project.cloud.goog"
            )

    def selector(self, method: Method) -> str:
        """The name that Google has made for a method: `1.bookstore_endpoints_my_project_cloud_goog.BookstoreApi_list`.

        It consists of the name of the service and the `operationId` in the OpenAPI 2.0 document.
        """
        service, function = method.name.rsplit(".", 1)
        first, *others = function.split("_")
        operation_id = f"{service}_{first}{''.join(map(str.capitalize, others))}"
        return f"1.{re.sub('[.-]', '_', self.name)}.{operation_id[:1].upper()}{operation_id[1:]}"


def consumer_id(consumer: Consumer) -> str | None:
    """Who is charged for a call, as Google knows them; None for somebody whom Google does not know."""
    if consumer.name is None or consumer.api_key is None:
        return None
    return f"project_number:{consumer.name}" if _NUMBER.fullmatch(consumer.name) else f"api_key:{consumer.api_key}"

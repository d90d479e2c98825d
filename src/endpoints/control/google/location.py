"""Service Control, chosen by a location: `google`, or `google:SERVICE_NAME`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from endpoints.control import SERVICE_NAME
from endpoints.control.google.service import SERVICE_VERSION
from endpoints.control.google.service_control import ServiceControl
from endpoints.exceptions import ApiConfigurationError


def opened(location: str, said_by: str, environ: Mapping[str, str] = os.environ) -> ServiceControl:
    """The control at a location; nothing is connected before it is needed.

    Args:
        location: `google` or `google:SERVICE_NAME`, with `?fail_closed=true` or without.
        said_by: where the location comes from; begins the messages of errors.
        environ: environment variables.

    Raises:
        ApiConfigurationError: no service is named, or not one.
    """
    parts = urlsplit(location)
    name = (parts.path if parts.scheme else "") or environ.get(SERVICE_NAME, "")
    if not name:
        raise ApiConfigurationError(f"{said_by}: google needs the name of the service, in {SERVICE_NAME}")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    fail_closed = options.pop("fail_closed", "false")
    if options or fail_closed not in ("true", "false"):
        raise ApiConfigurationError(f"{said_by}: {parts.query!r}: the only option is fail_closed, true or false")
    return ServiceControl(name, config_id=environ.get(SERVICE_VERSION) or None, fail_closed=fail_closed == "true")

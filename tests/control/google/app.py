"""An application with Service Control, for servers in processes of their own."""

from __future__ import annotations

import os

import endpoints
from endpoints.control.google.service_control import ServiceControl
from tests.control.google.server import GoogleServer
from tests.control.shop import Shop

_google = GoogleServer(port=int(os.environ["GOOGLE_PORT"]))
app = endpoints.api_server(
    [Shop], control=ServiceControl("shop.endpoints.my-project.cloud.goog", connect=_google.connect)
)

"""Google's Service Control as a control (D10). Imported where it is chosen only: that takes a second.

    location.py          which service, by the environment
    service_control.py   the `Control`
    checks.py            keys: asked once a minute each
    allocations.py       quotas: asked once a second each
    reports.py           what was called, told every few seconds
    connection.py        the calls to Google
    service.py           what methods are called there
    background.py        the threads for what no request waits for

Facts: the reference of Service Control (cloud.google.com/service-infrastructure/docs/service-control/reference/rpc) and
the comments in google-cloud-service-control; where these leave it open, as Google's gateway ESPv2 does it.
"""

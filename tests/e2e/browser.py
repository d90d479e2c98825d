"""A browser without a screen: opens a page of the provider, signed in as SIGNED_IN_AS, and follows where it leads."""

from __future__ import annotations

import os
import sys
import urllib.request

if __name__ == "__main__":
    address = f"{sys.argv[1]}&login_hint=persona-auto-login:{os.environ['SIGNED_IN_AS']}"
    urllib.request.urlopen(address, timeout=30).close()  # noqa: S310 - http

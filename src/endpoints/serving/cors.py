"""Who may read answers from a page of another origin (https://fetch.spec.whatwg.org/#http-cors-protocol).

By default any origin may call, without credentials: callers carry a token, not a cookie, so that a stranger's page can
do nothing that its author could not do from his own server (V5 of the deviations from the original, which let every
origin act with the visitor's cookies).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

_ORIGIN: Final = re.compile(r"https?://[^/\s,*?#@]+")
_METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")
_EXPOSED: Final = "Content-Encoding,Content-Length,Date,ETag,Server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cors:
    """The origin policy of a server.

    Args:
      origins: exact origins that may call, such as `https://app.example`; None for any.
      credentials: whether browsers may send cookies and client certificates; only together with `origins`.
      max_age: seconds for which a browser may keep the answer to a preflight; None leaves it to the browser.

    Raises:
      ValueError: credentials for any origin, something that is no origin, or a negative age.
      TypeError: a single string for `origins`.
    """

    origins: Collection[str] | None = None
    credentials: bool = False
    max_age: int | None = None

    def __post_init__(self) -> None:
        if self.credentials and self.origins is None:
            raise ValueError("Cors: credentials=True needs a list of exact origins")
        if isinstance(self.origins, str):
            raise TypeError(f"Cors: origins must be a list of origins, found {self.origins!r}")
        for origin in self.origins or ():
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"Cors: {origin!r} is no origin; expected one like https://app.example")
        if self.max_age is not None and self.max_age < 0:
            raise ValueError(f"Cors: max_age must not be negative, found {self.max_age}")

    def allows(self, origin: str) -> bool:
        """Whether pages of that origin may call."""
        if self.origins is None:
            return _ORIGIN.fullmatch(origin) is not None
        return origin in self.origins

    def headers(self, origin: str, method: str | None, asked: str | None) -> list[tuple[str, str]]:
        """What to say to a page of that origin, on answers, errors and preflights alike; nothing to one that may not.

        Args:
          origin: the Origin header.
          method: the Access-Control-Request-Method header, if there is one.
          asked: the Access-Control-Request-Headers header, if there is one.
        """
        if not self.allows(origin) or (method is not None and method.upper() not in _METHODS):
            return []
        said = [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Methods", ",".join(_METHODS)),
            ("Access-Control-Expose-Headers", _EXPOSED),
        ]
        if self.credentials:
            said.append(("Access-Control-Allow-Credentials", "true"))
        if asked is not None and "\r" not in asked and "\n" not in asked:
            said.append(("Access-Control-Allow-Headers", asked))
        if method is not None and self.max_age is not None:
            said.append(("Access-Control-Max-Age", str(self.max_age)))
        return said

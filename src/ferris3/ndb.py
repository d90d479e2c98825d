"""Google Cloud NDB, with what ferris3 adds to it; needs the extra `ndb`.

Every name of `google.cloud.ndb` that is not defined here is that one: `ndb.StringProperty`, `ndb.Key`.
"""

from __future__ import annotations

from typing import Any

try:
    import google.cloud.ndb as _ndb
except ImportError as error:
    raise ImportError(f"ferris3.ndb needs Google Cloud NDB, pip install endpoints-frameworks[ndb]: {error}") from error

from ferris3.behaviors import Behavior, Model
from ferris3.datastore import KeyMismatchError, check_kind, context, delete, get, key, middleware, paginate, put, use
from ferris3.paging import PaginationResults


def __getattr__(name: str) -> Any:
    return getattr(_ndb, name)


__all__ = [
    "Behavior",
    "KeyMismatchError",
    "Model",
    "PaginationResults",
    "check_kind",
    "context",
    "delete",
    "get",
    "key",
    "middleware",
    "paginate",
    "put",
    "use",
]

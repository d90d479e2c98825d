"""Which kind of model a class is, found out without importing what it is not."""

from __future__ import annotations

import dataclasses
import importlib
from typing import Any, cast

from ferris3.models.properties import Kind


def kind_name(model: Any) -> str:
    """Return `sqlalchemy`, `ndb` or `dataclasses`.

    Raises:
        TypeError: the class is no model.
    """
    if isinstance(model, type):
        if hasattr(model, "__mapper__"):
            return "sqlalchemy"
        if any(base.__module__ == "google.cloud.ndb.model" and base.__name__ == "Model" for base in model.__mro__):
            return "ndb"
        if dataclasses.is_dataclass(model):
            return "dataclasses"
    raise TypeError(f"{model!r} is no model: take a SQLAlchemy model, a dataclass, or a model of google-cloud-ndb")


def kind_of(model: Any) -> Kind:
    """Return what reads and makes instances of a model.

    Raises:
        TypeError: the class is no model.
    """
    return cast(Kind, importlib.import_module(f"ferris3.models.{kind_name(model)}").KIND)

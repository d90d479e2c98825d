"""Which store a model has."""

from __future__ import annotations

from typing import Any

from ferris3.models.selection import kind_name
from ferris3.stores.contract import Store


def store_of(where: str, model: Any, session: Any) -> Store:
    """Return where the entities of a model are.

    Args:
        where: names the method in messages.
        model: the class.
        session: makes sessions, for SQLAlchemy; None for those of the application.

    Raises:
        TypeError: the class is no model, there are no sessions, or entities of its kind are not kept anywhere.
    """
    name = kind_name(model)
    if name == "sqlalchemy":
        from ferris3.stores.sqlalchemy import SQLAlchemyStore

        return SQLAlchemyStore(where, model, session)
    if session is not None:
        raise TypeError(f"{where}: session= is for SQLAlchemy models")
    if name == "ndb":
        from ferris3.stores.ndb import NdbStore

        return NdbStore(where, model)
    raise TypeError(f"{where}: {model.__name__} is a dataclass, which no database keeps")

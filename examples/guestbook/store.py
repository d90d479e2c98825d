"""The greetings, in a SQLite file that any number of threads and processes may share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Row, Table, Text, create_engine, delete, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

Stored = Row[Any]

_GREETINGS = Table(
    "greetings",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("message", Text, nullable=False),
    sqlite_autoincrement=True,  # an id is never given twice
)
_FIRST = {"id": 9001, "message": "Hello, world!"}  # what the documentation's client asks for
_PATIENCE = 30  # seconds to wait for the writer of another process


class Book:
    """All greetings, by id.

    Args:
        path: the database file; made, with one greeting, when there is none.
        table: where the greetings are.
        first: the one that a new book begins with.
    """

    def __init__(self, path: Path, table: Table = _GREETINGS, first: Mapping[str, object] = _FIRST) -> None:
        self._table = table
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": _PATIENCE})
        with self._engine.begin() as connection:
            # Several processes may do this at the same time.
            connection.execute(CreateTable(table, if_not_exists=True))
            connection.execute(sqlite.insert(table).values(first).on_conflict_do_nothing())
        self._engine.dispose()  # a server may fork now: no connection is to be shared

    def after(self, greeting_id: int, count: int) -> list[Stored]:
        """The first greetings with larger ids, at most `count`."""
        query = select(self._table).where(self._table.c.id > greeting_id).order_by(self._table.c.id).limit(count)
        with self._engine.connect() as connection:
            return list(connection.execute(query))

    def get(self, greeting_id: int) -> Stored | None:
        """One greeting; None when there is none."""
        with self._engine.connect() as connection:
            return connection.execute(select(self._table).where(self._table.c.id == greeting_id)).one_or_none()

    def add(self, message: str, **columns: str) -> int:
        """Keep a greeting, with what the table's other columns hold; returns its id."""
        statement = insert(self._table).values(message=message, **columns).returning(self._table.c.id)
        with self._engine.begin() as connection:
            new_id: int = connection.execute(statement).scalar_one()
            return new_id

    def remove(self, greeting_id: int) -> None:
        """Forget a greeting, if there is one."""
        with self._engine.begin() as connection:
            connection.execute(delete(self._table).where(self._table.c.id == greeting_id))

"""The SQLite file that the application keeps its data in."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, sessionmaker
from sqlalchemy.schema import CreateIndex, CreateTable

from ferris3 import hvild

FILE = Path(os.environ.get("FERRIS_APP_DB") or Path(__file__).parent.with_name("ferris_app.db"))
PATIENCE = 30  # seconds to wait for the writer of another process

engine = create_engine(f"sqlite:///{FILE}", connect_args={"timeout": PATIENCE})
hvild.use(sessionmaker(engine))


class Base(DeclarativeBase):
    """What all models have in common."""


def create_tables() -> None:
    """Make the tables of all models that are imported by now, where there are none."""
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:  # several processes may do this at the same time
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
    engine.dispose()  # a server may fork now: no connection is to be shared

"""What is kept of books."""

from __future__ import annotations

import datetime
import enum

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, create_tables


class Shelf(enum.Enum):
    """Where a book stands."""

    FICTION = 1
    SCIENCE = 2


class Book(Base):
    """A book."""

    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author: Mapped[str] = mapped_column(index=True)
    shelf: Mapped[Shelf] = mapped_column(default=Shelf.FICTION)
    published: Mapped[datetime.date]


create_tables()

"""Sessions of SQLAlchemy: where they come from, and how they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import exc
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.orm.exc import StaleDataError

from endpoints import BadRequestException, ConflictException

SessionFactory = Callable[[], Session]
"""A `sessionmaker`, a `scoped_session`, or any function that returns a session."""

_default: list[SessionFactory] = []


def use(session: SessionFactory) -> None:
    """Say where sessions come from, for all methods that are not given a `session` of their own.

    Args:
        session: a `sessionmaker`, a `scoped_session`, or any function that returns a session. It is called for each
            request, and a later call of `use` counts for methods that are already there.

    Raises:
        TypeError: it cannot be called, or makes sessions for asyncio.
    """
    _check_factory("ferris3.hvild.use", session)
    _default[:] = [session]


def check(where: str, session: Any) -> None:
    """Find out whether sessions can come from a value; None stands for what `use` was told.

    Raises:
        TypeError: they cannot, or None was given and `use` was told nothing.
    """
    if session is not None:
        _check_factory(where, session)
    elif not _default:
        raise TypeError(f"{where}: no session; give session=, or call ferris3.hvild.use(sessionmaker) before")


def _check_factory(where: str, session: Any) -> None:
    if type(session).__module__.startswith("sqlalchemy.ext.asyncio"):
        raise TypeError(f"{where}: sessions for asyncio do not work here; take a sessionmaker of an engine without it")
    if isinstance(session, Session) or not callable(session):
        raise TypeError(f"{where}: the session must be a sessionmaker or a function that makes one, not {session!r}")


@contextmanager
def session(factory: SessionFactory | None = None) -> Iterator[Session]:
    """Work with a session that is committed at the end of the block, rolled back if the block raises, and closed.

    Args:
        factory: makes the session; by default what `use` was told.

    Raises:
        endpoints.ConflictException: a constraint of the database is broken, or a row has changed meanwhile.
        endpoints.BadRequestException: a value does not fit its column.
    """
    check("ferris3.hvild.session", factory)
    make = _default[0] if factory is None else factory
    opened = make()
    try:
        with _worded():
            yield opened
            opened.commit()
    except BaseException:
        opened.rollback()
        raise
    finally:
        opened.close()
        if isinstance(make, scoped_session):
            make.remove()


@contextmanager
def _worded() -> Iterator[None]:
    """Turn what a database says of the caller's values into answers that hold no SQL."""
    try:
        yield
    except exc.IntegrityError as error:
        raise ConflictException("This conflicts with what is stored, or breaks a rule of the database") from error
    except StaleDataError as error:
        raise ConflictException("This was changed or deleted by somebody else meanwhile") from error
    except exc.DataError as error:
        raise BadRequestException("A value does not fit its column in the database") from error
    except exc.DBAPIError:  # the database is out of order, or the query is
        raise
    except exc.StatementError as error:
        raise BadRequestException("A value does not fit its column in the database") from error

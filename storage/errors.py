"""What can go wrong with the memory, each with a sentence that says the next step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree


class StorageError(Exception):
    """Something about the stored state; ``str()`` is fit for an operator and says what to do next."""


class Unavailable(StorageError):
    """The database does not answer, is locked or refuses to write. The same thing may work in a moment."""


class Full(Unavailable):
    """There is no room left to write. Nothing was stored; what was stored before is intact."""


class StaleState(StorageError):
    """Somebody else changed it since it was read. Read it again and decide anew."""


class AlreadyRunning(StorageError):
    """Another process serves from the same folder."""


class UnknownSchema(StorageError):
    """The database was written by a version of Preflight that this one does not know."""


class WrongAddress(StorageError):
    """``DATABASE_URL`` cannot be understood."""


_FULL = ("disk is full", "no space left", "disk full")
_DAMAGED = ("malformed", "not a database")
_TRY_AGAIN = {"40001", "40P01"}  # serialisation failure, deadlock
_DISK_FULL = {"53100"}


def explained(error: SQLAlchemyError) -> StorageError:
    """The same failure in our terms."""
    if isinstance(error, NoConnectionFree):
        return Unavailable(
            "All database connections are in use. Try again in a moment; if it stays so, add a replica."
        )
    if not isinstance(error, DBAPIError):
        return StorageError(f"The database was used wrongly ({type(error).__name__}). Please report this.")
    said = str(error.orig).strip()
    low = said.lower()
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in _TRY_AGAIN:
        return StaleState("Two changes met each other. Read again and decide anew.")
    if state in _DISK_FULL or any(words in low for words in _FULL):
        return Full(
            "There is no room left on the database's disk. Make room; nothing that was stored is lost."
        )
    if any(words in low for words in _DAMAGED):
        return StorageError(
            f"The database file is damaged ({said}). Stop Preflight and restore the last backup of it."
        )
    if "unique" in low or state == "23505":
        return StaleState("Somebody else stored the same thing first. Read again and decide anew.")
    if "append-only" in low or "only moves forward" in low:
        return StorageError("The audit log is append-only: the database refused to change it.")
    if "readonly" in low or "read-only" in low:
        return Unavailable("The database cannot be written to. Check the permissions of its file and folder.")
    if "locked" in low or "busy" in low or state == "55P03":
        return Unavailable("The database is busy with another writer. Try again in a moment.")
    if "unable to open" in low:
        return Unavailable(
            "The database file cannot be opened. Check PREFLIGHT_DATA_DIR and its permissions."
        )
    first = said.splitlines()[0] if said else type(error.orig).__name__
    return Unavailable(
        f"The database does not answer ({first}). Check that it runs and that DATABASE_URL is right."
    )


@contextmanager
def in_our_terms() -> Iterator[None]:
    """Raise whatever the database raises inside as one of the errors above."""
    try:
        yield
    except SQLAlchemyError as error:
        raise explained(error) from error

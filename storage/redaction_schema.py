"""The tables of what was taken out of the audit log, and of who was erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Key, Table


class Redactions(Table):
    """One row of the audit log whose words were taken out, by which entry of the log. Only ever added to."""

    __tablename__ = "redactions"

    entry: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    """The number of the entry that tells of it."""
    seq: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    content_hash: Mapped[str]
    """The SHA-256 of what the row says since."""

    __table_args__ = (Index("redactions_seq", "seq", "entry"),)


class Erased(Table):
    """People who were erased, so that a sync with Slack does not bring them back.

    Not their id but a keyed digest of it: whoever has the id can tell, and nobody else.
    """

    __tablename__ = "erased"

    digest: Mapped[str] = mapped_column(Key(), primary_key=True)
    salt: Mapped[str]
    """The same for all."""
    pseudonym: Mapped[str]
    at: Mapped[datetime]

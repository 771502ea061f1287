"""What a governance record is made from, all of one moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from workflows.dossier import Dossier
from workflows.events import Event
from workflows.figures.check_in import CheckIn
from workflows.ids import Frozen, ProgramStamp, UseCaseId
from workflows.portfolio_review import PortfolioReview


class LogLine(Frozen):
    """One row of the audit log, without its place in the chain."""

    seq: int
    at: datetime
    actor: str
    door: str
    action: str
    subject: str
    refused: bool = False
    program: ProgramStamp
    detail: dict[str, Any] = Field(default_factory=dict)
    patch: dict[str, Any] | None = None


class Version(Frozen):
    """A program version under which something was done, as its texts are kept."""

    stamp: ProgramStamp
    kept_at: datetime | None = None
    """``None``: its texts are not kept here."""
    files: int = 0


class Chain(Frozen):
    """The end of the audit log at the moment of writing."""

    seq: int
    hash: str


class Filed(Frozen):
    """Everything about one use case."""

    dossier: Dossier
    reviews: tuple[PortfolioReview, ...] = ()
    """Those in which it was looked at."""
    check_ins: tuple[CheckIn, ...] = ()
    events: tuple[Event, ...] = ()
    log: tuple[LogLine, ...] = ()
    """Of the use case and of everything that belongs to it, in the order of the log."""
    versions: tuple[Version, ...] = ()
    chain: Chain
    titles: Mapping[UseCaseId, str] = Field(default_factory=dict)
    """Of other use cases that it names."""

"""How far one person is on their learning paths, and what the bot has told them of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.ids import Frozen, Subject, UserId
from workflows.matter import Matter


class ModuleDone(Frozen):
    """One module, finished."""

    path: str
    module: str
    at: datetime


class Learner(Matter):
    """One per person; its id is theirs."""

    id: UserId
    status: Literal["kept"] = "kept"
    welcomed_at: datetime | None = None
    """When the bot introduced itself to them."""
    paths: tuple[str, ...] = ()
    """Those they chose; the ones of their role count besides."""
    done: tuple[ModuleDone, ...] = ()
    nudges: int = 0
    """How often they were reminded since they last finished a module."""

    @property
    def subject(self) -> Subject:
        """``learner/U012AB3CD``."""
        return Subject(type="learner", id=self.id)

"""A walk: one person's way through one questionnaire, kept after every step."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from workflows.answers import Answer
from workflows.decision import Aggregate
from workflows.evidence import Claim
from workflows.ids import Frozen, Place, ProgramStamp, QuestionId, Subject, UseCaseId, UserId, WalkId
from workflows.result import Result


class Origin(Frozen):
    """How a walk began: by which entry, with which words, about which message."""

    entry: Literal["message", "mention", "command", "home", "shortcut", "message_shortcut", "form", "import"]
    words: str = ""
    quote: str = ""
    """The text of the message it was made from."""
    quoted_author: UserId | None = None
    link: str = ""


class Assignment(Frozen):
    """One question of a walk, handed to the person who knows; their answer is theirs in the record."""

    id: str
    question: QuestionId
    to: UserId
    by: UserId
    at: datetime
    note: str = ""
    due: datetime | None = None
    nudged_at: datetime | None = None
    done_at: datetime | None = None
    dropped_at: datetime | None = None
    """No longer wanted: answered by somebody else, handed on, declined or taken back."""
    ended: Literal["", "answered", "declined", "handed_on", "taken_back"] = ""
    """Why it was dropped; ``answered``: by somebody else."""
    ended_by: UserId | None = None
    reason: str = ""
    """Why it was declined."""
    claim: Claim | None = None
    """What they have said so far that is no answer yet."""
    nudges: int = 0
    via: UserId | None = None
    """Who was asked before, and handed it on."""

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.done_at is None and self.dropped_at is None


class Talk(Frozen):
    """Where one person is in a walk that they share: their own thread, and the question they look at."""

    user: UserId
    place: Place | None = None
    status: Literal["opening", "asking", "saved", "reviewing"] = "saved"
    skipped: tuple[QuestionId, ...] = ()
    asking: QuestionId | None = None
    ask: int = 0
    trail: tuple[QuestionId, ...] = ()
    returning: bool = False
    confirming: bool = False
    claim: Claim | None = None
    lost: QuestionId | None = None


class Walk(Aggregate):
    """The state of the conversation. ``asking`` is the question the person is looking at."""

    id: WalkId
    questionnaire: str
    about: UseCaseId
    """The use case; empty where it is about the company."""
    matter: Subject | None = None
    """What of the use case it is about, such as an incident; ``None``: the use case itself."""
    owner: UserId
    place: Place | None = None
    """Its thread; ``None`` until its first message is posted."""
    status: Literal["opening", "asking", "saved", "reviewing", "submitted", "cancelled", "expired"] = (
        "opening"
    )
    answers: dict[QuestionId, Answer] = Field(default_factory=dict)
    skipped: tuple[QuestionId, ...] = ()
    asking: QuestionId | None = None
    ask: int = 0
    """Serial number of the question message; a click on an older one is told that it is old."""
    trail: tuple[QuestionId, ...] = ()
    """Questions asked before this one, for ``back``."""
    challenged: tuple[QuestionId, ...] = ()
    returning: bool = False
    """A single answer is being changed from the review: afterwards go back to it."""
    origin: Origin
    program: ProgramStamp
    started_at: datetime
    touched_at: datetime
    nudged_at: datetime | None = None
    confirming: bool = False
    """Asked in words to cancel, and asked back whether that is meant."""
    helpers: tuple[UserId, ...] = ()
    """Others who were invited and may answer as the owner may."""
    assignments: tuple[Assignment, ...] = ()
    claim: Claim | None = None
    """What was said of the item on the table that is no answer yet."""
    lost: QuestionId | None = None
    """The question that was on the table when somebody else answered it."""
    talks: tuple[Talk, ...] = ()
    """The conversations of others about it; the owner's is the walk's own."""
    result: Result | None = None
    """What came of it once it was submitted, where its questionnaire has a result."""
    told: tuple[UserId, ...] = ()
    """Others who wrote in its thread and have been told whose draft it is."""

    def assignment(self, id: str) -> Assignment | None:
        """The assignment of that id, if there is one."""
        return next((a for a in self.assignments if a.id == id), None)

    @property
    def subject(self) -> Subject:
        """``walk/W-0042``."""
        return Subject(type="walk", id=self.id)

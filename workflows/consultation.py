"""A consultation: one question to the playbook, what was found, and what people made of it.

What was found (:class:`Told`) is kept beside the consultation and not in it: the audit log keeps the whole of
every aggregate, and a passage meant for a few must not be read there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.decision import Aggregate
from workflows.ids import ConsultationId, Frozen, Place, Subject, UserId

EVERYONE = "all"
"""The audience that everybody belongs to, as the corpus names it."""

QUESTION_AT_MOST = 3000
"""Characters of a question that are kept."""

Given = Literal["answer", "closest", "abstain"]
Part = Literal["playbook", "champion"]
"""What a rating is of: what the playbook said, or what a champion answered."""


class Quote(Frozen):
    """A verbatim stretch of a document, and where it stands: characters ``start`` to ``end`` of its text."""

    text: str
    document: str
    """The document's title."""
    section: str
    path: str
    source: str
    """The folder it came from, by its name."""
    passage: int
    start: int
    end: int
    score: float
    date: str
    """ISO date: the day it is to be reviewed by; where none is set, the day it was last read."""
    reviewed: bool
    """Whether ``date`` is a review date."""
    stale: bool
    link: str
    owner: str
    function: str
    audiences: tuple[str, ...]
    """Whom the document is for."""

    @property
    def narrow(self) -> bool:
        """Whether it is not for everybody."""
        return EVERYONE not in self.audiences

    def for_(self, audiences: frozenset[str]) -> bool:
        """Whether someone of these audiences may read it."""
        return not self.narrow or bool(audiences & set(self.audiences))


class Sentence(Frozen):
    """A sentence that a model wrote; ``cites`` are numbers, from 1, of the quotes that bear it out."""

    text: str
    cites: tuple[int, ...]


class Told(Frozen):
    """What was found for a question, best first; of a written answer the sentences, and what these cite."""

    quotes: tuple[Quote, ...] = ()
    sentences: tuple[Sentence, ...] = ()

    def for_(self, audiences: frozenset[str]) -> Told:
        """Only what someone of these audiences may read; nothing that was written from anything else."""
        left = tuple(q for q in self.quotes if q.for_(audiences))
        sentences = self.sentences if left == self.quotes else ()
        return self.model_copy(update={"quotes": left, "sentences": sentences})


class Rating(Frozen):
    """What one person says of an answer; the latest counts."""

    by: UserId
    of: Part
    helpful: bool
    at: datetime
    why: str = ""


class Referral(Frozen):
    """The question handed to a person. Of several the last is the one that counts."""

    id: str
    to: UserId
    function: str = ""
    """The function that they are champion for; empty for the program team."""
    asked_at: datetime
    by: UserId | None = None
    """Who passed it on to them; ``None`` where the asker's click did."""
    status: Literal["open", "answered", "passed", "unknown", "left", "expired", "settled"] = "open"
    """``left``: they can no longer be reached. ``settled``: somebody else answered meanwhile."""
    closed_at: datetime | None = None
    answer: str = ""


class Promotion(Frozen):
    """A champion's answer offered to the playbook, and what became of that."""

    referral: str
    people: tuple[UserId, ...]
    """Who may take it in."""
    status: Literal["offered", "added", "declined"] = "offered"
    offered_at: datetime
    by: UserId | None = None
    at: datetime | None = None
    path: str = ""
    """Where it stands in the corpus, once it does."""


class Consultation(Aggregate):
    """The question and its history. It belongs to ``asker`` and lives in the thread ``place``."""

    id: ConsultationId
    asker: UserId
    question: str
    place: Place
    private: bool
    """Nobody but the asker reads along there."""
    after: ConsultationId | None = None
    """The consultation it goes on from."""
    asked_at: datetime
    touched_at: datetime
    """When something last came of it."""
    state: Literal["pending", "answer", "closest", "abstain"] = "pending"
    how: Literal["", "quotes", "model", "nothing", "live"] = ""
    """By the playbook's own words, by a model from these, not at all: there is no playbook, or from the
    records of use cases."""
    probability: float = 0.0
    corpus_version: int = 0
    trace: str = ""
    """Names the record of how it was found."""
    functions: tuple[str, ...] = ()
    """Of the nearest documents, the nearest first."""
    narrow: bool = False
    """Something that was quoted is not for everybody."""
    stale: bool = False
    """Something that was quoted is past its review date."""
    answered_at: datetime | None = None
    ratings: tuple[Rating, ...] = ()
    referrals: tuple[Referral, ...] = ()
    promotion: Promotion | None = None

    @property
    def subject(self) -> Subject:
        """``consultation/Q-0042``."""
        return Subject(type="consultation", id=self.id)

    @property
    def referral(self) -> Referral | None:
        """The one that counts, if it was ever referred."""
        return self.referrals[-1] if self.referrals else None

    @property
    def put_to(self) -> UserId | None:
        """Who has it in hand."""
        last = self.referral
        return last.to if last and last.status == "open" else None

    @property
    def answered_by(self) -> Referral | None:
        """The referral that was answered."""
        return next((r for r in self.referrals if r.status == "answered"), None)

    def referred(self, id: str) -> Referral | None:
        """The referral of that id."""
        return next((r for r in self.referrals if r.id == id), None)

    def rating(self, by: UserId, of: Part) -> Rating | None:
        """What this person says of that part."""
        return next((r for r in self.ratings if r.by == by and r.of == of), None)

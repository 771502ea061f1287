"""A question to the playbook from asking to rating: what is kept, what is told, and who hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.champions import known_functions
from workflows.consultation import QUESTION_AT_MOST, Consultation, Given, Part, Quote, Rating, Referral, Told
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Post, Refresh, ToPerson, ToPlace, Whisper, Work
from workflows.gaps import plan_list
from workflows.ids import ConsultationId, Place, Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.working_time import by_the_clock

WHY_AT_MOST = 1000
NOWHERE = Place(channel="")
"""Of a question whose thread is not there yet."""
SHOWN_WHEN_UNSURE = 1
"""How many quotes are shown as the closest guidance; of an answer all are that are not far behind."""

FAR_BEHIND = 0.5
"""A quote of an answer whose score is less than this share of the best one's is not shown."""

OFF_TOPIC = 0.1
"""Below this probability what was found is nearest to nothing: it is neither shown nor followed."""


def ask(
    id: ConsultationId,
    question: str,
    asker: UserId,
    place: Place,
    private: bool,
    circ: Circumstances,
    after: ConsultationId | None = None,
) -> Decision:
    """Keep a question, and have it answered once the commit stands."""
    asked = begun(id, question, asker, place, private, circ, after)
    work = Work(name="answer_question", subject=asked.subject, key=f"answer/{id}")
    return Decision(changed=(asked,), entries=(_asked(asked),), effects=(work,))


def ask_in_private(id: ConsultationId, question: str, asker: UserId, circ: Circumstances) -> Decision:
    """Keep a question that was asked without a thread of its own: it is repeated in the direct message
    first, and answered below that."""
    asked = begun(id, question, asker, NOWHERE, True, circ)
    post = Post(
        to=ToPerson(user=asker), kind="asked", subject=asked.subject, anchor=True, key=f"asked/{asked.id}"
    )
    return Decision(changed=(asked,), entries=(_asked(asked),), effects=(post,))


def placed(asked: Consultation, place: Place) -> Decision:
    """The question stands in its thread now, so it can be answered there."""
    there = asked.model_copy(update={"place": place})
    work = Work(name="answer_question", subject=there.subject, key=f"answer/{asked.id}")
    entry = Entry(action="question.placed", subject=there.subject, detail={"channel": place.channel})
    return Decision(changed=(there,), entries=(entry,), effects=(work,))


def begun(
    id: ConsultationId,
    question: str,
    asker: UserId,
    place: Place,
    private: bool,
    circ: Circumstances,
    after: ConsultationId | None = None,
) -> Consultation:
    """The consultation of a question that is about to be answered; not stored yet."""
    return Consultation(
        id=id,
        asker=asker,
        question=question.strip()[:QUESTION_AT_MOST],
        place=place,
        private=private,
        after=after,
        asked_at=circ.now,
        touched_at=circ.now,
    )


@dataclass(frozen=True)
class Found:
    """What the search came to, beside what is told."""

    state: Given
    how: str
    probability: float
    corpus_version: int
    trace: str = ""


def answered(
    consultation: Consultation,
    found: Found,
    told: Told,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    card: dict[str, Any] | None = None,
    begun: bool = False,
) -> tuple[Decision, Told]:
    """Answer: the decision, and what is to be kept with it as told.

    Where others read along, what is not for everybody is left out, whatever was found. ``card`` is handed on
    to the message; ``begun`` says that some of it may be there already. A second answer to the same question
    changes nothing.
    """
    if consultation.state != "pending":
        return Decision(), told
    if not consultation.private:
        told = told.for_(frozenset())
    if found.state == "abstain" and found.probability < OFF_TOPIC:
        told = Told()
    quoted = shown(found.state, told)
    state: Given = found.state if quoted or found.how == "live" else "abstain"
    there = consultation.model_copy(
        update={
            "state": state,
            "how": found.how,
            "probability": round(found.probability, 4),
            "corpus_version": found.corpus_version,
            "trace": found.trace,
            "functions": known_functions((q.function for q in told.quotes), program),
            "narrow": any(q.narrow for q in quoted),
            "stale": any(q.stale for q in quoted),
            "answered_at": circ.now,
            "touched_at": circ.now,
        }
    )
    entries = (() if consultation.revision else (_asked(consultation),)) + (
        Entry(action="question.answered", subject=there.subject, detail={"state": state, "how": found.how}),
    )
    post = Post(
        to=ToPlace(place=there.place),
        kind="answer",
        subject=there.subject,
        card="answer",
        data=card or {},
        key=answer_key(there.id),
        begun=begun,
    )
    gap = plan_list(program, directory, circ.now) if state == "abstain" or there.stale else ()
    return Decision(changed=(there,), entries=entries, effects=(post, *gap)), told


def shown(state: str, told: Told) -> Sequence[Quote]:
    """The quotes that are shown: for an answer the good ones, the best as the closest guidance, else none."""
    if state == "closest":
        return told.quotes[:SHOWN_WHEN_UNSURE]
    if state == "abstain" or not told.quotes:
        return ()
    if told.sentences:
        return told.quotes
    return tuple(q for q in told.quotes if q.score >= FAR_BEHIND * told.quotes[0].score)


def answer_key(id: ConsultationId) -> str:
    """Names the message that answers a question, also while it is being written."""
    return f"answered/{id}"


def _asked(consultation: Consultation) -> Entry:
    return Entry(action="question.asked", subject=consultation.subject)


# --- what people make of it ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    """Somebody tries something with a consultation, from where."""

    consultation: Consultation
    directory: Directory
    circ: Circumstances
    at: Place | None = None
    referral: Referral | None = None

    @property
    def user(self) -> UserId:
        """Who tries."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The consultation."""
        return self.consultation.subject

    @property
    def detail(self) -> dict[str, str]:
        """The referral, for the audit log."""
        return {"referral": self.referral.id} if self.referral else {}

    def name(self, user: UserId) -> str:
        """Somebody's full name."""
        return self.directory.person(user).name

    def clock(self, moment: datetime | None) -> str:
        """A moment as the person who tries reads it."""
        zone = self.directory.person(self.user).tz
        return by_the_clock(moment or self.circ.now, zone, self.circ.now)


def is_active(attempt: Asking) -> Refusal | None:
    """Whoever left the company does nothing any more."""
    return None if attempt.directory.person(attempt.user).active else Refusal("not_your_question")


def may_read(attempt: Asking) -> Refusal | None:
    """An answer in somebody's direct message is theirs alone."""
    asked = attempt.consultation
    return None if not asked.private or asked.asker == attempt.user else Refusal("not_your_question")


def is_the_asker(attempt: Asking) -> Refusal | None:
    """Only whoever asked."""
    if attempt.consultation.asker == attempt.user:
        return None
    who = attempt.directory.person(attempt.consultation.asker).name
    return Refusal("only_the_asker", {"who": who})


RATE = Right[Asking]("rate_answer", (is_active, may_read))


def rate(
    consultation: Consultation,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    of: Part,
    helpful: bool,
    at: Place,
    why: str | None = None,
) -> Decision:
    """Say whether an answer helped; each person's last word counts. ``why`` says what was missing."""
    refused = RATE.refused(Asking(consultation, directory, circ, at))
    if refused:
        return refused
    user = circ.actor.user
    before = consultation.rating(user, of)
    said = why.strip()[:WHY_AT_MOST] if why is not None else before.why if before and not helpful else ""
    rating = Rating(by=user, of=of, helpful=helpful, at=circ.now, why=said)
    others = tuple(r for r in consultation.ratings if (r.by, r.of) != (user, of))
    there = consultation.model_copy(update={"ratings": (*others, rating), "touched_at": circ.now})
    data = {"helpful": helpful, "of": of, "explained": bool(why)}
    effects: list[Effect] = [
        Whisper(place=at, user=user, kind="rated", subject=there.subject, data=data),
        Refresh(subject=there.subject, card="answer"),
    ]
    if not helpful:
        effects += plan_list(program, directory, circ.now)
    entry = Entry(action="answer.rated", subject=there.subject, detail={"of": of, "helpful": helpful})
    return Decision(changed=(there,), entries=(entry,), effects=tuple(effects))

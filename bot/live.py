"""Questions about the state of this moment: recognised after the commit, and answered from the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.asking import LookedUp, look_up
from bot.registry import Job
from bot.views.live import mine
from storage import titles
from storage.reading import Reading
from workflows.consultation import Consultation, Told
from workflows.consulting import Found
from workflows.decision import Decision
from workflows.effects import Post, ToPerson
from workflows.ids import Subject, UseCaseId, UserId
from workflows.live import right_of
from workflows.live_questions import LiveQuestion, read_live, vocabulary
from workflows.program import Program
from workflows.seeing import UNFINISHED
from workflows.words.following import follows
from workflows.words.live import read_wording

OWN_AT_MOST = 3
"""To a question in general, so many of one's own use cases are answered for."""
_BACK = 3


@dataclass(frozen=True)
class Live:
    """A recognised question: what is quoted with it, the card that says what to draw, and what goes apart."""

    looked: LookedUp
    card: dict[str, Any]
    aside: Decision = field(default_factory=Decision)
    certain: bool = True
    """It is clear what is asked, and there is something to say to it where others read."""


def state_of(job: Job, asked: Consultation) -> Live | None:
    """The answer that the records give to a question, or ``None`` where it is one for the playbook.

    What is drawn is looked up again when the message is; kept is only what was asked.
    """
    with job.store.read() as reading:
        question = asked_of(reading, job.program, asked)
        if question is None:
            return None
        own = mine(reading, asked) if question.mine and question.kind != "desk" else []
    alone = question.mine and question.kind in ("desk", "where", "deciders", "decision", "tier", "owner")
    if alone and not asked.private:
        return _apart(asked, question)
    right = right_of(question.right, job.program) if question.kind == "right" else None
    if right and question.mine:
        general = look_up(job, asked, quotes_only=True)
        if not (asked.private and own and len(own) <= OWN_AT_MOST and general.found.state == "answer"):
            return None
        return Live(_found(general), {"live": question.model_dump(mode="json")})
    looked: LookedUp | None = None
    if right and right.rule:
        rule = asked.model_copy(update={"question": right.rule, "after": None})
        looked = look_up(job, rule, quotes_only=True)
    quoted = looked if looked and looked.found.state == "answer" else None
    return Live(_found(quoted), {"live": question.model_dump(mode="json")}, certain=question.settled)


def asked_of(reading: Reading, program: Program, asked: Consultation) -> LiveQuestion | None:
    """What a consultation asks about the state, if it does."""
    chain = [asked]
    while len(chain) <= _BACK and chain[-1].after:
        earlier = reading.consultation(chain[-1].after)
        if earlier is None:
            break
        chain.append(earlier)
    said = [one.question for one in reversed(chain)]
    user = asked.asker if asked.private else None
    return understood(reading, program, user, said, _thread_about(reading, asked))


def understood(
    reading: Reading,
    program: Program,
    user: UserId | None,
    said: Sequence[str],
    pointed: UseCaseId | None = None,
) -> LiveQuestion | None:
    """What the last of several questions asks about the state; those before it say what "it" is.

    ``user`` is the one person who reads the answer, ``None`` where anybody may.
    """
    words = vocabulary(program)
    if read_wording(said[-1], words) is None and not follows(said[-1]):
        return None  # without the names of all use cases it is plain already
    known = titles.known(reading.connection, user)
    before: LiveQuestion | None = None
    read: LiveQuestion | None = None
    for question in said:
        read = read_live(question, program, known, pointed, before)
        if read and read.use_case:
            pointed = read.use_case
        before = read or before
    return read


def _thread_about(reading: Reading, asked: Consultation) -> UseCaseId | None:
    """The use case that the thread is about, where whoever reads it may know of it."""
    place = asked.place
    walk = reading.walk_at(place.channel, place.thread)
    approval = None if walk else reading.approval_at(place.channel, place.thread)
    id = walk.about if walk else approval.use_case if approval else None
    use_case = reading.use_case(id) if id else None
    if use_case is None:
        return None
    own = asked.private and use_case.submitter == asked.asker
    return use_case.id if own or use_case.stage not in UNFINISHED else None


def _found(looked: LookedUp | None) -> LookedUp:
    """As answered from the records, with the rule beside it where there is one."""
    version = looked.found.corpus_version if looked else 0
    trace_name = looked.found.trace if looked else ""
    found = Found("answer", "live", looked.found.probability if looked else 1.0, version, trace_name)
    told = looked.told if looked else Told()
    if not told.sentences:
        told = told.model_copy(update={"quotes": told.quotes[:1]})
    return LookedUp(found, told, looked.trace if looked else None)


def _apart(asked: Consultation, question: LiveQuestion) -> Live:
    """What concerns one person alone is not said where others read: it goes to their direct message."""
    kind = "desk" if question.kind == "desk" else "where"
    post = Post(to=ToPerson(user=asked.asker), kind=kind, subject=_person(asked.asker))
    card = {"live": {**question.model_dump(mode="json"), "apart": True}}
    return Live(_found(None), card, Decision(effects=(post,)), certain=False)


def _person(user: UserId) -> Subject:
    return Subject(type="person", id=user)

"""One question of a walk handed to the person who knows: asked, answered, declined, handed on, reminded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from workflows import checking
from workflows.answers import Value
from workflows.asking import (
    OVER,
    decided,
    entry,
    keep_answers,
    move_on,
    old_button,
    questionnaire_of,
    say,
    stands_open,
    touched,
)
from workflows.calendars import work_times
from workflows.decision import Circumstances, Decision
from workflows.effects import Effect, Forget, Later, Post, Refresh, ShowHome, ToPerson, ToPlace
from workflows.evidence import Claim
from workflows.handed_cards import card_of, nudge_key, redrawn
from workflows.handed_rights import ANSWER, ASSIGN, DECLINE, NUDGE, Asked
from workflows.ids import Place, QuestionId, Subject, UserId
from workflows.jointly import settled
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Question
from workflows.taking import Reader, taken
from workflows.talks import folded_decision, seen, whose
from workflows.use_case import UseCase
from workflows.walk import Assignment, Walk
from workflows.words.reading import Correction, Read

NOTE_AT_MOST = 500


def assign(
    walk: Walk,
    use_case: UseCase | None,
    question: QuestionId,
    to: UserId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    note: str = "",
    due: date | None = None,
    at: Place | None = None,
) -> Decision:
    """Hand a question to somebody; whoever was asked it before is no longer. Problems ``to``, ``due``.

    Where it is on the actor's own table, the conversation goes on with the next one.
    """
    user = circ.actor.user
    mine = next((a for a in walk.assignments if a.open and a.to == user and a.question == question), None)
    refused = ASSIGN.refused(Asked(walk, use_case, program, directory, circ, question, at=at))
    if refused is not None:
        return refused
    known = next((q for q in questionnaire_of(walk, program).questions() if q.id == question), None)
    if known is None:
        return old_button(walk, circ)
    problems = _problems(walk, question, to, due, program, directory, circ)
    if problems:
        return Decision(problems=problems)
    made = Assignment(
        id=f"T{len(walk.assignments) + 1}",
        question=question,
        to=to,
        by=mine.by if mine else user,
        via=user if mine else None,
        at=circ.now,
        note=note.strip()[:NOTE_AT_MOST],
        due=_due(to, due, program, directory, circ.now),
    )
    effects: list[Effect] = []
    kept: list[Assignment] = []
    for other in walk.assignments:
        if other.open and other.question == question:
            other = other.model_copy(update={"dropped_at": circ.now, "ended": "handed_on", "ended_by": user})
            effects += [*redrawn(walk, other), Forget(key=nudge_key(walk, other.id))]
        kept.append(other)
    there = walk.model_copy(update={"assignments": (*kept, made)})
    effects += [card_of(there, made), *_nudge_later(there, made, program, directory, circ.now)]
    effects += [ShowHome(user=to), Refresh(subject=walk.subject, card="review")]
    if stands_open(walk, program) and walk.about:
        effects.append(Refresh(subject=Subject(type="use_case", id=walk.about), card="readiness"))
    line = entry(there, "assigned", assignment=made.id, question=question, to=to)
    first = Decision(changed=(there,), entries=(line,), effects=tuple(effects))
    return first.and_then(_goes_on(there, known, made, program, directory, circ, at))


def _problems(
    walk: Walk,
    question: QuestionId,
    to: UserId,
    due: date | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> dict[str, str]:
    who = {"who": directory.person(to).name}
    if to == circ.actor.user:
        return {"to": program.messages["ask_someone_else"]}
    if not directory.person(to).active:
        return {"to": program.messages["owner_is_away"].format_map(who)}
    if any(a.open and a.question == question and a.to == to for a in walk.assignments):
        return {"to": program.messages["assigned_already"].format_map(who)}
    times = work_times(to, directory, program.working_time)
    if due is not None and due < times.day_of(circ.now):
        return {"due": program.messages["due_is_past"]}
    return {}


def _due(to: UserId, due: date | None, program: Program, directory: Directory, now: datetime) -> datetime:
    times = work_times(to, directory, program.working_time)
    return times.end_of(due) if due else times.add(now, program.assignments.due_after_hours)


def _nudge_later(
    walk: Walk, assignment: Assignment, program: Program, directory: Directory, now: datetime
) -> list[Effect]:
    settings = program.assignments
    if assignment.nudges >= settings.nudges_at_most:
        return []
    due = work_times(assignment.to, directory, program.working_time).add(now, settings.nudge_after_hours)
    return [
        Later(
            key=nudge_key(walk, assignment.id),
            due=due,
            name="nudge_assignment",
            subject=walk.subject,
            data={"assignment": assignment.id},
        )
    ]


def _goes_on(
    walk: Walk,
    question: Question,
    made: Assignment,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None,
) -> Decision:
    """The next question in the conversation of whoever handed this one on, if it was on their table."""
    who = whose(walk, circ.actor.user, at)
    here = seen(walk, who, circ.actor.user)
    if here.asking != question.id or here.status != "asking":
        return Decision()
    aside = touched(here, circ, skipped=(*here.skipped, question.id))
    there, effects = move_on(aside, program)
    name = directory.person(made.to).name
    told = say(there, "assigned", who=name, label=question.label)
    decision = decided(there, [told, *effects], [entry(there, "moved_on")], program, circ)
    return folded_decision(walk, decision, who)


def answer(
    walk: Walk,
    use_case: UseCase | None,
    id: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    text: str = "",
    files: Sequence[Mapping[str, str]] = (),
    value: Any = None,
    at: Place | None = None,
) -> Decision:
    """The person who was asked answers: in words (``text``, ``files``), or by a click or form (``value``).

    What is no answer yet is said in the thread ``at``, or, where ``value`` is a form's, as problems by field.
    """
    found = walk.assignment(id)
    refused = ANSWER.refused(Asked(walk, use_case, program, directory, circ, assignment=found, at=at))
    if refused is not None or found is None:
        return refused or Decision()
    question = questionnaire_of(walk, program).question(found.question)
    read, claim, part = _read(walk, question, found, directory, circ, program, text, files, value)
    if isinstance(read, Correction):
        there = _with(walk, found.model_copy(update={"claim": claim}))
        if isinstance(value, dict):
            return Decision(problems={part: read.text})
        example = f" For example: {read.example}" if read.example else ""
        told = _told(walk, at, circ.actor.user, "assignment_correction", text=f"{read.text}{example}")
        line = entry(there, "corrected", assignment=id)
        return Decision(changed=(there,), entries=(line,), effects=(told,))
    kept = keep_answers(touched(walk, circ), {question.id: read}, "said" if text else "clicked", circ, text)
    done = Decision(
        changed=(kept,), entries=(entry(kept, "answered", questions=[question.id], assignment=id),)
    )
    return settled(walk, done, program, directory, circ)


def _read(
    walk: Walk,
    question: Question,
    found: Assignment,
    directory: Directory,
    circ: Circumstances,
    program: Program,
    text: str,
    files: Sequence[Mapping[str, str]],
    value: Any,
) -> tuple[Value | Correction, Claim | None, str]:
    """The value, or what is wanting with what was said so far and the field it is about."""
    user, now = circ.actor.user, circ.now
    there = walk.answers.get(question.id)
    kept = there.value if there else None
    reader = Reader(now=now, directory=directory, speaker=user)
    if question.type != "check":
        got: Read | Correction
        got = taken(question, value, reader) if value is not None else reader.read(question, text, files)
        return (got.value if isinstance(got, Read) else got), None, question.id
    item: Read | checking.Wanting | None
    if isinstance(value, dict):
        item = checking.filled(question, value, kept, user, now) or checking.Wanting("check_choose")
    elif value is not None:
        item = checking.clicked(question, str(value), found.claim, kept, user, now)
    else:
        item = checking.heard(question, text, files, found.claim, kept, user, now)
    if isinstance(item, checking.Wanting):
        part = f"{question.id}|{item.part}" if item.part else str(question.id)
        return item.correction(question, program), item.claim, part
    return item.value, None, question.id


def decline(
    walk: Walk,
    use_case: UseCase | None,
    id: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    reason: str = "",
    at: Place | None = None,
) -> Decision:
    """Not me: it goes back to whoever asked, with the reason."""
    found = walk.assignment(id)
    refused = DECLINE.refused(Asked(walk, use_case, program, directory, circ, assignment=found, at=at))
    if refused is not None or found is None:
        return refused or Decision()
    reason = reason.strip()[:NOTE_AT_MOST]
    user = circ.actor.user
    ended = found.model_copy(
        update={"dropped_at": circ.now, "ended": "declined", "ended_by": user, "reason": reason}
    )
    there = _asked_again(_with(walk, ended), found.question)
    question = questionnaire_of(walk, program).question(found.question)
    asker = seen(there, whose(there, found.by), found.by)
    key = "assignment_declined_why" if reason else "assignment_declined"
    told = say(asker, key, who=directory.person(user).name, label=question.label, reason=reason)
    effects: list[Effect] = [
        told,
        *redrawn(there, ended),
        Forget(key=nudge_key(walk, id)),
        ShowHome(user=user),
        Refresh(subject=walk.subject, card="review"),
    ]
    if stands_open(walk, program) and walk.about:
        effects.append(Refresh(subject=Subject(type="use_case", id=walk.about), card="readiness"))
    line = entry(there, "assignment_declined", assignment=id, reason=reason)
    return Decision(changed=(there,), entries=(line,), effects=tuple(effects))


def nudge(
    walk: Walk,
    use_case: UseCase | None,
    id: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Remind the person asked: by the clock as often as the program says, by a person once a working day."""
    found = walk.assignment(id)
    by_clock = circ.actor.door == "clock"
    if by_clock and (found is None or not found.open or walk.status in OVER):
        return Decision()
    if not by_clock:
        question = found.question if found else None
        refused = NUDGE.refused(Asked(walk, use_case, program, directory, circ, question, found, at))
        if refused is not None:
            return refused
    if found is None:
        return Decision()
    times = work_times(found.to, directory, program.working_time)
    if by_clock and not times.works_at(circ.now):
        again = times.next_start(circ.now)
        data = {"assignment": id}
        key = nudge_key(walk, id)
        later = Later(key=key, due=again, name="nudge_assignment", subject=walk.subject, data=data)
        return Decision(effects=(later,))
    nudged = found.model_copy(update={"nudged_at": circ.now, "nudges": found.nudges + (1 if by_clock else 0)})
    there = _with(walk, nudged)
    day = times.day_of(circ.now).isoformat()
    post = Post(
        to=ToPerson(user=found.to),
        kind="assignment_nudge",
        subject=walk.subject,
        data={"assignment": id},
        card=card_of(walk, found).card,
        key=f"{nudge_key(walk, id)}/{day}",
    )
    more = _nudge_later(there, nudged, program, directory, circ.now) if by_clock else []
    line = entry(there, "assignment_nudged", assignment=id)
    return Decision(changed=(there,), entries=(line,), effects=(post, *more))


def corrected(walk: Walk, user: UserId, text: str, at: Place) -> Decision:
    """What is wrong with somebody's words about a handed question, said where they wrote them."""
    return Decision(effects=(_told(walk, at, user, "assignment_correction", text=text),))


def _with(walk: Walk, changed: Assignment) -> Walk:
    return walk.model_copy(
        update={"assignments": tuple(changed if a.id == changed.id else a for a in walk.assignments)}
    )


def _asked_again(walk: Walk, question: QuestionId) -> Walk:
    """Nobody has it in hand any more, so it is asked like any other."""
    talks = tuple(
        t.model_copy(update={"skipped": tuple(q for q in t.skipped if q != question)}) for t in walk.talks
    )
    skipped = tuple(q for q in walk.skipped if q != question)
    return walk.model_copy(update={"talks": talks, "skipped": skipped})


def _told(walk: Walk, at: Place | None, user: UserId, message: str, **values: str) -> Post:
    data = {"message": message, "values": values}
    to = ToPlace(place=at) if at else ToPerson(user=user)
    return Post(to=to, kind="said", subject=walk.subject, data=data)

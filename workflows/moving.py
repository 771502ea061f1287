"""Moving about in a walk without answering: back, skip, change, show, why, save, resume, cancel; and time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from workflows.announcing import DECLARED_CARD
from workflows.asking import (
    OVER,
    ask,
    asked_question,
    closing,
    decided,
    entry,
    move_on,
    nudge_key,
    old_button,
    post,
    questionnaire_of,
    reopened,
    say,
    stands_open,
    title_of,
    touched,
    unplan,
)
from workflows.decision import Aggregate, Circumstances, Decision, Entry
from workflows.effects import Effect, Refresh, ShowHome
from workflows.handed_cards import no_longer_wanted
from workflows.ids import QuestionId
from workflows.life_cycle import NotAMove, move
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import is_required, next_question, visible_questions
from workflows.use_case import UseCase
from workflows.walk import Walk


def back(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """To the question before this one, with its answer kept."""
    if walk.status in OVER or walk.status == "opening":
        return old_button(walk, circ)
    known = {q.id for q in visible_questions(questionnaire_of(walk, program), walk.answers)}
    trail = [q for q in walk.trail if q in known]
    if not trail:
        return only_said(reopened(walk, program), "nothing_before", program, circ)
    returning = walk.status == "reviewing" or walk.returning
    there, effects = ask(
        touched(walk, circ, trail=tuple(trail[:-1])), trail[-1], remember=False, returning=returning
    )
    return decided(there, effects, [entry(there, "back", question=trail[-1])], program, circ)


def skip(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Past the question on the table, where it is optional or has an answer; otherwise says why not."""
    asked = asked_question(walk, program)
    if asked is None or walk.status not in ("asking", "saved"):
        return (
            old_button(walk, circ) if walk.status in OVER else only_said(walk, "which_change", program, circ)
        )
    if asked.id not in walk.answers:
        needed = is_required(questionnaire_of(walk, program), asked, walk.answers)
        if needed and not stands_open(walk, program):
            reason = asked.why.text if asked.why else ""
            return only_said(walk, "cannot_skip", program, circ, label=asked.label.lower(), why=reason)
        walk = walk.model_copy(update={"skipped": (*walk.skipped, asked.id)})
    there, effects = move_on(touched(walk, circ), program)
    return decided(there, effects, [entry(there, "skipped", question=asked.id)], program, circ)


def change(
    walk: Walk,
    use_case: UseCase | None,
    question: QuestionId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """Ask one question again; from the review, the way leads back there."""
    if walk.status in OVER or walk.status == "opening":
        return old_button(walk, circ)
    if all(q.id != question for q in questionnaire_of(walk, program).questions()):
        return old_button(walk, circ)
    returning = walk.status == "reviewing" or walk.returning
    there, effects = ask(touched(walk, circ), question, returning=returning)
    return decided(there, effects, [entry(there, "changing", question=question)], program, circ)


def show(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """What the draft holds so far."""
    there = touched(walk, circ) if walk.status not in OVER else walk
    complete = next_question(questionnaire_of(walk, program), there) is None
    whole = stands_open(walk, program) or there.status == "reviewing" or (complete and there.ask == 0)
    shown = post(there, "review", "review") if whole else post(there, "summary")
    if walk.status in OVER:
        return Decision(effects=(shown,))
    return decided(there, [shown], [entry(there, "shown")], program, circ)


def why(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Why the question on the table is asked."""
    asked = asked_question(walk, program)
    if asked is None:
        return help(walk, use_case, program, directory, circ)
    return Decision(effects=(post(walk, "why", question=asked.id),))


def help(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """How to get about, and what the question on the table means."""
    return Decision(effects=(post(walk, "walk_help", question=walk.asking),))


def save(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Put it down for now; any answer, or "continue", takes it up again."""
    if walk.status in OVER or walk.status == "opening":
        return old_button(walk, circ)
    saved = touched(walk, circ, status="saved")
    effects: list[Effect] = [say(saved, "saved"), ShowHome(user=walk.owner)]
    if walk.status == "reviewing":
        effects.append(Refresh(subject=walk.subject, card="review"))
    else:
        effects += closing(walk)
    return decided(saved, effects, [entry(saved, "saved")], program, circ)


def resume(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Take it up where it was, also after it was put away or ran out."""
    if walk.status == "submitted" or walk.status == "opening":
        return old_button(walk, circ)
    more: list[Aggregate] = []
    entries: list[Entry] = []
    draft_of = _draft_of(walk, use_case, program)
    if walk.status in ("cancelled", "expired") and draft_of and draft_of.stage != "draft":
        try:
            draft = move(draft_of, "draft", "submitter", program)
        except NotAMove:
            return old_button(walk, circ)
        more.append(draft)
        entries.append(Entry(action="use_case.moved", subject=draft.subject, detail={"to": "draft"}))
    there, effects = repeated(touched(reopened(walk, program), circ), program)
    title = title_of(walk, use_case, program)
    greeting = [say(there, "resumed", title=title)] if walk.status != "asking" else []
    done = decided(
        there,
        [*greeting, *effects, ShowHome(user=walk.owner)],
        [*entries, entry(there, "resumed")],
        program,
        circ,
    )
    return Decision(changed=tuple(more)).and_then(done)


def repeated(walk: Walk, program: Program) -> tuple[Walk, tuple[Effect, ...]]:
    """What is on the table, posted once more."""
    asked = asked_question(walk, program)
    if asked is not None:
        return ask(walk, asked.id, remember=False)
    return move_on(walk, program)


def cancel(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Put the draft away for good; its answers stay on record with it."""
    if walk.status in OVER:
        return old_button(walk, circ)
    if stands_open(walk, program):
        return save(walk, use_case, program, directory, circ)  # others rely on it: it is only left
    return _ended(walk, use_case, "cancelled", "submitter", program, circ)


def _draft_of(walk: Walk, use_case: UseCase | None, program: Program) -> UseCase | None:
    """The use case that lives and ends with the walk: that of an intake; what was declared lives on."""
    declared = use_case is not None and use_case.stage == program.life_cycle.declaring.stage
    return use_case if questionnaire_of(walk, program).kind == "intake" and not declared else None


def _ended(
    walk: Walk, use_case: UseCase | None, status: str, by: str, program: Program, circ: Circumstances
) -> Decision:
    ended, settled = no_longer_wanted(touched(walk, circ, status=status), circ)
    entries = [entry(ended, status)]
    changed: list[Aggregate] = [ended]
    draft = _draft_of(walk, use_case, program)
    try:
        if draft is not None:
            changed.append(move(draft, "archived", by, program))
            entries.append(Entry(action="use_case.moved", subject=draft.subject, detail={"to": "archived"}))
    except NotAMove:
        pass  # a company's own life cycle may keep put-away drafts where they are
    values: dict[str, Any] = {"title": title_of(walk, use_case, program)}
    if status == "expired":
        values["days"] = program.drafts.expire_after_days
    effects: tuple[Effect, ...] = (
        say(ended, status, **values),
        Refresh(subject=walk.subject),
        ShowHome(user=walk.owner),
        *settled,
        *((Refresh(subject=use_case.subject, card=DECLARED_CARD),) if use_case and draft is None else ()),
        *unplan(walk),
    )
    return Decision(changed=tuple(changed), entries=tuple(entries), effects=effects)


def nudge(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Ask once whether an idle draft shall go on; one that was touched meanwhile is left alone."""
    if walk.status in OVER or walk.nudged_at is not None or stands_open(walk, program):
        return Decision()
    if circ.now < walk.touched_at + timedelta(hours=program.drafts.nudge_after_hours):
        return Decision()
    nudged = walk.model_copy(update={"nudged_at": circ.now})
    asking = post(nudged, "nudge").model_copy(update={"key": nudge_key(walk)})
    return Decision(changed=(nudged,), entries=(entry(nudged, "nudged"),), effects=(asking,))


def expire(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Put away a draft that nobody touched for as long as the program says."""
    if walk.status in OVER or stands_open(walk, program):
        return Decision()
    if circ.now < walk.touched_at + timedelta(days=program.drafts.expire_after_days):
        return Decision()
    return _ended(walk, use_case, "expired", "clock", program, circ)


def only_said(walk: Walk, message: str, program: Program, circ: Circumstances, **values: Any) -> Decision:
    """Say one of the program\'s sentences and leave everything where it is."""
    there = touched(walk, circ)
    return decided(
        there, [say(there, message, **values)], [entry(there, "said", message=message)], program, circ
    )

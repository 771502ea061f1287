"""Answers by click and by form: the same checks and the same kept values as in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import checking
from workflows.answers import How, Value
from workflows.asking import (
    OVER,
    ask,
    asked_question,
    decided,
    entry,
    keep_answers,
    move_on,
    old_button,
    questionnaire_of,
    reader_of,
    reopened,
    touched,
)
from workflows.beginning import with_story
from workflows.decision import Circumstances, Decision
from workflows.effects import Effect, Refresh
from workflows.ids import QuestionId
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Question, Questionnaire
from workflows.taking import taken, vague
from workflows.use_case import UseCase
from workflows.walk import Walk
from workflows.words.reading import Correction, Read


def click(
    walk: Walk,
    use_case: UseCase | None,
    ask_number: int,
    question: QuestionId,
    value: Any,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """A button or picker under question number ``ask_number``: the same value as the same answer in words."""
    questionnaire = questionnaire_of(walk, program)
    asked = asked_question(walk, program)
    current = walk.status in ("asking", "saved") and ask_number == walk.ask and asked is not None
    if not current or asked is None or question != walk.asking:
        return _clicked_again(walk, questionnaire, question, value, directory, circ)
    if asked.type == "check":
        return _item_clicked(walk, asked, str(value), program, circ)
    offered = asked.challenge is not None and value in asked.challenge.offer
    read = Read(str(value)) if offered else taken(asked, value, reader_of(walk, directory, circ))
    if isinstance(read, Correction):
        there, effects = ask(
            touched(reopened(walk, program), circ), asked.id, correction=read, remember=False
        )
        return decided(there, effects, [entry(there, "corrected", question=asked.id)], program, circ)
    kept = keep_answers(reopened(walk, program), {asked.id: read.value}, "clicked", circ)
    changed = walk.returning or (asked.id in walk.answers and walk.answers[asked.id].value != read.value)
    there, effects = move_on(touched(kept, circ), program, [asked.id], changed)
    return decided(there, effects, [entry(there, "answered", questions=[asked.id])], program, circ)


def _item_clicked(walk: Walk, asked: Question, state: str, program: Program, circ: Circumstances) -> Decision:
    """An item of a checklist by its button; a yes that has to rest on something waits for that."""
    kept = walk.answers.get(asked.id)
    value = kept.value if kept else None
    found = checking.clicked(asked, state, walk.claim, value, circ.actor.user, circ.now)
    here = touched(reopened(walk, program), circ)
    if isinstance(found, checking.Wanting):
        claimed = here.model_copy(update={"claim": found.claim})
        there, effects = ask(claimed, asked.id, correction=found.correction(asked, program), remember=False)
        return decided(there, effects, [entry(there, "claimed", question=asked.id)], program, circ)
    there, effects = move_on(
        keep_answers(here, {asked.id: found.value}, "clicked", circ), program, [asked.id], kept is not None
    )
    return decided(there, effects, [entry(there, "answered", questions=[asked.id])], program, circ)


def _clicked_again(
    walk: Walk,
    questionnaire: Questionnaire,
    question: QuestionId,
    value: Any,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """An old button. The same click twice is harmless and needs no words; who answered in between is told."""
    kept = walk.answers.get(question)
    known = next((q for q in questionnaire.questions() if q.id == question), None)
    if kept is not None and known is not None and walk.lost == question and kept.by != circ.actor.user:
        who = directory.person(kept.by).name
        return old_button(walk, circ, "answered_by_other", who=who, label=known.label)
    if kept is not None and known is not None:
        read = taken(known, value, reader_of(walk, directory, circ))
        if isinstance(read, Read) and read.value == kept.value:
            return Decision(entries=(entry(walk, "clicked_again", refused=True, question=question),))
    return old_button(walk, circ)


def fill(
    walk: Walk,
    use_case: UseCase | None,
    values: Mapping[QuestionId, Any],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    single: bool = False,
) -> Decision:
    """A form: several answers at once, checked like any other. With a problem in any, nothing changes.

    A field left empty takes its answer away, except for files, which a form cannot show again. ``single``:
    the small form behind a pencil, after which the review is redrawn in place.
    """
    if walk.status in OVER:
        return old_button(walk, circ)
    opened = with_story(walk, questionnaire_of(walk, program), circ)
    filled, problems, touched_ids = _filled(opened, values, program, directory, circ)
    if problems:
        return Decision(problems=problems)
    if walk.status == "opening":
        # The form came before the first message: keep what it says, and let the opening follow.
        there = touched(filled, circ)
        return decided(there, (), [entry(there, "filled", questions=touched_ids)], program, circ)
    if not touched_ids and walk.status != "saved":
        return Decision()
    filled = reopened(filled, program)
    there, effects = move_on(touched(filled, circ), program, touched_ids, changed=single, quietly=single)
    return decided(there, effects, [entry(there, "filled", questions=touched_ids)], program, circ)


def keep(
    walk: Walk,
    use_case: UseCase | None,
    values: Mapping[QuestionId, Any],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """Answers from a form beside the conversation: kept and checked like any other, and nothing is asked on.

    Whoever has the question on their table goes on to the next.
    """
    if walk.status in OVER:
        return old_button(walk, circ)
    filled, problems, changed = _filled(walk, values, program, directory, circ)
    if problems:
        return Decision(problems=problems)
    if not changed:
        return Decision()
    there = touched(filled, circ)
    line = entry(there, "filled", questions=changed)
    if there.status == "asking" and there.asking in changed:
        there, effects = move_on(there, program, changed)
        return decided(there, effects, [line], program, circ)
    shown: list[Effect] = [Refresh(subject=walk.subject, card="review")]
    return decided(there, shown, [line], program, circ)


def as_if(
    walk: Walk,
    values: Mapping[QuestionId, Any],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Walk:
    """The walk as it would be with what a form holds so far; fields that do not fit yet are left out."""
    return _filled(walk, values, program, directory, circ)[0]


def _filled(
    walk: Walk,
    values: Mapping[QuestionId, Any],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> tuple[Walk, dict[str, str], list[QuestionId]]:
    """The walk with the fields that fit, what is wrong with the others, and which answers changed."""
    questionnaire = questionnaire_of(walk, program)
    reader = reader_of(walk, directory, circ)
    problems: dict[str, str] = {}
    changed: list[QuestionId] = []
    for question in questionnaire.questions():
        if question.id not in values:
            continue
        raw = values[question.id]
        kept = walk.answers.get(question.id)
        if question.type == "check":
            item = checking.filled(
                question, raw or {}, kept.value if kept else None, reader.speaker, reader.now
            )
            if isinstance(item, checking.Wanting):
                where = f"{question.id}|{item.part}" if item.part else question.id
                problems[where] = item.correction(question, program).text
            elif item is not None:
                walk = keep_answers(walk, {question.id: item.value}, "form", circ)
                changed.append(question.id)
            continue
        if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []:
            if kept is not None and question.type != "file" and not (raw == [] and kept.value == []):
                answers = {q: a for q, a in walk.answers.items() if q != question.id}
                walk = walk.model_copy(update={"answers": answers})
                changed.append(question.id)
            continue
        read = taken(question, raw, reader)
        if isinstance(read, Correction):
            example = f" For example: {read.example}" if read.example else ""
            problems[question.id] = f"{read.text}{example}"
            continue
        if kept is not None and kept.how != "suggested" and kept.value == read.value:
            continue
        if _vague_alone(question, read.value, values, walk, questionnaire):
            assert question.challenge is not None
            problems[question.id] = question.challenge.say
            continue
        how: How = "form"
        walk = keep_answers(walk, {question.id: read.value}, how, circ)
        changed.append(question.id)
    return walk, problems, changed


def _vague_alone(
    question: Question,
    value: Value,
    values: Mapping[QuestionId, Any],
    walk: Walk,
    questionnaire: Questionnaire,
) -> bool:
    """A vague outcome in a form is challenged unless it was before, or its target stands beside it."""
    if question.id in walk.challenged or not isinstance(value, str) or not vague(question, value):
        return False
    if question.challenge is not None and value in question.challenge.offer:
        return False
    targets = [q.id for q in questionnaire.step_of(question.id).questions if q.part == "target"]
    return not any(values.get(t) or t in walk.answers for t in targets)

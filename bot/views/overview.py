"""The review card of a walk that is no intake: what it holds, what is open, and how to end or leave it."""

from __future__ import annotations

from bot.registry import Message, Scene
from bot.views.answers import answer_rows, helping
from bot.views.checklist import item_rows, states_of
from bot.views.kit import (
    Block,
    Element,
    actions,
    brief,
    button,
    context,
    escape,
    header,
    menu,
    option,
    prose,
)
from bot.views.question import owner_of, tally_line
from bot.views.say import say
from workflows.asking import title_of
from workflows.checklist_state import tally
from workflows.questionnaire import missing, visible_questions
from workflows.questions import Questionnaire
from workflows.walk import Walk


def overview(scene: Scene, walk: Walk, questionnaire: Questionnaire) -> Message:
    """The whole walk; once it is over, one line."""
    use_case = scene.reading.use_case(walk.about) if walk.about else None
    title = title_of(walk, use_case, scene.program)
    if walk.status in ("submitted", "cancelled", "expired"):
        text = say(scene, "review_done" if walk.status == "submitted" else "review_cancelled", title=title)
        return Message(text=brief(text), blocks=prose(text))
    blocks: list[Block] = [header(title)]
    if questionnaire.kind == "checklist":
        items = states_of(scene, walk, questionnaire)
        blocks.append(context(tally_line(scene, tally(items), walk.owner)))
        others = _others(questionnaire)
        blocks += item_rows(scene, walk, items)
        if others is not None:
            blocks += answer_rows(scene, others, walk.answers, walk, owner_of(scene, walk))
        blocks.append(_ways_on(walk, questionnaire, ready=all(i.done for i in items)))
        return Message(text=brief(title), blocks=blocks)
    blocks += helping(scene, walk)
    blocks += answer_rows(scene, questionnaire, walk.answers, walk, owner_of(scene, walk))
    gaps = missing(questionnaire, walk)
    if gaps:
        blocks.append(context("Still open: " + ", ".join(escape(q.label) for q in gaps)))
    blocks.append(_ways_on(walk, questionnaire, ready=not gaps))
    return Message(text=brief(title), blocks=blocks)


def _others(questionnaire: Questionnaire) -> Questionnaire | None:
    """The same without its items, where it asks other things as well."""
    steps = tuple(
        s.model_copy(update={"questions": tuple(q for q in s.questions if q.type != "check")})
        for s in questionnaire.steps
    )
    kept = tuple(s for s in steps if s.questions)
    return questionnaire.model_copy(update={"steps": kept}) if kept else None


def _ways_on(walk: Walk, questionnaire: Questionnaire, ready: bool) -> Block:
    made: list[Element] = []
    draft = questionnaire.kind != "checklist"
    if ready and draft:
        made.append(button("Finish", "walk.submit", str(walk.id), style="primary"))
    if not ready:
        made.append(button("Go on", "walk.resume", str(walk.id), style="primary"))
    options = [option(q.label, q.id) for q in visible_questions(questionnaire, walk.answers)][:100]
    if draft:
        made.append(menu("Change something", "walk.edit/menu", options))
    made.append(button("As a form", "walk.form", str(walk.id)))
    made.append(button("Invite", "walk.invite", str(walk.id)))
    if draft:
        sure = ("Put it away?", "Its answers stay on record; no result is made.", "Put it away")
        made.append(button("Put away", "walk.cancel", str(walk.id), confirm=sure))
    return actions(f"walk|{walk.id}|{walk.ask}|review|decide", made)

"""Declaring a tool in Slack: the form, the card of what was declared, and the offer under words."""

from __future__ import annotations

from typing import Any

from bot.inputs import packed
from bot.registry import Message, Scene, renders
from bot.views.approval_forms import text_field
from bot.views.case import inline
from bot.views.kit import (
    Block,
    Element,
    actions,
    bare,
    brief,
    button,
    clip,
    context,
    escape,
    field_menu,
    name,
    option,
    plain_text,
    prose,
    section,
)
from bot.views.say import Said, say, words_of
from workflows.decision import Actor, Circumstances
from workflows.declaring.declare import TOOL_AT_MOST, WHAT_AT_MOST, Taking, sees_to_it
from workflows.ids import QuestionId, UserId
from workflows.program import Program
from workflows.questionnaire import shown
from workflows.use_case import UseCase

View = dict[str, Any]
FORM = "declare"
UNSURE = "unsure"
"""The option for "I do not know"."""
_IN_A_BUTTON = 1500


def declare_form(program: Program, tool: str, what: str) -> View:
    """Three questions, and that nobody is blamed."""
    which: Block = {
        "type": "input",
        "block_id": "tool",
        "label": plain_text("What do you use?", 200),
        "hint": plain_text(bare(words_of(program, "declare_form_tool")), 2000),
        "element": {"type": "plain_text_input", "action_id": "tool", "max_length": TOOL_AT_MOST},
    }
    if tool:
        which["element"]["initial_value"] = clip(tool, TOOL_AT_MOST)
    purpose = text_field(
        "what", "What for?", bare(words_of(program, "declare_form_what")), at_most=WHAT_AT_MOST
    )
    if what:
        purpose["element"]["initial_value"] = clip(what, WHAT_AT_MOST)
    blocks: list[Block] = [context(words_of(program, "declare_form_blame")), which, purpose]
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": packed(),
        "title": plain_text("Declare a tool", 24),
        "submit": plain_text("Declare", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [*blocks, *_data(program)],
    }


def _data(program: Program) -> list[Block]:
    asked = program.life_cycle.declaring.data
    question = next((q for q in program.intake.questions() if q.id == asked), None)
    if question is None:
        return []
    options = [option(c.label, c.id) for c in question.choices]
    chosen = field_menu("data", [*options, option("I do not know", UNSURE)])
    label = plain_text("Which data goes in? The most sensitive counts.", 200)
    return [{"type": "input", "block_id": "data", "label": label, "element": chosen}]


@renders("declared")
def declared(scene: Scene, data: dict[str, object]) -> Message:
    """What was declared, by whom, what it is worth so far, and what can be done about it."""
    use_case = scene.reading.use_case(scene.subject.id)
    if use_case is None:
        raise LookupError(f"use case {scene.subject.id} is gone")
    head = _head(scene, use_case)
    blocks = [*prose(head), *_estimate(scene, use_case)]
    return Message(text=brief(head), blocks=[*blocks, *_row(scene, use_case)])


def _head(scene: Scene, use_case: UseCase) -> Said:
    title = inline(use_case.title, scene.directory, 150)
    story = scene.program.intake.story_question
    answer = use_case.answers.get(QuestionId(story)) if story else None
    what = inline(str(answer.value), scene.directory, 400) if answer else ""
    by = Said(name(use_case.submitter, scene.directory))
    mine = scene.reader == use_case.submitter
    key = "declared_by_you" if mine else "declared_by"
    return say(scene, key, who=by, title=Said(title), id=use_case.id, what=Said(what))


def _estimate(scene: Scene, use_case: UseCase) -> list[Block]:
    found = use_case.assessment
    if found is None:
        return []
    because = escape("; ".join(found.tier.because[:3]))
    if found.tier.tier == "prohibited":
        return prose(say(scene, "declared_prohibited", because=Said(because)))
    lines = [say(scene, "declared_tier", tier=found.tier.tier)]
    asked = scene.program.life_cycle.declaring.data
    if asked and asked not in use_case.answers:
        lines.append(say(scene, "declared_no_data"))
    elif asked:
        question = scene.program.intake.question(asked)
        value = shown(question, use_case.answers[asked].value, scene.directory)
        lines.append(say(scene, "declared_data", data=value))
    return [context(*lines)]


def _row(scene: Scene, use_case: UseCase) -> list[Block]:
    if use_case.stage != scene.program.life_cycle.declaring.stage:
        stages = {s.id: s.label for s in scene.program.life_cycle.stages}
        stage = stages.get(use_case.stage, use_case.stage).lower()
        look = button("Open", "record.open", str(use_case.id))
        return [section(say(scene, "declared_is_now", stage=stage), look)]
    walks = scene.reading.walks_about(use_case.id)
    circ = Circumstances(
        now=scene.now,
        actor=Actor(user=scene.reader or UserId(""), door="delivery"),
        program=scene.program.stamp,
    )
    at_it = Taking(use_case, walks, scene.program, scene.directory, circ).intake
    if at_it is not None:
        return [context(say(scene, "declared_taken", who=Said(name(at_it.owner, scene.directory))))]
    row: list[Element] = [
        button("Make it a use case", "declared.take", str(use_case.id), style="primary"),
        button("No longer used", "stage.move/declared", f"{use_case.id}|{_put_away(scene.program)}"),
    ]
    asked = sees_to_it(use_case, scene.program, scene.directory, scene.now)
    who = Said(", ".join(name(u, scene.directory) for u in asked[:3]))
    return [context(say(scene, "declared_next", who=who)), actions(f"declared|{use_case.id}", row)]


def _put_away(program: Program) -> str:
    """The stage in which a declared tool ends that is not used any more."""
    closed = {s.id for s in program.life_cycle.stages if not s.open}
    here = program.life_cycle.declaring.stage
    return next((m.to for m in program.life_cycle.moves if m.from_ == here and m.to in closed), "")


@renders("declare_offer")
def offer(scene: Scene, data: dict[str, object]) -> Message:
    """Under words that speak of a tool in use: the form with them in it, or an idea of something new."""
    tool, what = str(data.get("tool") or ""), str(data.get("what") or "")
    known = f"*{inline(tool, scene.directory, 100)}*" if tool else ""
    text = say(scene, "declare_offer", tool=Said(known)) if known else say(scene, "declare_offer_any")
    row = [button("Declare it", "declare.open", f"{tool}|{what}"[:_IN_A_BUTTON], style="primary")]
    words = str(data.get("words") or "")
    if words:
        row.append(button("No, it is an idea for something new", "start.from", words[:_IN_A_BUTTON]))
    return Message(text=brief(text), blocks=[section(text), actions("declare_offer", row)])

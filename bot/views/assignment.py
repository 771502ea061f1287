"""The card of a question that was handed to somebody, its reminder, and the small forms around it."""

from __future__ import annotations

from typing import Any

from bot.inputs import packed
from bot.registry import Message, Scene, renders
from bot.views.item_form import item_inputs
from bot.views.kit import (
    Block,
    Element,
    actions,
    at,
    brief,
    button,
    clip,
    context,
    escape,
    menu,
    option,
    plain_text,
    section,
    words,
)
from bot.views.say import Said, say, words_of
from workflows.asking import title_of
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import shown
from workflows.questions import Question
from workflows.walk import Assignment, Walk

View = dict[str, Any]
_BUTTONS_AT_MOST = 5
_ANSWER = 400


@renders("assignment")
def assignment(scene: Scene, data: dict[str, object]) -> Message:
    """One question, who asks and why; once it is answered, who did."""
    walk, found, question = _handed(scene, data)
    title = _title(scene, walk)
    intro = say(scene, "assignment_intro", who=scene.directory.person(found.by).name, title=title)
    blocks: list[Block] = [section(intro)]
    if found.via:
        blocks.append(context(say(scene, "assignment_via", who=scene.directory.person(found.via).name)))
    blocks.append(section(f"*{escape(question.ask)}*"))
    if found.note:
        blocks.append(section("> " + words(found.note, scene.directory).replace("\n", "\n> ")))
    if not found.open or walk.status in ("submitted", "cancelled", "expired"):
        text = _ended(scene, walk, found, question)
        return Message(text=brief(text), blocks=[*blocks, context(text)])
    small = [escape(t) for t in (question.help, _evidence_help(question)) if t]
    if found.due:
        small.append(say(scene, "assignment_due", due=Said(at(found.due))))
    if small:
        blocks.append(context(*small))
    value = f"{walk.id}|{found.id}"
    ways = _ways(question, value)
    if ways:
        blocks.append(actions(f"assignment|{value}|ways", ways))
    blocks.append(actions(f"assignment|{value}|around", _around(question, value)))
    blocks.append(context(say(scene, "assignment_how")))
    return Message(text=brief(f"{intro} {question.ask}"), blocks=blocks)


@renders("assignment_nudge")
def nudge(scene: Scene, data: dict[str, object]) -> Message:
    """A reminder of a question that still waits."""
    walk, found, question = _handed(scene, data)
    if not found.open:
        text = _ended(scene, walk, found, question)
        return Message(text=brief(text), blocks=[section(text)])
    who = scene.directory.person(found.by).name
    text = say(scene, "assignment_nudge", who=who, title=_title(scene, walk), label=question.label)
    value = f"{walk.id}|{found.id}"
    made = [button("Answer", "assignment.answer", value, style="primary"), *_around(question, value)[1:]]
    return Message(text=brief(text), blocks=[section(text), actions(f"assignment|{value}|nudge", made)])


def _ended(scene: Scene, walk: Walk, found: Assignment, question: Question) -> str:
    kept = walk.answers.get(question.id)
    if found.ended == "declined":
        return say(scene, "assignment_was_declined", who=scene.directory.person(found.by).name)
    if found.ended == "handed_on":
        return say(scene, "assignment_was_handed_on")
    if kept is None or found.ended == "taken_back" or found.open:
        return say(scene, "assignment_not_needed")
    told = words(shown(question, kept.value, scene.directory), scene.directory)
    answer = Said(clip(told, _ANSWER))
    when = Said(at(found.done_at or found.dropped_at or kept.at))
    if found.done_at:
        return say(scene, "assignment_done_you", when=when, answer=answer)
    who = scene.directory.person(found.ended_by or kept.by).name
    return say(scene, "assignment_done", who=who, when=when, answer=answer)


def _ways(question: Question, value: str) -> list[Element]:
    """The answers that one click gives."""

    def answer(label: str, said: str) -> Element:
        return button(label, f"assignment.say/{said}", f"{value}|{said}")

    if question.type == "check":
        return [answer("Yes", "yes"), answer("No", "no"), answer("Does not apply", "na")]
    if question.type == "yesno":
        return [answer("Yes", "yes"), answer("No", "no")]
    if question.type == "choice" and len(question.choices) <= _BUTTONS_AT_MOST:
        return [answer(c.label, c.id) for c in question.choices]
    if question.type == "choice":
        options = [option(c.label, f"{value}|{c.id}", c.help) for c in question.choices]
        return [menu("Choose one", "assignment.say/menu", options)]
    return []


def _around(question: Question, value: str) -> list[Element]:
    return [
        button("Answer in a form", "assignment.answer", value),
        button("Somebody else knows", "assignment.pass", value),
        button("Not me", "assignment.decline", value),
    ]


def _evidence_help(question: Question) -> str:
    return f"What shows it: {question.evidence.help}" if question.evidence and question.evidence.help else ""


def _title(scene: Scene, walk: Walk) -> str:
    return title_of(walk, scene.reading.use_case(walk.about) if walk.about else None, scene.program)


def _handed(scene: Scene, data: dict[str, object]) -> tuple[Walk, Assignment, Question]:
    walk = scene.reading.walk(scene.subject.id)
    found = walk.assignment(str(data.get("assignment"))) if walk else None
    if walk is None or found is None:
        raise LookupError(f"an assignment of {scene.subject.id} is gone")
    return walk, found, scene.program.questionnaires[walk.questionnaire].question(found.question)


def item_form(
    program: Program, walk: Walk | None, question: Question, directory: Directory, private: dict[str, str]
) -> View:
    """The small form of one item of a checklist; ``private`` says which it is when it comes back."""
    return _form(
        "check.form",
        question.label,
        "Save",
        private,
        item_inputs(program, question, walk, directory, whole=True),
    )


def who_form(program: Program, question: Question, private: dict[str, str]) -> View:
    """Who knows? A person, a day, a word with it."""
    person = {"type": "users_select", "action_id": "to", "placeholder": plain_text("Choose a person", 150)}
    note = {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": 500}
    blocks = [
        section(f"*{escape(question.ask)}*"),
        context(words_of(program, "who_knows_form")),
        {"type": "input", "block_id": "to", "label": plain_text("Who knows?", 200), "element": person},
        {
            "type": "input",
            "block_id": "due",
            "optional": True,
            "label": plain_text("By when?", 200),
            "element": {"type": "datepicker", "action_id": "due"},
        },
        {
            "type": "input",
            "block_id": "note",
            "optional": True,
            "label": plain_text("A word with it", 200),
            "element": note,
        },
    ]
    return _form("check.assign", "Who knows?", "Ask them", private, blocks)


def decline_form(question: Question, private: dict[str, str]) -> View:
    """Not me: a reason, if there is one."""
    reason = {"type": "plain_text_input", "action_id": "reason", "max_length": 500}
    blocks = [
        section(f"*{escape(question.ask)}*"),
        {
            "type": "input",
            "block_id": "reason",
            "optional": True,
            "label": plain_text("Why not you? Or who would know?", 200),
            "element": reason,
        },
    ]
    return _form("assignment.decline", "Not me", "Give it back", private, blocks)


def _form(callback: str, title: str, submit: str, private: dict[str, str], blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": packed(**private),
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Close", 24),
        "blocks": blocks,
    }

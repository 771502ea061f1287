"""The questionnaire as a form: the same questions, conditions and answers as in conversation, in a modal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.inputs import packed
from bot.views.item_form import item_field, item_inputs
from bot.views.kit import Block, Element, clip, context, escape, option, plain_text, section
from workflows.answers import Value
from workflows.ids import QuestionId
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import is_required, shown, visible_questions
from workflows.questions import Question, Questionnaire
from workflows.walk import Walk

View = dict[str, Any]

CALLBACK = "walk.form"
START = "walk.start"
HELPERS = "walk.invite"
OWN = "own"
_BLOCKS_AT_MOST = 96


def form(
    program: Program,
    walk: Walk,
    directory: Directory,
    only: Sequence[str] = (),
    note: str = "",
    page: int = 0,
) -> View:
    """The whole draft as a form, or just the questions named in ``only``.

    What does not fit into one form has several pages, each saved before the next. A question on which other
    questions depend sends an action when it changes, so that the form can be drawn again with those that now
    apply; what was filled in stays, because block and action ids stay.
    """
    questionnaire = program.questionnaires[walk.questionnaire]
    if only:
        visible = [q for q in visible_questions(questionnaire, walk.answers) if q.id in only]
        split = [visible or [questionnaire.question(q) for q in only]]
    else:
        split = pages(questionnaire, walk)
    page = min(max(page, 0), len(split) - 1)
    deciding = conditions_of(questionnaire) if not only else set()
    blocks: list[Block] = [section(note)] if note else []
    if len(split) > 1:
        blocks.append(context(f"Page {page + 1} of {len(split)}"))
    step = ""
    for question in split[page]:
        title = questionnaire.step_of(question.id).title
        if title != step and not only:
            blocks.append(section(f"*{escape(title)}*"))
        step = title
        if question.type == "check":
            blocks += item_inputs(program, question, walk, directory, whole=bool(only))
            continue
        blocks += _inputs(question, walk, questionnaire, directory, question.id in deciding)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": packed(walk=walk.id, only=list(only), page=page, pages=len(split)),
        "title": plain_text(questionnaire.title if not only else "Change an answer", 24),
        "submit": plain_text("Save" if page == len(split) - 1 else "Save and go on", 24),
        "close": plain_text("Close", 24),
        "blocks": blocks,
    }


def pages(questionnaire: Questionnaire, walk: Walk) -> list[list[Question]]:
    """The questions that are asked, in as many pages as Slack's limit on a form demands, steps kept whole
    where they fit."""
    made: list[list[Question]] = [[]]
    size = 0
    asked = {q.id for q in visible_questions(questionnaire, walk.answers)}
    for step in questionnaire.steps:
        questions = [q for q in step.questions if q.id in asked]
        cost = 1 + sum(map(_cost, questions))
        if made[-1] and size + cost > _BLOCKS_AT_MOST:
            made.append([])
            size = 0
        for question in questions:
            if made[-1] and size + 1 + _cost(question) > _BLOCKS_AT_MOST:
                made.append([])
                size = 0
            made[-1].append(question)
            size += _cost(question)
        size += 1 if questions else 0
    return made


def _cost(question: Question) -> int:
    """How many blocks it takes in a form."""
    return 1 + int(question.other) + (2 if question.type == "check" else 0)


def start(ask: str, channel: str = "", quote: str = "", link: str = "", author: str = "") -> View:
    """The one-sentence modal behind the buttons and shortcuts that start an intake."""
    blocks: list[Block] = []
    if quote:
        blocks.append(section("> " + escape(clip(quote, 1500)).replace("\n", "\n> ")))
    blocks.append(
        {
            "type": "input",
            "block_id": "idea",
            "optional": True,
            "label": plain_text(ask, 2000),
            "hint": plain_text("A sentence is enough. Leave it empty and I ask in our conversation.", 150),
            "element": {
                "type": "plain_text_input",
                "action_id": "text",
                "multiline": True,
                "max_length": 3000,
                "placeholder": plain_text("We spend hours on … could AI help with that?", 150),
            },
        }
    )
    blocks.append(
        {
            "type": "input",
            "block_id": "way",
            "label": plain_text("How would you like to go on?", 2000),
            "element": {
                "type": "radio_buttons",
                "action_id": "way",
                "options": [
                    option("In conversation, one question at a time", "talk"),
                    option("As a form, all at once", "form"),
                ],
                "initial_option": option("In conversation, one question at a time", "talk"),
            },
        }
    )
    return {
        "type": "modal",
        "callback_id": START,
        "private_metadata": packed(channel=channel, quote=quote[:1900], link=link, author=author),
        "title": plain_text("A new use case", 24),
        "submit": plain_text("Start", 24),
        "close": plain_text("Close", 24),
        "blocks": blocks,
    }


def helpers_form(program: Program, walk: Walk) -> View:
    """Who helps with a walk."""
    chooser: Element = {"type": "multi_users_select", "action_id": "helpers"}
    _start_with(chooser, "initial_users", list(walk.helpers))
    return {
        "type": "modal",
        "callback_id": HELPERS,
        "private_metadata": packed(walk=walk.id),
        "title": plain_text("Who helps?", 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Close", 24),
        "blocks": [
            section(program.messages["invite_form"]),
            {
                "type": "input",
                "block_id": "helpers",
                "optional": True,
                "label": plain_text("Helpers", 200),
                "element": chooser,
            },
        ],
    }


def filled_in(
    program: Program, walk: Walk, values: Mapping[str, Mapping[str, Any]]
) -> dict[QuestionId, Value]:
    """What the form holds, by question id; an empty field is ``None``. Blocks of other forms are ignored."""
    questionnaire = program.questionnaires[walk.questionnaire]
    known = {q.id: q for q in questionnaire.questions()}
    found: dict[QuestionId, Value] = {}
    own: dict[QuestionId, Any] = {}
    for block, elements in values.items():
        if not block.startswith("q|"):
            continue
        question = known.get(QuestionId(block.split("|")[1]))
        if question is None:
            continue
        value = next(iter(elements.values()), None)
        if question.type == "check":
            fields = found.setdefault(question.id, {})
            fields |= item_field(block, question, elements)
        elif block.endswith(f"|{OWN}"):
            own[question.id] = value
        else:
            found[question.id] = _typed(question, value)
    for id, text in own.items():
        if not text:
            continue
        ticked = found.get(id)
        found[id] = [*ticked, text] if isinstance(ticked, list) else text
    return found


def block_of(question: str) -> str:
    """The input block of a question, for errors shown under it."""
    return f"q|{question}"


def conditions_of(questionnaire: Questionnaire) -> set[QuestionId]:
    """The questions that other questions' conditions read."""
    from workflows.expressions import names_in

    ids = {q.id for q in questionnaire.questions()}
    read: set[str] = set()
    for q in questionnaire.questions():
        read |= names_in(q.when)
        if isinstance(q.required, str):
            read |= names_in(q.required)
    return {i for i in ids if i in read}


def _typed(question: Question, value: Any) -> Value:
    if question.type == "yesno" and value is not None:
        return value == "yes"
    if question.type == "file" and value is not None:
        return [{"id": f.id, "name": f.name, "link": f.link} for f in value]
    if question.type == "multi":
        return list(value or [])
    return value or None


def _inputs(
    question: Question, walk: Walk, questionnaire: Questionnaire, directory: Directory, deciding: bool
) -> list[Block]:
    kept = walk.answers.get(question.id)
    block: Block = {
        "type": "input",
        "block_id": block_of(question.id),
        "label": plain_text(question.ask, 2000),
        "optional": not is_required(questionnaire, question, walk.answers),
        "element": _element(question, kept.value if kept else None, directory),
    }
    hint = question.help or (f"For example: {question.examples[0]}" if question.examples else "")
    if kept and kept.how == "suggested":
        hint = f"Suggested from what you wrote. {hint}".strip()
    if hint:
        block["hint"] = plain_text(hint, 2000)
    if deciding and question.type in ("choice", "multi", "yesno"):
        block["dispatch_action"] = True
    blocks = [block]
    if question.other:
        offered = {c.id for c in question.choices}
        given = kept.value if kept else []
        own = ", ".join(str(v) for v in (given if isinstance(given, list) else [given]) if v not in offered)
        block["optional"] = True
        entry: Element = {"type": "plain_text_input", "action_id": "walk.field", "max_length": 500}
        if own:
            entry["initial_value"] = clip(own, 500)
        blocks.append(
            {
                "type": "input",
                "block_id": f"{block_of(question.id)}|{OWN}",
                "optional": True,
                "label": plain_text(f"{question.label}: something else", 2000),
                "element": entry,
            }
        )
    return blocks


def _element(question: Question, value: Value, directory: Directory) -> Element:
    element: Element = {"action_id": "walk.field"}
    options = [option(c.label, c.id, c.help) for c in question.choices]
    match question.type:
        case "choice":
            few = len(options) <= 5
            element |= {"type": "radio_buttons" if few else "static_select", "options": options}
            _start_with(element, "initial_option", [o for o in options if o["value"] == value][:1], one=True)
        case "yesno":
            options = [option("Yes", "yes"), option("No", "no")]
            element |= {"type": "radio_buttons", "options": options}
            if value is not None:
                element["initial_option"] = options[0 if value else 1]
        case "multi":
            element |= {
                "type": "checkboxes" if len(options) <= 10 else "multi_static_select",
                "options": options,
            }
            _start_with(element, "initial_options", [o for o in options if o["value"] in (value or [])])
        case "date":
            element["type"] = "datepicker"
            if value:
                element["initial_date"] = value
        case "person":
            element["type"] = "users_select"
            if value:
                element["initial_user"] = value
        case "people":
            element["type"] = "multi_users_select"
            _start_with(element, "initial_users", list(value or []))
        case "file":
            element |= {"type": "file_input", "max_files": 5}
        case _:
            element |= {"type": "plain_text_input", "max_length": 3000}
            if question.type == "long_text":
                element["multiline"] = True
            if value is not None:
                element["initial_value"] = clip(shown(question, value, directory), 3000)
    return element


def _start_with(element: Element, key: str, found: list[Any], one: bool = False) -> None:
    if found:
        element[key] = found[0] if one else found

"""The question on the table: what was understood, what is asked next, and the ways to answer it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.registry import Message, Scene, renders
from bot.views.checklist import states_of
from bot.views.facts import facts
from bot.views.kit import (
    Block,
    Element,
    actions,
    brief,
    button,
    context,
    escape,
    menu,
    option,
    overflow,
    section,
    words,
)
from bot.views.say import Said, say
from workflows.asking import title_of
from workflows.checklist_state import Tally, tally
from workflows.ids import QuestionId, UserId
from workflows.questionnaire import is_required, progress, shown, visible_questions
from workflows.questions import Question, Questionnaire
from workflows.talks import seen
from workflows.walk import Walk

_BUTTONS_AT_MOST = 5
_CHECKBOXES_AT_MOST = 10

_MORE = (
    ("back", "Back to the question before"),
    ("form", "Fill in as a form"),
    ("show", "Show what I have"),
    ("save", "Save for later"),
    ("cancel", "Cancel this draft"),
)


@renders("opening")
def opening(scene: Scene, data: dict[str, object]) -> Message:
    """The first message of a walk: what the first sentence already said, what is left, and question one."""
    walk, questionnaire = _walk(scene, data)
    if questionnaire.kind != "intake":
        return _opening_of(scene, walk, questionnaire, data)
    picked = [q for q in _ids(data.get("picked")) if q in walk.answers]
    left = progress(questionnaire, walk)
    told = Said(", ".join(facts(scene, questionnaire, picked, walk.answers)))
    lines = [say(scene, "opening_picked", picked=told) if told else say(scene, "opening_empty")]
    # Drawn again later, what was left then is no longer true and not worth saying.
    if walk.ask == data.get("ask") and left.steps_left:
        key = "opening_left" if left.steps_left > 1 else "opening_one_left"
        lines.append(say(scene, key, steps=left.steps_left, minutes=left.minutes_left))
    blocks = [section(" ".join(lines))]
    if walk.origin.quote:
        author = walk.origin.quoted_author
        who = escape(scene.directory.person(author).name) if author else "someone"
        quote = words(walk.origin.quote, scene.directory)[:600].replace("\n", "\n> ")
        link = f" · <{walk.origin.link}|see the message>" if walk.origin.link else ""
        blocks.insert(0, section(f"> {quote}\n— {who}{link}"))
    return _with_question(scene, walk, questionnaire, data, blocks, lines[0])


def _opening_of(scene: Scene, walk: Walk, questionnaire: Questionnaire, data: dict[str, object]) -> Message:
    """The first message of a walk that is no intake: what it is, what for, and how long it takes."""
    use_case = scene.reading.use_case(walk.about) if walk.about else None
    lines = [say(scene, "opening_of", title=title_of(walk, use_case, scene.program))]
    if questionnaire.intro:
        lines.append(Said(escape(questionnaire.intro)))
    left = progress(questionnaire, walk)
    if walk.ask == data.get("ask") and left.steps_left > 1 and questionnaire.kind != "checklist":
        lines.append(say(scene, "opening_left", steps=left.steps_left, minutes=left.minutes_left))
    return _with_question(scene, walk, questionnaire, data, [section(" ".join(lines))], lines[0])


@renders("question")
def question(scene: Scene, data: dict[str, object]) -> Message:
    """One step of a walk: the answer as it was noted, or a kind correction, and the next question."""
    walk, questionnaire = _walk(scene, data)
    noted = [q for q in _ids(data.get("noted")) if q in walk.answers]
    blocks: list[Block] = []
    first = ""
    correction = data.get("correction")
    if isinstance(correction, dict):
        first = escape(str(correction.get("text", "")))
        example = str(correction.get("example") or "")
        blocks.append(section(f"{first} For example: “{escape(example)}”" if example else first))
    elif noted:
        key = "changed" if data.get("changed") else "noted"
        first = say(scene, key, facts=Said("; ".join(facts(scene, questionnaire, noted, walk.answers))))
        blocks.append(section(first))
    return _with_question(scene, walk, questionnaire, data, blocks, first)


def _with_question(
    scene: Scene,
    walk: Walk,
    questionnaire: Questionnaire,
    data: dict[str, object],
    blocks: list[Block],
    first: str,
) -> Message:
    asked = data.get("question")
    if not isinstance(asked, str):
        return Message(text=brief(first), blocks=blocks)
    current = questionnaire.question(asked)
    here = walk.status == "asking" and walk.ask == data.get("ask") and walk.asking == asked
    text = escape(current.ask)
    challenge = current.challenge if data.get("challenge") else None
    if challenge:
        text = escape(challenge.say)
    if not here:
        blocks.append(section(f"*{text}*"))
        blocks += [context(told) for told in _closed(scene, current, walk)]
        return Message(text=brief(first) or brief(text), blocks=blocks)
    blocks.append(section(f"*{text}*"))
    small = [p for p in (_hint(current, challenged=bool(challenge)), _suggested(scene, current, walk)) if p]
    small += how_far(scene, walk, questionnaire)
    if small:
        blocks.append(context(*small))
    blocks += _ways(scene, current, walk, challenge.offer if challenge else ())
    blocks.append(_around(questionnaire, current, walk))
    return Message(text=brief(" ".join(filter(None, (first, text)))), blocks=blocks)


def block_id(walk: Walk, question: str, part: str = "a") -> str:
    """What a click in a question message is about: walk, serial number of the question, question."""
    return f"walk|{walk.id}|{walk.ask}|{question}|{part}"


def _ways(scene: Scene, question: Question, walk: Walk, offers: Sequence[str]) -> list[Block]:
    """The clickable answers; a question without any is answered by typing."""
    block = block_id(walk, question.id)
    if offers:
        made = [button(o, f"walk.answer/{i}", o) for i, o in enumerate(offers[:_BUTTONS_AT_MOST])]
        return [actions(block, [*made, button("Something else", "walk.own")])]
    if question.type == "yesno":
        return [
            actions(block, [button("Yes", "walk.answer/yes", "yes"), button("No", "walk.answer/no", "no")])
        ]
    if question.type == "check":
        return [actions(block, item_buttons(walk, question))]
    if question.type == "choice":
        return [actions(block, _one_of(question))]
    if question.type == "multi":
        if len(question.choices) > _CHECKBOXES_AT_MOST:
            options = [option(c.label, c.id, c.help) for c in question.choices]
            return _several(
                walk, question, menu("Choose all that apply", "walk.tick/menu", options, many=True)
            )
        return [actions(block, [_boxes(question), button("Done", "walk.done", style="primary")])]
    if question.type == "date":
        picker: Element = {
            "type": "datepicker",
            "action_id": "walk.answer/date",
            "placeholder": {"type": "plain_text", "text": "Pick a date"},
        }
        return [actions(block, [picker])]
    if question.type in ("person", "people"):
        many = question.type == "people"
        chooser: Element = {
            "type": "multi_users_select" if many else "users_select",
            "action_id": "walk.tick/people" if many else "walk.answer/person",
            "placeholder": {"type": "plain_text", "text": "Choose people" if many else "Choose a person"},
        }
        me = button("Me", "walk.answer/me", str(walk.owner))
        return _several(walk, question, chooser, me) if many else [actions(block, [chooser, me])]
    return []


def item_value(walk: Walk, question: Question) -> str:
    """What a button about one question of a walk carries: use case, questionnaire and question."""
    return f"{walk.about}|{walk.questionnaire}|{question.id}"


def item_buttons(walk: Walk, question: Question) -> list[Element]:
    """The answers to an item of a checklist, and the way to somebody who knows."""
    if walk.claim is not None and walk.claim.state == "yes":
        yes = button("In a form", "check.open", item_value(walk, question))
    else:
        yes = button("Yes", "walk.answer/yes", "yes")
    return [
        yes,
        button("No", "walk.answer/no", "no"),
        button("Does not apply", "walk.answer/na", "na"),
        button("Somebody else knows", "check.assign", item_value(walk, question)),
    ]


def how_far(scene: Scene, walk: Walk, questionnaire: Questionnaire) -> list[str]:
    """How far the walk is: in steps, and of a checklist in items, with those that wait for somebody."""
    if questionnaire.kind != "checklist":
        done = progress(questionnaire, walk)
        return [f"{done.step_number} of {done.steps}"] if done.steps else []
    return [tally_line(scene, tally(states_of(scene, walk, questionnaire)), walk.owner)]


def to_go(scene: Scene, walk: Walk, questionnaire: Questionnaire) -> str:
    """What is left of a walk, for a list of them; of a checklist how much is done."""
    if questionnaire.kind == "checklist":
        return ", ".join(how_far(scene, walk, questionnaire))
    left = progress(questionnaire, walk).steps_left
    return f"{left} question{'s' if left != 1 else ''} to go" if left else "ready to look over"


def tally_line(scene: Scene, found: Tally, user: UserId) -> str:
    """``9 of 14, 2 waiting on you``."""
    mine = found.waiting.get(user, 0)
    others = sum(found.waiting.values()) - mine
    parts = [say(scene, "tally", done=found.done, of=found.of)]
    if mine:
        parts.append(say(scene, "tally_you", count=mine))
    if others:
        parts.append(say(scene, "tally_others", count=others))
    return ", ".join(parts)


def _one_of(question: Question) -> list[Element]:
    if len(question.choices) <= _BUTTONS_AT_MOST:
        made = [button(c.label, f"walk.answer/{c.id}", c.id) for c in question.choices]
    else:
        made = [
            menu("Choose one", "walk.answer/menu", [option(c.label, c.id, c.help) for c in question.choices])
        ]
    return [*made, button("Something else", "walk.own")] if question.other else made


def _boxes(question: Question) -> Element:
    options = [option(c.label, c.id, c.help) for c in question.choices]
    return {"type": "checkboxes", "action_id": "walk.tick/boxes", "options": options}


def _several(walk: Walk, question: Question, chooser: Element, *more: Element) -> list[Block]:
    """A menu of which several may be chosen: Slack takes it beside a section only; Done stands below."""
    done = button("Done", "walk.done", style="primary")
    return [
        section("Choose all that apply, then press Done.", chooser, block_id(walk, question.id)),
        actions(block_id(walk, question.id, "d"), [done, *more]),
    ]


def _around(questionnaire: Questionnaire, question: Question, walk: Walk) -> Block:
    """The ways that are no answer: keep a suggestion, skip, why, and the rest in a small menu."""
    made: list[Element] = []
    kept = walk.answers.get(question.id)
    if kept is not None:
        made.append(button("Keep it", "walk.keep", str(question.id), style="primary"))
    if questionnaire.kind == "intake" and question.id != questionnaire.story_question:
        made.append(button("Ask somebody", "check.assign", item_value(walk, question)))
    if not is_required(questionnaire, question, walk.answers):
        made.append(button("Skip", "walk.skip", str(question.id)))
    elif questionnaire.kind == "checklist":
        made.append(button("Later", "walk.skip", str(question.id)))
    if question.why:
        made.append(button("Why this?", "walk.why", str(question.id)))
    made.append(overflow("walk.more", [option(label, value) for value, label in _MORE]))
    return actions(block_id(walk, question.id, "m"), made)


def _hint(question: Question, challenged: bool) -> str:
    if challenged and question.examples:
        return f"For example: “{escape(question.examples[0])}”"
    if question.help:
        return escape(question.help)
    if question.examples:
        return f"For example: “{escape(question.examples[0])}”"
    return ""


def _suggested(scene: Scene, question: Question, walk: Walk) -> str:
    kept = walk.answers.get(question.id)
    if kept is None:
        return ""
    return f"So far: *{words(shown(question, kept.value, scene.directory), scene.directory)}*"


def _closed(scene: Scene, question: Question, walk: Walk) -> list[str]:
    """What came of a question that is no longer on the table; nothing while it is open elsewhere."""
    kept = walk.answers.get(question.id)
    if kept is not None:
        value = words(shown(question, kept.value, scene.directory), scene.directory)
        return [f"✓ {escape(question.label)}: {value}"]
    return [f"{escape(question.label)}: skipped"] if question.id in walk.skipped else []


def _ids(found: object) -> list[QuestionId]:
    return [QuestionId(str(q)) for q in found] if isinstance(found, list | tuple) else []


def walk_of(scene: Scene, data: dict[str, object]) -> Walk:
    """The walk as it stands in the message's conversation. Raises ``LookupError`` if it is gone."""
    walk = scene.reading.walk(scene.subject.id)
    if walk is None:
        raise LookupError(f"walk {scene.subject.id} is gone")
    who = data.get("who")
    return seen(walk, UserId(who), UserId(who)) if isinstance(who, str) else walk


def owner_of(scene: Scene, walk: Walk) -> UserId:
    """Whose walk it is, whoever sees it here."""
    stored = scene.reading.walk(walk.id)
    return stored.owner if stored else walk.owner


def _walk(scene: Scene, data: dict[str, object]) -> tuple[Walk, Questionnaire]:
    walk = walk_of(scene, data)
    return walk, scene.program.questionnaires[walk.questionnaire]


def others(questionnaire: Questionnaire, walk: Walk) -> list[Question]:
    """The visible questions that have no answer yet."""
    return [q for q in visible_questions(questionnaire, walk.answers) if q.id not in walk.answers]

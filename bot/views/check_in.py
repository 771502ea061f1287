"""The weekly check-in: one message with a row for each use case, and the form for its numbers."""

from __future__ import annotations

from datetime import date
from itertools import islice

from bot.figures import check_ins_for
from bot.inputs import packed
from bot.registry import Message, Scene, View, renders
from bot.views.case import inline
from bot.views.figures import (
    amount,
    check_in_of,
    correct_button,
    figures_of,
    last_line,
    last_points,
    told_line,
)
from bot.views.figures import title_of as title
from bot.views.kit import Block, Element, actions, brief, button, clip, context, name, plain_text, section
from bot.views.say import Said, say
from workflows.figures.check_in import CheckIn
from workflows.figures.measured import Measured, asked_of
from workflows.ids import UserId
from workflows.use_case import UseCase

_ROWS = 20
_LINES = 4
LIMIT = "limit/"
"""Before the figure, in the block of the field that asks for a guardrail's limit."""
FIGURE = "figure/"


@renders("check_in")
def check_in(scene: Scene, data: dict[str, object]) -> Message:
    """What a person is asked about one week; the subject is the person."""
    week = date.fromisoformat(str(data["week"]))
    ids = data.get("ids")
    user = UserId(scene.subject.id)
    also = [str(i) for i in ids] if isinstance(ids, list) else []
    found = check_ins_for(scene.reading, user, week, also)
    waiting = [c for c in found if c.waits and c.owner == user]
    key = "check_in_head" if waiting else "check_in_done"
    head = say(scene, key, week=f"{week.day} {week:%B}")
    blocks: list[Block] = [section(head)]
    for one in found[:_ROWS]:
        blocks += _row(scene, one, user)
    if len(found) > _ROWS:
        blocks.append(context(say(scene, "check_in_more", count=len(found) - _ROWS)))
    # Two are enough to know: somebody may be asked about hundreds.
    if len(list(islice((c for c in waiting if _was_told(scene, c)), 2))) > 1:
        all_ = button("Nothing changed anywhere", "check_in.same_all", week.isoformat())
        blocks.append(actions(f"check_in|{week}", [all_]))
    return Message(text=brief(head), blocks=blocks)


def _was_told(scene: Scene, found: CheckIn) -> bool:
    """Whether there are numbers of weeks before, which could count again."""
    use_case = scene.reading.use_case(found.use_case)
    return use_case is not None and bool(last_points(scene, use_case, found))


def _row(scene: Scene, found: CheckIn, user: UserId) -> list[Block]:
    use_case = scene.reading.use_case(found.use_case)
    if use_case is None:
        return []
    measured = figures_of(scene, use_case)
    head = f"*{title(scene, use_case)}* ({use_case.id})"
    if found.owner != user:
        who = Said(name(found.owner, scene.directory)) if found.owner else Said("")
        return [section(f"{head}\n{say(scene, 'check_in_with', who=who)}")]
    line = told_line(scene, measured, found.figures)
    match found.status:
        case "told":
            said = say(scene, "check_in_told", figures=line)
        case "unchanged":
            said = say(scene, "check_in_unchanged", figures=line)
        case "off":
            said = say(scene, "check_in_off", title=title(scene, use_case))
        case "doubted":
            said = say(scene, "check_in_doubted")
        case "missed":
            said = say(scene, "check_in_missed")
        case _:
            said = Said(_before(scene, found, use_case, measured))
    row: list[Element] = []
    if found.waits:
        if found.status == "asked" and last_points(scene, use_case, found):
            row.append(button("Nothing changed", f"check_in.same/{found.id}", str(found.id), style="primary"))
        row.append(button("Give numbers…", f"check_in.give/{found.id}", str(found.id)))
    elif found.status in ("told", "unchanged"):
        row.append({**correct_button(found), "action_id": f"check_in.give/{found.id}"})
    else:
        row.append(button("Give numbers…", f"check_in.give/{found.id}", str(found.id)))
    blocks = [section(clip(f"{head}\n{said}", 2900)), actions(f"check_in|{found.id}", row)]
    for m in measured.values():
        if m.guards and m.limit is None and found.status != "off":
            blocks += _bounds(scene, found, m)
    return blocks


def _bounds(scene: Scene, found: CheckIn, m: Measured) -> list[Block]:
    """One tap for a guardrail whose limit nobody has put in numbers."""
    said = found.within.get(m.id)
    limit = inline(m.limit_words, scene.directory, 200)
    if said is not None:
        return [context(say(scene, "check_in_within" if said else "check_in_beyond", limit=limit))]
    which = f"{found.id}|{m.id}"
    row = [
        button("Within bounds", f"guardrail.within/{which}", which),
        button("Out of bounds", f"guardrail.beyond/{which}", which),
    ]
    return [section(say(scene, "check_in_bounds", limit=limit)), actions(f"bounds|{which}", row)]


def _before(scene: Scene, found: CheckIn, use_case: UseCase, measured: dict[str, Measured]) -> str:
    """What is known so far; else what is wanted."""
    points = last_points(scene, use_case, found)
    wanted = asked_of(tuple(measured.values()), scene.program)
    lines = [line for m in wanted if (line := last_line(scene, m, points.get(m.id, ())))]
    if lines:
        return "\n".join(lines[:_LINES])
    names = ", ".join(inline(m.label, scene.directory, 60) for m in wanted[:_LINES])
    return say(scene, "check_in_first", figures=Said(names))


@renders("check_in_nudge")
def check_in_nudge(scene: Scene, data: dict[str, object]) -> Message:
    """The one reminder."""
    week = date.fromisoformat(str(data["week"]))
    user = UserId(scene.subject.id)
    found = [c for c in check_ins_for(scene.reading, user, week) if c.waits]
    titles = []
    for one in found[:5]:
        use_case = scene.reading.use_case(one.use_case)
        if use_case:
            titles.append(f"*{title(scene, use_case)}*")
    text = say(scene, "check_in_nudge", titles=Said(", ".join(titles)))
    row = []
    if len(found) == 1:
        row = [
            button("Nothing changed", "check_in.same", str(found[0].id), style="primary"),
            button("Give numbers…", "check_in.give", str(found[0].id)),
        ]
    elif found:
        row = [button("Nothing changed anywhere", "check_in.same_all", week.isoformat())]
    return Message(
        text=brief(text), blocks=[section(text), *([actions("check_in_nudge", row)] if row else [])]
    )


@renders("check_in_passed")
def check_in_passed(scene: Scene, data: dict[str, object]) -> Message:
    """Somebody said that this person knows the numbers."""
    _, use_case = check_in_of(scene)
    who = Said(name(UserId(str(data["by"])), scene.directory))
    text = say(scene, "check_in_passed", who=who, title=title(scene, use_case))
    return Message(text=brief(text), blocks=[section(text)])


def give_form(scene: Scene, found: CheckIn, use_case: UseCase) -> View:
    """A field for each number that is asked, filled with what counts for the week already."""
    measured = figures_of(scene, use_case)
    points = last_points(scene, use_case, found)
    own = {f.figure: f for f in found.figures if not f.function}
    doubted = {d.told.figure: d.told for d in found.doubts if not d.told.function}
    wanted = asked_of(tuple(measured.values()), scene.program)
    extra = tuple(m for id, m in measured.items() if id in {**own, **doubted} and m not in wanted)
    blocks: list[Block] = [
        context(
            say(
                scene, "check_in_form", title=title(scene, use_case), week=f"{found.week.day} {found.week:%B}"
            )
        )
    ]
    for m in (*wanted, *extra):
        told = own.get(m.id) or doubted.get(m.id)
        last = points.get(m.id, ())
        element: Element = {"type": "plain_text_input", "action_id": "figure", "max_length": 200}
        if told:
            element["initial_value"] = _plain(m, told.value, told.of)
        elif last:
            element["placeholder"] = plain_text(f"{_plain(m, last[-1].value, last[-1].of)} last time", 150)
        blocks.append(
            {
                "type": "input",
                "block_id": f"{FIGURE}{m.id}",
                "optional": True,
                "label": plain_text(f"{m.label}{f' ({m.unit})' if m.unit else ''}", 2000),
                "hint": plain_text(_hint(m), 2000),
                "element": element,
            }
        )
        if m.guards and m.limit is None:
            blocks.append(_limit_field(scene, m))
    return {
        "type": "modal",
        "callback_id": "check_in.give",
        "private_metadata": packed(week=f"{found.use_case}|{found.week.isoformat()}"),
        "title": plain_text("Numbers of the week", 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Cancel", 24),
        "blocks": blocks,
    }


def _limit_field(scene: Scene, m: Measured) -> Block:
    return {
        "type": "input",
        "block_id": f"{LIMIT}{m.id}",
        "optional": True,
        "label": plain_text(f"From when on is it too much? ({clip(m.limit_words, 150)})", 2000),
        "hint": plain_text(str(say(scene, "check_in_form_limit")), 2000),
        "element": {"type": "plain_text_input", "action_id": "limit", "max_length": 200},
    }


def _hint(m: Measured) -> str:
    said = m.kind.counts[:1].upper() + m.kind.counts[1:]
    if m.id == "outcome" and m.target is not None:
        return f"Target: {m.target:g}"
    if m.guards:
        return f"Guardrail: {clip(m.limit_words, 200)}"
    if m.kind.shape == "share":
        return f"{said}, of {m.kind.of}. For example: 34 of 40"
    return f"{said}."


def _plain(m: Measured, value: float, of: float | None) -> str:
    return amount(m, value, of).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def why_form(scene: Scene, found: CheckIn, figure: str, use_case: UseCase) -> View:
    """Why what was promised is not done."""
    from bot.views.approval_forms import text_field

    hint = str(say(scene, "guardrail_form_why"))
    return {
        "type": "modal",
        "callback_id": "guardrail.why",
        "private_metadata": packed(check_in=found.id, figure=figure),
        "title": plain_text(str(use_case.id), 24),
        "submit": plain_text("Send", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [
            context(f"*{title(scene, use_case)}*"),
            text_field("reason", "Why do you not do what was planned?", hint, at_most=1000),
        ],
    }

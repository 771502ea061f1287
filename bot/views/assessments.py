"""Which assessments there are, which fit a use case, and which have been done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.registry import Message, Scene, renders
from bot.views.kit import (
    Block,
    actions,
    bare,
    brief,
    button,
    clip,
    context,
    day,
    escape,
    header,
    option,
    plain_text,
    section,
)
from bot.views.result import MARKS, mark_of
from bot.views.say import say
from workflows.assessing import OFFERED_AT_ONCE, fitting
from workflows.ids import UserId
from workflows.program import Program
from workflows.questions import Questionnaire
from workflows.results import assessments
from workflows.seeing import UNFINISHED
from workflows.use_case import UseCase
from workflows.walk import Walk

_DONE_SHOWN = 8
_OFFERED = 4
_LOOKED_AT = 30


@renders("assessments")
def listed(scene: Scene, data: dict[str, object]) -> Message:
    """All that can be started, one line each, and the results of this person's use cases."""
    user = UserId(scene.subject.id)
    unknown = str(data.get("unknown") or "")
    intro = say(scene, "assess_unknown", name=unknown) if unknown else say(scene, "assess_intro")
    blocks: list[Block] = [section(intro)]
    for q in assessments(scene.program).values():
        text = f"*{escape(q.name)}* · {escape(q.intro)}"
        blocks.append(section(text, button("Start", "assess.start", q.id), f"assess|{q.id}"))
    done = _done(scene, user)
    if done:
        blocks.append(header(bare(say(scene, "assess_done"))))
        for walk, title in done[:_DONE_SHOWN]:
            blocks.append(
                section(
                    _line(scene, walk, title), button("Open", "result.show", str(walk.id)), f"done|{walk.id}"
                )
            )
        if len(done) > _DONE_SHOWN:
            blocks.append(context(say(scene, "live_more", count=len(done) - _DONE_SHOWN)))
    return Message(text=brief(intro), blocks=blocks)


def _done(scene: Scene, user: UserId) -> list[tuple[Walk, str]]:
    """Results of one's own use cases, and of the company where one made them, the newest first."""
    found: list[tuple[Walk, str]] = []
    for use_case in scene.reading.use_cases_of(user)[:_LOOKED_AT]:
        for walk in scene.reading.walks_about(use_case.id):
            found.append((walk, use_case.title or str(use_case.id)))
    for walk in scene.reading.walks_about(""):
        if walk.owner == user or user in walk.helpers:
            found.append((walk, scene.program.company))
    kept = [
        (w, t) for w, t in found if w.result is not None and w.questionnaire in assessments(scene.program)
    ]
    return sorted(kept, key=lambda k: k[0].result.at if k[0].result and k[0].result.at else k[0].touched_at)[
        ::-1
    ]


def _line(scene: Scene, walk: Walk, title: str) -> str:
    result = walk.result
    if result is None:
        raise LookupError(f"walk {walk.id} has no result")
    name = scene.program.questionnaires[walk.questionnaire].name
    tz = scene.directory.person(scene.reader).tz if scene.reader else "UTC"
    when = day(result.at or walk.touched_at, tz)
    about = f" · {escape(clip(title, 100))}" if title else ""
    head = f"{MARKS[mark_of(scene, walk)]} *{escape(name)}*{about} · {when}"
    return f"{head}\n{escape(clip(result.headline, 200))}"


@renders("assess_offer")
def offer(scene: Scene, data: dict[str, Any]) -> Message:
    """What is worth doing for a use case, one button each; what was begun since has lost its button."""
    use_case = scene.reading.use_case(scene.subject.id)
    if use_case is None:
        raise LookupError(f"use case {scene.subject.id} is gone")
    approval = scene.reading.approval_of(use_case.id)
    demanded = approval.assessments if approval else ()
    walks = scene.reading.walks_about(use_case.id)
    wanted = [str(n) for n in data.get("questionnaires", ())][:OFFERED_AT_ONCE]
    still = {q.id: (q, why) for q, why in fitting(use_case, walks, scene.program, demanded)}
    offered = [still[n] for n in wanted if n in still]
    if not offered:
        text = say(scene, "assess_taken_up")
        return Message(text=brief(text), blocks=[context(text)])
    text = say(scene, "assess_offer", title=clip(use_case.title or str(use_case.id), 150))
    lines = [text, *(f"• *{escape(q.name)}*: {escape(why)}" for q, why in offered)]
    made = [button(clip(q.name, 60), f"walk.open/{q.id}", f"{use_case.id}|{q.id}") for q, _ in offered]
    blocks = [section("\n".join(lines)), actions(f"assess|{use_case.id}", made)]
    return Message(text=brief(text), blocks=blocks)


@renders("assess_which")
def which(scene: Scene, data: dict[str, Any]) -> Message:
    """For which use case? The newest of one's own as buttons, all of them behind a form."""
    form = scene.program.questionnaires[str(data["questionnaire"])]
    user = UserId(scene.subject.id)
    mine = [u for u in scene.reading.use_cases_of(user) if u.stage not in UNFINISHED]
    named = str(data.get("named") or "")
    key = "assess_which_named" if named else "assess_which"
    text = say(scene, key, name=form.name, named=named)
    made = [
        button(clip(u.title or str(u.id), 60), f"walk.open/{u.id}", f"{u.id}|{form.id}")
        for u in mine[:_OFFERED]
    ]
    made.append(button("Another one", "assess.start/choose", form.id))
    return Message(text=brief(text), blocks=[section(text), actions("assess|which", made)])


def suggestion_blocks(scene: Scene, use_case: UseCase) -> list[Block]:
    """A button for what fits this use case now and nobody has begun; nothing where nothing does."""
    walks = scene.reading.walks_about(use_case.id)
    found = fitting(use_case, walks, scene.program)[:1] if use_case.stage not in UNFINISHED else ()
    return [
        section(
            f"*{escape(q.name)}*: {escape(why)}",
            button("Start", "walk.open", f"{use_case.id}|{q.id}"),
            f"fits|{use_case.id}|{q.id}",
        )
        for q, why in found
    ]


def done_blocks(scene: Scene, use_case: UseCase) -> list[Block]:
    """The newest result of each assessment of a use case, for its record."""
    newest: dict[str, Walk] = {}
    for walk in scene.reading.walks_about(use_case.id):
        if walk.result is not None and walk.questionnaire in assessments(scene.program):
            newest.setdefault(walk.questionnaire, walk)
    return [
        section(
            _line(scene, walk, ""), button("All answers", "result.answers", str(walk.id)), f"done|{walk.id}"
        )
        for walk in newest.values()
    ]


def choose_form(
    program: Program, form: Questionnaire, use_cases: Sequence[UseCase], private: str
) -> dict[str, Any]:
    """The modal that asks for which use case."""
    options = [option(u.title or str(u.id), str(u.id)) for u in use_cases[:100]]
    return {
        "type": "modal",
        "callback_id": "assess.for",
        "private_metadata": private,
        "title": plain_text(form.title, 24),
        "submit": plain_text("Start", 24),
        "close": plain_text("Close", 24),
        "blocks": [
            section(escape(form.intro or form.name)),
            {
                "type": "input",
                "block_id": "use_case",
                "label": plain_text("For which use case?", 100),
                "element": {
                    "type": "static_select",
                    "action_id": "use_case",
                    "options": options,
                },
            },
        ],
    }

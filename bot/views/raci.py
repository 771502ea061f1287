"""Who decides what about a use case: one table in a message, the same in lines in a modal."""

from __future__ import annotations

from typing import Any

from bot.registry import Block, Message, Scene, renders
from bot.views.case import inline
from bot.views.kit import bare, brief, clip, context, escape, named, section
from bot.views.say import say
from workflows.answers import Answers
from workflows.ids import UserId
from workflows.people import Directory
from workflows.raci import Matter, raci
from workflows.use_case import UseCase

_NAMES = 4
_CELL = 300
_ROWS = 60


@renders("raci")
def raci_card(scene: Scene, data: dict[str, object]) -> Message:
    """The table of one use case."""
    use_case = scene.reading.use_case(scene.subject.id)
    if use_case is None:
        raise LookupError(f"use case {scene.subject.id} is gone")
    head = say(scene, "raci_head", title=use_case.title or use_case.id, id=use_case.id)
    return Message(text=brief(head), blocks=raci_blocks(scene, use_case, use_case.answers))


def raci_blocks(scene: Scene, use_case: UseCase, answers: Answers) -> list[Block]:
    """A line above, the table, and what it does not say."""
    matters = raci(use_case, answers, scene.program, scene.directory, scene.now)
    rows = [
        ["What", "Who decides", "Who is told"],
        *([m.what, bare(_decides(m, scene.directory)), _told(m, scene.directory)] for m in matters[:_ROWS]),
    ]
    title = inline(use_case.title or str(use_case.id), scene.directory, 150)
    return [
        section(say(scene, "raci_head", title=title, id=use_case.id)),
        {"type": "table", "rows": [[_cell(c) for c in row] for row in rows]},
        context(say(scene, "raci_how")),
    ]


def raci_lines(scene: Scene, use_case: UseCase, answers: Answers) -> list[Block]:
    """The same where no table can stand."""
    matters = raci(use_case, answers, scene.program, scene.directory, scene.now)
    blocks: list[Block] = [
        section(
            say(
                scene,
                "raci_head",
                title=inline(use_case.title or str(use_case.id), scene.directory, 150),
                id=use_case.id,
            )
        )
    ]
    for matter in matters[:_ROWS]:
        told = _told(matter, scene.directory)
        more = f"\n_Told: {escape(told)}_" if told else ""
        line = f"*{escape(matter.what)}*\n{_decides(matter, scene.directory)}{more}"
        blocks.append(section(clip(line, 2900)))
    return [*blocks, context(say(scene, "raci_how"))]


def _decides(matter: Matter, directory: Directory) -> str:
    if matter.stopped:
        return "nobody: not allowed"
    if matter.at_once:
        return "nobody: at once"
    lines = [
        f"{_names(held.people, directory) or 'nobody is named'} ({escape(held.label)})"
        for held in matter.decides
    ]
    joined = (" and " if matter.together else ", or ").join(lines) or "nobody is named"
    return clip(joined, _CELL)


def _told(matter: Matter, directory: Directory) -> str:
    return clip(bare(_names(matter.told, directory)), _CELL)


def _names(users: tuple[UserId, ...], directory: Directory) -> str:
    if not users:
        return ""
    if len(users) <= _NAMES:
        return named(users, directory)
    return f"{named(users[:_NAMES], directory, ',')} and {len(users) - _NAMES} more"


def _cell(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": clip(text, _CELL) or " "}

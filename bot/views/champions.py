"""Champions in Slack: who they are by function, where there is none, and what a champion's function asks."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.case import inline
from bot.views.kit import Block, actions, brief, button, context, escape, name, named, prose, section
from bot.views.learning import counts_lines
from bot.views.say import Said, say
from workflows.champions import champions_of, functions_of, is_champion_of
from workflows.feedback import Feedback
from workflows.ids import UserId

_SHOWN = 5


@renders("champions")
def champions(scene: Scene, data: dict[str, object]) -> Message:
    """Each function with its champions, or one; for a champion, what their own function asks."""
    wanted = str(data.get("function") or "")
    functions = [f for f in scene.program.functions.values() if not wanted or f.id == wanted]
    text = say(scene, "champions_intro")
    lines, gaps = [], []
    for function in functions:
        found = champions_of(function.id, scene.program, scene.directory, scene.now)
        label = escape(function.label)
        if found:
            lines.append(f"*{label}*: {named(found, scene.directory, 'and')}")
        else:
            lines.append(f"*{label}*: {say(scene, 'champions_nobody')}")
            gaps.append(function.label)
    blocks: list[Block] = [*prose(text), *prose("\n".join(lines) or say(scene, "champions_nobody"))]
    if gaps:
        blocks += prose(say(scene, "champions_gaps", count=len(gaps), where=", ".join(gaps)))
    blocks += _own(scene)
    return Message(text=brief("\n".join([text, *lines])), blocks=blocks)


def _own(scene: Scene) -> list[Block]:
    """For one reader: the page of a champion, or how to become one."""
    reader = scene.reader
    if reader is None or not scene.directory.person(reader).active:
        return []
    own = is_champion_of(reader, scene.program, scene.directory, scene.now)
    if own:
        return _page(scene, reader, own)
    mine = functions_of(reader, scene.program, scene.directory)
    if not mine:
        return []
    label = scene.program.functions[mine[0]].label
    row = [button("I would like to be one", "champion.wish", mine[0])]
    return [section(say(scene, "champions_become", function=label)), actions("champions", row)]


def _page(scene: Scene, reader: UserId, function: str) -> list[Block]:
    label = scene.program.functions[function].label
    blocks = prose(say(scene, "champion_page", function=label))
    asked = scene.reading.consultations_put_to(reader)
    questions = [f"• {inline(one.question, scene.directory, 160)}" for one in asked[:_SHOWN]]
    blocks += prose(say(scene, "champion_questions", count=len(asked)) + "".join(f"\n{q}" for q in questions))
    given = [f for f in scene.reading.matters(Feedback, statuses=("open",)) if f.function == function]
    themes = [t for f in given for t in f.themes]
    often = sorted(set(themes), key=lambda t: (-themes.count(t), t))[:3]
    known = [scene.program.feedback.theme(t) for t in often]
    told = ", ".join(f"{escape(t.label)} ({themes.count(t.id)})" for t in known if t)
    blocks += prose(say(scene, "champion_feedback", count=len(given)) + (f"\n{told}" if told else ""))
    blocks += prose(f"{say(scene, 'champion_training')}\n" + "\n".join(counts_lines(scene, (function,))))
    row = [button("What waits for me?", "show.desk")]
    return [*blocks, actions("champion", row), context(say(scene, "champion_limits"))]


@renders("champion_wish")
def wish(scene: Scene, data: dict[str, object]) -> Message:
    """To the program team: somebody would like to be a champion, and what that takes."""
    who = UserId(scene.subject.id)
    function = scene.program.functions.get(str(data.get("function")))
    text = say(
        scene,
        "champion_wishes",
        who=Said(name(who, scene.directory)),
        function=function.label if function else "",
        group=_group(scene),
    )
    return Message(text=brief(text), blocks=prose(text))


def _group(scene: Scene) -> str:
    """The user group by which champions are found."""
    role = scene.program.roles.get(scene.program.consulting.champions)
    ways = role.resolve if role else ()
    return next((way.group for way in ways if way.group), "")

"""Learning in Slack: one's paths, a module with its passage and its question, and counts by function."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.answer import quoted
from bot.views.consultation import dated, where
from bot.views.kit import Block, actions, brief, button, context, escape, menu, option, prose, section
from bot.views.reasons import passage
from bot.views.say import Said, say
from workflows.ids import UserId
from workflows.learning.counting import counts, may_see
from workflows.learning.learner import Learner
from workflows.learning.policy import LearningPath, Module
from workflows.learning.studying import (
    Progress,
    beginner,
    is_done,
    next_module,
    paths_of,
    progress,
)


def learner_of(scene: Scene, user: UserId) -> Learner:
    """What is kept of a person's learning; of most people nothing yet."""
    return scene.reading.get(Learner, user) or beginner(user, scene.now)


@renders("learning")
def learning(scene: Scene, data: dict[str, object]) -> Message:
    """A person's paths, each with how far they are and what comes next."""
    learner = learner_of(scene, UserId(scene.subject.id))
    mine = paths_of(learner, scene.program, scene.directory)
    text = say(scene, "learning_intro" if mine else "learning_none")
    blocks: list[Block] = [*prose(text)]
    for path in mine:
        blocks += _path(scene, learner, path)
    return Message(text=brief(text), blocks=[*blocks, *_others(scene, mine)])


def _path(scene: Scene, learner: Learner, path: LearningPath) -> list[Block]:
    far = progress(learner, path, scene.now)
    text = f"*{escape(path.label)}*  {_bar(far)}  {_far(scene, far)}\n{escape(path.about)}"
    ahead = next_module(learner, path, scene.now)
    if ahead is None:
        return [section(text)]
    label = f"{'Next' if far.done else 'Begin'}: {ahead.title}"
    go = button(label, f"learn.open/{path.id}", f"{path.id}|{ahead.id}")
    return [section(text), actions(f"learning|{path.id}", [go])]


def _others(scene: Scene, mine: tuple[LearningPath, ...]) -> list[Block]:
    more = [p for p in scene.program.learning.paths if p not in mine]
    if not more:
        return []
    choose = menu("Add another path", "learn.choose", [option(p.label, p.id) for p in more])
    return [actions("learning|more", [choose])]


def _bar(far: Progress) -> str:
    return "▰" * far.done + "▱" * (far.of - far.done)


def _far(scene: Scene, far: Progress) -> Said:
    if far.finished:
        return say(scene, "learning_finished")
    return say(scene, "learning_far", done=far.done, of=far.of, minutes=far.minutes_left)


@renders("learning_module")
def module(scene: Scene, data: dict[str, object]) -> Message:
    """One module: what to read and the question about it; once done, why it was right, and what is next."""
    learner = learner_of(scene, UserId(scene.subject.id))
    path = scene.program.learning.path(str(data.get("path")))
    found = path.module(str(data.get("module"))) if path else None
    if path is None or found is None:
        text = say(scene, "learning_gone")
        return Message(text=brief(text), blocks=prose(text))
    head = say(
        scene,
        "learning_module",
        path=path.label,
        number=path.modules.index(found) + 1,
        of=len(path.modules),
        title=found.title,
        minutes=found.minutes,
    )
    blocks = [*prose(head), *(prose(escape(found.says)) if found.says else []), *_to_read(scene, path, found)]
    if is_done(learner, path, found, scene.now):
        return Message(text=brief(head), blocks=[*blocks, *_done(scene, learner, path, found)])
    blocks += prose(f"*{escape(found.check.ask)}*")
    choices = [
        button(c.text, f"learn.answer/{n}", f"{path.id}|{found.id}|{n}")
        for n, c in enumerate(found.check.choices)
    ]
    return Message(text=brief(head), blocks=[*blocks, actions(f"module|{path.id}|{found.id}", choices)])


def _to_read(scene: Scene, path: LearningPath, found: Module) -> list[Block]:
    behind = passage(scene, found.source, UserId(scene.subject.id))
    if behind is None:
        name = f"{found.source.document.removesuffix('.md')}, {found.source.section}"
        return [context(say(scene, "learning_no_passage", where=name))]
    quote, _ = behind
    blocks = prose(quoted(quote.text))
    blocks[-1]["accessory"] = button("Read on", "learn.read", f"{path.id}|{found.id}")
    return [*blocks, context(f"{where(scene, quote)}, {dated(scene, quote)}")]


def _done(scene: Scene, learner: Learner, path: LearningPath, found: Module) -> list[Block]:
    right = next(c for c in found.check.choices if c.right)
    told = say(scene, "learning_right", answer=right.text, why=right.why)
    blocks: list[Block] = [*prose(f"*{escape(found.check.ask)}*"), *prose(told)]
    far, ahead = progress(learner, path, scene.now), next_module(learner, path, scene.now)
    if ahead is None:
        return [*blocks, *prose(say(scene, "learning_path_done", path=path.label))]
    go = button(f"Next: {ahead.title}", "learn.open", f"{path.id}|{ahead.id}", style="primary")
    return [*blocks, context(_far(scene, far)), actions(f"module|{path.id}|{found.id}|next", [go])]


@renders("learning_nudge")
def nudge(scene: Scene, data: dict[str, object]) -> Message:
    """One word about a path that was begun and left; quiet once it is finished."""
    learner = learner_of(scene, UserId(scene.subject.id))
    path = scene.program.learning.path(str(data.get("path")))
    ahead = next_module(learner, path, scene.now) if path else None
    if path is None or ahead is None:
        text = say(scene, "learning_path_done", path=path.label if path else "")
        return Message(text=brief(text), blocks=[context(text)])
    far = progress(learner, path, scene.now)
    text = say(scene, "learning_nudge", path=path.label, done=far.done, of=far.of, minutes=ahead.minutes)
    go = button(f"Next: {ahead.title}", "learn.open", f"{path.id}|{ahead.id}", style="primary")
    return Message(text=brief(text), blocks=[section(text), actions(f"nudge|{path.id}", [go])])


@renders("learning_counts")
def learning_counts(scene: Scene, data: dict[str, object]) -> Message:
    """How many of each function have finished which path, for its one reader; small groups are left out."""
    assert scene.reader is not None, "counts are only ever shown to one person"
    functions = may_see(scene.reader, scene.program, scene.directory, scene.now)
    if not functions:
        text = say(scene, "learning_counts_not_yours")
        return Message(text=brief(text), blocks=prose(text))
    text = say(scene, "learning_counts", least=scene.program.learning.counts.at_least)
    lines = counts_lines(scene, functions)
    return Message(text=brief(text), blocks=[*prose(text), *prose("\n".join(lines))])


def counts_lines(scene: Scene, functions: tuple[str, ...]) -> list[str]:
    """A line for each function: what of each path is finished, or that it is too small to be counted."""
    learners = {one.id: one for one in scene.reading.matters(Learner)}
    lines = []
    for id in functions:
        told = []
        for count in counts(id, learners, scene.program, scene.directory, scene.now):
            path = scene.program.learning.path(count.path)
            label = escape(path.label if path else count.path)
            few = count.finished is None
            told.append(
                f"{label} {say(scene, 'learning_few')}"
                if few
                else f"{label} {count.finished} of {count.people}"
            )
        label = escape(scene.program.functions[id].label)
        lines.append(f"*{label}*: {', '.join(told) or say(scene, 'learning_nobody')}")
    return lines


def learning_row(scene: Scene, user: UserId) -> list[Block]:
    """One line for the Home tab: the path that is under way, or the first that is theirs."""
    learner = learner_of(scene, user)
    open_ = [
        p for p in paths_of(learner, scene.program, scene.directory) if next_module(learner, p, scene.now)
    ]
    begun = [p for p in open_ if progress(learner, p, scene.now).done] or open_
    if not begun:
        return []
    path = begun[0]
    far = progress(learner, path, scene.now)
    text = say(scene, "learning_home", path=path.label, done=far.done, of=far.of, minutes=far.minutes_left)
    others = len(open_) - 1
    if others:
        text = Said(f"{text} {say(scene, 'learning_home_more', more=others)}")
    return [section(text, button("My learning", "learn.show"), "home|learning")]

"""Short messages: one sentence from the program, a summary, a reason, help, a nudge, a greeting."""

from __future__ import annotations

from bot.policies import rules_for
from bot.registry import COMMANDS, Message, Scene, renders
from bot.views.answers import answer_rows
from bot.views.kit import Block, actions, brief, button, context, escape, prose, section, words
from bot.views.learning import learner_of
from bot.views.question import others, owner_of, to_go, walk_of
from bot.views.reasons import behind
from bot.views.say import Said, say
from workflows.asking import title_of, titled
from workflows.ids import UserId
from workflows.learning.studying import next_module, paths_of
from workflows.learning.studying import progress as learned
from workflows.questionnaire import is_quiet, progress
from workflows.walk import Walk


@renders("said")
def said(scene: Scene, data: dict[str, object]) -> Message:
    """One of the program's sentences, by key, with its values."""
    values = data.get("values")
    text = say(scene, str(data["message"]), **(values if isinstance(values, dict) else {}))
    return Message(text=brief(text), blocks=prose(text))


@renders("summary")
def summary(scene: Scene, data: dict[str, object]) -> Message:
    """What the draft holds so far, and what is still open."""
    walk = walk_of(scene, data)
    questionnaire = scene.program.questionnaires[walk.questionnaire]
    title = _title(scene, walk)
    intro = say(scene, "summary_intro", title=title)
    blocks: list[Block] = [
        section(intro),
        *answer_rows(scene, questionnaire, walk.answers, walk, owner_of(scene, walk)),
    ]
    open_ = [q for q in others(questionnaire, walk) if not is_quiet(questionnaire, q, walk.answers)]
    if open_:
        blocks.append(context("Still open: " + ", ".join(escape(q.label) for q in open_)))
    return Message(text=brief(intro), blocks=blocks)


@renders("why")
def why(scene: Scene, data: dict[str, object]) -> Message:
    """Why a question is asked: in the program's words, and the passage of the playbook behind them."""
    walk = walk_of(scene, data)
    question = scene.program.questionnaires[walk.questionnaire].question(str(data["question"]))
    text = question.why.text if question.why else question.help or question.ask
    blocks = prose(say(scene, "why_asked", label=question.label, why=text))
    return Message(text=brief(text), blocks=[*blocks, *behind(scene, walk, question)])


@renders("walk_help")
def walk_help(scene: Scene, data: dict[str, object]) -> Message:
    """How to get about inside a walk."""
    text = say(scene, "walk_help")
    return Message(text=brief(text), blocks=prose(text))


@renders("nudge")
def nudge(scene: Scene, data: dict[str, object]) -> Message:
    """One polite reminder of a draft, with the three things one can do about it."""
    walk = walk_of(scene, data)
    questionnaire = scene.program.questionnaires[walk.questionnaire]
    left = progress(questionnaire, walk)
    text = say(
        scene,
        "nudge",
        title=_title(scene, walk),
        steps=left.steps_left,
        minutes=left.minutes_left,
        days=scene.program.drafts.expire_after_days,
    )
    blocks: list[Block] = [section(text)]
    if walk.status in ("asking", "saved", "reviewing"):
        sure = ("Cancel this draft?", "The draft and its answers are put away.", "Cancel the draft")
        blocks.append(
            actions(
                f"walk|{walk.id}|{walk.ask}|nudge|a",
                [
                    button("Continue", "walk.resume", str(walk.id), style="primary"),
                    button("Not now", "walk.save", str(walk.id)),
                    button("Cancel draft", "walk.cancel", str(walk.id), confirm=sure),
                ],
            )
        )
    return Message(text=brief(text), blocks=blocks)


@renders("invitation")
def invitation(scene: Scene, data: dict[str, object]) -> Message:
    """To somebody who was invited to help: what with, and how."""
    walk = scene.reading.walk(scene.subject.id)
    if walk is None:
        raise LookupError(f"walk {scene.subject.id} is gone")
    if data.get("who") not in walk.helpers:
        text = say(scene, "invitation_over")
        return Message(text=brief(text), blocks=[section(text)])
    who = scene.directory.person(walk.owner).name
    text = say(scene, "invitation", who=who, title=_title(scene, walk))
    blocks: list[Block] = [section(text)]
    if walk.status not in ("submitted", "cancelled", "expired"):
        made = [
            button("Show what is there", "walk.show", str(walk.id), style="primary"),
            button("Ask me the rest", "walk.resume", str(walk.id)),
            button("As a form", "walk.form", str(walk.id)),
        ]
        blocks.append(actions(f"walk|{walk.id}|{walk.ask}|invited|a", made))
    return Message(text=brief(text), blocks=blocks)


@renders("greeting")
def greeting(scene: Scene, data: dict[str, object]) -> Message:
    """What this is, what it is not, when to use it, what to try; to one person also what they may learn."""
    text = say(scene, "greeting")
    blocks = [*prose(text), *prose(say(scene, "greeting_when")), _try()]
    return Message(text=brief(text), blocks=[*blocks, *_to_learn(scene)])


def _to_learn(scene: Scene) -> list[Block]:
    """The first learning path of what the reader does that is not finished."""
    user = UserId(scene.subject.id)
    if scene.reader != user:
        return []
    learner = learner_of(scene, user)
    mine = paths_of(learner, scene.program, scene.directory)
    path = next((p for p in mine if next_module(learner, p, scene.now)), None)
    if path is None:
        return []
    minutes = learned(learner, path, scene.now).minutes_left
    text = say(scene, "greeting_learn", path=path.label, minutes=minutes)
    return [section(text, button("My learning", "learn.show"), "greeting|learning")]


@renders("chat")
def chat(scene: Scene, data: dict[str, object]) -> Message:
    """To words that want nothing: a friendly line, and things to try."""
    text = say(scene, "small_talk")
    return Message(text=brief(text), blocks=[*prose(text), _try()])


@renders("help")
def help_(scene: Scene, data: dict[str, object]) -> Message:
    """The same, with the commands."""
    lines = [f"`/preflight {c.word}` {escape(c.help)}" for c in COMMANDS.values()]
    text = Said(say(scene, "help") + "\n" + "\n".join(lines))
    return Message(text=brief(text), blocks=[*prose(text), _try()])


@renders("unsure")
def unsure(scene: Scene, data: dict[str, object]) -> Message:
    """A question or words the bot cannot place: what it says honestly, and the way to start from them."""
    asked = str(data.get("words", ""))
    text = say(scene, "unsure", words=words(asked, scene.directory)[:300])
    start = button("Make it a use case", "start.from", asked[:1900], style="primary")
    look_up = button("Look it up", "ask.this", asked[:1900])
    return Message(text=brief(text), blocks=[section(text), actions("unsure", [start, look_up, _helping()])])


@renders("drafts")
def drafts(scene: Scene, data: dict[str, object]) -> Message:
    """A person's open drafts, each with a button to go on."""
    found = scene.reading.drafts_of(scene.reader) if scene.reader else []
    if not found:
        text = say(scene, "no_drafts")
        return Message(text=brief(text), blocks=[section(text), _try()])
    blocks: list[Block] = [section(say(scene, "drafts_intro", count=len(found)))]
    shown = found[:20]
    titles = scene.reading.titles(walk.about for walk in shown)
    for walk in shown:
        program = rules_for(scene.reading, scene.program, walk.subject)
        questionnaire = program.questionnaires[walk.questionnaire]
        title = escape(titled(walk, titles.get(walk.about, ""), program))
        blocks.append(
            section(
                f"*{title}*, {to_go(scene, walk, questionnaire)}",
                button("Continue", "walk.resume", str(walk.id)),
                f"walk|{walk.id}|{walk.ask}|drafts|{walk.id}",
            )
        )
    return Message(text=f"{len(found)} drafts", blocks=blocks)


def _try() -> Block:
    return actions(
        "try",
        [
            button("Submit a use case", "start.new", style="primary"),
            button("Where is my use case?", "show.where"),
            button("What waits for me?", "show.desk"),
            button("My drafts", "show.drafts"),
        ],
    )


def _helping() -> dict[str, object]:
    return button("What can you do?", "show.help")


def _title(scene: Scene, walk: Walk) -> str:
    return title_of(walk, scene.reading.use_case(walk.about) if walk.about else None, scene.program)

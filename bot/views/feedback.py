"""Feedback in Slack: the card for those who answer for the use case, the answer, and what comes again."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.case import inline, on_day
from bot.views.kit import Block, Element, actions, brief, button, context, name, prose, section, words
from bot.views.say import Said, say
from workflows.feedback import Feedback
from workflows.ids import UserId
from workflows.listening.answering import room_of
from workflows.listening.themes import recent
from workflows.program import Program
from workflows.roles import resolve
from workflows.seeing import spoken_of

_WORDS_IN_A_BUTTON = 1500
_LOOKED_AT = 500


def feedback_of(scene: Scene) -> Feedback:
    """The feedback that a message is about. Raises ``LookupError`` where it is gone."""
    found = scene.reading.get(Feedback, scene.subject.id)
    if found is None:
        raise LookupError(f"feedback {scene.subject.id} is gone")
    return found


def about(scene: Scene, feedback: Feedback) -> Said:
    """What it is about, in words: the use case by its name, a tool, or the use of AI in general."""
    if feedback.use_case:
        use_case = scene.reading.use_case(feedback.use_case)
        title = spoken_of(use_case, scene.reader or UserId("")) or str(feedback.use_case)
        return Said(f"*{inline(title, scene.directory, 120)}* ({feedback.use_case})")
    if feedback.tool:
        return Said(f"*{inline(feedback.tool, scene.directory, 120)}*")
    return say(scene, "feedback_in_general")


def theme_names(program: Program, themes: tuple[str, ...]) -> str:
    """Their labels, as one says them."""
    known = (program.feedback.theme(t) for t in themes)
    return ", ".join(t.label for t in known if t)


@renders("feedback")
def card(scene: Scene, data: dict[str, object]) -> Message:
    """To those who answer for the use case: what was noticed, what would help, and three ways to react."""
    found = feedback_of(scene)
    by = name(found.said_by, scene.directory) if found.said_by else say(scene, "feedback_no_name")
    head = say(scene, "feedback_card", about=about(scene, found), who=Said(by))
    blocks: list[Block] = [*prose(head), *prose(_quote(scene, found.text))]
    if found.wish:
        blocks += prose(f"{say(scene, 'feedback_wish')}\n{_quote(scene, found.wish)}")
    blocks += _small_print(scene, found)
    return Message(text=brief(head), blocks=[*blocks, *_row(scene, found)])


def _quote(scene: Scene, text: str) -> str:
    return "> " + words(text, scene.directory).replace("\n", "\n> ")


def _small_print(scene: Scene, found: Feedback) -> list[Block]:
    themes = theme_names(scene.program, found.themes)
    lines = [say(scene, "feedback_themes", themes=themes) if themes else say(scene, "feedback_no_theme")]
    if found.status == "open":
        lines.append(say(scene, "feedback_blame_free" if found.said_by else "feedback_blame_free_unnamed"))
        if found.due:
            lines.append(say(scene, "feedback_due", due=Said(on_day(scene, found.due))))
        if found.said_by is None:
            room = room_of(found, scene.program)
            key = "feedback_goes_to_room" if room else "feedback_goes_nowhere"
            lines.append(say(scene, key, room=room) if room else say(scene, key))
    return [context(*lines)]


def _row(scene: Scene, found: Feedback) -> list[Block]:
    if found.status != "open":
        who = Said(name(found.answered_by, scene.directory)) if found.answered_by else Said("")
        if found.status == "done":
            return [context(say(scene, "feedback_was_noted", who=who))]
        return [
            context(say(scene, "feedback_was_answered", who=who)),
            *prose(_quote(scene, found.answer)),
        ]
    row: list[Element] = [
        button("Answer", "feedback.answer", str(found.id), style="primary"),
        button("Thanks, noted", "feedback.noted", str(found.id)),
        button(
            "Report an incident",
            "incident.report/feedback",
            f"{found.use_case or ''}|{found.text[:_WORDS_IN_A_BUTTON]}",
        ),
    ]
    team = resolve(scene.program.program_team, scene.program, {}, scene.directory, scene.now).people
    if scene.program.feedback.themes:
        row.append(button("Change themes", "feedback.themes", str(found.id), only=team))
    return [actions(f"feedback|{found.id}", row)]


@renders("feedback_answer")
def answer(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever wrote it; where nobody knows who that is, to the use case's channel, without their words."""
    found = feedback_of(scene)
    who = Said(name(found.answered_by, scene.directory)) if found.answered_by else Said("")
    if found.status == "done":
        text = say(scene, "feedback_noted_for_you", who=who, about=about(scene, found))
        return Message(text=brief(text), blocks=prose(text))
    if found.said_by:
        text = say(scene, "feedback_answer_for_you", who=who, about=about(scene, found))
        blocks = [*prose(text), *prose(_quote(scene, found.answer))]
        return Message(text=brief(text), blocks=[*blocks, context(_short(scene, found))])
    themes = theme_names(scene.program, found.themes)
    key = "feedback_answer_aloud_theme" if themes else "feedback_answer_aloud"
    values = {"who": who, "about": about(scene, found)}
    text = say(scene, key, themes=themes, **values) if themes else say(scene, key, **values)
    return Message(text=brief(text), blocks=[*prose(text), *prose(_quote(scene, found.answer))])


def _short(scene: Scene, found: Feedback) -> Said:
    return say(scene, "feedback_you_wrote", words=inline(found.text, scene.directory, 200))


@renders("feedback_recurring")
def recurring(scene: Scene, data: dict[str, object]) -> Message:
    """To the owners and the program team: a theme that comes up again and again, with the newest words."""
    policy = scene.program.feedback
    newest = feedback_of(scene)
    theme = str(data.get("theme"))
    given = scene.reading.matters(Feedback, use_case=newest.use_case or "", at_most=_LOOKED_AT)
    same = [
        f
        for f in recent(given, policy.recurring.days, scene.now)
        if theme in f.themes and f.use_case == newest.use_case
    ]
    text = say(
        scene,
        "feedback_again",
        theme=theme_names(scene.program, (theme,)),
        about=about(scene, newest),
        count=len(same),
        days=policy.recurring.days,
    )
    lines = [f"• {inline(f.text, scene.directory, 160)}" for f in same[:5]]
    return Message(text=brief(text), blocks=[*prose(text), *prose("\n".join(lines) or "•")])


@renders("feedback_offer")
def offer(scene: Scene, data: dict[str, object]) -> Message:
    """Under words that give feedback: what I understood, and the two ways to pass it on."""
    use_case = scene.reading.use_case(str(data.get("use_case") or ""))
    said = str(data.get("words") or "")
    if not said:
        text = say(scene, "feedback_offer_empty")
        row = [button("Give feedback", "feedback.open", str(data.get("use_case") or ""), style="primary")]
        return Message(text=brief(text), blocks=[section(text), actions("feedback_offer", row)])
    title = spoken_of(use_case, scene.reader or UserId("")) if use_case else ""
    what = f"*{inline(title, scene.directory, 120)}*" if title else say(scene, "feedback_in_general")
    text = say(scene, "feedback_offer", about=Said(what))
    value = f"{use_case.id if use_case else ''}|{said[:_WORDS_IN_A_BUTTON]}"
    row = [
        button("Pass it on with my name", "feedback.pass_on", value, style="primary"),
        button("Change it, or leave my name out", "feedback.open/words", value),
    ]
    blocks = [*prose(text), *prose(_quote(scene, said)), actions("feedback_offer", row)]
    return Message(text=brief(text), blocks=[*blocks, context(say(scene, "feedback_offer_name"))])

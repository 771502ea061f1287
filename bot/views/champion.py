"""A question on its way to a champion and back: their card, the answer, and what becomes of both."""

from __future__ import annotations

from bot.audiences import audiences_of
from bot.registry import Message, Scene, renders
from bot.views.consultation import ask_button, consultation_of, person, title_of, where
from bot.views.kit import (
    Block,
    actions,
    at,
    brief,
    button,
    context,
    day,
    feedback,
    prose,
    section,
    words,
)
from bot.views.say import Said, say
from workflows.consultation import Consultation, Referral
from workflows.people import Directory

_NEAREST = 3


@renders("referral")
def referral(scene: Scene, data: dict[str, object]) -> Message:
    """The champion's card: who asks what, what the playbook has nearest, and three ways to deal with it."""
    asked, mine = _referral(scene, data)
    who = scene.directory.person(asked.asker).name
    title = title_of(mine, scene.program)
    key = "referral_intro" if mine.function else "referral_intro_team"
    intro = say(scene, key, who=who, title=title)
    blocks: list[Block] = [section(intro), *prose(_quoted(asked.question, scene.directory))]
    if mine.by:
        by = scene.directory.person(mine.by).name
        blocks.append(context(say(scene, "referral_passed_by", who=by)))
    told = scene.reading.told(asked.id)
    audiences = audiences_of(mine.to, scene.directory, scene.program)
    near = [where(scene, q) for q in told.for_(audiences).quotes[:_NEAREST]]
    if near:
        blocks.append(context(say(scene, "referral_nearest"), *near))
    blocks += _outcome(scene, asked, mine) or _choices(scene, asked, mine)
    return Message(text=brief(f"{intro} {words(asked.question, scene.directory)}"), blocks=blocks)


def _choices(scene: Scene, asked: Consultation, mine: Referral) -> list[Block]:
    value = f"{asked.id}|{mine.id}"
    private = asked.private
    said = say(scene, "referral_how_private" if private else "referral_how_channel")
    row = [
        button("Answer", "referral.answer", value, style="primary"),
        button("Pass on", "referral.pass_on", value),
        button("I don't know", "referral.not_known", value),
    ]
    return [context(said), actions(f"referral|{value}", row)]


def _outcome(scene: Scene, asked: Consultation, mine: Referral) -> list[Block]:
    """What became of it, in place of the buttons; nothing while it is in their hands."""
    done = asked.answered_by
    if mine.status == "answered":
        when = Said(at(mine.closed_at or scene.now))
        lines = prose(_quoted(mine.answer, scene.directory))
        lines.append(context(say(scene, "referral_done", when=when)))
        if asked.promotion and asked.promotion.status == "added":
            lines.append(context(say(scene, "referral_added")))
        return lines
    if done:
        return [context(say(scene, "referral_done_by", who=person(scene, done)))]
    if mine.status == "passed":
        heirs = [r for r in asked.referrals if r.by == mine.to]
        who = person(scene, heirs[-1]) if heirs else Said("")
        return [context(say(scene, "referral_is_with", who=who))]
    if mine.status in ("unknown", "left"):
        return [context(say(scene, "referral_unknown_noted"))]
    if mine.status == "expired":
        return [context(say(scene, "referral_late")), *_choices(scene, asked, mine)[1:]]
    return []


@renders("referral_reminder")
def referral_reminder(scene: Scene, data: dict[str, object]) -> Message:
    """One polite word to the champion."""
    asked, mine = _referral(scene, data)
    who = scene.directory.person(asked.asker).name
    question = Said(words(asked.question[:300], scene.directory))
    text = say(scene, "referral_reminder", who=who, question=question)
    row = [] if mine.status != "open" else _choices(scene, asked, mine)[1:]
    return Message(text=brief(text), blocks=[*prose(text), *row])


@renders("referral_news")
def referral_news(scene: Scene, data: dict[str, object]) -> Message:
    """To the asker: no answer comes from there, and who could be asked next."""
    asked, theirs = _referral(scene, data)
    last = asked.referral or theirs
    key = {"unknown": "news_unknown", "left": "news_left"}.get(theirs.status, "news_expired")
    text = say(scene, key, who=person(scene, theirs))
    blocks = prose(text)
    if last.id != theirs.id:
        blocks.append(
            context(say(scene, "referral_open", who=person(scene, last), when=Said(at(last.asked_at))))
        )
    ask = ask_button(scene, asked)
    if ask:
        blocks.append(actions("referral_news", [ask]))
    return Message(text=brief(text), blocks=blocks)


@renders("champion_answer")
def champion_answer(scene: Scene, data: dict[str, object]) -> Message:
    """In the asker's thread: what the champion says, as theirs and not the playbook's."""
    asked = consultation_of(scene)
    done = asked.answered_by
    if done is None:
        raise LookupError(f"nobody answered {asked.id}")
    when = day(done.closed_at or scene.now, scene.directory.person(asked.asker).tz)
    text = say(scene, "champion_answers", who=person(scene, done), when=when)
    question = Said(words(asked.question[:300], scene.directory))
    small = [say(scene, "champion_not_playbook")]
    if asked.promotion and asked.promotion.status == "added":
        small = [say(scene, "champion_in_playbook")]
    blocks = [
        section(text),
        *prose(_quoted(done.answer, scene.directory)),
        context(say(scene, "champion_your_question", question=question), *small),
        feedback("answer.rate", f"{asked.id}|champion|yes", f"{asked.id}|champion|no"),
    ]
    return Message(text=brief(f"{text} {words(done.answer, scene.directory)}"), blocks=blocks)


@renders("promotion")
def promotion(scene: Scene, data: dict[str, object]) -> Message:
    """To the owner of the playbook: an answer that might belong there."""
    asked = consultation_of(scene)
    offered, done = asked.promotion, asked.answered_by
    if offered is None or done is None:
        raise LookupError(f"nothing of {asked.id} is offered")
    if offered.by is None:
        text = say(scene, "promotion_offer", who=person(scene, done))
    else:
        key = "promotion_added" if offered.status == "added" else "promotion_declined"
        who = scene.directory.person(offered.by).name
        text = say(scene, key, who=who, when=Said(at(offered.at or scene.now)))
    blocks: list[Block] = [
        section(text),
        *prose(f"*{words(asked.question, scene.directory)}*"),
        *prose(_quoted(done.answer, scene.directory)),
    ]
    if offered.by is None:
        row = [
            button("Add…", "promotion.add", str(asked.id), style="primary"),
            button("Not now", "promotion.decline", str(asked.id)),
        ]
        blocks.append(actions(f"promotion|{asked.id}", row))
    return Message(text=brief(text), blocks=blocks)


def _quoted(text: str, directory: Directory) -> str:
    return "> " + words(text, directory).replace("\n", "\n> ")


def _referral(scene: Scene, data: dict[str, object]) -> tuple[Consultation, Referral]:
    asked = consultation_of(scene)
    found = asked.referred(str(data.get("referral")))
    if found is None:
        raise LookupError(f"{asked.id} was never referred as {data.get('referral')}")
    return asked, found

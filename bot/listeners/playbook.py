"""Questions to the playbook as they are said, and what people do with the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.audiences import audiences_of
from bot.drawing import scene_for
from bot.hearing import field, place_of
from bot.inputs import Click, MessageIn, Submission, number_in
from bot.listeners.champion import Hearing, on_click, on_form
from bot.registry import Answer, Message, Moment, on_action, on_view
from bot.views.answer import section_view
from bot.views.champion_forms import why_form
from bot.views.consultation import ask_button
from bot.views.say import words_of
from storage.consultations import OVERHEARD
from storage.corpus_sections import section_text
from storage.store import Tx
from workflows import consulting, referring
from workflows.consultation import QUESTION_AT_MOST, Consultation, Part
from workflows.decision import Circumstances, Decision
from workflows.effects import Work
from workflows.words.following import follows, is_question, to_somebody_else
from workflows.words.opening import opening

_IDEA_AT_LEAST = 6
"""*"how about high risk?"* goes on; an idea takes more words than this to be told."""


def put_to_the_playbook(
    tx: Tx, message: MessageIn, circ: Circumstances, after: Consultation | None = None
) -> None:
    """Keeps a question and has it answered in its thread."""
    decision = consulting.ask(
        tx.new_id("consultation"),
        message.text,
        message.user,
        message.place,
        message.direct,
        circ,
        after.id if after else None,
    )
    tx.apply(decision, circ)


def went_on_asking(tx: Tx, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message belongs to a thread in which the playbook answered; if so it is dealt with.

    Put to the bot, a question goes on from the last one there. Not put to it, a question is only looked up,
    and whatever else people say to one another is left alone.
    """
    before = tx.consultation_at(message.channel, message.thread) if message.thread else None
    if before is None:
        return False
    if not (message.direct or message.mentions_bot):
        if is_question(message.text) and not to_somebody_else(message.text):
            data = {
                "question": message.text[:QUESTION_AT_MOST],
                "user": message.user,
                "channel": message.channel,
                "thread": message.thread,
            }
            work = Work(name="overhear", subject=before.subject, data=data, key=f"{OVERHEARD}{message.key}")
            tx.apply(Decision(effects=(work,)), circ)
        return True
    if opening(message.text) == "question" or _goes_on(message.text):
        put_to_the_playbook(tx, message, circ, before)
        return True
    return False


def went_on_elsewhere(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message at the top of the direct message goes on from the last question there."""
    if not message.direct or message.thread or not _goes_on(message.text):
        return False
    since = moment.now - timedelta(minutes=moment.program.consulting.follow_up_minutes)
    before = tx.consultation_of(message.user, message.channel, since)
    if before is None:
        return False
    put_to_the_playbook(tx, message, circ, before)
    return True


def _goes_on(text: str) -> bool:
    """Whether words go on from a question; what asks to be shown something, or tells an idea, does not."""
    if not follows(text):
        return False
    asked_for = opening(text)
    return asked_for == "question" or (asked_for == "idea" and len(text.split()) <= _IDEA_AT_LEAST)


@on_action("answer.rate")
def rate(moment: Moment, click: Click) -> Answer:
    """Thumb up or down under an answer."""

    def decide(heard: Hearing, what: str) -> None:
        part, _, verdict = what.partition("|")
        helpful = verdict == "yes"
        decision = heard.ask(consulting.rate, of=_part(part), helpful=helpful, at=place_of(click))
        heard.tx.apply(decision, heard.circ)

    return on_click(moment, click, decide)


@on_action("rating.why")
def open_why(moment: Moment, click: Click) -> Answer:
    """Opens the form for what was missing; whoever asked may hand it to a champion there."""

    def decide(heard: Hearing, part: str) -> Answer:
        scene = scene_for(moment, heard.tx, heard.asked.subject, click.user)
        ask = ask_button(scene, heard.asked) if click.user == heard.asked.asker else None
        return Answer(view=why_form(heard.asked, _part(part), ask["text"]["text"] if ask else ""))

    return on_click(moment, click, decide)


@on_view("rating.why")
def say_why(moment: Moment, submission: Submission) -> Answer:
    """What was missing; and the champion is asked, where that was ticked."""
    why, ask = field(submission, "why"), bool(field(submission, "ask"))

    def decide(heard: Hearing, private: Mapping[str, Any]) -> Decision:
        decision = heard.ask(
            consulting.rate, of=_part(str(private.get("of"))), helpful=False, at=heard.asked.place, why=why
        )
        there = next((a for a in decision.changed if isinstance(a, Consultation)), None)
        if not ask or there is None:
            return decision
        return decision.and_then(replace(heard, asked=there).ask(referring.refer))

    return on_form(moment, submission, decide)


def _part(text: str) -> Part:
    return "champion" if text == "champion" else "playbook"


@on_action("answer.open")
def read_on(moment: Moment, click: Click) -> Answer:
    """The whole section that a quote is from, as whoever clicks may read it."""
    id, _, number = str(click.value or "").partition("|")
    with moment.store.read() as reading:
        asked = reading.consultation(id)
        directory = reading.directory()
        mine = asked is not None and (not asked.private or asked.asker == click.user)
        which = number_in(number)
        if asked is None or not mine or which is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        quotes = reading.told(id).quotes
        quote = quotes[which - 1] if 0 < which <= len(quotes) else None
        audiences = audiences_of(click.user, directory, moment.program)
        if quote is None or not quote.for_(audiences):
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        whole = section_text(reading.connection, quote.source, quote.path, quote.section, audiences)
        scene = scene_for(moment, reading, asked.subject, click.user)
        return Answer(view=section_view(scene, quote, whole))

"""Questions to the playbook as they are said, and what people do with the answers."""

from __future__ import annotations

from datetime import timedelta

from bot.inputs import Click, MessageIn
from bot.registry import NOTHING, Answer, Message, Moment, on_action
from bot.views.say import words_of
from storage.store import Tx
from workflows import consulting
from workflows.consultation import QUESTION_AT_MOST, Consultation, Part
from workflows.decision import Circumstances, Decision
from workflows.effects import Work
from workflows.ids import Place
from workflows.words.following import follows, is_question, to_somebody_else
from workflows.words.opening import opening


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
            work = Work(name="overhear", subject=before.subject, data=data, key=f"overhear/{message.key}")
            tx.apply(Decision(effects=(work,)), circ)
        return True
    if opening(message.text) == "question" or follows(message.text):
        put_to_the_playbook(tx, message, circ, before)
        return True
    return False


def went_on_elsewhere(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message at the top of the direct message goes on from the last question there."""
    if not message.direct or message.thread or not follows(message.text):
        return False
    since = moment.now - timedelta(minutes=moment.program.consulting.follow_up_minutes)
    before = tx.consultation_of(message.user, message.channel, since)
    if before is None:
        return False
    put_to_the_playbook(tx, message, circ, before)
    return True


@on_action("answer.rate")
def rate(moment: Moment, click: Click) -> Answer:
    """Thumb up or down under an answer."""
    id, part, verdict = [*str(click.value or "").split("|"), "", ""][:3]
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        asked = tx.lock_consultation(id)
        if asked is None or verdict not in ("yes", "no") or part not in ("playbook", "champion"):
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        of: Part = "champion" if part == "champion" else "playbook"
        decision = consulting.rate(
            asked, moment.program, tx.directory(), circ, of=of, helpful=verdict == "yes", at=_place(click)
        )
        tx.apply(decision, circ)
    return NOTHING


def _place(click: Click) -> Place:
    return Place(channel=click.channel, thread=click.thread)

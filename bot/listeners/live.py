"""``/preflight ask``, and the buttons under "which one do you mean?"."""

from __future__ import annotations

from bot.inputs import Click, CommandIn
from bot.registry import NOTHING, Answer, Message, Moment, command, on_action
from bot.views.say import words_of
from workflows import consulting
from workflows.ids import Place
from workflows.words.live import names_one


@command("ask", help="ask the playbook, or where things stand; the answer is for you alone", usage="QUESTION")
def ask(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight ask``: the question is repeated in the direct message and answered in its thread."""
    if not said.rest:
        return Answer(note=Message(text=words_of(moment.program, "ask_what")))
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if tx.first_time(said.key):
            id = tx.new_id("consultation")
            tx.apply(consulting.ask_in_private(id, said.rest, said.user, circ), circ)
    return Answer(note=Message(text=words_of(moment.program, "started_elsewhere")))


@on_action("ask.this")
def ask_this(moment: Moment, click: Click) -> Answer:
    """ "Look it up", under words the bot was not sure about: answered right there."""
    circ = moment.circumstances(click.user, "button")
    place = Place(channel=click.channel, thread=click.thread or click.message)
    with moment.store.write() as tx:
        if tx.first_time(click.key):
            private = click.channel.startswith("D")
            id = tx.new_id("consultation")
            tx.apply(consulting.ask(id, str(click.value or ""), click.user, place, private, circ), circ)
    return NOTHING


@on_action("live.about")
def about(moment: Moment, click: Click) -> Answer:
    """One of several names: the same question is asked of that one, as a new question of whoever clicks."""
    id, _, use_case = str(click.value or "").partition("|")
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        asked = tx.consultation(id)
        if asked is None or (asked.private and asked.asker != click.user) or not names_one(use_case):
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        words = f"{asked.question} ({use_case})"
        again = consulting.ask(tx.new_id("consultation"), words, click.user, asked.place, asked.private, circ)
        tx.apply(again, circ)
    return NOTHING

"""The introduction: once by itself to whoever meets the bot, and again whenever somebody asks for it."""

from __future__ import annotations

from bot.drawing import scene_for
from bot.inputs import Click, CommandIn, MessageIn
from bot.listeners.learning import study_of
from bot.registry import NOTHING, RENDERERS, Answer, Moment, command, on_action
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPerson
from workflows.ids import Subject
from workflows.learning.learner import Learner
from workflows.learning.welcoming import GREETING, in_a_while, key_of, welcomed


@command("welcome", help="what I am, what I am not, and what to try first")
def welcome(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight welcome``: the introduction once more."""
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if tx.first_time(said.key):
            tx.apply(welcomed(study_of(tx, moment, circ, said.user), post=False), circ)
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=said.user), said.user)
        return Answer(note=RENDERERS[GREETING](scene, {}))


@on_action("welcome.show")
def show(moment: Moment, click: Click) -> Answer:
    """ "Show me around", on the Home tab of somebody new."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        study = study_of(tx, moment, circ, click.user)
        told = welcomed(study, post=True)
        again = Post(
            to=ToPerson(user=click.user), kind=GREETING, subject=Subject(type="person", id=click.user)
        )
        tx.apply(told if told.changed else Decision(effects=(again,)), circ)
    return NOTHING


def met_by_words(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> None:
    """Somebody wrote to the bot who was never told what it is: they are, a little later."""
    known = tx.get(Learner, message.user)
    if (known is not None and known.welcomed_at) or tx.planned(key_of(message.user)):
        return
    tx.apply(Decision(effects=(in_a_while(study_of(tx, moment, circ, message.user)),)), circ)


def knows_it_now(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> None:
    """They said hello and were told what the bot is."""
    if message.direct:
        tx.apply(welcomed(study_of(tx, moment, circ, message.user), post=False), circ)

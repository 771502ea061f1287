"""Learning in Slack: one's paths, the next module, its question, another path, and the counts by function."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.drawing import scene_for
from bot.inputs import Click, CommandIn, MessageIn, number_in
from bot.registry import NOTHING, RENDERERS, Answer, Message, Moment, command, on_action
from bot.views.answer import section_view
from bot.views.reasons import passage
from bot.views.say import words_of
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import ToPerson, ToPlace
from workflows.ids import Place, Subject, UserId
from workflows.learning import studying
from workflows.learning.learner import Learner
from workflows.learning.studying import Study

_COUNTS = ("team", "counts", "progress", "functions")
_ASKS = re.compile(
    r"(?:what|which (?:course|module|path|training)s?) (?:should|shall|must|do|can) i"
    r" (?:have to |need to )?learn(?: next| now| first)?"
    r"|(?:show (?:me )?)?my (?:learning|training)(?: paths?| progress)?"
    r"|(?:how far am i|where am i) (?:with|in|on) my (?:learning|training)(?: paths?)?"
)


def study_of(tx: Tx, moment: Moment, circ: Circumstances, user: UserId) -> Study:
    """A person's learning under its lock."""
    learner = tx.lock(Learner, user) or studying.beginner(user, circ.now)
    return Study(learner, moment.program, tx.directory(), circ)


@command("learn", help="your learning paths: how far you are, and what comes next", usage="[team]")
def learn(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight learn`` shows one's paths in one's own conversation; ``learn team`` counts by function."""
    if said.rest.casefold().strip() in _COUNTS:
        return Answer(note=_counts(moment, said.user))
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if tx.first_time(said.key):
            study = study_of(tx, moment, circ, said.user)
            tx.apply(Decision(effects=(studying.shown(study.learner, ToPerson(user=said.user)),)), circ)
    return Answer(note=Message(text=words_of(moment.program, "learning_sent")))


def asked_what_to_learn(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether the words ask for one's learning paths; if so they are shown, to that person alone."""
    words = re.sub(r"[^a-z ]+", " ", message.text.casefold())
    if not _ASKS.fullmatch(" ".join(words.split())):
        return False
    study = study_of(tx, moment, circ, message.user)
    to = ToPlace(place=message.place) if message.direct else ToPerson(user=message.user)
    tx.apply(Decision(effects=(studying.shown(study.learner, to),)), circ)
    return True


@on_action("learn.show")
def show(moment: Moment, click: Click) -> Answer:
    """One's paths once more, from the Home tab or a greeting."""
    return _theirs(
        moment, click, lambda study: Decision(effects=(studying.shown(study.learner, _where(click)),))
    )


@on_action("learn.open")
def open_module(moment: Moment, click: Click) -> Answer:
    """The card of a module. The value is ``PATH|MODULE``."""
    path, _, module = str(click.value or "").partition("|")
    if not _exists(moment, path, module):
        return _gone(moment)
    return _theirs(moment, click, lambda study: studying.opened(study, path, module, _where(click)))


@on_action("learn.answer")
def answer(moment: Moment, click: Click) -> Answer:
    """An answer to a module's question. The value is ``PATH|MODULE|NUMBER``."""
    path, module, number = [*str(click.value or "").split("|", 2), "", ""][:3]
    chosen = number_in(number)
    if chosen is None:
        return _gone(moment)
    return _theirs(moment, click, lambda study: studying.answered(study, path, module, chosen))


@on_action("learn.choose")
def choose(moment: Moment, click: Click) -> Answer:
    """Another path besides those of what they do."""
    return _theirs(moment, click, lambda study: studying.chosen(study, str(click.value or "")))


@on_action("learn.read")
def read_on(moment: Moment, click: Click) -> Answer:
    """The whole section that a module's passage stands in, as whoever clicks may read it."""
    path, _, module = str(click.value or "").partition("|")
    on = moment.program.learning.path(path)
    at = on.module(module) if on else None
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="learner", id=click.user), click.user)
        found = passage(scene, at.source, click.user) if at else None
        return Answer(view=section_view(scene, *found)) if found else _gone(moment)


def _theirs(moment: Moment, click: Click, do: Callable[[Study], Decision]) -> Answer:
    """Something about one's own learning, once; what a rule says against it is told kindly."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        decision = do(study_of(tx, moment, circ, click.user))
        if "gone" in decision.problems:
            return _gone(moment)
        if decision.problems:
            why = decision.problems["choice"]
            return Answer(note=Message(text=words_of(moment.program, "learning_not_quite", why=why)))
        tx.apply(decision, circ)
    return NOTHING


def _where(click: Click) -> ToPerson | ToPlace:
    """In the thread of one's own conversation, else at its end."""
    if click.channel.startswith("D") and click.thread:
        return ToPlace(place=Place(channel=click.channel, thread=click.thread))
    return ToPerson(user=click.user)


def _exists(moment: Moment, path: str, module: str) -> bool:
    on = moment.program.learning.path(path)
    return on is not None and on.module(module) is not None


def _counts(moment: Moment, user: UserId) -> Message:
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=user), user)
        return RENDERERS["learning_counts"](scene, {})


def _gone(moment: Moment) -> Answer:
    return Answer(note=Message(text=words_of(moment.program, "card_gone")))

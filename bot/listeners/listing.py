"""Checklists by name: ``/preflight checklist production readiness for Claims notes``, or in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.inputs import CommandIn, MessageIn
from bot.listeners.assessing import named, own
from bot.listeners.starting import open_questionnaire
from bot.registry import NOTHING, Answer, Message, Moment, command
from bot.views.say import words_of
from storage.reading import Reading
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPerson, ToPlace
from workflows.ids import Subject, UserId
from workflows.program import Program
from workflows.questions import Questionnaire
from workflows.words.assessments import Asked, asks_for, begins_with


@command(
    "checklist",
    help="a checklist by name, such as production readiness: goes through it with you, item by item",
    usage="[NAME] [for USE CASE]",
)
def checklist(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight checklist``: opens the one that is named; without a name, says which there are."""
    asked = begins_with(said.rest, _names(moment.program)) if said.rest else None
    if asked is None:
        listed = ", ".join(q.name for q in _lists(moment.program).values())
        return Answer(note=Message(text=words_of(moment.program, "checklists_there", names=listed)))
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if not tx.first_time(said.key):
            return NOTHING
        about = _meant(tx, moment, asked, said.user)
        if about is None:
            return Answer(note=Message(text=_which(tx, moment, asked, said.user)))
        opened = open_questionnaire(tx, moment, circ, asked.id, about)
    if opened is None:
        return NOTHING
    return Answer(note=Message(text=words_of(moment.program, "started_elsewhere")))


def asked_for_a_checklist(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message out of the blue asks for a checklist; if so, it is opened, or asked for what."""
    asked = asks_for(message.text, _names(moment.program))
    if asked is None:
        return False
    about = _meant(tx, moment, asked, message.user)
    if about is not None:
        place = message.place if message.direct else None
        open_questionnaire(tx, moment, circ, asked.id, about, place=place)
        return True
    text = _which(tx, moment, asked, message.user)
    post = Post(
        to=ToPlace(place=message.place) if message.direct else ToPerson(user=message.user),
        kind="said",
        subject=Subject(type="person", id=message.user),
        data={"message": "plain", "values": {"text": text}},
    )
    tx.apply(Decision(effects=(post,)), circ)
    return True


def _meant(reading: Reading, moment: Moment, asked: Asked, user: UserId) -> str | None:
    """What it is about: the use case that the words name, else the only one that this person works on; empty
    for the company, ``None`` where that is not clear."""
    if moment.program.questionnaires[asked.id].about != "use_case":
        return ""
    if asked.about:
        return named(reading, asked.about, user) or None
    mine = own(reading, moment, user)
    return str(mine[0].id) if len(mine) == 1 else None


def _which(reading: Reading, moment: Moment, asked: Asked, user: UserId) -> str:
    name = moment.program.questionnaires[asked.id].name
    mine = own(reading, moment, user)
    if not mine:
        return words_of(moment.program, "checklist_nothing", name=name)
    titles = ", ".join(u.title for u in mine[:5])
    return words_of(moment.program, "checklist_which", name=name, titles=titles)


def _lists(program: Program) -> Mapping[str, Questionnaire]:
    return {q.id: q for q in program.questionnaires.values() if q.kind == "checklist"}


def _names(program: Program) -> Mapping[str, tuple[str, ...]]:
    """What each checklist is called, with and without the word itself."""
    found = {}
    for q in _lists(program).values():
        called = dict.fromkeys((q.title, q.name, q.id.replace("_", " "), *q.words))
        found[q.id] = (*called, *(f"{c} checklist" for c in called), f"checklist {q.title}")
    return found

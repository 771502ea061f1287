"""Asking for documents: the governance record of a use case, and one's own data; and legal holds."""

from __future__ import annotations

from typing import Literal, NamedTuple

from bot.hearing import is_refusal, refusal_text
from bot.inputs import Click, CommandIn, MessageIn
from bot.naming import use_case_meant
from bot.policies import rules_of
from bot.registry import Answer, Message, Moment, command, on_action
from bot.views.say import words_of
from storage.store import Tx
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Post, ToPlace, Work
from workflows.ids import Place, Subject, UserId
from workflows.personal.holding import Holding, hold
from workflows.seeing import reads_record
from workflows.words.records import read_wanted

RECORD, OWN_DATA = "file_record", "file_own_data"
"""The jobs that write them."""


class _Reply(NamedTuple):
    """What the person is told, by the key of the sentence; ``unread`` is what they may not read."""

    message: str
    values: dict[str, str]
    unread: Subject | None = None


@command("record", help="the governance record of a use case, as PDF and Markdown", usage="[use case]")
def record(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight record UC-0042``: the files come by direct message."""
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        id = use_case_meant(tx, said.rest, said.user, moment.program)
        return _answer(moment, _record(tx, moment, circ, said.key, str(id or "")))


@on_action("record.pdf")
def record_by_button(moment: Moment, click: Click) -> Answer:
    """The button on a record."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        return _answer(moment, _record(tx, moment, circ, click.key, str(click.value or "")))


@command("my-data", help="everything that I keep about you")
def my_data(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight my-data``: the files come by direct message, to this person alone."""
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if tx.first_time(said.key):
            tx.apply(_own_data(said.user, said.key), circ)
    return Answer(note=Message(text=words_of(moment.program, "own_data_coming")))


@command("hold", help="keep a use case from being deleted, or end that", usage="[end] use case: reason")
def legal_hold(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight hold UC-0042: reason``, and ``/preflight hold end UC-0042: reason``."""
    first, _, rest = said.rest.partition(" ")
    what: Literal["set", "end"] = "end" if first.casefold() == "end" else "set"
    named, _, reason = (rest if what == "end" else said.rest).partition(":")
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        id = use_case_meant(tx, named, said.user, moment.program) if named.strip() else None
        use_case = tx.lock_use_case(id) if id else None
        if use_case is None:
            return Answer(note=Message(text=words_of(moment.program, "hold_how")))
        decision = hold(Holding(use_case, moment.program, tx.directory(), circ, reason.strip()[:1000]), what)
        if is_refusal(decision):
            tx.apply(decision.model_copy(update={"effects": ()}), circ)
            return Answer(note=Message(text=refusal_text(moment, decision)))
        if tx.first_time(said.key):
            tx.apply(decision, circ)
    key = "hold_set" if what == "set" else "hold_ended"
    return Answer(note=Message(text=words_of(moment.program, key, id=use_case.id)))


def asked_for_a_document(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether words in the person's own conversation ask for a record or their own data; if so, it comes."""
    wanted = read_wanted(message.text) if message.direct else None
    if wanted is None:
        return False
    person = Subject(type="person", id=message.user)
    if wanted.document == "own_data":
        tx.apply(_own_data(message.user, message.key, message.place), circ)
        reply = _Reply("own_data_coming", {})
    else:
        id = use_case_meant(tx, wanted.about, message.user, moment.program)
        if id is None and wanted.about:
            return False  # words about something else: they go on to whoever else understands them
        reply = _record(tx, moment, circ, message.key, str(id or ""), message.place)
    tried = Entry(action="record.read", subject=reply.unread, refused=True) if reply.unread else None
    data = {"message": reply.message, "values": reply.values}
    post = Post(to=ToPlace(place=message.place), kind="said", subject=person, data=data)
    tx.apply(Decision(entries=(tried,) if tried else (), effects=(post,)), circ)
    return True


def _own_data(user: UserId, key: str, place: Place | None = None) -> Decision:
    person = Subject(type="person", id=user)
    work = Work(name=OWN_DATA, subject=person, data=_at(place), key=f"own_data/{key}")
    return Decision(entries=(Entry(action="person.exported", subject=person),), effects=(work,))


def _at(place: Place | None) -> dict[str, str]:
    """The thread in which it was asked for in words; else it goes to the top of their conversation."""
    return {"channel": place.channel, "thread": place.thread or ""} if place else {}


def _answer(moment: Moment, reply: _Reply) -> Answer:
    note = Message(text=words_of(moment.program, reply.message, **reply.values))
    return Answer(note=note, unread=reply.unread)


def _record(
    tx: Tx, moment: Moment, circ: Circumstances, key: str, id: str, place: Place | None = None
) -> _Reply:
    """What comes of asking: the job that writes it, where it is theirs to read.

    ``place`` is where words asked for it; whoever heard these knows that they are new.
    """
    user, use_case = circ.actor.user, tx.use_case(id)
    if use_case is None:
        return _Reply("record_which", {})
    rules = rules_of(tx, moment.program, use_case)
    approval = tx.approval_of(use_case.id)
    if not reads_record(user, use_case, approval, rules, tx.directory(), moment.now):
        return _Reply("record_not_yours", {}, use_case.subject)
    if place or tx.first_time(key):
        data = {"to": user, **_at(place)}
        work = Work(name=RECORD, subject=use_case.subject, data=data, key=f"record/{key}")
        entry = Entry(action="record.asked", subject=use_case.subject)
        tx.apply(Decision(entries=(entry,), effects=(work,)), circ)
    return _Reply("record_coming", {"title": use_case.title or use_case.id, "id": use_case.id})

"""Readiness in Slack: the card by words, command and button, and all of its items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.drawing import scene_for
from bot.hearing import clicked, not_for_them, place_of, refusal_text
from bot.inputs import Click, CommandIn, MessageIn, number_in
from bot.policies import under_its_rules
from bot.registry import NOTHING, Answer, Message, Moment, command, on_action
from bot.views.approval_forms import told
from bot.views.readiness_forms import ITEMS, all_items
from bot.views.say import words_of
from storage import titles
from storage.reading import Reading
from storage.store import Tx
from workflows.announcing import READINESS_CARD
from workflows.decision import Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Post, ToPerson, ToPlace
from workflows.gate_questions import GateAsked, read_gate_question, wording_of
from workflows.gating import next_gate
from workflows.ids import Subject, UseCaseId, UserId
from workflows.lapsing import lapse
from workflows.life_cycle import moves_of
from workflows.seeing import UNFINISHED, people_in, reads_record
from workflows.stage_moves import MOVE as MOVE_RIGHT
from workflows.stage_moves import Moving
from workflows.use_case import UseCase

_LOOKED_AT = 300
"""Use cases of others that are looked through for one's own name: few enough for an answer at once."""


@dataclass(frozen=True)
class Whole:
    """A use case under its lock, with everything known of it at that moment."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    dossier: Dossier

    @property
    def title(self) -> str:
        """The number of the use case."""
        return str(self.dossier.use_case.id)

    def reads(self, user: UserId) -> bool:
        """Whether its record is for this person."""
        use_case, program = self.dossier.use_case, self.moment.program
        approval = self.tx.approval_of(use_case.id)
        return reads_record(user, use_case, approval, program, self.tx.directory(), self.moment.now)


def whole(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> Whole | None:
    """Locks a use case and reads all that belongs to it; ``None`` where there is none of that id.

    Its moment has the rules that the use case goes by, which may be older than those in force.
    """
    use_case = tx.lock_use_case(id)
    dossier = tx.dossier(use_case.id) if use_case else None
    if use_case is None or dossier is None:
        return None
    return Whole(tx, *under_its_rules(tx, moment, circ, use_case.subject), dossier)


def clicked_whole(moment: Moment, click: Click, do: Callable[[Whole, str], Answer | None]) -> Answer:
    """Locks the use case that the button belongs to, and lets ``do`` decide."""
    return clicked(moment, click, whole, do)


def says(heard: Whole, refused: Decision, click: Click) -> Answer:
    """Keeps the attempt, and says why not: beside the message, or in place of the open modal."""
    if click.view is None or not click.view.callback:
        heard.tx.apply(refused, heard.circ)
        return NOTHING
    heard.tx.apply(refused.model_copy(update={"effects": ()}), heard.circ)
    return Answer(update=told(heard.title, refusal_text(heard.moment, refused)))


def show_card(heard: Whole, gate_id: str, to: ToPerson | ToPlace) -> Decision:
    """The card of a gate, or of the next one where none is named; a sentence where no gate lies ahead."""
    use_case, program = heard.dossier.use_case, heard.moment.program
    gate = program.gates.get(gate_id) or next_gate(heard.dossier, program)
    if gate is None:
        stage = next((s.label for s in program.life_cycle.stages if s.id == use_case.stage), use_case.stage)
        values = {"title": use_case.title, "id": use_case.id, "stage": stage}
        data: dict[str, Any] = {"message": "ready_no_gate", "values": values}
        return Decision(effects=(Post(to=to, kind="said", subject=use_case.subject, data=data),))
    # Only ever posted where this one person reads it.
    told = {"gate": gate.id, "reader": heard.circ.actor.user}
    card = Post(to=to, kind="readiness", subject=use_case.subject, data=told, card=READINESS_CARD)
    return Decision(effects=(card, *lapse(gate, heard.dossier, program, heard.moment.now)))


@on_action("ready.show")
def show(moment: Moment, click: Click) -> Answer:
    """A button that asks for the card: it is posted where the button is if that is one's own conversation."""

    def do(heard: Whole, gate: str) -> Answer | None:
        if not heard.reads(click.user):
            return not_for_them(moment, heard.dossier.use_case.subject)
        direct = click.channel.startswith("D")
        to = ToPlace(place=place_of(click)) if direct else ToPerson(user=click.user)
        heard.tx.apply(show_card(heard, gate, to), heard.circ)
        return None

    return clicked_whole(moment, click, do)


@command("ready", help="what is missing before a gate", usage="[USE CASE] [GATE]")
def ready(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight ready UC-0042 production``; without more, one's own use case and its next gate."""
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if not tx.first_time(said.key):
            return NOTHING
        asked = understood(
            tx, moment, f"are we ready for {said.rest}" if said.rest else "are we ready", said.user
        )
        if asked is None:
            asked = understood(tx, moment, f"readiness {said.rest}", said.user)
        if asked is None or not (asked.use_case or asked.offered):
            return Answer(note=Message(text=words_of(moment.program, "ready_none")))
        if not _answered(tx, moment, circ, asked, ToPerson(user=said.user), said.user):
            return not_for_them(moment, Subject(type="use_case", id=str(asked.use_case)))
    return Answer(note=Message(text=words_of(moment.program, "ready_shown")))


def asked_of_a_gate(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message asks what is missing before a gate, or wants a use case moved; if so it is answered.

    What others may not read goes to the direct message of whoever asks.
    """
    if wording_of(message.text, moment.program) is None:
        return False
    asked = understood(tx, moment, message.text, message.user, _pointed(tx, message))
    if asked is None:
        return False
    to: ToPerson | ToPlace = ToPlace(place=message.place) if message.direct else ToPerson(user=message.user)
    if not (asked.use_case or asked.offered):
        if not asked.gate and asked.kind != "promote":
            return False
        _say(tx, message, circ, "ready_none")
        return True
    if not _answered(tx, moment, circ, asked, to, message.user):
        subject = Subject(type="use_case", id=str(asked.use_case))
        tried = Entry(action="record.read", subject=subject, refused=True)
        tx.apply(Decision(entries=(tried,)), circ)
        _say(tx, message, circ, "record_not_yours")
    elif not message.direct:
        _say(tx, message, circ, "ready_not_read")
    return True


def _say(tx: Tx, message: MessageIn, circ: Circumstances, key: str) -> None:
    data = {"message": key, "values": {}}
    here = ToPlace(place=message.place)
    post = Post(to=here, kind="said", subject=Subject(type="person", id=message.user), data=data)
    tx.apply(Decision(effects=(post,)), circ)


def understood(
    tx: Reading, moment: Moment, text: str, user: UserId, pointed: UseCaseId | None = None
) -> GateAsked | None:
    """What this person's words ask of a gate or a stage, among the use cases that they may know of."""
    known = titles.known(tx.connection, user)
    asked = read_gate_question(text, moment.program, known, (), pointed)
    if asked is None or asked.use_case or asked.offered:
        return asked
    return read_gate_question(text, moment.program, known, _own(tx, moment, user), pointed)


def _own(tx: Reading, moment: Moment, user: UserId) -> list[UseCase]:
    """Use cases that a person brought in or is named in, on their way to a gate, the newest first; of those
    that others brought in, only so many of the newest are looked at."""
    stages = {m.from_ for m in moment.program.life_cycle.moves if m.gate or m.back}
    brought = [u for u in tx.use_cases_of(user) if u.stage in stages]
    newest = tx.use_cases(stages=tuple(sorted(stages)), newest_first=True, at_most=_LOOKED_AT)
    named = (u for u in newest if u.submitter != user and user in people_in(u, moment.program))
    return [*brought, *named]


def _pointed(tx: Reading, message: MessageIn) -> UseCaseId | None:
    """The use case that the thread is about."""
    if message.thread is None:
        return None
    place = message.place
    card = tx.card_at(place.channel, place.thread or "")
    if card is not None and card.subject.type == "use_case":
        return UseCaseId(card.subject.id)
    walk = tx.walk_at(place.channel, place.thread)
    approval = None if walk else tx.approval_at(place.channel, place.thread)
    id = walk.about if walk and walk.about else approval.use_case if approval else None
    use_case = tx.use_case(id) if id else None
    return use_case.id if use_case and use_case.stage not in UNFINISHED else None


def _answered(
    tx: Tx, moment: Moment, circ: Circumstances, asked: GateAsked, to: ToPerson | ToPlace, user: UserId
) -> bool:
    """Posts what was asked for; whether it was for this person to read."""
    if asked.use_case is None:
        back = asked.kind == "back"
        data = {"offered": list(asked.offered), "gate": asked.gate, "to": asked.to, "back": back}
        person = Subject(type="person", id=user)
        tx.apply(Decision(effects=(Post(to=to, kind="ready_which", subject=person, data=data),)), circ)
        return True
    heard = whole(tx, moment, circ, asked.use_case)
    if heard is None or not heard.reads(user):
        return False
    if asked.kind in ("ready", "promote"):
        tx.apply(show_card(heard, asked.gate, to), circ)
        return True
    moment, circ = heard.moment, heard.circ
    moves = moves_of(heard.dossier.use_case, moment.program)
    stage = asked.to or next((m.to for m in moves if m.back), "")
    if not stage:
        label = next(
            s.label for s in moment.program.life_cycle.stages if s.id == heard.dossier.use_case.stage
        )
        told = {"message": "move_nothing_to_resume", "values": {"stage": label}}
        post = Post(to=to, kind="said", subject=heard.dossier.use_case.subject, data=told)
        tx.apply(Decision(effects=(post,)), circ)
        return True
    at = to.place if isinstance(to, ToPlace) else None
    attempt = Moving(heard.dossier, stage, moment.program, tx.directory(), circ, at, asked.why)
    refused = MOVE_RIGHT.refused(attempt)
    if refused:
        tx.apply(refused, circ)
        return True
    offer = Post(
        to=to, kind="move_offer", subject=heard.dossier.use_case.subject, data={"to": stage, "why": asked.why}
    )
    tx.apply(Decision(effects=(offer,)), circ)
    return True


@on_action(ITEMS)
def items(moment: Moment, click: Click) -> Answer:
    """Every item of a gate in a modal; its own buttons turn the page."""
    id, gate_id, page = (*str(click.value or "").split("|"), "", "", "")[:3]
    with moment.store.read() as reading:
        dossier = reading.dossier(id)
        gate = moment.program.gates.get(gate_id)
        if dossier is None or gate is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        approval = reading.approval_of(id)
        directory = reading.directory()
        if not reads_record(click.user, dossier.use_case, approval, moment.program, directory, moment.now):
            return not_for_them(moment, dossier.use_case.subject)
        scene = scene_for(moment, reading, dossier.use_case.subject, click.user)
        view = all_items(scene, gate, dossier, number_in(page) or 0)
    return Answer(update=view) if click.view and click.view.callback == ITEMS else Answer(view=view)

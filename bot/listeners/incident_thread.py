"""What people write in an incident's thread: orders in plain words, notes, and words that may become one."""

from __future__ import annotations

from bot.guessing import guessed
from bot.inputs import Click, MessageIn
from bot.listeners.incident import Hearing, hearing
from bot.listeners.starting import open_questionnaire
from bot.registry import NOTHING, Answer, Message, Moment, on_action
from bot.views.say import words_of
from storage.errors import StaleState
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPlace, Whisper
from workflows.ids import Place, Subject
from workflows.incident import Incident
from workflows.incidents import actions as doing
from workflows.incidents import handling as rules
from workflows.incidents import reviewing
from workflows.incidents.rights import Handling
from workflows.refusals import Refusal, refuse
from workflows.walk import Walk
from workflows.words.incidents import Order, read_about_action, read_order, read_wish

_WORTH_A_NOTE = 3
"""Words that a message must have to be offered as a line of the timeline."""
_WORDS_IN_A_BUTTON = 1800
"""Characters of a report that the button carries into the form."""


def said_under_an_incident(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message stands in an incident's thread; if so it has been dealt with."""
    if _about_an_action(tx, moment, message, circ):
        return True
    id = _meant(tx, message)
    heard = hearing(tx, moment, circ, id) if id else None
    if heard is None:
        return False
    order = read_order(message.text, moment.program.incidents)
    if order is None:
        if message.mentions_bot or heard.incident.over:
            return False
        _offer(heard, message)
        return True
    if order.what == "review":
        begin_review(tx, moment, circ, heard.incident, message.place)
        return True
    decision = _done(heard, order, message.place)
    if decision.problems:
        text = next(iter(decision.problems.values()))
        data = {"message": "plain_words", "values": {"text": text}}
        post = Post(to=ToPlace(place=message.place), kind="said", subject=heard.incident.subject, data=data)
        decision = Decision(effects=(post,))
    elif order.what == "note" and decision.changed:
        said = Whisper(
            place=message.place,
            user=message.user,
            kind="said",
            subject=heard.incident.subject,
            data={"message": "incident_noted", "values": {}},
        )
        decision = decision.and_then(Decision(effects=(said,)))
    tx.apply(decision, circ)
    return True


def _meant(tx: Tx, message: MessageIn) -> str:
    """The incident whose thread this is: under its card, or under the message it was reported from."""
    if not message.thread:
        return ""
    card = tx.card_at(message.channel, message.thread)
    if card is not None and card.subject.type == "incident" and card.kind == "incident":
        return card.subject.id
    there = tx.matters(Incident, at=Place(channel=message.channel, thread=message.thread))
    return str(next((i.id for i in there if not i.over), ""))


def _about_an_action(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether words under an action's card say that it is done, or is not needed; if so that is noted."""
    card = tx.card_at(message.channel, message.thread) if message.thread else None
    if card is None or card.subject.type != "incident" or card.kind != "action":
        return False
    said = read_about_action(message.text)
    heard = hearing(tx, moment, circ, card.subject.id)
    if said is None or heard is None:
        return False
    h = heard.handling(message.place, str(card.data.get("action")))
    decision = doing.done(h, said.text) if said.what == "done" else doing.not_needed(h, said.text)
    if decision.problems:
        data = {"message": "plain_words", "values": {"text": next(iter(decision.problems.values()))}}
        post = Post(to=ToPlace(place=message.place), kind="said", subject=card.subject, data=data)
        decision = Decision(effects=(post,))
    tx.apply(decision, circ)
    return True


def _done(heard: Hearing, order: Order, at: Place) -> Decision:
    h = heard.handling(at)
    match order.what:
        case "note":
            return rules.note(h, order.text)
        case "take":
            return rules.take(h)
        case "mitigate":
            return rules.mitigate(h)
        case "recover":
            return rules.recover(h)
        case "reopen":
            return rules.reopen(h)
        case "dismiss":
            return rules.dismiss(h, order.text)
        case "close":
            return reviewing.close(h)
        case "severity":
            return _called(h, order.text)
    return Decision()


def _called(h: Handling, severity: str) -> Decision:
    return rules.change(h, severity, h.incident.type, None, None, h.use_case)


def _offer(heard: Hearing, message: MessageIn) -> None:
    """Words that only tell something: whoever wrote them is asked whether they shall stay."""
    if len(message.text.split()) < _WORTH_A_NOTE:
        return
    offer = Whisper(
        place=message.place,
        user=message.user,
        kind="incident_note_offer",
        subject=heard.incident.subject,
        data={"text": message.text[: rules.TEXT_AT_MOST]},
    )
    heard.tx.apply(Decision(effects=(offer,)), heard.circ)


def wished_about_incidents(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether words out of the blue report an incident, or ask which are open; if so they were answered."""
    wish = read_wish(message.text)
    if wish is None:
        return False
    person = Subject(type="person", id=message.user)
    to = ToPlace(place=message.place)
    if wish.what == "list":
        tx.apply(Decision(effects=(Post(to=to, kind="incidents", subject=person),)), circ)
        return True
    about = guessed(tx, moment, message.user, message.text)
    data = {"use_case": about, "words": wish.words[:_WORDS_IN_A_BUTTON]}
    post = Post(to=to, kind="incident_offer", subject=person, data=data)
    tx.apply(Decision(effects=(post,)), circ)
    return True


@on_action("incident.review")
def review(moment: Moment, click: Click) -> Answer:
    """Begins the review, or goes on with it, in one's own conversation."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        found = tx.get(Incident, str(click.value))
        if found is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        at = Place(channel=click.channel, thread=click.thread) if click.channel else None
        begin_review(tx, moment, circ, found, at)
    return NOTHING


def begin_review(tx: Tx, moment: Moment, circ: Circumstances, found: Incident, at: Place | None) -> None:
    """The review as a questionnaire of the program; one person writes it, whoever that is."""
    use_case = tx.use_case(found.use_case) if found.use_case else None
    h = Handling(found, use_case, moment.program, tx.directory(), circ, at)
    refused = reviewing.REVIEW.refused(h)
    writer = _writes(tx, found)
    if refused is None and not moment.program.incidents.review:
        refused = refuse("incident.review", h, Refusal("incident_no_review"))
    if refused is None and writer and writer.owner != circ.actor.user:
        who = tx.directory().person(writer.owner).name
        refused = refuse("incident.review", h, Refusal("incident_review_begun", {"who": who}))
    if refused:
        tx.apply(refused, circ)
        return
    review = moment.program.incidents.review
    walk = open_questionnaire(tx, moment, circ, review, str(found.use_case or ""), found.subject)
    heard = hearing(tx, moment, circ, found.id)
    if heard is None or walk is None:
        return
    if heard.incident.review not in (found.review, walk.id):
        raise StaleState("Somebody else began the review first.")
    tx.apply(reviewing.review_begun(heard.handling(), walk.id), circ)


def _writes(tx: Tx, found: Incident) -> Walk | None:
    """The review that somebody is writing."""
    walk = tx.walk(found.review) if found.review else None
    return walk if walk and walk.status not in ("submitted", "cancelled", "expired") else None

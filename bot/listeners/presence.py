"""Saying when one is there: ``/preflight away``, in plain words, by a form, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.drawing import scene_for
from bot.hearing import field
from bot.inputs import Click, CommandIn, MessageIn, Submission
from bot.registry import NOTHING, Answer, Message, Moment, View, command, on_action, on_view
from bot.views.presence import FORM, as_day, only_known, presence_form, said_of
from bot.views.say import words_of
from storage.store import Tx
from workflows import presence
from workflows.availability import Availability, Hours
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPlace
from workflows.ids import Place, Subject, UserId
from workflows.program import Program
from workflows.words.away import SaidAway, read_away, read_hours
from workflows.words.people import people_in
from workflows.words.reading import Correction
from workflows.working_time import zone_of


@dataclass(frozen=True)
class _Hearing:
    """One person's own presence under its lock, with everything its rules need."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    own: Availability | None
    at: Place | None = None

    def ask(self, rule: Callable[..., Decision], own: Availability | None = None, **more: Any) -> Decision:
        """What a rule says; nothing is stored yet."""
        directory = self.tx.directory()
        return rule(own or self.own, self.moment.program, directory, self.circ, at=self.at, **more)


def _hearing(tx: Tx, moment: Moment, circ: Circumstances, at: Place | None = None) -> _Hearing:
    return _Hearing(tx, moment, circ, tx.lock(Availability, circ.actor.user), at)


def usual_hours(program: Program) -> tuple[Hours, ...]:
    """The program's own hours, day by day."""
    working = program.working_time
    return tuple(Hours(day=day, start=working.start, end=working.end) for day in working.days)


def _read(hearing: _Hearing, text: str, sure: bool = False) -> SaidAway | None:
    directory = hearing.tx.directory()
    zone = zone_of(directory.person(hearing.circ.actor.user).tz)
    today = hearing.circ.now.astimezone(zone).date()
    return read_away(text, today, usual_hours(hearing.moment.program), sure)


def _decide(hearing: _Hearing, said: SaidAway) -> Decision | str:
    """What follows from the words; a sentence where they cannot be followed."""
    directory, program = hearing.tx.directory(), hearing.moment.program
    user = hearing.circ.actor.user
    who: UserId | None = None
    if said.who:
        found = people_in(said.who, directory, user)
        if isinstance(found, Correction):
            return found.text
        who = found[0]
    if said.what == "back":
        decision = hearing.ask(presence.come_back)
        return decision if decision.changed else words_of(program, "presence_none")
    if said.what == "hours":
        kept = hearing.own.calendar if hearing.own else ""
        decision = hearing.ask(presence.keep_hours, hours=said.hours, calendar=kept)
    elif said.what == "may_decide":
        decision = hearing.ask(presence.let_decide, to=who, roles=roles_in(said.roles, program))
    elif said.what == "no_longer":
        decision = hearing.ask(presence.let_no_longer, to=who)
    elif said.period is None:
        return words_of(program, "presence_not_read")
    else:
        first, last = said.period
        decision = hearing.ask(presence.go_away, first=first, last=last, stand_in=who)
    if decision.problems:
        return next(iter(decision.problems.values()))
    return decision if decision.changed else words_of(program, "presence_none")


def roles_in(text: str, program: Program) -> tuple[str, ...]:
    """The roles that words such as "legal and security" name; none where they name none."""
    said = set(text.lower().replace(",", " ").split())
    return tuple(
        role.id
        for role in program.roles.values()
        if said & ({role.id.lower()} | {w for w in role.label.lower().split() if len(w) > 3})
    )


def said_of_presence(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether the words, in the person's own conversation, say when they are there; if so, it is kept."""
    if not message.direct:
        return False
    hearing = _hearing(tx, moment, circ, message.place)
    said = _read(hearing, message.text)
    if said is None:
        return False
    decision = _decide(hearing, said)
    if isinstance(decision, str):
        here = ToPlace(place=message.place)
        subject = Subject(type="availability", id=message.user)
        data = {"text": decision}
        decision = Decision(effects=(Post(to=here, kind="presence_said", subject=subject, data=data),))
    tx.apply(decision, circ)
    return True


@command(
    "away",
    help="say when you are away and who stands in, or change your hours",
    usage="[24 Dec to 2 Jan, @tom stands in]",
)
def away(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight away``: in words, or by a form where there are none or they cannot be followed."""
    circ = moment.circumstances(said.user, "command")
    note = ""
    with moment.store.write() as tx:
        hearing = _hearing(tx, moment, circ)
        read = _read(hearing, said.rest, sure=True) if said.rest else None
        decision = _decide(hearing, read) if read else None
        if isinstance(decision, Decision):
            if tx.first_time(said.key):
                tx.apply(decision, circ)
            return Answer(note=_shown(moment, tx, said.user))
        note = str(decision or "")
        own = hearing.own
    return Answer(view=presence_form(moment.program, own, note))


@command("back", help="say that you are back: what waits is yours again")
def back(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight back``."""
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        decision = _hearing(tx, moment, circ).ask(presence.come_back)
        if tx.first_time(said.key):
            tx.apply(_in_place(decision), circ)
    key = "presence_back" if decision.changed else "presence_none"
    return Answer(note=Message(text=words_of(moment.program, key)))


def _shown(moment: Moment, reading: Any, user: UserId) -> Message:
    """What one has said, for oneself."""
    scene = scene_for(moment, reading, Subject(type="availability", id=user), user)
    blocks = said_of(scene, reading.get(Availability, user))
    return Message(text=str(blocks[0]["text"]["text"]), blocks=blocks)


@on_action("presence.open")
def open_form(moment: Moment, click: Click) -> Answer:
    """The form, with what is kept in it."""
    return Answer(view=_form(moment, click.user))


def _form(moment: Moment, user: UserId) -> View:
    with moment.store.read() as reading:
        return presence_form(moment.program, reading.get(Availability, user))


@on_view(FORM)
def kept(moment: Moment, submission: Submission) -> Answer:
    """The form: everything in it at once, or the corrections it needs."""
    circ = moment.circumstances(submission.user, "modal")
    program = moment.program
    first, last = as_day(field(submission, "first")), as_day(field(submission, "last"))
    to = field(submission, "to")
    written = field(submission, "hours").strip()
    with moment.store.write() as tx:
        hearing = _hearing(tx, moment, circ)
        whole, own = Decision(), hearing.own
        hours = read_hours(written, usual_hours(program)) if written else ()
        if written and not hours:
            return Answer(errors={"hours": program.messages["hours_wrong"]})
        asked: list[tuple[Callable[..., Decision], dict[str, Any]]] = []
        if first or last:
            stand_in = UserId(field(submission, "stand_in")) or None
            days = {"first": first or last, "last": last or first, "stand_in": stand_in}
            asked.append((presence.go_away, days))
        if to:
            roles = submission.view.values.get("roles", {}).get("roles") or []
            asked.append((presence.let_decide, {"to": UserId(to), "roles": only_known(roles, program)}))
        calendar = field(submission, "calendar")
        if hours != (own.hours if own else ()) or calendar != (own.calendar if own else ""):
            asked.append((presence.keep_hours, {"hours": hours, "calendar": calendar}))
        for rule, more in asked:
            decision = hearing.ask(rule, own, **more)
            if decision.problems:
                return Answer(errors=dict(decision.problems))
            own = next((a for a in decision.changed if isinstance(a, Availability)), own)
            whole = _once(whole, decision)
        if tx.first_time(submission.key):
            tx.apply(whole, circ)
    return Answer(clear=True)


def _in_place(decision: Decision) -> Decision:
    """The decision without another card: the one that was clicked is redrawn."""
    left = tuple(e for e in decision.effects if not (isinstance(e, Post) and e.kind == "presence"))
    return decision.model_copy(update={"effects": left})


def _once(whole: Decision, more: Decision) -> Decision:
    """Both, with the card of what is kept only once."""
    return _in_place(whole).and_then(more)


def _on_card(do: Callable[[_Hearing, Click], Decision]) -> Callable[[Moment, Click], Answer]:
    """A button of the card: one thing is taken back, and the card says what is left."""

    def press(moment: Moment, click: Click) -> Answer:
        circ = moment.circumstances(click.user, "button")
        with moment.store.write() as tx:
            if tx.first_time(click.key):
                decision = do(_hearing(tx, moment, circ), click)
                tx.apply(_in_place(decision), circ)
        return NOTHING

    return press


def _come_back(hearing: _Hearing, click: Click) -> Decision:
    return hearing.ask(presence.come_back, first=as_day(click.value))


def _no_longer(hearing: _Hearing, click: Click) -> Decision:
    return hearing.ask(presence.let_no_longer, to=UserId(str(click.value)))


def _usual(hearing: _Hearing, click: Click) -> Decision:
    kept_ = hearing.own.calendar if hearing.own else ""
    return hearing.ask(presence.keep_hours, hours=(), calendar=kept_)


on_action("presence.back")(_on_card(_come_back))
on_action("presence.no_longer")(_on_card(_no_longer))
on_action("presence.usual")(_on_card(_usual))

"""A decision that is late, or that nobody is there to make, goes up step by step; each step exactly once."""

from __future__ import annotations

from workflows.approval import Approval, Escalated, Seat
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Post, ToPerson, ToRoom
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import MANAGER, EscalationStep, Program
from workflows.roles import resolve, team_room
from workflows.seats import is_open, to_act, with_seat
from workflows.standing_in import attended, stood_in
from workflows.telling import desk_morning, redraw, seat_cards, told_the_asker
from workflows.use_case import UseCase


def steps_of(approval: Approval, program: Program) -> tuple[EscalationStep, ...]:
    """The steps that the case's policy names; where it names none, the program team is told at once."""
    return approval.escalation or (EscalationStep(to=program.program_team),)


def role_of(step: EscalationStep, seat: Seat, program: Program) -> str:
    """The role to which a step leads."""
    if step.to != MANAGER:
        return step.to
    own = program.roles.get(seat.role)
    return (own.manager if own else "") or program.program_team


def taken(seat: Seat, step: int) -> bool:
    """Whether that step was taken."""
    return any(e.step == step for e in seat.escalations)


def escalate(
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    seat: str,
    step: int,
) -> Decision:
    """Take one step of the escalation of a seat: tell who is to be told, and let them decide if it says so.

    Nothing happens when the seat has had its say, when the step was taken before, or when neither the time
    is up nor the seat deserted. Before the time is up only the first step is taken.
    """
    sitting = approval.seat(seat)
    steps = steps_of(approval, program)
    if sitting is None or not is_open(approval, sitting) or step >= len(steps) or taken(sitting, step):
        return Decision()
    late = sitting.called_at is not None or (sitting.due is not None and sitting.due <= circ.now)
    if not late and (step > 0 or attended(sitting, directory, circ.now)):
        return Decision()
    asked, role = steps[step], role_of(steps[step], sitting, program)
    without = (*approval.own_to, *approval.apart)
    found = resolve(role, program, use_case.answers, directory, circ.now, without=without).people
    known = program.roles.get(role)
    room = known.room if known and not asked.decides else ""
    waiting = to_act(sitting)
    told = () if room else tuple(u for u in found if u not in waiting)
    if not room and not told:
        room = team_room(program)
    record = Escalated(
        step=step,
        role=role,
        at=circ.now,
        because="late" if late else "nobody",
        to=told,
        room=room,
        decides=asked.decides,
    )
    sitting = sitting.model_copy(update={"escalations": (*sitting.escalations, record)})
    effects: list[Effect] = []
    if asked.decides:
        sitting = sitting.model_copy(update={"people": tuple(dict.fromkeys((*sitting.people, *told)))})
        sitting = stood_in(approval, sitting, directory, circ.now)
        joined = tuple(u for u in to_act(sitting) if u not in waiting)
        effects += seat_cards(approval, sitting, joined, room=False)
        effects += [desk_morning(u, directory, program, circ.now) for u in joined]
    approval = with_seat(approval, sitting)
    effects += _words(approval, sitting, record)
    effects += told_the_asker(approval, use_case, "escalated", seat=sitting.id)
    detail = {
        "seat": sitting.id,
        "step": step,
        "role": role,
        "to": list(told),
        "room": room,
        "because": record.because,
        "decides": asked.decides,
    }
    entry = Entry(action="seat.escalated", subject=approval.subject, detail=detail)
    return Decision(changed=(approval,), entries=(entry,), effects=(*effects, *redraw(approval, *told)))


def _words(approval: Approval, seat: Seat, record: Escalated) -> list[Post]:
    """The word that is sent: to the room, or to each person who does not get a card of their own."""
    to: list[tuple[ToRoom | ToPerson, str]] = []
    if record.room:
        to.append((ToRoom(name=record.room), record.room))
    elif not record.decides:
        to += [(ToPerson(user=u), str(u)) for u in record.to]
    what = "overdue" if record.because == "late" else "nobody"
    return [
        Post(
            to=address,
            kind="reminder",
            subject=approval.subject,
            data={"seat": seat.id, "what": what},
            key=f"escalated/{approval.id}/{seat.id}/{record.step}/{name}",
        )
        for address, name in to
    ]


def first_told(approval: Approval, seat: Seat, program: Program) -> str:
    """The role that hears of it first when the time is up."""
    return role_of(steps_of(approval, program)[0], seat, program)


def who_knows(seat: Seat) -> tuple[tuple[UserId, ...], tuple[str, ...]]:
    """The people and the channels that were told, each once, in order."""
    people = dict.fromkeys(u for e in seat.escalations for u in e.to)
    rooms = dict.fromkeys(e.room for e in seat.escalations if e.room)
    return tuple(people), tuple(rooms)

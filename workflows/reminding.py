"""The clock's part in an approval: reminders, time that is up, and seats that stand empty."""

from __future__ import annotations

from typing import Literal

from workflows.approval import Approval, Seat
from workflows.calendars import away_at
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Later, Post, ToPerson
from workflows.escalating import escalate, steps_of
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.seats import is_open, to_act, with_seat
from workflows.standing_in import stood_in
from workflows.telling import desk_morning, lost_seat, progress, redraw, remind_key, seat_cards
from workflows.turns import due_of, filled
from workflows.use_case import UseCase

Occasion = Literal["remind", "due"]


def remind(
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    seat: str,
    occasion: Occasion,
) -> Decision:
    """Remind those whom an open seat waits on; when its time is up, begin to escalate it too.

    Each is done once. A seat whose people have left is filled again by its role's rule, so that nothing waits
    on nobody. Whoever is away is left in peace. Nothing happens when the seat has had its say meanwhile.
    """
    sitting = approval.seat(seat)
    if sitting is None or not is_open(approval, sitting):
        return Decision()
    late = sitting.due is not None and sitting.due <= circ.now
    able = directory.active(to_act(sitting))
    if occasion == "remind" and able and (late or sitting.reminded_at):
        # Where both fell due while nobody was there to send them, the word that time is up says it all.
        return Decision()
    if occasion == "due" and sitting.called_at:
        return Decision()
    before = approval
    approval, joined, entries = _refilled(approval, use_case, sitting, program, directory, circ)
    sitting = approval.seat(seat) or sitting
    waiting = directory.active(to_act(sitting))
    here = tuple(u for u in waiting if not away_at(u, directory, circ.now))
    done = {"reminded_at" if occasion == "remind" else "called_at": circ.now}
    if waiting or occasion == "due":
        sitting = sitting.model_copy(update=done)
        approval = with_seat(approval, sitting)
    effects: list[Effect] = [
        Post(
            to=ToPerson(user=user),
            kind="reminder",
            subject=approval.subject,
            data={"seat": seat, "what": occasion},
            key=f"{occasion}/{approval.id}/{seat}/{user}",
        )
        for user in here
        if user not in joined
    ]
    effects += seat_cards(approval, sitting, joined, room=False)
    effects += [desk_morning(u, directory, program, circ.now) for u in joined]
    if not waiting or (sitting.unresolved and joined):
        effects += lost_seat(approval, sitting, program)
    if not waiting:
        # Nobody is there yet: look again when as much time has gone by.
        again = due_of(sitting, approval.remind_after_hours, circ.now, directory, program.working_time)
        key = remind_key(approval, seat)
        data = {"seat": seat}
        effects.append(Later(key=key, due=again, name="remind_seat", subject=approval.subject, data=data))
    elif occasion == "remind" and here:
        effects.append(progress(approval, use_case, "reminded", seat=seat))
    if joined:
        effects += redraw(approval)
    detail = {"seat": seat, "occasion": occasion, "to": list(here)}
    told = Entry(action="seat.reminded", subject=approval.subject, detail=detail)
    changed = () if approval is before else (approval,)
    decision = Decision(changed=changed, entries=(*entries, told), effects=tuple(effects))
    if occasion == "due":
        for number, step in enumerate(steps_of(approval, program)):
            if not step.after_hours:
                up = escalate(approval, use_case, program, directory, circ, seat=seat, step=number)
                approval = next((a for a in up.changed if isinstance(a, Approval)), approval)
                decision = decision.and_then(up)
    return decision


def _refilled(
    approval: Approval,
    use_case: UseCase,
    seat: Seat,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> tuple[Approval, tuple[UserId, ...], tuple[Entry, ...]]:
    """The case with the seat filled again if it has to be, who came in, and the line that says so."""
    full = filled(seat, approval, use_case, program, directory, circ.now)
    if full is seat:
        return approval, (), ()
    full = stood_in(approval, full, directory, circ.now)
    joined = tuple(u for u in full.people if u not in seat.people)
    entry = Entry(
        action="seat.refilled", subject=approval.subject, detail={"seat": seat.id, "joined": list(joined)}
    )
    return with_seat(approval, full), joined, (entry,)

"""What happens to a case when its time comes: reminders, overdue decisions and conditions, the desk."""

from __future__ import annotations

from datetime import date

from bot.registry import Job, works
from workflows.conditions import condition_due as condition_falls_due
from workflows.ids import UserId
from workflows.reminding import Occasion, desk_due, remind


@works("remind_seat")
def remind_seat(job: Job) -> None:
    """A polite word to those whom a seat waits on."""
    _about_seat(job, "remind")


@works("due_seat")
def due_seat(job: Job) -> None:
    """A seat's time is up: they are told, and so is the program team."""
    _about_seat(job, "due")


def _about_seat(job: Job, occasion: Occasion) -> None:
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        seen = tx.approval(job.subject.id)
        use_case = tx.lock_use_case(seen.use_case) if seen else None
        approval = tx.lock_approval(job.subject.id)
        if approval is None or use_case is None:
            return
        seat = str(job.data.get("seat"))
        decision = remind(approval, use_case, job.program, tx.directory(), circ, seat=seat, occasion=occasion)
        tx.apply(decision, circ)


@works("condition_due")
def condition_due(job: Job) -> None:
    """A condition is due, or overdue."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        approval = tx.lock_approval(job.subject.id)
        if approval is None:
            return
        condition, when = str(job.data.get("condition")), str(job.data.get("when"))
        tx.apply(condition_falls_due(approval, condition, when, tx.directory(), circ), circ)


@works("desk")
def desk(job: Job) -> None:
    """A working morning: one message that says what waits, or none."""
    circ = job.circumstances(job.bot_user, "clock")
    user = UserId(job.subject.id)
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        day = date.fromisoformat(str(job.data["date"]))
        cases = tx.approvals_that_want(user)
        tx.apply(desk_due(user, day, cases, job.program, tx.directory(), circ), circ)

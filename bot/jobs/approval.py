"""What happens to a case when its time comes: reminders, overdue decisions and conditions, the desk."""

from __future__ import annotations

from datetime import date

from bot.policies import under_its_rules
from bot.registry import Job, works
from storage.store import Tx
from workflows.conditions import condition_due as condition_falls_due
from workflows.decision import Decision
from workflows.desk import desk_due, tell_seat, today_ends
from workflows.effects import Post
from workflows.escalating import escalate
from workflows.ids import Subject, UserId
from workflows.reminding import Occasion, remind


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
        now, circ = under_its_rules(tx, job, circ, approval.subject)
        decision = remind(approval, use_case, now.program, tx.directory(), circ, seat=seat, occasion=occasion)
        tx.apply(decision, circ)


@works("escalate_seat")
def escalate_seat(job: Job) -> None:
    """A seat is late, or deserted: the next step of its escalation."""
    circ = job.circumstances(job.bot_user, "clock")
    seat, step = str(job.data.get("seat")), int(job.data.get("step") or 0)
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        seen = tx.approval(job.subject.id)
        use_case = tx.lock_use_case(seen.use_case) if seen else None
        approval = tx.lock_approval(job.subject.id)
        if approval is None or use_case is None:
            return
        directory = tx.directory()
        now, circ = under_its_rules(tx, job, circ, approval.subject)
        decision = escalate(approval, use_case, now.program, directory, circ, seat=seat, step=step)
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
        directory = tx.directory()
        counts = tx.desk_counts(user, circ.now, today_ends(user, directory, circ.now))
        decision = desk_due(user, day, counts.total, job.program, directory, circ)
        _only_the_last_two(tx, user, decision)
        tx.apply(decision, circ)


@works("tell_seat")
def tell(job: Job) -> None:
    """A seat waits for somebody: its card, or where much waits, the list of it all."""
    circ = job.circumstances(job.bot_user, "clock")
    user, seat = UserId(str(job.data.get("user"))), str(job.data.get("seat"))
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        approval = tx.approval(job.subject.id)
        if approval is None or any(c.reader == user for c in tx.cards_of(job.subject, f"approval:{seat}")):
            return  # their card is there already, and is redrawn with every change
        directory = tx.directory()
        counts = tx.desk_counts(user, circ.now, today_ends(user, directory, circ.now))
        decision = tell_seat(approval, seat, user, counts.decisions, job.program, directory, circ)
        _only_the_last_two(tx, user, decision)
        tx.apply(decision, circ)


def _only_the_last_two(tx: Tx, user: UserId, decision: Decision) -> None:
    """Before another list goes out: of those there, all but the last are folded and stay as they are."""
    if any(isinstance(e, Post) and e.kind == "desk" for e in decision.effects):
        for card in tx.cards_of(Subject(type="person", id=user), "desk")[:-1]:
            tx.forget_card(card.channel, card.ts)

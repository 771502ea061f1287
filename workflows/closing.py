"""How a case ends: approved, rejected, withdrawn or stopped; the use case moves on and everyone is told."""

from __future__ import annotations

from typing import Literal

from workflows.approval import Approval
from workflows.calendars import expected_times
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Later, Post, ToPerson
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.stages import APPROVED_STAGE, moved
from workflows.telling import condition_card, forget_reminders, redraw, told_the_asker
from workflows.tenure import ends_at, planned_end
from workflows.use_case import UseCase

Outcome = Literal["approved", "rejected", "withdrawn", "stopped"]


def close(
    approval: Approval,
    use_case: UseCase,
    outcome: Outcome,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    by: UserId | None = None,
    seat: str = "",
    automatic: bool = False,
    to: str = "",
) -> Decision:
    """End the case: nothing waits any more, open questions fall away, conditions come into force.

    An ``intake`` moves its use case; what follows from any other kind is for :mod:`workflows.outcomes`.
    ``to`` is the stage the use case goes to; by default the one that follows from the outcome.
    """
    inquiries = tuple(
        i.model_copy(update={"dropped_at": circ.now}) if i.open else i for i in approval.inquiries
    )
    changes: dict[str, object] = {"status": outcome, "closed_at": circ.now, "inquiries": inquiries}
    if outcome == "approved" and approval.expires_at is None:
        ends = ends_at(approval.kind, approval.gate, approval.tier, program, circ.now)
        changes["expires_at"] = ends
    approval = approval.model_copy(update=changes)
    entries: tuple[Entry, ...] = ()
    if approval.kind == "intake":
        stage = to or (APPROVED_STAGE if outcome == "approved" else "rejected")
        mover = "submitter" if outcome == "withdrawn" else "approval"
        use_case, entries = moved(use_case, stage, program, mover)
        use_case = use_case.model_copy(update={"decided_at": None if outcome == "withdrawn" else circ.now})
    detail = {"use_case": use_case.id, "automatic": automatic, "seat": seat}
    ended = Entry(action=f"approval.{outcome}", subject=approval.subject, detail=detail)
    effects: list[Effect] = [*forget_reminders(approval)]
    effects += told_the_asker(approval, use_case, _event(approval, outcome, automatic), by, seat=seat)
    if outcome in ("approved", "stopped"):
        effects += [
            Post(to=ToPerson(user=u), kind="notice", subject=use_case.subject, data={"approval": approval.id})
            for u in approval.notify
        ]
    if outcome == "approved":
        effects += planned_end(approval, program, circ.now)
        for condition in approval.conditions:
            effects.append(condition_card(approval, condition))
            effects += condition_reminders(approval, condition.id, program, directory, circ)
    return Decision(
        changed=(use_case, approval) if approval.kind == "intake" else (approval,),
        entries=(ended, *entries),
        effects=(*effects, *redraw(approval)),
    )


def condition_reminders(
    approval: Approval, condition_id: str, program: Program, directory: Directory, circ: Circumstances
) -> tuple[Later, ...]:
    """A reminder on the morning a condition is due, and once more when it is overdue."""
    condition = approval.condition(condition_id)
    if condition is None or condition.due is None:
        return ()
    times = expected_times(condition.owner, directory, program.working_time)
    midnight = times.begins(times.day_of(condition.due))
    morning = max(times.next_morning(midnight), circ.now)
    after = times.next_morning(condition.due)
    made = []
    if morning < condition.due:
        made.append((morning, "due"))
    made.append((after, "overdue"))
    return tuple(
        Later(
            key=f"condition/{approval.id}/{condition.id}/{when}",
            due=due,
            name="condition_due",
            subject=approval.subject,
            data={"condition": condition.id, "when": when},
        )
        for due, when in made
    )


def _event(approval: Approval, outcome: Outcome, automatic: bool) -> str:
    if automatic:
        return "automatic"
    return "approved_with_conditions" if outcome == "approved" and approval.conditions else outcome

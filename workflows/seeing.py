"""Who may see what of a use case that others wrote: its outline is everybody's, its record is not.

The outline is its name, stage, tier, lane, kind, function, scores and owners, and who holds which right: what
people need to know of each other's use cases to work together, and what a channel may read. A draft has none;
it is its writer's alone.
The record is everything else: answers, reasons, verdicts, conditions, questions, and whom it waits for.
"""

from __future__ import annotations

from datetime import datetime

from workflows.approval import Approval
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import resolve
from workflows.seats import involved
from workflows.use_case import UseCase

UNFINISHED = ("idea", "draft")
"""Stages in which a use case is its writer's own business."""


def knows_of(user: UserId | None, stage: str, submitter: str) -> bool:
    """Whether the outline is for this reader; ``None`` stands for everybody who reads a channel."""
    return stage not in UNFINISHED or (user is not None and user == submitter)


def spoken_of(use_case: UseCase | None, user: UserId) -> str:
    """What a sentence to this person calls it: its name, or its number where there is none or the name is not
    theirs to know; empty for none."""
    if use_case is None:
        return ""
    known = knows_of(user, use_case.stage, use_case.submitter)
    return (use_case.title if known else "") or str(use_case.id)


def reads_record(
    user: UserId | None,
    use_case: UseCase,
    approval: Approval | None,
    program: Program,
    directory: Directory,
    now: datetime,
) -> bool:
    """Whether the record is for this reader: who submitted it, decides, is told or named in it, and the roles
    that the program lets read every record. Never for whoever left, and never for a channel."""
    if user is None or not directory.person(user).active:
        return False
    if user == use_case.submitter:
        return True
    if use_case.stage in UNFINISHED and approval is None:
        return False
    if user in people_in(use_case, program):
        return True
    if approval and (user in involved(approval) or user in approval.notify):
        return True
    return any(
        user in found.people
        for role in program.decision_rights.records
        if not (found := resolve(role, program, use_case.answers, directory, now)).unresolved
    )


def people_in(use_case: UseCase, program: Program) -> tuple[UserId, ...]:
    """Whoever is named in an answer as one of its owners."""
    named = []
    for question in program.intake.questions():
        answer = use_case.answers.get(question.id)
        if question.type == "person" and answer and answer.value:
            named.append(UserId(str(answer.value)))
    return tuple(dict.fromkeys(named))

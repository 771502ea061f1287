"""Use cases on their way to a gate, put there for the scenarios of readiness and moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.gates import checklist
from tests.scenarios.deciding import case_of, presses, settle, submits
from tests.scenarios.office import JSON, Office, Person
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import WalkId
from workflows.use_case import UseCase


def approved(office: Office, title: str, answers: JSON, by: str = "dana") -> Person:
    """A use case that was submitted, and approved by Priya where somebody had to."""
    person = submits(office, title, answers, by)
    use_case, _ = case_of(office, title)
    if use_case.stage != "approved_for_pilot":
        priya = office.person("priya")
        presses(priya, priya.reads(title, "asks for"), "Approve")
    assert case_of(office, title)[0].stage == "approved_for_pilot"
    return person


def put(office: Office, title: str, stage: str, *sheets: dict[str, Any], days_ago: float = 6) -> UseCase:
    """The use case in that stage, with checklists filled in as :func:`tests.gates.checklist` takes it."""
    service = office.bot.service
    now = datetime.now(UTC)
    use_case, _ = case_of(office, title)
    actor = Actor(user=use_case.submitter, door="cli")
    circ = Circumstances(now=now, actor=actor, program=service.program.stamp)
    at = now - timedelta(days=days_ago)
    with service.store.write() as tx:
        moved = use_case.model_copy(update={"stage": stage})
        line = Entry(action="put", subject=use_case.subject)
        walks = [
            checklist(
                service.program,
                use_case=use_case.id,
                at=at,
                **{"walk": str(WalkId(tx.new_id("walk"))), **sheet},
            )
            for sheet in sheets
        ]
        tx.apply(Decision(changed=(moved, *walks), entries=(line,)), circ)
    settle(office)
    return moved

"""Use cases that are in use already, with their owners and versions, for scenarios of what comes after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.scenarios.office import Office
from workflows.answers import Answer
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import QuestionId, ReleaseId, UserId
from workflows.release import Parts, Release
from workflows.scoring import assess
from workflows.use_case import UseCase

OWNERS = {
    "business_owner": "U0DANA",
    "technical_owner": "U0LEE",
    "risk_owner": "U0INES",
    "metric_owner": "U0MARCUS",
    "data_owner": "U0ANYA",
    "stop_authority": "U0LEE",
}
"""Who is named in a use case that nobody says otherwise of."""
CALLS = {
    "business_function": "claims",
    "outcome_metric": "after-call work",
    "outcome_baseline": 9.0,
    "outcome_target": 5.0,
    "outcome_unit": "minutes",
    "data_sensitivity": "confidential",
    "personal_data": True,
    "autonomy": "recommend",
    "affected": "employees",
    "harm": "inconvenience",
    "audience": "internal",
    **OWNERS,
}


def in_use(
    office: Office, title: str, by: str = "U0DANA", stage: str = "production", **answers: Any
) -> UseCase:
    """A use case of that name, in that stage for 40 days."""
    service = office.bot.service
    now = datetime.now(UTC) - timedelta(days=40)
    user = UserId(by)
    given = {
        QuestionId(q): Answer(value=v, how="form", by=user, at=now)
        for q, v in {**CALLS, **answers}.items()
        if v is not None
    }
    program = service.program
    circ = Circumstances(now=now, actor=Actor(user=user, door="import"), program=program.stamp)
    with service.store.write() as tx:
        use_case = UseCase(
            id=tx.new_id("use_case"),
            title=title,
            stage=stage,
            submitter=user,
            program=program.stamp,
            answers=given,
            assessment=assess(program, program.intake, given),
            stage_since=now,
            created_at=now,
            submitted_at=now,
            decided_at=now,
        )
        entry = Entry(action="use_case.imported", subject=use_case.subject)
        (stored,) = tx.apply(Decision(changed=(use_case,), entries=(entry,)), circ)
    assert isinstance(stored, UseCase)
    return stored


def released(office: Office, use_case: UseCase, *versions: str) -> Release:
    """Versions of it, each in the place of the one before; the last one is in use."""
    service = office.bot.service
    now = datetime.now(UTC) - timedelta(days=30)
    circ = Circumstances(
        now=now, actor=Actor(user=use_case.submitter, door="import"), program=service.program.stamp
    )
    last: Release | None = None
    with service.store.write() as tx:
        for number, version in enumerate(versions):
            is_last = number == len(versions) - 1
            release = Release(
                id=ReleaseId(tx.new_id("release")),
                use_case=use_case.id,
                version=version,
                status="live" if is_last else "superseded",
                parts=Parts(model="model-7", prompt=f"prompt-{version}"),
                changed="Shorter summaries",
                why="Agents asked for it",
                impact="Summaries are shorter",
                program=service.program.stamp,
                proposed_by=use_case.submitter,
                replaces=last.id if last else None,
                opened_at=now,
                live_at=now + timedelta(days=number),
            )
            entry = Entry(action="release.imported", subject=release.subject)
            (stored,) = tx.apply(Decision(changed=(release,), entries=(entry,)), circ)
            assert isinstance(stored, Release)
            last = stored
    assert last is not None
    return last

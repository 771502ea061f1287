"""Walking assessments in words: what to answer, where the walk is, and use cases to do them for."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from tests.answers import MEDIUM
from tests.scenarios.office import JSON, Office, Person, texts
from workflows.answers import Answer
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import QuestionId, UserId
from workflows.scoring import assess
from workflows.use_case import UseCase
from workflows.walk import Walk


def in_stage(
    office: Office, title: str, stage: str = "pilot", owner: str = "U0DANA", **answers: object
) -> UseCase:
    """A use case that is on record in this stage, with an assessment."""
    service = office.bot.service
    now, user = datetime.now(UTC), UserId(owner)
    values = {**MEDIUM, "business_owner": owner, "technical_owner": "U0LEE", **answers}
    given = {QuestionId(q): Answer(value=v, how="form", by=user, at=now) for q, v in values.items()}
    program = service.program
    with service.store.write() as tx:
        use_case = UseCase(
            id=tx.new_id("use_case"),
            title=title,
            stage=stage,
            submitter=user,
            program=program.stamp,
            answers=given,
            assessment=assess(program, program.intake, given),
            created_at=now,
            submitted_at=now,
        )
        entry = Entry(action="use_case.imported", subject=use_case.subject)
        circ = Circumstances(now=now, actor=Actor(user=user, door="import"), program=program.stamp)
        (stored,) = tx.apply(Decision(changed=(use_case,), entries=(entry,)), circ)
    assert isinstance(stored, UseCase)
    return stored


def newest(office: Office, questionnaire: str, about: str = "") -> Walk:
    """The newest walk of that questionnaire about a use case, or about the company."""
    with office.bot.service.store.read() as reading:
        found = [w for w in reading.walks_about(about) if w.questionnaire == questionnaire]
        assert found, f"nobody began {questionnaire}"
        return max(found, key=lambda w: w.started_at)


def walks_through(person: Person, questionnaire: str, replies: dict[str, str], about: str = "") -> JSON:
    """Answers whatever is asked in words until the review is there, presses Finish, and reads the result."""
    office = person.office
    for _ in range(40):
        walk = newest(office, questionnaire, about)
        if walk.status == "reviewing":
            break
        if walk.asking is None:
            time.sleep(0.02)
            continue
        asked = walk.ask
        person.says(replies[str(walk.asking)])
        end = time.monotonic() + 5
        while time.monotonic() < end:
            now = newest(office, questionnaire, about)
            if now.ask != asked or now.status == "reviewing":
                break
            time.sleep(0.01)
        else:
            shown = texts(person.messages()[-1])
            pytest.fail(f"“{replies[str(walk.asking)]}” led nowhere at {walk.asking}; last: {shown}")
    else:
        pytest.fail(f"still asking {newest(office, questionnaire, about).asking}")
    person.clicks("Finish")
    return person.reads("All answers")


PLAN = {
    "right_result": "it names what happened, what was promised, and nothing that was not said",
    "hurtful": "it tells a caller that an injury claim is refused",
    "quotes_sources": "no",
    "answers_questions": "no",
    "hands_over": "yes",
    "somebody_waits": "yes",
    "languages": "1",
    "real_share": "60%",
    "chosen_apart": "yes",
    "marker": "@ines",
    "left_out": "none",
}
"""Answers to the evaluation plan in words."""

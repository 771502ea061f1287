"""Small, valid records for the storage tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.store import Store
from workflows.answers import Answer
from workflows.approval import Approval, Condition, Inquiry, Seat
from workflows.decision import Actor, Aggregate, Circumstances, Decision, Entry
from workflows.effects import Effect, Post, ToPerson
from workflows.ids import ApprovalId, Place, ProgramStamp, QuestionId, Subject, UseCaseId, UserId, WalkId
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROGRAM = ProgramStamp(label="2026.1", hash="abc")
DANA, PRIYA, TOM, LEE = (UserId(f"U{name}") for name in ("DANA", "PRIYA", "TOM", "LEE"))
CIRC = Circumstances(now=NOW, actor=Actor(user=DANA, door="message"), program=PROGRAM)


def use_case(id: str = "UC-0001", **fields: Any) -> UseCase:
    given = {"title": "Summarise calls", "submitter": DANA, "program": PROGRAM, "created_at": NOW, **fields}
    return UseCase(id=UseCaseId(id), **given)


def walk(id: str = "W-0001", **fields: Any) -> Walk:
    given: dict[str, Any] = {
        "questionnaire": "intake",
        "about": UseCaseId("UC-0001"),
        "owner": DANA,
        "origin": Origin(entry="message", words="could AI do that?"),
        "program": PROGRAM,
        "started_at": NOW,
        "touched_at": NOW,
        **fields,
    }
    return Walk(id=WalkId(id), **given)


def seat(id: str = "risk", people: tuple[UserId, ...] = (PRIYA, TOM), **fields: Any) -> Seat:
    given: dict[str, Any] = {"role": id, "label": id, "why": "", "opened_at": NOW, **fields}
    return Seat(id=id, people=people, **given)


def approval(id: str = "A-0001", **fields: Any) -> Approval:
    given: dict[str, Any] = {
        "use_case": UseCaseId("UC-0001"),
        "submitter": DANA,
        "home": Place(channel="D1", thread="1.0"),
        "program": PROGRAM,
        "gate": "pilot",
        "tier": "medium",
        "rows": (),
        "because": (),
        "seats": (seat(),),
        "opened_at": NOW,
        **fields,
    }
    return Approval(id=ApprovalId(id), **given)


def inquiry(id: str = "i1", of: UserId = DANA, **fields: Any) -> Inquiry:
    return Inquiry(id=id, seat="risk", by=PRIYA, question="retention?", of=of, at=NOW, **fields)


def condition(id: str = "c1", owner: UserId = DANA, **fields: Any) -> Condition:
    return Condition(id=id, seat="risk", by=PRIYA, text="delete after 30 days", owner=owner, **fields)


def answer(value: Any) -> Answer:
    return Answer(value=value, how="said", by=DANA, at=NOW)


def answers(**values: Any) -> dict[QuestionId, Answer]:
    return {QuestionId(q): answer(v) for q, v in values.items()}


def decision(*changed: Aggregate, action: str = "changed", effects: tuple[Effect, ...] = ()) -> Decision:
    return Decision(
        changed=changed,
        entries=tuple(Entry(action=action, subject=a.subject) for a in changed),
        effects=effects,
    )


def post(user: UserId = DANA, kind: str = "said", **fields: Any) -> Post:
    given = {"subject": Subject(type="walk", id="W-0001"), **fields}
    return Post(to=ToPerson(user=user), kind=kind, **given)


def stored(store: Store, *changed: Aggregate, effects: tuple[Effect, ...] = ()) -> None:
    """Store these in one transaction."""
    with store.write() as tx:
        tx.apply(decision(*changed, effects=effects), CIRC)


def said(store: Store, *effects: Effect) -> None:
    """Have a decision with these effects and no change."""
    with store.write() as tx:
        tx.apply(Decision(effects=effects), CIRC)

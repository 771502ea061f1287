"""A company of any size, put straight into the tables: use cases, what is counted of them, and figures.

Everything is derived from its number, so that a company of the same size is the same on every database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Literal

from sqlalchemy import Connection, insert, text

from storage.aggregates import columns
from storage.measure_schema import Answers, Spans
from storage.metrics.registry import WEEK
from storage.schema import Approvals, Audit, Events, People, Table, UseCases, table_of
from storage.store import Store
from tests.storage.metrics.company import NOW, W4
from tests.storage.records import DANA, PRIYA, answers, approval, seat, use_case
from workflows.approval import Verdict
from workflows.ids import UseCaseId
from workflows.measures.answered import answered_of
from workflows.measures.spans import spans_of
from workflows.use_case import Assessment, Score, TierFinding, UseCase

Spread = Literal["two years", "ten weeks"]
"""Whether few use cases have told their figures for long, or all of them lately."""

_BATCH = 5_000
_FUNCTIONS = (
    "claims",
    "underwriting",
    "service",
    "marketing",
    "finance",
    "hr",
    "legal",
    "risk",
    "data",
    "it",
)
_STAGES = ("submitted", "in_review", "approved_for_pilot", "pilot", "platform_candidate", "production")
_KINDS = (
    "active_users", "returning_users", "tasks_completed", "results_overridden", "first_value_days",
    "satisfaction", "cost", "benefit", "outcome", "north_star",
)  # fmt: skip
_CATEGORIES = ("customer_operations", "regulated_decisions", "employee_productivity", "software_engineering")
_SENTENCE = "Agents write a summary after every call, which takes four minutes and is often left out. " * 2


def grow(store: Store, use_cases: int, events: int, spread: Spread = "two years") -> None:
    """Fill an empty database, and have PostgreSQL look at what it holds, as it does by itself in time."""
    with store.write() as tx:
        c = tx.connection
        nobody = {"handle": "", "title": "", "email": "", "tz": "UTC", "active": True}
        people = [{"id": f"U{n:05d}", "name": f"Person {n}", **nobody} for n in range(2_000)]
        _put(c, People, people)
        cases = [_case(n) for n in range(1, use_cases + 1)]
        _put(c, UseCases, (_row(case) for case in cases))
        _put(c, Spans, (row for case in cases for row in _spans(case)))
        _put(c, Answers, (row for case in cases for row in _answers(case)))
        approvals = [_approval(n) for n in range(1, use_cases + 1, 3)]
        _put(c, Approvals, (_row(a) for a in approvals))
        _put(c, Spans, (_span(a, s) for a in approvals for s in spans_of(a)))
        _put(c, Events, _events(use_cases, events, spread))
        _put(c, Audit, _audit(events // 10))
    if not store.local:
        with store.write() as tx:
            tx.connection.execute(text("ANALYZE"))


def _put(connection: Connection, rows: type[Table], values: Iterable[dict[str, Any]]) -> None:
    left = iter(values)
    statement = insert(table_of(rows))
    while batch := list(islice(left, _BATCH)):
        connection.execute(statement, batch)


def _row(aggregate: Any) -> dict[str, Any]:
    state = aggregate.model_dump(mode="json")
    return {"id": aggregate.id, "revision": 1, "state": state, **columns(aggregate)}


def _case(n: int) -> UseCase:
    function = _FUNCTIONS[n % len(_FUNCTIONS)]
    scores = tuple(
        Score(
            dimension=f"d{i}",
            label="Value",
            value=1 + (n + i) % 5,
            computed=3,
            because=("Many use it.",),
        )
        for i in range(5)
    )
    assessed = Assessment(
        scorecards=dict.fromkeys(("five_dimensions", "portfolio", "value_feasibility_risk"), scores),
        tier=TierFinding(tier=("low", "medium", "high")[n % 3], because=("It only drafts.",)),
        facets={"function": function, "lane": "build", "bucket": "b", "business_owner": f"U{n % 2000:05d}"},
    )
    due = (NOW + timedelta(days=n % 90 - 30)).date().isoformat()
    owners = ("business_owner", "metric_owner", "risk_owner")
    given = answers(
        outcome_baseline=9.0, outcome_target=5.0, outcome_by=due,
        category=_CATEGORIES[n % 4], business_function=function,
        **{o: f"U{(n + i) % 2000:05d}" for i, o in enumerate(owners)},
        **{f"told_{i}": _SENTENCE for i in range(20)},
    )  # fmt: skip
    begun = NOW - timedelta(days=n % 700 + 20)
    return use_case(
        f"UC-{n:05d}", stage=_stage(n), title=f"Use case {n}", answers=given, assessment=assessed,
        created_at=begun, submitted_at=begun + timedelta(days=2),
    )  # fmt: skip


def _stage(n: int) -> str:
    return _STAGES[n % len(_STAGES)]


def _spans(case: UseCase) -> Iterator[dict[str, Any]]:
    stages = ("draft", *_STAGES[: _STAGES.index(case.stage) + 1])
    for i, stage in enumerate(stages):
        last = i == len(stages) - 1
        begins = case.created_at + timedelta(days=2 * i)
        yield {
            "subject_type": "use_case", "subject_id": case.id, "kind": "stage", "item": f"{i:04d}",
            "use_case": case.id, "label": stage, "outcome": "", "due": None,
            "begins": begins, "ends": None if last else begins + timedelta(days=2),
        }  # fmt: skip


def _span(aggregate: Any, span: Any) -> dict[str, Any]:
    about = {"subject_type": aggregate.subject.type, "subject_id": aggregate.subject.id}
    return {**about, **span._asdict()}


def _answers(case: UseCase) -> Iterator[dict[str, Any]]:
    for answered in answered_of({str(q): {"value": a.value} for q, a in case.answers.items()}):
        yield {"use_case": case.id, **answered._asdict()}


def _approval(n: int) -> Any:
    opened = NOW - timedelta(hours=5 + n % 4000)
    said = Verdict(
        by=PRIYA, choice="approve", at=opened + timedelta(hours=n % 60), program=approval().program
    )
    decided = n % 10 != 0
    one = seat(opened_at=opened, due=opened + timedelta(hours=40), verdicts=(said,) if decided else ())
    return approval(
        f"A-{n:05d}", use_case=UseCaseId(f"UC-{n:05d}"), seats=(one,), opened_at=opened, submitter=DANA,
        status="approved" if decided else "waiting", closed_at=said.at if decided else None,
    )  # fmt: skip


def _events(use_cases: int, events: int, spread: Spread) -> Iterator[dict[str, Any]]:
    weeks = 104 if spread == "two years" else 10
    telling = min(use_cases, -(-events // (weeks * len(_KINDS))))
    made = 0
    for back in range(weeks):
        week = W4 - back * WEEK
        for n in range(1, telling + 1):
            for i, kind in enumerate(_KINDS):
                if made == events:
                    return
                made += 1
                yield _event(
                    kind, 1 + (n * use_cases // telling - 1) % use_cases, week, 10 + (n + back + i) % 50
                )


def _event(kind: str, n: int, week: date, value: int) -> dict[str, Any]:
    at = datetime(week.year, week.month, week.day, 12, tzinfo=NOW.tzinfo)
    id = f"UC-{n:05d}"
    return {
        "key": f"figure/{id}/{kind}//{week}", "kind": kind, "at": at, "week": week.isoformat(),
        "use_case": id, "function": "", "person": "", "value": float(value), "out_of": 80.0,
        "source": "check_in", "told_by": "U00001", "received_at": at, "late": False, "detail": {},
    }  # fmt: skip


def _audit(rows: int) -> Iterator[dict[str, Any]]:
    """Rows as long as those of an answer; nobody verifies their chain here."""
    for n in range(1, rows + 1):
        yield {
            "seq": n, "at": NOW - timedelta(minutes=10 * (rows - n)), "actor": f"U{n % 900:05d}",
            "door": "button", "action": "walk.answered", "subject_type": "walk",
            "subject_id": f"W-{n % 5000:05d}", "refused": n % 200 == 0, "program_label": "1",
            "program_hash": "h" * 64,
            "detail": {"question": "problem"}, "patch": {"answers": {"problem": {"value": _SENTENCE}}},
            "prev_hash": "0" * 64, "hash": "0" * 64,
        }  # fmt: skip

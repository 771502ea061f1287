"""What measures are counted from, kept in step with the states that are stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, tuple_, update

from storage.measure_schema import Answers, Spans
from storage.schema import UseCases, table_of
from workflows.contract import Contract
from workflows.decision import Aggregate
from workflows.measures.answered import Answered, answered_of
from workflows.measures.spans import SPANNING, STAGE, Span, spans_of
from workflows.use_case import UseCase
from workflows.walk import Walk

_BATCH = 500
_KEPT = select(
    Spans.kind, Spans.item, Spans.use_case, Spans.label, Spans.outcome, Spans.begins, Spans.due, Spans.ends
).where(Spans.subject_type == bindparam("type"), Spans.subject_id == bindparam("id"), Spans.kind != STAGE)
_NEW_SPAN = insert(table_of(Spans))
_NEW_ANSWER = insert(table_of(Answers))
_STAGE_OVER = (
    update(table_of(Spans))
    .where(
        Spans.subject_type == "use_case",
        Spans.subject_id == bindparam("wanted"),
        Spans.kind == STAGE,
        Spans.ends.is_(None),
    )
    .values(ends=bindparam("moment"))
)
_STAGES = select(func.count()).where(
    Spans.subject_type == "use_case", Spans.subject_id == bindparam("wanted"), Spans.kind == STAGE
)


def save(
    connection: Connection, aggregate: Aggregate, before: Mapping[str, Any] | None, now: datetime
) -> None:
    """Repeat what a state says that is stored in this transaction; ``before`` is the one it replaces."""
    if not isinstance(aggregate, SPANNING):
        return
    if isinstance(aggregate, UseCase):
        _stage(connection, aggregate, before, now)
        _answers(connection, aggregate, before)
    if _may_have(aggregate, before):
        _spans(connection, aggregate)


def rebuild(connection: Connection) -> None:
    """Make all of it from the states anew. Of stages only the one in which each use case is can be known."""
    from storage.aggregates import LAYOUTS

    connection.execute(delete(Spans))
    connection.execute(delete(Answers))
    for layout in LAYOUTS.values():
        if not issubclass(layout.model, SPANNING):
            continue
        newest = ""
        table = layout.table.c
        while True:
            wanted = select(table.id, table.state).where(table.id > newest).order_by(table.id).limit(_BATCH)
            rows = connection.execute(wanted).all()
            for row in rows:
                aggregate = layout.model.model_validate(row.state)
                save(connection, aggregate, None, _since(aggregate))
            if len(rows) < _BATCH:
                break
            newest = rows[-1].id


def missing(connection: Connection) -> bool:
    """Whether there are use cases and nothing is repeated from them: they were stored by an older version."""
    there = connection.execute(select(UseCases.id).limit(1)).first()
    return there is not None and connection.execute(select(Spans.kind).limit(1)).first() is None


def _since(aggregate: Aggregate) -> datetime:
    if isinstance(aggregate, UseCase):
        return aggregate.decided_at or aggregate.submitted_at or aggregate.created_at
    return datetime.now(UTC)  # only the stages of use cases need it


def _may_have(aggregate: Aggregate, before: Mapping[str, Any] | None) -> bool:
    """Walks and use cases are stored often and seldom have any: they are only looked up where they may."""
    if isinstance(aggregate, Walk):
        answers = (before or {}).get("answers", {}).values()
        had = any(isinstance(a["value"], dict) and a["value"].get("evidence") for a in answers)
        return had or bool(spans_of(aggregate))
    if isinstance(aggregate, UseCase):
        return bool(aggregate.overrides or (before or {}).get("overrides"))
    if isinstance(aggregate, Contract):
        return bool(aggregate.breaches)
    return True


def _spans(connection: Connection, aggregate: Aggregate) -> None:
    about = {"type": aggregate.subject.type, "id": aggregate.subject.id}
    wanted = spans_of(aggregate)
    kept = {Span(*row) for row in connection.execute(_KEPT, about)}
    old = [(s.kind, s.item) for s in kept - wanted]
    if old:
        mine = (Spans.subject_type == about["type"], Spans.subject_id == about["id"])
        connection.execute(delete(Spans).where(*mine, tuple_(Spans.kind, Spans.item).in_(old)))
    new = [{"subject_type": about["type"], "subject_id": about["id"], **s._asdict()} for s in wanted - kept]
    if new:
        connection.execute(_NEW_SPAN, new)


def _stage(
    connection: Connection, use_case: UseCase, before: Mapping[str, Any] | None, now: datetime
) -> None:
    if before is not None and before.get("stage") == use_case.stage:
        return
    # The moment of a move by hand is in the state; that of others is the moment at which they are stored.
    since = use_case.stage_since
    known = before is None or before.get("stage_since") != use_case.model_dump(mode="json")["stage_since"]
    begins = since if since is not None and known else now
    number = 0
    if before is not None:
        connection.execute(_STAGE_OVER, {"wanted": use_case.id, "moment": begins})
        number = connection.execute(_STAGES, {"wanted": use_case.id}).scalar_one()
    row = {"subject_type": "use_case", "subject_id": use_case.id, "kind": STAGE, "item": f"{number:04d}"}
    span = {"use_case": use_case.id, "label": use_case.stage, "outcome": "", "due": None, "ends": None}
    connection.execute(_NEW_SPAN, {**row, **span, "begins": begins})


def _answers(connection: Connection, use_case: UseCase, before: Mapping[str, Any] | None) -> None:
    wanted = answered_of({str(q): {"value": a.value} for q, a in use_case.answers.items()})
    kept: set[Answered] = answered_of((before or {}).get("answers", {}))
    old = [a.question for a in kept - wanted]
    if old:
        gone = delete(Answers).where(Answers.use_case == use_case.id, Answers.question.in_(old))
        connection.execute(gone)
    new = [{"use_case": use_case.id, **a._asdict()} for a in wanted - kept]
    if new:
        connection.execute(_NEW_ANSWER, new)

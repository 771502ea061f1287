"""Exceptions to the rules: what is waived, what has run out, and what nobody answers for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, exists, func, literal, or_, select, union_all

from storage.corpus_schema import CorpusDocuments
from storage.measure_schema import Answers, Spans
from storage.metrics.figures import NOWHERE, cells
from storage.metrics.registry import Ask, metric
from storage.metrics.standings import SPANS, Columns, count, in_use, keys, narrowed, stages_watched, standing
from storage.metrics.weeks import weeks
from storage.schema import Audit, People, UseCases, table_of
from workflows.champions import function_named
from workflows.measures.measured import Cell, Metric
from workflows.measures.spans import STAGE


@metric(
    Metric(
        id="waivers_in_force",
        label="Waivers in force",
        family="risk",
        kind="risk",
        unit="count",
        window="now",
        definition="Controls that are waived for a time, at somebody's explicit risk.",
        action=(
            "The risk partner closes what is no longer needed; a waiver that is renewed twice is a "
            "rule to be changed."
        ),
        better="down",
    ),
    counts=True,
)
def waivers_in_force(ask: Ask) -> Sequence[Cell]:
    """Waivers that stand and have not run out."""
    return standing(ask, "waiver", count, at=lambda s, w: s.due > w.seen)


@metric(
    Metric(
        id="waivers_expiring",
        label="Waivers that end soon",
        family="risk",
        kind="risk",
        unit="count",
        window="now",
        definition="Waivers in force that end within 14 days.",
        action="Their owners meet the control, or ask once more in time.",
        better="down",
    ),
    counts=True,
)
def waivers_expiring(ask: Ask) -> Sequence[Cell]:
    """Waivers that stand and run out within two weeks."""
    return standing(ask, "waiver", count, at=lambda s, w: (s.due > w.seen) & (s.due <= w.soon))


@metric(
    Metric(
        id="exception_rate",
        label="Exception rate",
        family="risk",
        kind="risk",
        unit="percent",
        window="now",
        definition="Waivers in force for every hundred use cases in use.",
        action="Above one in five, the control itself is reviewed: it does not fit the work.",
        better="down",
    ),
)
def exception_rate(ask: Ask) -> Sequence[Cell]:
    """Waivers in force by use cases in use; none where nothing is in use."""
    waived = {(c.week, c.key): c.value or 0.0 for c in waivers_in_force(ask)}
    return [
        c.model_copy(update={"value": 100.0 * waived.get((c.week, c.key), 0.0) / c.value, "of": c.value})
        for c in in_use(ask)
        if c.value
    ]


@metric(
    Metric(
        id="evidence_expired",
        label="Evidence expired",
        family="risk",
        kind="risk",
        unit="count",
        window="now",
        definition=(
            "Checklist items whose whole evidence has run out and that no waiver covers, of use "
            "cases that are not closed."
        ),
        action=(
            "The item's owner brings fresh evidence within the week; until then the item counts as open."
        ),
        better="down",
    ),
    counts=True,
)
def evidence_expired(ask: Ask) -> Sequence[Cell]:
    """Items of which every piece has run out."""
    closed = [stage.id for stage in ask.program.life_cycle.stages if not stage.open]

    def run_out(s: Columns, w: Columns) -> ColumnElement[bool]:
        other, waiver, stage = (table_of(Spans).alias() for _ in range(3))
        holds = exists().where(
            other.c.subject_type == "walk",
            other.c.subject_id == s.subject_id,
            other.c.kind == "evidence",
            other.c.outcome == s.outcome,
            func.coalesce(other.c.begins, w.seen) <= w.seen,
            or_(other.c.due.is_(None), other.c.due > w.seen),
        )
        waived = exists().where(
            waiver.c.use_case == s.use_case,
            waiver.c.kind == "waiver",
            waiver.c.label == s.outcome,
            waiver.c.due > w.seen,
            *_stood(waiver.c, w),
        )
        over = exists().where(
            stage.c.subject_type == "use_case",
            stage.c.subject_id == s.use_case,
            stage.c.kind == STAGE,
            stage.c.label.in_(closed),
            *_stood(stage.c, w),
        )
        return and_(s.due <= w.seen, ~holds, ~waived, ~over)

    def items(s: Columns) -> ColumnElement[Any]:
        return func.count((s.subject_id + literal("/") + s.outcome).distinct())

    # Only what has an end by now can have run out in one of the weeks.
    return standing(ask, "evidence", items, where=(SPANS.due <= ask.now,), at=run_out)


@metric(
    Metric(
        id="missing_owners",
        label="Owners missing",
        family="risk",
        kind="risk",
        unit="count",
        window="now",
        definition=(
            "Owners that a gate demands and whom nobody has named, or who have left the company, of "
            "use cases in use."
        ),
        action=(
            "The head of the function names somebody within five working days; else the use case is paused."
        ),
        better="down",
    ),
)
def missing_owners(ask: Ask) -> Sequence[Cell]:
    """Pairs of a use case and an owner it lacks, of the owners that any gate demands."""
    owners = dict.fromkeys(str(o) for gate in ask.program.gates.values() for o in gate.owners)
    if not owners:
        return ()
    asked = union_all(*(select(literal(o, String).label("question")) for o in owners)).cte("owners")
    c = table_of(UseCases).c
    named = (Answers.use_case == c.id) & (Answers.question == asked.c.question)
    lacks = func.count() - func.sum(case((People.active.is_(True), 1), else_=0))
    by = keys(ask, c.id)
    rows = (
        table_of(UseCases)
        .join(asked, literal(True))
        .outerjoin(table_of(Answers), named)
        .outerjoin(table_of(People), People.id == Answers.word)
    )
    wanted = (
        select(literal(ask.last.isoformat(), String), *by, lacks, func.count())
        .select_from(rows)
        .where(c.stage.in_(stages_watched(ask)), *narrowed(ask, c.id))
    )
    found = cells(ask, wanted.group_by(*by) if by else wanted)
    return [x for x in found if x.of and (x.value or not ask.by)]


@metric(
    Metric(
        id="stale_documents",
        label="Stale documents",
        family="risk",
        kind="risk",
        unit="count",
        window="now",
        definition="Documents of the playbook past the day on which they were to be reviewed.",
        action="Their owner reads them and sets a new day; answers say so until then.",
        better="down",
    ),
    by=("function",),
)
def stale_documents(ask: Ask) -> Sequence[Cell]:
    """Documents whose review day has passed, of all that have one."""
    today = ask.now.astimezone(ask.zone).date().isoformat()
    c = table_of(CorpusDocuments).c
    stale = func.sum(case((c.review_date < today, 1), else_=0))
    wanted = select(c.function, stale, func.count()).where(c.review_date != "").group_by(c.function)
    found: dict[str, tuple[float, float]] = {}
    for name, old, all_ in ask.connection.execute(wanted):
        function = function_named(name, ask.program) or NOWHERE
        if ask.function in ("", function):
            key = function if ask.by else ""
            before = found.get(key, (0.0, 0.0))
            found[key] = (before[0] + old, before[1] + all_)
    return [Cell(week=ask.last, key=key, value=old, of=all_) for key, (old, all_) in sorted(found.items())]


@metric(
    Metric(
        id="refused_attempts",
        label="Refused attempts",
        family="risk",
        kind="risk",
        unit="count",
        window="week",
        definition=(
            "Clicks, commands and hooks that the rules refused in the week; each is in the audit log."
        ),
        action=("Look at what was tried most often: a button that misleads, or somebody who tries doors."),
        better="down",
    ),
    by=(),
    counts=True,
)
def refused_attempts(ask: Ask) -> Sequence[Cell]:
    """Audit rows that are marked as refused."""
    w = weeks(ask)
    c = table_of(Audit).c
    rows = w.join(table_of(Audit), (c.at >= w.c.begins) & (c.at < w.c.ends))
    there = (c.refused.is_(True), c.at >= ask.begins(ask.weeks[0]), c.at < ask.ends(ask.last))
    wanted = select(w.c.week, func.count(), func.count()).select_from(rows).where(*there)
    return [x.model_copy(update={"of": None}) for x in cells(ask, wanted.group_by(w.c.week))]


def _stood(span: Columns, week: Columns) -> tuple[ColumnElement[bool], ...]:
    # The beginning is wrapped up, or SQLite looks through all that began before instead of those meant.
    begun = func.coalesce(span.begins, week.seen)
    return begun <= week.seen, or_(span.ends.is_(None), span.ends > week.seen)

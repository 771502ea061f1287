"""How the program itself is taken up: who uses the bot, brings ideas, learns, and helps others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select

from storage.matter_schema import Learners
from storage.metrics.figures import NOWHERE, cells
from storage.metrics.registry import Ask, metric
from storage.metrics.standings import SPANS, keys, narrowed, stages_in_use
from storage.metrics.weeks import day, no_number, seconds, weeks
from storage.schema import Audit, Events, UseCases, table_of
from workflows.ids import UserId
from workflows.learning.learner import Learner
from workflows.learning.studying import audience, progress
from workflows.measures.measured import Cell, Metric
from workflows.measures.spans import STAGE
from workflows.roles import resolve

_U = table_of(UseCases).c
_NOBODY = ("clock", "import", "delivery", "webhook")
"""Doors through which no person comes."""
_DAY = 86400.0


@metric(
    Metric(
        id="bot_users",
        label="Users of the bot",
        family="adoption",
        kind="adoption",
        unit="people",
        window="week",
        definition=(
            "People who did something with Preflight in the week; systems, imports and the clock "
            "are no people."
        ),
        action="Ask a champion to show it in the next meeting of the function that uses it least.",
        better="up",
        people=True,
    ),
    by=("function",),
)
def bot_users(ask: Ask) -> Sequence[Cell]:
    """Actors in the audit log who are members of the workspace, of all who are active in it."""
    w = weeks(ask)
    c = table_of(Audit).c
    rows = w.join(table_of(Audit), (c.at >= w.c.begins) & (c.at < w.c.ends))
    inside = (c.at >= ask.begins(ask.weeks[0]), c.at < ask.ends(ask.last), c.door.not_in(_NOBODY))
    wanted = select(w.c.week, c.actor).select_from(rows).where(*inside).distinct()
    functions = _functions(ask)
    used: dict[tuple[date, str], int] = defaultdict(int)
    for week, actor in ask.connection.execute(wanted):
        if actor in ask.directory.people:
            for key in functions.get(actor, ("",)) if ask.by or ask.function else ("",):
                used[day(week), key] += 1
    size: dict[str, int] = defaultdict(int)
    for user, person in ask.directory.people.items():
        for key in functions.get(user, ()) if ask.by or ask.function else ("",):
            size[key] += person.active
    wanted_keys = [ask.function] if ask.function else sorted(size) if ask.by else [""]
    first = _begun(ask)
    return [
        Cell(week=week, key=key if ask.by else "", value=float(used[week, key]), of=float(size[key]))
        for week in ask.weeks
        for key in wanted_keys
        if first and ask.ends(week) > first and size[key]
    ]


@metric(
    Metric(
        id="intakes_begun",
        label="Intakes begun",
        family="adoption",
        kind="adoption",
        unit="count",
        window="week",
        definition="Use cases that somebody began to describe in the week; imported ones do not count.",
        action="Where none begin, the next meeting of the function gets ten minutes for ideas.",
        better="up",
    ),
    counts=True,
)
def intakes_begun(ask: Ask) -> Sequence[Cell]:
    """Use cases created in the week, but not imported."""
    return _use_cases(ask, _U.created_at)


@metric(
    Metric(
        id="intakes_submitted",
        label="Intakes submitted",
        family="adoption",
        kind="adoption",
        unit="count",
        window="week",
        definition="Use cases that were submitted in the week; imported ones do not count.",
        action="Where many begin and few are submitted, read three drafts with their authors.",
        better="up",
    ),
    counts=True,
)
def intakes_submitted(ask: Ask) -> Sequence[Cell]:
    """Use cases submitted in the week, but not imported."""
    return _use_cases(ask, _U.submitted_at)


@metric(
    Metric(
        id="intakes_finished",
        label="Intakes finished",
        family="adoption",
        kind="adoption",
        unit="percent",
        window="4 weeks",
        definition=(
            "Of the intakes begun in the four weeks that end with the week, the share that has been "
            "submitted since."
        ),
        action="Find the question at which drafts stop, and shorten it.",
        better="up",
    ),
)
def intakes_finished(ask: Ask) -> Sequence[Cell]:
    """Submitted use cases of those created in the window, but not imported."""
    w = weeks(ask, 4)
    rows = w.join(table_of(UseCases), (_U.created_at >= w.c.since) & (_U.created_at < w.c.ends))
    share = 100.0 * func.sum(case((_U.submitted_at.is_not(None), 1.0), else_=0.0)) / func.count()
    by = [w.c.week, *keys(ask, _U.id)]
    wanted = select(*by, share, func.count()).select_from(rows).where(_U.source != "import")
    return cells(ask, wanted.where(*narrowed(ask, _U.id)).group_by(*by))


@metric(
    Metric(
        id="days_to_pilot",
        label="Days to a pilot",
        family="adoption",
        kind="adoption",
        unit="days",
        window="13 weeks",
        definition=(
            "Days by the calendar from a use case's submission to its first day in use, on average "
            "over 13 weeks."
        ),
        action="Look at where the slowest waited: for a decision, for evidence, or for people.",
        better="down",
    ),
)
def days_to_pilot(ask: Ask) -> Sequence[Cell]:
    """Average over use cases that were used for the first time in the window."""
    first = (
        select(SPANS.use_case, func.min(SPANS.begins).label("begins"))
        .where(SPANS.kind == STAGE, SPANS.label.in_(stages_in_use(ask)))
        .group_by(SPANS.use_case)
        .cte("first")
        .prefix_with("MATERIALIZED")
    )
    w = weeks(ask, 13)
    rows = w.join(first, (first.c.begins >= w.c.since) & (first.c.begins < w.c.ends))
    rows = rows.join(table_of(UseCases), (_U.id == first.c.use_case) & (_U.submitted_at <= first.c.begins))
    days = func.avg((seconds(first.c.begins) - seconds(_U.submitted_at)) / _DAY)
    by = [w.c.week, *keys(ask, _U.id)]
    wanted = select(*by, days, func.count()).select_from(rows).where(*narrowed(ask, _U.id))
    return cells(ask, wanted.group_by(*by))


@metric(
    Metric(
        id="scores_overridden",
        label="Scores overridden",
        family="adoption",
        kind="adoption",
        unit="percent",
        window="13 weeks",
        definition=(
            "Use cases submitted in the 13 weeks that end with the week of which a person corrected "
            "at least one computed score."
        ),
        action=("Read the reasons; one that comes up three times is a rule of the scorecard to be changed."),
        better="neither",
    ),
)
def scores_overridden(ask: Ask) -> Sequence[Cell]:
    """Use cases with an override, of those submitted in the window."""
    w = weeks(ask, 13)
    rows = w.join(table_of(UseCases), (_U.submitted_at >= w.c.since) & (_U.submitted_at < w.c.ends))
    corrected = exists().where(
        SPANS.subject_type == "use_case", SPANS.subject_id == _U.id, SPANS.kind == "override"
    )
    share = 100.0 * func.sum(case((corrected, 1.0), else_=0.0)) / func.count()
    by = [w.c.week, *keys(ask, _U.id)]
    wanted = select(*by, share, func.count()).select_from(rows).where(*narrowed(ask, _U.id))
    return cells(ask, wanted.group_by(*by))


@metric(
    Metric(
        id="lessons",
        label="Lessons finished",
        family="adoption",
        kind="adoption",
        unit="count",
        window="week",
        definition="Modules of learning paths that people finished in the week.",
        action=(
            "The champion names one module that pays off this month, and does it together with the team."
        ),
        better="up",
        people=True,
    ),
    by=("function",),
    counts=True,
)
def lessons(ask: Ask) -> Sequence[Cell]:
    """Events of learning; each module of a person counts once."""
    e = table_of(Events).c
    by = [e.week, *([_told_function()] if ask.by else [])]
    inside = [e.kind == "learned", e.week >= ask.weeks[0].isoformat(), e.week <= ask.last.isoformat()]
    if ask.function:
        inside.append(_told_function() == ask.function)
    people = func.count(e.person.distinct())
    return cells(ask, select(*by, func.count(), people).where(*inside).group_by(*by))


@metric(
    Metric(
        id="training",
        label="Training finished",
        family="adoption",
        kind="adoption",
        unit="percent",
        window="now",
        definition=(
            "Of all pairs of an active person and a learning path that is meant for them, the share "
            "that is finished."
        ),
        action="The manager gives an hour, and the champion sits down with those who have not begun.",
        better="up",
        people=True,
    ),
    by=("function",),
)
def training(ask: Ask) -> Sequence[Cell]:
    """Finished pairs of all pairs; ``of``: the people."""
    return _training(ask)


@metric(
    Metric(
        id="champion_coverage",
        label="Functions with a champion",
        family="adoption",
        kind="adoption",
        unit="percent",
        window="now",
        definition=(
            "Functions of the company that have somebody who answers for AI in them, as a share of "
            "all functions."
        ),
        action="The head of the function names one; until then its questions go to the program team.",
        better="up",
    ),
    by=("function",),
)
def champion_coverage(ask: Ask) -> Sequence[Cell]:
    """Functions with a member who is a champion, of all functions."""
    champions = _champions(ask)
    groups = ask.directory.groups
    functions = ask.program.functions
    wanted = [ask.function] if ask.function else list(functions)
    there = {
        f: any(u in champions for u in groups.get(functions[f].group, ())) for f in wanted if f in functions
    }
    if not there:
        return ()
    if ask.by:
        return [Cell(week=ask.last, key=f, value=100.0 * has, of=1.0) for f, has in sorted(there.items())]
    share = 100.0 * sum(there.values()) / len(there)
    return [Cell(week=ask.last, value=round(share, 6), of=float(len(there)))]


def _use_cases(ask: Ask, moment: ColumnElement[Any]) -> Sequence[Cell]:
    """Use cases that were not imported, counted by a moment of theirs."""
    w = weeks(ask)
    rows = w.join(table_of(UseCases), (moment >= w.c.begins) & (moment < w.c.ends))
    by = [w.c.week, *keys(ask, _U.id)]
    wanted = select(*by, func.count(), no_number()).select_from(rows).where(_U.source != "import")
    return cells(ask, wanted.where(*narrowed(ask, _U.id)).group_by(*by))


def _told_function() -> ColumnElement[str]:
    return func.coalesce(func.nullif(table_of(Events).c.function, ""), NOWHERE)


def _functions(ask: Ask) -> dict[str, tuple[str, ...]]:
    """Everybody's functions; of who is in none, that of nobody."""
    found: dict[str, list[str]] = defaultdict(list)
    for function in ask.program.functions.values():
        for user in dict.fromkeys(ask.directory.groups.get(function.group, ())):
            found[user].append(function.id)
    return {user: tuple(found.get(user) or (NOWHERE,)) for user in ask.directory.people}


def _begun(ask: Ask) -> datetime | None:
    """When the first thing was done: before that there is nothing to count."""
    found: datetime | None = ask.connection.execute(select(func.min(Audit.at))).scalar_one()
    return found


def _champions(ask: Ask) -> frozenset[UserId]:
    role = ask.program.roles.get(ask.program.consulting.champions)
    found = resolve(role.id, ask.program, {}, ask.directory, ask.now) if role else None
    return frozenset(found.people if found and not found.unresolved else ())


def _training(ask: Ask) -> Sequence[Cell]:
    """From who is there and what each has finished; both are small beside what is counted elsewhere."""
    paths = ask.program.learning.paths
    functions = _functions(ask)
    learners = {
        UserId(id): Learner.model_validate(state)
        for id, state in ask.connection.execute(select(Learners.id, Learners.state))
    }
    finished: dict[str, int] = defaultdict(int)
    pairs: dict[str, int] = defaultdict(int)
    people: dict[str, set[UserId]] = defaultdict(set)
    for path in paths:
        for user in audience(path, ask.program, ask.directory):
            learner = learners.get(user)
            for key in functions[user] if ask.by or ask.function else ("",):
                finished[key] += bool(learner and progress(learner, path, ask.now).finished)
                pairs[key] += 1
                people[key].add(user)
    return [
        Cell(
            week=ask.last,
            key=key if ask.by else "",
            value=round(100.0 * finished[key] / pairs[key], 6),
            of=float(len(people[key])),
        )
        for key in ([ask.function] if ask.function else sorted(pairs))
        if pairs[key]
    ]

"""Value: whether the work got better, told apart from whether the tool is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    String,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    select,
)

from storage.measure_schema import Answers
from storage.metrics.figures import cells
from storage.metrics.latest import latest
from storage.metrics.registry import Ask, metric
from storage.metrics.standings import keys, narrowed, stages_watched, telling, with_functions
from storage.metrics.weeks import a_week_before
from storage.schema import Events, UseCases, table_of
from workflows.measures.measured import Cell, Metric

Number = ColumnElement[Any]
Way = Callable[[Number, Number, Number], Number]

_MET = 90.0
"""Per cent of the way from baseline to target from which on an outcome is met."""


@metric(
    Metric(
        id="outcome",
        label="Outcome",
        family="value",
        kind="impact",
        unit="number",
        window="week",
        definition=(
            "The number that the use case named at its intake, in its own unit, as last told within "
            "five weeks."
        ),
        action="Compare it with the baseline, and say in one sentence what moved it.",
        better="neither",
    ),
)
def outcome(ask: Ask) -> Sequence[Cell]:
    """The last number of one use case; numbers of different units are never added up."""
    if not ask.use_case and ask.by != "use_case":
        return ()
    return _average(ask, "outcome", None)


@metric(
    Metric(
        id="outcome_progress",
        label="Way to the target",
        family="value",
        kind="impact",
        unit="percent",
        window="week",
        definition=(
            "How far the outcome has come from its baseline to its target, as last told within five "
            "weeks; each use case counts once, between -100 and 100."
        ),
        action=(
            "Below half of the way at half of the time: change the use case or the target, and say which."
        ),
        better="up",
    ),
    by=("function", "use_case", "driver"),
)
def outcome_progress(ask: Ask) -> Sequence[Cell]:
    """The average share of the way over the use cases that have baseline, target and a number."""
    return _average(ask, "outcome", _way)


@metric(
    Metric(
        id="targets_met",
        label="Targets met",
        family="value",
        kind="impact",
        unit="percent",
        window="week",
        definition=(
            "Use cases whose outcome has come at least 90 per cent of the way, as a share of those "
            "that told one."
        ),
        action="Say openly which were missed and why; decide to go on, change or stop.",
        better="up",
    ),
    by=("function", "use_case", "driver"),
)
def targets_met(ask: Ask) -> Sequence[Cell]:
    """The share of the use cases with a way of at least 90."""

    def met(
        value: ColumnElement[Any], start: ColumnElement[Any], goal: ColumnElement[Any]
    ) -> ColumnElement[Any]:
        return case((_way(value, start, goal) >= _MET, 100.0), else_=0.0)

    return _average(ask, "outcome", met)


@metric(
    Metric(
        id="outcomes_told",
        label="Outcomes told",
        family="value",
        kind="impact",
        unit="percent",
        window="week",
        definition=(
            "Use cases in use whose metric owner told the outcome for the week, as a share of all in use."
        ),
        action="The program team asks the silent metric owners, or finds another.",
        better="up",
    ),
)
def outcomes_told(ask: Ask) -> Sequence[Cell]:
    """Use cases with the figure, of those in use at the end of the week."""
    return telling(ask, "outcome")


@metric(
    Metric(
        id="north_star",
        label="North star",
        family="value",
        kind="impact",
        unit="number",
        window="week",
        definition="The company's figure that a use case serves, as last told within five weeks.",
        action="It moves slowly: look at it once a quarter, beside the drivers.",
        better="neither",
    ),
)
def north_star(ask: Ask) -> Sequence[Cell]:
    """The last number of one use case; numbers of different units are never added up."""
    if not ask.use_case and ask.by != "use_case":
        return ()
    return _average(ask, "north_star", None)


@metric(
    Metric(
        id="north_star_progress",
        label="Way to the north star",
        family="value",
        kind="impact",
        unit="percent",
        window="week",
        definition=(
            "How far the company's figures have come from baseline to target, by the value tree of "
            "the program; each use case that tells one counts once, between -100 and 100."
        ),
        action="Where a driver moves and its north star does not, redraw the tree.",
        better="up",
    ),
    by=("function", "use_case", "driver"),
)
def north_star_progress(ask: Ask) -> Sequence[Cell]:
    """The average over use cases that hang on a driver of a north star with baseline and target."""
    return _north_stars(ask)


@metric(
    Metric(
        id="results_overdue",
        label="Results overdue",
        family="value",
        kind="risk",
        unit="count",
        window="now",
        definition=(
            "Use cases in use whose day for the outcome has passed without a number told since that day."
        ),
        action="They are listed in the next portfolio review: read out the result, or set it aside.",
        better="down",
    ),
)
def results_overdue(ask: Ask) -> Sequence[Cell]:
    """Use cases past the day that their intake names."""
    outcome = ask.program.figures.outcome
    if outcome is None or not outcome.by:
        return ()
    c, day = table_of(UseCases).c, table_of(Answers).c
    e = table_of(Events).c
    today = ask.now.astimezone(ask.zone).date()
    # Told in the week of that day or later counts as told since then.
    told = exists().where(e.use_case == c.id, e.kind == "outcome", e.week > a_week_before(day.word))
    by = keys(ask, c.id)
    rows = table_of(UseCases).join(table_of(Answers), (day.use_case == c.id) & (day.question == outcome.by))
    late = and_(day.word < today.isoformat(), ~told)
    wanted = (
        select(literal(ask.last.isoformat()), *by, func.sum(case((late, 1), else_=0)), func.count())
        .select_from(rows)
        .where(c.stage.in_(stages_watched(ask)), *narrowed(ask, c.id))
    )
    found = cells(ask, wanted.group_by(*by) if by else wanted)
    return [x for x in found if x.of and (x.value or not ask.by)]


def _way(
    value: ColumnElement[Any], start: ColumnElement[Any], goal: ColumnElement[Any]
) -> ColumnElement[Any]:
    """Per cent of the way from start to goal, between -100 and 100."""
    way = 100.0 * (value - start) / (goal - start)
    return case((way > 100.0, 100.0), (way < -100.0, -100.0), else_=way)


def _average(ask: Ask, figure: str, of: Way | None) -> Sequence[Cell]:
    """The average over use cases of the last number, or of what ``of`` makes of it, baseline and target."""
    rows = latest(ask, figure)
    value: ColumnElement[Any] = rows.c.value
    joined: FromClause = with_functions(ask, rows, rows.c.use_case)
    inside = list(narrowed(ask, rows.c.use_case))
    if of is not None:
        outcome = ask.program.figures.outcome
        if outcome is None or not outcome.baseline or not outcome.target:
            return ()
        start, goal = table_of(Answers).alias(), table_of(Answers).alias()
        joined = joined.join(start, _answer(start, rows, outcome.baseline))
        joined = joined.join(goal, _answer(goal, rows, outcome.target))
        inside += [start.c.number != goal.c.number]
        value = of(rows.c.value, start.c.number, goal.c.number)
    by: list[ColumnElement[Any]] = [rows.c.week, *keys(ask, rows.c.use_case)]
    if ask.by == "driver":
        joined, driver = _hung(ask, joined, rows)
        by.append(driver)
        inside.append(driver.is_not(None))
    wanted = select(*by, func.avg(value), func.count()).select_from(joined).where(*inside)
    return cells(ask, wanted.group_by(*by))


def _north_stars(ask: Ask) -> Sequence[Cell]:
    tree = ask.program.metrics.value_tree
    ends = {
        f"{star.id}/{driver.id}": (star.baseline, star.target)
        for star in tree.north_stars
        for driver in star.drivers
        if star.baseline is not None and star.target is not None and star.baseline != star.target
    }
    if not ends or not tree.question:
        return ()
    rows = latest(ask, "north_star")
    joined, driver = _hung(ask, with_functions(ask, rows, rows.c.use_case), rows)
    start = case({d: literal(b, Float) for d, (b, _) in ends.items()}, value=driver)
    goal = case({d: literal(t, Float) for d, (_, t) in ends.items()}, value=driver)
    by = [rows.c.week, *keys(ask, rows.c.use_case), *([driver] if ask.by == "driver" else [])]
    inside = (start.is_not(None), *narrowed(ask, rows.c.use_case))
    value = _way(rows.c.value, start, goal)
    wanted = select(*by, func.avg(value), func.count()).select_from(joined).where(*inside)
    return cells(ask, wanted.group_by(*by))


def _hung(ask: Ask, joined: FromClause, rows: Subquery) -> tuple[FromClause, ColumnElement[str]]:
    """The rows beside the answer that the value tree hangs on, and the driver that it says."""
    tree = ask.program.metrics.value_tree
    drivers = {
        choice: f"{star.id}/{driver.id}"
        for star in tree.north_stars
        for driver in star.drivers
        for choice in driver.choices
    }
    hung = table_of(Answers).alias()
    found = joined.join(hung, _answer(hung, rows, tree.question))
    none = null().cast(String)
    return found, case(drivers, value=hung.c.word, else_=none) if drivers else none


def _answer(answers: FromClause, rows: Subquery, question: str) -> ColumnElement[bool]:
    return (answers.c.use_case == rows.c.use_case) & (answers.c.question == question)

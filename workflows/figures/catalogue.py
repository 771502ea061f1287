"""Which figures there are: what each counts, in what, and by which words people name it."""

from __future__ import annotations

from typing import Literal

from workflows.ids import Frozen

Shape = Literal["number", "share", "average", "count", "money"]


class FigureKind(Frozen):
    """One number that is reported for a use case and a week; all functions together unless one is named."""

    id: str
    label: str
    shape: Shape
    """``share``: ``value`` of ``of``. ``average``: over ``of`` answers. The others may come with ``of``."""
    counts: str
    """What ``value`` counts."""
    of: str = ""
    """What ``of`` counts; empty: there is none."""
    names: tuple[str, ...] = ()
    """Other words for it, in sentences and in the heads of columns."""


FIGURES: tuple[FigureKind, ...] = (
    FigureKind(
        id="outcome",
        label="Outcome",
        shape="number",
        counts="the metric that the use case named at its intake, in its unit",
        names=("result", "metric", "kpi"),
    ),
    FigureKind(
        id="north_star",
        label="North star",
        shape="number",
        counts="the company's figure that the use case serves",
        names=("north-star", "main kpi"),
    ),
    FigureKind(
        id="guardrail_1",
        label="First guardrail",
        shape="number",
        counts="the number of the first guardrail, in the unit of its limit",
        names=("guardrail", "first guardrail", "guardrail 1"),
    ),
    FigureKind(
        id="guardrail_2",
        label="Second guardrail",
        shape="number",
        counts="the number of the second guardrail, in the unit of its limit",
        names=("second guardrail", "guardrail 2"),
    ),
    FigureKind(
        id="active_users",
        label="Active users",
        shape="share",
        counts="people who completed at least one task in the week",
        of="people who are meant to use it",
        names=("active", "users", "weekly active users", "people used it"),
    ),
    FigureKind(
        id="returning_users",
        label="Returning users",
        shape="share",
        counts="people of the week before who came back",
        of="people who were active in the week before",
        names=("returning", "came back", "repeat users", "repeat use"),
    ),
    FigureKind(
        id="tasks_completed",
        label="Tasks completed",
        shape="share",
        counts="tasks carried through to the end",
        of="tasks started",
        names=("tasks", "completed", "completion", "finished"),
    ),
    FigureKind(
        id="results_overridden",
        label="Results overridden",
        shape="share",
        counts="results that people changed substantially or threw away",
        of="results shown",
        names=("overridden", "overrides", "override rate", "thrown away", "corrected"),
    ),
    FigureKind(
        id="first_value_days",
        label="Days to first value",
        shape="average",
        counts="working days from access to the first result really used (median)",
        of="new users",
        names=("time to first value", "days to first value", "first value"),
    ),
    FigureKind(
        id="satisfaction",
        label="Satisfaction",
        shape="average",
        counts="the answer on a scale of five (average)",
        of="answers",
        names=("satisfied", "rating", "stars", "score"),
    ),
    FigureKind(
        id="cost",
        label="Cost",
        shape="money",
        counts="what running it cost in the week",
        of="tasks done for it",
        names=("costs", "spend", "spent"),
    ),
    FigureKind(
        id="benefit",
        label="Benefit",
        shape="money",
        counts="money that its use saved or earned in the week, as Finance counts it",
        names=("benefits", "savings", "saved", "earned"),
    ),
    FigureKind(
        id="violations",
        label="Policy violations",
        shape="count",
        counts="results or uses that broke a rule of the playbook",
        names=("policy violations", "violation", "breaches of policy"),
    ),
)
"""In the order in which they are asked and shown."""

BY_ID = {figure.id: figure for figure in FIGURES}

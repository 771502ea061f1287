"""When something goes wrong: incidents, broken contracts, crossed guardrails and broken rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select

from storage.metrics.figures import cells, ratios, sums
from storage.metrics.registry import Ask, metric
from storage.metrics.standings import Columns, count, during, hours, keys, narrowed, standing, with_functions
from storage.metrics.weeks import no_number
from storage.schema import Events, table_of
from workflows.measures.measured import Cell, Metric


@metric(
    Metric(
        id="incidents",
        label="Incidents",
        family="risk",
        kind="risk",
        unit="count",
        window="week",
        definition="Incidents reported in the week, without those that were found to be none.",
        action="Each has an owner and, where it is serious, a review; look for the second of a kind.",
        better="down",
    ),
    by=("function", "use_case", "severity"),
    counts=True,
)
def incidents(ask: Ask) -> Sequence[Cell]:
    """Incidents opened in the week."""
    return during(ask, "incident", count)


@metric(
    Metric(
        id="incidents_open",
        label="Incidents open",
        family="risk",
        kind="risk",
        unit="count",
        window="now",
        definition="Incidents that are not closed: they go on, or their actions or review are not done.",
        action="The owner says what is still to do, and by when.",
        better="down",
    ),
    by=("function", "use_case", "severity"),
    counts=True,
)
def incidents_open(ask: Ask) -> Sequence[Cell]:
    """Incidents that stand."""
    return standing(ask, "incident", count)


@metric(
    Metric(
        id="time_to_detect",
        label="Hours to detect",
        family="risk",
        kind="risk",
        unit="hours",
        window="13 weeks",
        definition=(
            "Hours from the beginning of an incident, as far as it is known, to its report, on "
            "average over 13 weeks."
        ),
        action="Add the guardrail that would have told it first.",
        better="down",
    ),
    by=("function", "use_case", "severity"),
)
def time_to_detect(ask: Ask) -> Sequence[Cell]:
    """Average over incidents reported."""
    return during(ask, "detect", hours, count, moment=lambda s: s.ends, back=13)


@metric(
    Metric(
        id="time_to_recover",
        label="Hours to recover",
        family="risk",
        kind="risk",
        unit="hours",
        window="13 weeks",
        definition=(
            "Hours from the report of an incident to normal work, on average over the incidents "
            "recovered in 13 weeks."
        ),
        action="Rehearse the roll-back of the slowest one.",
        better="down",
    ),
    by=("function", "use_case", "severity"),
)
def time_to_recover(ask: Ask) -> Sequence[Cell]:
    """Average over incidents recovered."""
    return during(ask, "recover", hours, count, moment=lambda s: s.ends, back=13)


@metric(
    Metric(
        id="breaches_open",
        label="Contract breaches open",
        family="risk",
        kind="risk",
        unit="count",
        window="now",
        definition="Promises of data contracts that are broken and not yet kept again.",
        action="The data owner says when it is repaired; those who rely on it decide whether to go on.",
        better="down",
    ),
    counts=True,
)
def breaches_open(ask: Ask) -> Sequence[Cell]:
    """Breaches that stand; by use case and function those that touch it."""
    return standing(ask, "breach", _breaches)


@metric(
    Metric(
        id="breaches",
        label="Contract breaches",
        family="risk",
        kind="risk",
        unit="count",
        window="week",
        definition="Breaches of data contracts reported or measured in the week.",
        action="A promise that is broken three times in a quarter is renegotiated.",
        better="down",
    ),
    counts=True,
)
def breaches(ask: Ask) -> Sequence[Cell]:
    """Breaches begun in the week; by use case and function those that touch it."""
    return during(ask, "breach", _breaches)


@metric(
    Metric(
        id="guardrails_crossed",
        label="Guardrails crossed",
        family="risk",
        kind="risk",
        unit="count",
        window="week",
        definition="Limits named at the intake that a use case's numbers crossed in the week.",
        action="The action named at the intake is carried out within four working hours.",
        better="down",
    ),
    counts=True,
)
def guardrails_crossed(ask: Ask) -> Sequence[Cell]:
    """Events of crossing, but those that were taken back by a correction."""
    return _events(ask, "crossed")


@metric(
    Metric(
        id="violations",
        label="Policy violations",
        family="risk",
        kind="risk",
        unit="count",
        window="week",
        definition="Results or uses that broke a rule of the playbook, as told for the week.",
        action="The champion talks it over with the team; a second one goes to the risk partner.",
        better="down",
    ),
)
def violations(ask: Ask) -> Sequence[Cell]:
    """The sum of what was told."""
    return [c.model_copy(update={"of": None}) for c in sums(ask, "violations")]


@metric(
    Metric(
        id="cost_per_task",
        label="Cost per task",
        family="risk",
        kind="risk",
        unit="money",
        window="week",
        definition="What a task cost in the week, over the use cases that told both cost and tasks.",
        action=("Look at the model, the length of prompts and repeated tasks; the cheapest change first."),
        better="down",
    ),
)
def cost_per_task(ask: Ask) -> Sequence[Cell]:
    """Cost by tasks, where both were told."""
    return ratios(ask, "cost")


def _events(ask: Ask, kind: str) -> Sequence[Cell]:
    """Events of a kind with a value that counts, by the week they belong to."""
    e = table_of(Events).c
    by = [e.week, *keys(ask, e.use_case)]
    rows = with_functions(ask, table_of(Events), e.use_case)
    inside = (e.kind == kind, e.week >= ask.weeks[0].isoformat(), e.week <= ask.last.isoformat(), e.value > 0)
    wanted = select(*by, func.count(), no_number()).select_from(rows).where(*inside)
    return cells(ask, wanted.where(*narrowed(ask, e.use_case)).group_by(*by))


def _breaches(s: Columns) -> ColumnElement[Any]:
    """How many: each has a row for itself and one for every use case that it touches."""
    return func.count((s.subject_id + literal("/") + s.label).distinct())

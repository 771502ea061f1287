"""What is measured in a use case: which figures, in its own words, against which target or limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflows.events import Event
from workflows.figures.catalogue import BY_ID, FIGURES, FigureKind
from workflows.figures.guardrails import Limit, read_limit
from workflows.ids import QuestionId, UseCaseId, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import resolve
from workflows.use_case import UseCase
from workflows.words.measures import read_metric_action

LIMIT_TOLD = "limit"
"""The kind of the event that holds a limit which somebody gave later than the intake."""


@dataclass(frozen=True)
class Measured:
    """One figure of a use case."""

    kind: FigureKind
    label: str
    """In the use case's own words, where it has some."""
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    limit: Limit | None = None
    limit_words: str = ""
    action: str = ""
    """What was promised to be done when the limit is crossed."""

    @property
    def id(self) -> str:
        """Of the figure."""
        return self.kind.id

    @property
    def guards(self) -> bool:
        """Whether it is a guardrail."""
        return bool(self.limit_words)


@dataclass(frozen=True)
class Point:
    """What was told for one week."""

    week: date
    value: float
    of: float | None = None
    late: bool = False


History = Mapping[str, tuple[Point, ...]]
"""By figure, the oldest week first; all functions together."""


def measured_in(use_case: UseCase, program: Program, events: Sequence[Event] = ()) -> tuple[Measured, ...]:
    """The figures that can be told for it, in the order of the catalogue.

    ``events`` are those known of it: a limit that was given later than the intake is among them.
    """
    policy = program.figures
    found: dict[str, Measured] = {}
    if policy.outcome:
        metric = _text(use_case, policy.outcome.metric)
        if metric:
            found["outcome"] = Measured(
                BY_ID["outcome"],
                _capital(metric),
                unit=_text(use_case, policy.outcome.unit),
                baseline=_number(use_case, policy.outcome.baseline),
                target=_number(use_case, policy.outcome.target),
            )
    star = _text(use_case, policy.north_star)
    if star:
        found["north_star"] = Measured(BY_ID["north_star"], _capital(star))
    limits = {
        str(e.detail.get("figure")): Limit.model_validate(e.detail["limit"])
        for e in events
        if e.kind == LIMIT_TOLD
    }
    for guardrail in policy.guardrails:
        words = _text(use_case, guardrail.limit)
        if words:
            limit = limits.get(guardrail.figure) or read_limit(words)
            found[guardrail.figure] = Measured(
                BY_ID[guardrail.figure],
                _capital((limit.metric if limit else "") or read_metric_action(words)[0] or words),
                unit=limit.unit if limit and not limit.relative else "",
                limit=limit,
                limit_words=words,
                action=_text(use_case, guardrail.action) or read_metric_action(words)[1],
            )
    own = {"outcome", "north_star", *(g.figure for g in policy.guardrails)}
    for kind in FIGURES:
        if kind.id not in own:
            found[kind.id] = Measured(kind, kind.label)
    return tuple(found[k.id] for k in FIGURES if k.id in found)


def asked_of(measured: Sequence[Measured], program: Program) -> tuple[Measured, ...]:
    """Those that a check-in asks for, in its order."""
    terms = program.figures.check_in
    by = {m.id: m for m in measured}
    return tuple(by[id] for id in (terms.asks if terms else ()) if id in by)


def history(events: Sequence[Event]) -> History:
    """What is known by figure and week."""
    found: dict[str, dict[date, Point]] = {}
    for event in events:
        if event.kind in BY_ID and not event.function:
            point = Point(event.week, event.value, event.of, event.late)
            found.setdefault(event.kind, {})[event.week] = point
    return {id: tuple(points[w] for w in sorted(points)) for id, points in found.items()}


def before(points: Sequence[Point], week: date) -> tuple[Point, ...]:
    """Those of earlier weeks."""
    return tuple(p for p in points if p.week < week)


def owner_of_figures(
    use_case: UseCase, program: Program, directory: Directory, now: datetime
) -> UserId | None:
    """Who is asked for its numbers: the first of the program's owners who is there; else the program team."""
    for question in program.figures.owners:
        found = directory.active(people_of(use_case, question))
        if found:
            return found[0]
    team = resolve(program.program_team, program, use_case.answers, directory, now).people
    return team[0] if team else None


def hear_of_a_crossing(
    use_case: UseCase, program: Program, directory: Directory, now: datetime
) -> tuple[UserId, ...]:
    """Who is told at once that a guardrail is crossed."""
    first = owner_of_figures(use_case, program, directory, now)
    more = [u for q in program.figures.alerts for u in people_of(use_case, q)]
    return directory.active((*((first,) if first else ()), *more))


def room_of_figures(use_case: UseCase, program: Program) -> str:
    """The channel (no ``#``) that hears of it; empty where there is none."""
    function = program.functions.get(_text(use_case, program.figures.room))
    return function.room if function else ""


def people_of(use_case: UseCase, question: str) -> tuple[UserId, ...]:
    """Whom an answer names."""
    value = _value(use_case, question)
    named = value if isinstance(value, list | tuple) else [value]
    return tuple(UserId(str(v)) for v in named if v)


def key_of(use_case: UseCaseId, figure: str, function: str, week: date) -> str:
    """What the event of a figure is unique by."""
    return f"figure/{use_case}/{figure}/{function}/{week}"


def _value(use_case: UseCase, question: str) -> Any:
    answer = use_case.answers.get(QuestionId(question)) if question else None
    return answer.value if answer else None


def _text(use_case: UseCase, question: str) -> str:
    value = _value(use_case, question)
    return " ".join(str(value).split()) if isinstance(value, str) else ""


def _number(use_case: UseCase, question: str) -> float | None:
    value = _value(use_case, question)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

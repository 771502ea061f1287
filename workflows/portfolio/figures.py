"""What is known of one use case when the portfolio is looked at: its numbers, and what the rules may read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from workflows.dossier import Dossier
from workflows.expressions import environment, holds
from workflows.ids import Frozen, QuestionId, Tier, UserId
from workflows.people import Directory
from workflows.portfolio.policy import CourseId, CourseOf
from workflows.portfolio_review import PortfolioReview, Verdict
from workflows.program import Program
from workflows.readiness import readiness
from workflows.scoring import assess
from workflows.stage_moves import by_hand

_RECENT = timedelta(days=90)


class ScoreChange(Frozen):
    """One dimension that is scored otherwise under the program as it is now."""

    label: str
    before: int
    now: int


class Figures(Frozen):
    """The numbers on the card."""

    stage: str
    days_in_stage: int
    tier: Tier | None
    tier_before: Tier | None
    """As it was assessed; the same where nothing changed."""
    scores: tuple[tuple[str, int], ...] = ()
    """Label and value of each dimension, under the program as it is now."""
    changes: tuple[ScoreChange, ...] = ()
    metric: str = ""
    baseline: float | None = None
    target: float | None = None
    unit: str = ""
    by: date | None = None
    outcome_over: bool = False
    users: float | None = None
    gate: str = ""
    """The next gate, by its label; empty where there is none."""
    ready: tuple[int, int] = (0, 0)
    """Of what the next gate demands: met, and all."""
    incidents: int = 0
    incidents_open: int = 0
    actions_open: int = 0
    waivers: int = 0
    owners_missing: tuple[str, ...] = ()
    put_off: bool = False
    tunes: int = 0
    overruled: int = 0

    @property
    def measurable(self) -> bool:
        """Whether its outcome has a metric and a target."""
        return bool(self.metric) and self.target is not None


class Proposed(Frozen):
    """The course that the rules propose, and why."""

    course: CourseId
    because: str = ""


def figures(
    dossier: Dossier,
    past: Sequence[PortfolioReview],
    program: Program,
    directory: Directory,
    now: datetime,
) -> Figures:
    """The numbers of a use case at this moment. ``past`` are earlier reviews, the newest first."""
    use_case, policy = dossier.use_case, program.portfolio
    then = use_case.assessment
    again = assess(program, program.intake, use_case.answers, use_case.overrides)
    new = again.scorecards.get(program.scorecard, ())
    old = {s.dimension: s.value for s in then.scorecards.get(program.scorecard, ())} if then else {}
    by = _date(_given(dossier, policy.by))
    since = use_case.stage_since or use_case.decided_at or use_case.submitted_at or use_case.created_at
    recent = [i for i in dossier.incidents if i.status != "dismissed" and i.opened_at > now - _RECENT]
    said = verdicts(dossier, past)
    gate, ready = _ready(dossier, program, directory, now)
    return Figures(
        stage=use_case.stage,
        days_in_stage=max(0, (now - since).days),
        tier=again.tier.tier,
        tier_before=then.tier.tier if then else None,
        scores=tuple((s.label, s.value) for s in new),
        changes=tuple(
            ScoreChange(label=s.label, before=old[s.dimension], now=s.value)
            for s in new
            if s.dimension in old and old[s.dimension] != s.value
        ),
        metric=str(_given(dossier, policy.metric) or ""),
        baseline=_number(_given(dossier, policy.baseline)),
        target=_number(_given(dossier, policy.target)),
        unit=str(_given(dossier, policy.unit) or ""),
        by=by,
        outcome_over=by is not None and by < now.date(),
        users=_number(_given(dossier, policy.users)),
        gate=gate,
        ready=ready,
        incidents=len(recent),
        incidents_open=sum(1 for i in dossier.incidents if i.bad),
        actions_open=sum(1 for i in dossier.incidents for a in i.actions if a.open),
        waivers=sum(1 for w in dossier.waivers if w.holds(now)),
        owners_missing=_missing(dossier, program, directory),
        put_off=_put_off(dossier, past),
        tunes=_in_a_row(said, lambda v: v.course == "tune"),
        overruled=_in_a_row(said, lambda v: v.course != v.proposed and v.proposed in ("retire", "archive")),
    )


def verdicts(dossier: Dossier, past: Sequence[PortfolioReview]) -> list[Verdict]:
    """What earlier reviews decided about it, the newest first."""
    found = (review.verdict(dossier.use_case.id) for review in past if review.status == "closed")
    return [v for v in found if v is not None]


def _put_off(dossier: Dossier, past: Sequence[PortfolioReview]) -> bool:
    last = next((r for r in past if r.status == "closed"), None)
    if last is None or dossier.use_case.id not in last.queue:
        return False
    verdict = last.verdict(dossier.use_case.id)
    return verdict is None or verdict.course == "later"


def facts(found: Figures, dossier: Dossier, program: Program) -> dict[str, Any]:
    """What the rules of the program may read: the answers, ``tier`` and the numbers."""
    largest = max((abs(c.now - c.before) for c in found.changes), default=0)
    return {
        **environment(program.intake, dossier.use_case.answers),
        "tier": found.tier,
        "stage": found.stage,
        "days_in_stage": float(found.days_in_stage),
        "measurable": found.measurable,
        "outcome_over": found.outcome_over,
        "users": found.users,
        "incidents": float(found.incidents),
        "incidents_open": float(found.incidents_open),
        "actions_open": float(found.actions_open),
        "waivers": float(found.waivers),
        "owners_missing": float(len(found.owners_missing)),
        "score_change": float(largest),
        "put_off": found.put_off,
        "tunes": float(found.tunes),
        "overruled": float(found.overruled),
    }


def possible(dossier: Dossier, program: Program) -> tuple[CourseOf, ...]:
    """The courses that are open to it: those that move it only where the life cycle has such a move."""
    ways = {m.to for m in by_hand(dossier, program)}
    return tuple(c for c in program.portfolio.courses if not c.moves_to or c.moves_to in ways)


def proposed(found: Figures, dossier: Dossier, program: Program) -> Proposed:
    """What the rules propose: the first that holds and has a course that is possible from where it stands."""
    able = {c.id for c in possible(dossier, program)}
    env = facts(found, dossier, program)
    for rule in program.portfolio.proposals:
        course = next((c for c in rule.courses if c in able), None)
        if course is not None and holds(rule.when, env):
            return Proposed(course=course, because=rule.because)
    return Proposed(course=program.portfolio.otherwise)


def rank(found: Figures, dossier: Dossier, program: Program) -> tuple[int, int]:
    """Where it comes in the order: by the first condition of the program that it meets, then by age."""
    env = facts(found, dossier, program)
    order = program.portfolio.first
    place = next((n for n, when in enumerate(order) if holds(when, env)), len(order))
    return place, -found.days_in_stage


def _ready(
    dossier: Dossier, program: Program, directory: Directory, now: datetime
) -> tuple[str, tuple[int, int]]:
    """The next gate on its way up, and how much of what it demands is there."""
    for move in program.life_cycle.moves:
        if move.from_ == dossier.use_case.stage and move.gate and not move.back:
            gate = program.gates[move.gate]
            found = readiness(gate, dossier, program, directory, now)
            return gate.label, (found.done, len(found.items))
    return "", (0, 0)


def _missing(dossier: Dossier, program: Program, directory: Directory) -> tuple[str, ...]:
    """The owners that a gate demands and that are not named, or have left, by their labels."""
    wanted = dict.fromkeys(owner for gate in program.gates.values() for owner in gate.owners)
    named = {owner: dossier.named(owner) for owner in wanted}
    return tuple(
        program.intake.question(owner).label
        for owner, who in named.items()
        if who is None or not directory.person(UserId(who)).active
    )


def _given(dossier: Dossier, question: str) -> Any:
    answer = dossier.use_case.answers.get(QuestionId(question)) if question else None
    return answer.value if answer else None


def _number(value: Any) -> float | None:
    if isinstance(value, dict):
        value = value.get("amount")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _in_a_row(said: Sequence[Verdict], is_one: Any) -> int:
    count = 0
    for verdict in said:
        if not is_one(verdict):
            break
        count += 1
    return count

"""What an evaluation found, compared with its plan: class by class, honest about small numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from workflows.answers import Answers, Value
from workflows.dossier import Dossier
from workflows.evaluation_rules import EvaluationRules, Measure, ScenarioClass
from workflows.expressions import environment, holds
from workflows.ids import Frozen, Tier, WalkId
from workflows.program import Program
from workflows.questionnaire import visible_answers
from workflows.release import Release
from workflows.walk import Walk

_CONFIDENCE = 1.959964
"""Standard deviations of a two-sided 95% interval."""


class ClassOutcome(Frozen):
    """One class of cases, as planned and as found."""

    id: str
    label: str
    needed: int
    """Cases that it has to have."""
    limit: float
    """Per cent that have to be right."""
    right: int | None = None
    of: int | None = None
    """``None``: it was not tested."""
    left_out: bool = False
    """The plan leaves it out."""
    waived: bool = False
    """Somebody whose control it is accepted that, and it still holds."""

    @property
    def share(self) -> float | None:
        """Per cent right."""
        return 100.0 * (self.right or 0) / self.of if self.of else None

    @property
    def lowest(self) -> float | None:
        """Per cent right that these cases show with 95% confidence (the lower end of Wilson's interval)."""
        return 100.0 * wilson_low(self.right or 0, self.of) if self.of else None

    @property
    def passed(self) -> bool:
        """Whether the share that was found reaches the limit, on enough cases."""
        return self.reached and self.enough

    @property
    def reached(self) -> bool:
        """Whether the share that was found reaches the limit, however few the cases."""
        return self.share is not None and self.share >= self.limit - 1e-9

    @property
    def enough(self) -> bool:
        """Whether it has the cases that it has to have."""
        return self.of is not None and self.of >= self.needed

    @property
    def certain(self) -> bool:
        """Whether so many cases can show it, so that a lucky draw is all but ruled out."""
        return self.lowest is not None and self.lowest >= self.limit - 1e-9


class MeasureOutcome(Frozen):
    """One figure over all cases."""

    id: str
    label: str
    unit: str
    better: str
    limit: float
    value: float | None = None

    @property
    def passed(self) -> bool:
        """Whether it is there and within its limit."""
        if self.value is None:
            return False
        return self.value >= self.limit if self.better == "higher" else self.value <= self.limit


class Evaluation(Frozen):
    """The whole comparison."""

    walk: WalkId | None = None
    """Where the results are kept; ``None``: there are none, and this is what is wanted."""
    version: str = ""
    at: datetime | None = None
    expires_at: datetime | None = None
    classes: tuple[ClassOutcome, ...]
    measures: tuple[MeasureOutcome, ...] = ()
    needed: int
    """Cases in all."""
    cases: int = 0
    hurtful: int = 0

    @property
    def passed(self) -> bool:
        """Whether every class and figure that is wanted reaches what it has to."""
        classes = all(c.passed or c.waived for c in self.classes)
        return (
            self.walk is not None
            and not self.hurtful
            and self.cases >= self.needed
            and classes
            and all(m.passed for m in self.measures)
        )

    def current(self, now: datetime) -> bool:
        """Whether it still holds at that moment."""
        return self.expires_at is None or now < self.expires_at


def wilson_low(right: int, of: int) -> float:
    """The lower end of Wilson's 95% score interval for a share (Wilson 1927); 0 without cases."""
    if of <= 0:
        return 0.0
    z2 = _CONFIDENCE**2
    p = right / of
    spread = _CONFIDENCE * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    return max(0.0, (p + z2 / (2 * of) - spread) / (1 + z2 / of))


def cases_to_show(limit: float) -> int:
    """How many cases without a single mistake it takes to show a share of ``limit`` per cent; 0 for 100."""
    p = limit / 100.0
    return math.ceil(_CONFIDENCE**2 * p / (1 - p) - 1e-9) if p < 1 else 0


def evaluation_of(dossier: Dossier, program: Program, now: datetime) -> Evaluation | None:
    """The newest results of a use case beside its plan; ``None`` in a program without such rules."""
    rules = program.evaluation
    if rules is None:
        return None
    found = _newest(dossier, rules.results)
    plan = _newest(dossier, rules.plan)
    return compared(rules, program, dossier, plan, found, now)


def compared(
    rules: EvaluationRules,
    program: Program,
    dossier: Dossier,
    plan: Walk | None,
    found: Walk | None,
    now: datetime,
) -> Evaluation:
    """One set of results beside one plan; where either is missing, what the rules say for the tier."""
    tier = _tier(dossier)
    planned = _values(program, rules.plan, plan)
    given = _values(program, rules.results, found)
    times = _number(planned.get(str(rules.times))) or 1.0
    left_out = set(planned.get(str(rules.left_out)) or ())
    classes = [
        _class(c, rules, dossier, planned, given, tier, times, c.id in left_out, now) for c in rules.classes
    ]
    cases = sum(c.of or 0 for c in classes)
    at = (found.result.at if found and found.result else None) or (found.touched_at if found else None)
    env = _plan_env(program, rules, plan)
    return Evaluation(
        walk=found.id if found else None,
        version=str(given.get(str(rules.version)) or ""),
        at=at,
        expires_at=at + timedelta(days=_by_tier(rules.lasts_days, tier)) if at else None,
        classes=tuple(_with_share(c, s, cases) for c, s in zip(classes, rules.classes, strict=True)),
        measures=tuple(_measure(m, planned, given, tier) for m in rules.measures if _wanted(m, env)),
        needed=math.ceil(_by_tier(rules.cases, tier) * times),
        cases=cases,
        hurtful=int(_number(given.get(str(rules.never))) or 0),
    )


def _class(
    scenario: ScenarioClass,
    rules: EvaluationRules,
    dossier: Dossier,
    planned: Mapping[str, Value],
    given: Mapping[str, Value],
    tier: Tier,
    times: float,
    left_out: bool,
    now: datetime,
) -> ClassOutcome:
    right, of = _number(given.get(f"{scenario.id}_right")), _number(given.get(f"{scenario.id}_of"))
    said = dossier.use_case.answers.get(rules.bearable) if rules.bearable else None
    bearable = _number(said.value) if said else None
    wrong = _by_tier(rules.wrong_at_most, tier) if bearable is None else bearable
    own = _number(planned.get(f"{scenario.id}_of"))
    there = right is not None and of is not None and 0 <= right <= of
    return ClassOutcome(
        id=scenario.id,
        label=scenario.label,
        needed=math.ceil((own if own is not None else _by_tier(rules.cases_each, tier)) * times),
        limit=_number(planned.get(f"{scenario.id}_pass")) or 100.0 - wrong,
        right=int(right) if there and right is not None else None,
        of=int(of) if there and of is not None else None,
        left_out=left_out,
        waived=left_out
        and any(w.holds(now) and f"{w.checklist}.{w.control}" in rules.waived_by for w in dossier.waivers),
    )


def _with_share(outcome: ClassOutcome, scenario: ScenarioClass, cases: int) -> ClassOutcome:
    """A class that has to be a share of all cases needs the more, the more cases there are."""
    share = math.ceil(scenario.share_of_all / 100.0 * cases - 1e-9)
    return outcome.model_copy(update={"needed": max(outcome.needed, share)})


def _measure(
    measure: Measure, planned: Mapping[str, Value], given: Mapping[str, Value], tier: Tier
) -> MeasureOutcome:
    own = _number(planned.get(f"{measure.id}_limit"))
    return MeasureOutcome(
        id=measure.id,
        label=measure.label,
        unit=measure.unit,
        better=measure.better,
        limit=own if own is not None else _by_tier(measure.limit, tier),
        value=_number(given.get(measure.id)),
    )


def _wanted(measure: Measure, env: Mapping[str, Any]) -> bool:
    return holds(measure.when, env)


def _plan_env(program: Program, rules: EvaluationRules, plan: Walk | None) -> dict[str, Any]:
    return environment(program.questionnaires[rules.plan], plan.answers if plan else {})


def _values(program: Program, questionnaire: str, walk: Walk | None) -> dict[str, Value]:
    answers: Answers = walk.answers if walk else {}
    counted = visible_answers(program.questionnaires[questionnaire], answers)
    return {str(q): a.value for q, a in counted.items()}


def _newest(dossier: Dossier, questionnaire: str) -> Walk | None:
    done = [
        w
        for w in dossier.walks
        if w.questionnaire == questionnaire and w.status == "submitted" and w.matter is None
    ]
    return max(done, key=lambda w: w.result.at if w.result and w.result.at else w.touched_at, default=None)


def _tier(dossier: Dossier) -> Tier:
    """Of a use case that was not assessed the strictest that can be in use counts."""
    assessment = dossier.use_case.assessment
    return assessment.tier.tier if assessment else "high"


def _by_tier(figures: Mapping[Tier, float], tier: Tier) -> float:
    return figures.get(tier, figures["high"])


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


class EvaluationGap(Frozen):
    """Something that an evaluation still lacks: the message that says it, and what fills it."""

    key: str
    """Unique within a use case: ``evaluation.plan``, ``evaluation.adversarial`` ..."""
    what: str
    """Its short name."""
    message: str
    values: Mapping[str, str] = Field(default_factory=dict)
    questionnaire: str
    """What to open to close it."""
    about: str = ""
    """The questionnaire that is not filled in at all, where that is what is lacking."""


def evaluation_gaps(
    dossier: Dossier, program: Program, now: datetime, release: Release | None = None
) -> tuple[EvaluationGap, ...]:
    """All that the evaluation of a use case lacks at this moment, in the order in which one would see to it.

    ``release`` is the version that is to go out, where one is: results of another do not count for it
    where it changes what the rules want tested anew.
    """
    rules = program.evaluation
    found = evaluation_of(dossier, program, now)
    if rules is None or found is None:
        return ()
    anew = release if release and _tested_anew(release, dossier, rules) else None
    return tuple(_gaps(rules, program, dossier, found, now, anew))


def _tested_anew(release: Release, dossier: Dossier, rules: EvaluationRules) -> bool:
    """Whether a version differs from the one in use in what is tested anew; the first always does."""
    live = dossier.live
    if live is None:
        return True
    return any(getattr(release.parts, p) != getattr(live.parts, p) for p in rules.repeated_with)


def _gaps(
    rules: EvaluationRules,
    program: Program,
    dossier: Dossier,
    found: Evaluation,
    now: datetime,
    release: Release | None,
) -> Iterator[EvaluationGap]:
    plan, results = program.questionnaires[rules.plan], program.questionnaires[rules.results]

    def lacks(key: str, what: str, message: str, **values: str) -> EvaluationGap:
        return EvaluationGap(
            key=f"evaluation.{key}", what=what, message=message, values=values, questionnaire=rules.results
        )

    for key, form, message in (
        ("plan", plan, "evaluation_no_plan"),
        ("results", results, "evaluation_no_results"),
    ):
        if _newest(dossier, form.id) is None:
            gap = lacks(key, form.name, message)
            yield gap.model_copy(update={"questionnaire": form.id, "about": form.id})
    if found.walk is None:
        return
    if not found.current(now):
        yield lacks("expired", results.name, "evaluation_expired", version=found.version)
        return
    if release is not None and found.version != release.version:
        told = {"tested": found.version, "version": release.version}
        yield lacks("version", results.name, "evaluation_other_version", **told)
    if found.hurtful:
        yield lacks("hurtful", results.name, "evaluation_hurtful", count=str(found.hurtful))
    for outcome in found.classes:
        if outcome.passed or outcome.waived:
            continue
        yield lacks(outcome.id, outcome.label, _why(outcome), **_figures(outcome))
    if found.cases < found.needed:
        counts = {"cases": str(found.cases), "needed": str(found.needed)}
        yield lacks("cases", results.name, "evaluation_few_cases", **counts)
    for measure in found.measures:
        if not measure.passed:
            message = "evaluation_measure_missing" if measure.value is None else "evaluation_measure_failed"
            value = in_figures(measure.value or 0.0, measure.unit)
            limit = in_figures(measure.limit, measure.unit)
            yield lacks(measure.id, measure.label, message, value=value, limit=limit)


def _why(outcome: ClassOutcome) -> str:
    if outcome.of is None:
        return "evaluation_left_out" if outcome.left_out else "evaluation_class_missing"
    return "evaluation_class_failed" if not outcome.reached else "evaluation_class_few"


def _figures(outcome: ClassOutcome) -> dict[str, str]:
    return {
        "label": outcome.label,
        "right": str(outcome.right),
        "of": str(outcome.of),
        "share": in_figures(outcome.share or 0.0, "%"),
        "limit": in_figures(outcome.limit, "%"),
        "needed": str(outcome.needed),
    }


def in_figures(value: float, unit: str) -> str:
    """``97.5%``, ``1.8 s``: a figure as cards show it."""
    shown = f"{value:.1f}".rstrip("0").rstrip(".")
    return f"{shown}%" if unit == "%" else f"{shown} {unit}".strip()

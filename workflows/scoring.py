"""Scores and the risk tier, computed from the answers and the program alone, and explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.answers import Answers, Value
from workflows.expressions import environment_of, holds, names_in
from workflows.ids import TIERS, QuestionId, Tier
from workflows.people import Directory
from workflows.portfolio.lanes import facets_of
from workflows.program import Dimension, Program, Scorecard, Tiers
from workflows.questionnaire import shown
from workflows.questions import Question, Questionnaire
from workflows.use_case import Assessment, Driver, Lever, Override, Score, TierFinding

_NOBODY = Directory()


def assess(
    program: Program,
    questionnaire: Questionnaire,
    answers: Answers,
    overrides: Sequence[Override] = (),
) -> Assessment:
    """Every scorecard and the risk tier. Only answers to questions that are asked count.

    The same answers under the same program always give the same assessment; the last override of a
    dimension stands. Deciding which answers matter tries each alternative, so it takes some milliseconds.
    """
    given = {str(q): a.value for q, a in answers.items()}
    env = environment_of(questionnaire, given)
    scorecards = {
        card.id: tuple(_score(card, dimension, env, overrides) for dimension in card.dimensions)
        for card in program.scorecards.values()
    }
    found = _finding(program.tiers, questionnaire, given, env)
    shown_first = scorecards.get(program.scorecard, ())
    return Assessment(
        scorecards=scorecards, tier=found, facets=facets_of(program, env, shown_first, found.tier)
    )


def _score(card: Scorecard, dimension: Dimension, env: Mapping[str, Any], made: Sequence[Override]) -> Score:
    held = [p for p in dimension.points if holds(p.when, env)]
    computed = max(1, min(5, dimension.start + sum(p.points for p in held)))
    ours = [o for o in made if (o.scorecard, o.dimension) == (card.id, dimension.id)]
    last = ours[-1] if ours else None
    return Score(
        dimension=dimension.id,
        label=dimension.label,
        value=last.value if last else computed,
        computed=computed,
        because=tuple(p.because for p in held),
        overridden_by=last.by if last else None,
        reason=last.reason if last else "",
    )


def tier_in(tiers: Tiers, env: Mapping[str, Any]) -> tuple[Tier, tuple[int, ...]]:
    """The highest tier whose rule holds, and the indices of all rules that hold."""
    held = tuple(i for i, rule in enumerate(tiers.rules) if holds(rule.when, env))
    reached = [tiers.default, *(tiers.rules[i].tier for i in held)]
    return max(reached, key=TIERS.index), held


def _finding(
    tiers: Tiers, questionnaire: Questionnaire, given: Mapping[str, Value], env: Mapping[str, Any]
) -> TierFinding:
    tier, held = tier_in(tiers, env)
    decisive = [i for i in held if tiers.rules[i].tier == tier]
    if TIERS.index(tier) <= TIERS.index(tiers.default):
        decisive = []
    questions = {str(q.id): q for q in questionnaire.questions()}
    drives = [q for i in decisive for q in _drivers(tiers, i, env)]
    read = [q for i in decisive for q in names_in(tiers.rules[i].when)]
    drivers = [q for q in questions if q in drives and q in given]
    turned = [q for q in questions if q in read]
    levers = (_lever(tiers, questionnaire, questions[q], given, env, tier) for q in turned)
    return TierFinding(
        tier=tier,
        because=tuple(dict.fromkeys(tiers.rules[i].because for i in decisive)),
        rules=held,
        drivers=tuple(_driver(questions[q], given[q]) for q in drivers),
        levers=tuple(lever for lever in levers if lever),
    )


def _driver(question: Question, value: Value) -> Driver:
    return Driver(question=question.id, label=question.label, shown=shown(question, value, _NOBODY))


def _drivers(tiers: Tiers, index: int, env: Mapping[str, Any]) -> tuple[str, ...]:
    """The answers that a rule rests on: those it names, else those without which it would not hold."""
    rule = tiers.rules[index]
    if rule.drivers:
        return rule.drivers
    read = tuple(sorted(names_in(rule.when)))
    needed = tuple(q for q in read if not holds(rule.when, {**env, q: [] if env[q] == [] else None}))
    return needed or read


def _lever(
    tiers: Tiers,
    questionnaire: Questionnaire,
    question: Question,
    given: Mapping[str, Value],
    env: Mapping[str, Any],
    tier: Tier,
) -> Lever | None:
    """The nearest other answer to one question that lowers the tier by itself, if there is one."""
    if env.get(question.id) in (None, []):
        return None
    for value, text in _alternatives(question, given[question.id]):
        changed = environment_of(questionnaire, {**given, question.id: value})
        lower, _ = tier_in(tiers, changed)
        if TIERS.index(lower) < TIERS.index(tier):
            return Lever(question=QuestionId(question.id), tier=lower, text=text)
    return None


def _alternatives(question: Question, value: Value) -> list[tuple[Value, str]]:
    """Other answers that can be proposed, nearest first, each with what would have to be true for it."""
    if question.type == "yesno":
        other = not value
        said = next((c.lever for c in question.choices if c.id == ("yes" if other else "no")), "")
        return [(other, said or f"“{question.label}” were {'yes' if other else 'no'}")]
    if question.type == "multi":
        return [([c.id], c.lever) for c in question.choices if c.lever and [c.id] != value]
    if question.type != "choice":
        return []
    order = [c.id for c in question.choices]
    here = order.index(value) if value in order else len(order)
    others = sorted(
        (c for c in question.choices if c.id != value), key=lambda c: abs(order.index(c.id) - here)
    )
    return [(c.id, c.lever or f"“{question.label}” were “{c.label}”") for c in others]

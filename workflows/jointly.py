"""Rules of a conversation made for several people: who may, as each sees it, and what follows for others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from workflows.asking import closing, say
from workflows.decision import Circumstances, Decision
from workflows.effects import Effect, Forget, Refresh, ShowHome
from workflows.handed_cards import nudge_key, redrawn
from workflows.ids import Place, QuestionId, Subject
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import shown
from workflows.taking_part import OWN, TAKE_PART, Part
from workflows.talks import folded_decision, seen, whose
from workflows.use_case import UseCase
from workflows.walk import Assignment, Talk, Walk

Rule = Callable[..., Decision]


def jointly(rule: Rule, owners_only: bool = False) -> Rule:
    """The rule ``(walk, use_case, ..., program, directory, circ)`` for whoever acts.

    The result takes ``at``, the place where it happens, besides. A person without a part in the walk is
    refused; with ``owners_only`` a helper too.
    """

    @wraps(rule)
    def acted(
        walk: Walk, use_case: UseCase | None, *args: Any, at: Place | None = None, **more: Any
    ) -> Decision:
        program, directory, circ = args[-3:]
        if circ.actor.door == "clock":
            return settled(walk, rule(walk, use_case, *args, **more), program, directory, circ)
        right = OWN if owners_only else TAKE_PART
        refused = right.refused(Part(walk, use_case, program, directory, circ, at))
        if refused is not None:
            return refused
        who = whose(walk, circ.actor.user, at)
        decision = rule(seen(walk, who, circ.actor.user), use_case, *args, **more)
        return settled(walk, folded_decision(walk, decision, who), program, directory, circ)

    return acted


def settled(
    before: Walk, decision: Decision, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """The decision with what follows for everybody else from the answers that it changed."""
    after = next((a for a in decision.changed if isinstance(a, Walk) and a.id == before.id), None)
    if after is None:
        return decision
    news = answered(before, after)
    if not news:
        return decision
    there, effects = _off_the_table(after, news, circ)
    there, told = _no_longer_asked(there, news, program, directory, circ)
    more: list[Effect] = [*effects, *told]
    if after.talks:
        more.append(Refresh(subject=after.subject, card="review"))
    if program.questionnaires[after.questionnaire].kind == "checklist" and after.about:
        more.append(Refresh(subject=Subject(type="use_case", id=after.about), card="readiness"))
    changed = tuple(there if a is after else a for a in decision.changed)
    return decision.model_copy(update={"changed": changed, "effects": (*decision.effects, *more)})


def _no_longer_asked(
    walk: Walk, news: list[QuestionId], program: Program, directory: Directory, circ: Circumstances
) -> tuple[Walk, list[Effect]]:
    """Whoever was handed one of these questions need not answer it any more; who asked hears the answer."""
    effects: list[Effect] = []
    kept: list[Assignment] = []
    for found in walk.assignments:
        if found.open and found.question in news:
            by = walk.answers[found.question].by
            mine = by == found.to
            ended = {"done_at": circ.now} if mine else {"dropped_at": circ.now, "ended": "answered"}
            found = found.model_copy(update={**ended, "ended_by": by, "claim": None})
            effects += [*redrawn(walk, found), Forget(key=nudge_key(walk, found.id))]
            effects += [ShowHome(user=found.to)]
            if found.by != by:
                effects += [_answer_told(walk, found, program, directory), ShowHome(user=found.by)]
        kept.append(found)
    return walk.model_copy(update={"assignments": tuple(kept)}), effects


def _answer_told(walk: Walk, found: Assignment, program: Program, directory: Directory) -> Effect:
    question = program.questionnaires[walk.questionnaire].question(found.question)
    kept = walk.answers[found.question]
    told = shown(question, kept.value, directory)
    asker = seen(walk, whose(walk, found.by), found.by)
    who = directory.person(kept.by).name
    return say(asker, "assignment_answered", who=who, label=question.label, answer=told[:600])


def answered(before: Walk, after: Walk) -> list[QuestionId]:
    """The questions whose answer somebody gave or changed between the two; suggestions are no answers."""
    return [
        q
        for q, a in after.answers.items()
        if a.how != "suggested" and (q not in before.answers or before.answers[q] != a)
    ]


def _off_the_table(walk: Walk, news: list[QuestionId], circ: Circumstances) -> tuple[Walk, list[Effect]]:
    """Whoever else is looking at one of these questions sees its card closed, and hears who answered it."""
    effects: list[Effect] = []
    talks: list[Talk] = []
    for talk in walk.talks:
        if talk.user != circ.actor.user and talk.asking in news:
            effects += [Refresh(subject=walk.subject, card=f"ask:{talk.ask}")]
            talk = talk.model_copy(update={"asking": None, "lost": talk.asking, "claim": None})
        talks.append(talk)
    there = walk.model_copy(update={"talks": tuple(talks)})
    mine = there.asking is not None and there.asking in news
    if mine and there.asking is not None and there.answers[there.asking].by != there.owner:
        effects += closing(there)
        there = there.model_copy(update={"asking": None, "lost": there.asking, "claim": None})
    return there, effects

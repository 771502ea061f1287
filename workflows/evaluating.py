"""Results of an evaluation attached to a use case at once, from words or a file, as a finished walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.answers import Answer, How, Value
from workflows.asking import decided, move_on
from workflows.decision import Circumstances, Decision, Entry
from workflows.evaluation_rules import EvaluationRules
from workflows.ids import Place, QuestionId, Subject, UserId, WalkId
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import missing_in
from workflows.questions import Question
from workflows.refusals import Refusal, Right
from workflows.results import finished
from workflows.seeing import spoken_of
from workflows.taking_part import works_on
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk
from workflows.words.calendar_words import today_in
from workflows.words.evaluation import Told


@dataclass(frozen=True)
class Bringing:
    """Somebody brings results for a use case."""

    use_case: UseCase
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None

    @property
    def user(self) -> UserId:
        """Who brings them."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The use case."""
        return self.use_case.subject

    @property
    def detail(self) -> dict[str, str]:
        """Nothing besides."""
        return {}


def _works_on_it(bringing: Bringing) -> Refusal | None:
    b = bringing
    if works_on(b.use_case, b.user, b.program, b.directory, b.circ.now):
        return None
    return Refusal("evaluation_not_yours", {"title": spoken_of(b.use_case, b.user)})


ATTACH = Right("evaluation.attach", (_works_on_it,))


def ways(rules: EvaluationRules) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """By what names classes, and measures, are known."""
    return (
        {c.id: (c.label, *c.words) for c in rules.classes},
        {m.id: (m.label, *m.words) for m in rules.measures},
    )


def attach(
    walk_id: WalkId,
    bringing: Bringing,
    told: Told,
    how: How = "said",
    words: str = "",
    files: tuple[Mapping[str, str], ...] = (),
) -> Decision:
    """Keep the results under a walk of their own, ended at once; its card compares them with the plan.

    What the words leave open and cannot be done without is asked for: then the walk begins with what was
    said, and goes on with its questions. ``files`` are kept with it (``id``, ``name``, ``link``).
    """
    refused = ATTACH.refused(bringing)
    if refused is not None:
        return refused
    b, rules = bringing, bringing.program.evaluation
    if rules is None:
        return Decision()
    form = b.program.questionnaires[rules.results]
    values = _values(rules, told, b, files, {q.id: q for q in form.questions()})
    answers = {
        QuestionId(q): Answer(value=v, how=how, by=b.user, at=b.circ.now, words=words[:500])
        for q, v in values.items()
    }
    walk = Walk(
        id=walk_id,
        questionnaire=form.id,
        about=b.use_case.id,
        owner=b.user,
        place=b.at,
        status="reviewing",
        answers=answers,
        skipped=tuple(q.id for q in form.questions() if q.id not in answers and q.required is False),
        origin=Origin(entry="import" if how == "imported" else "message", words=words[:3000]),
        program=b.circ.program,
        started_at=b.circ.now,
        touched_at=b.circ.now,
    )
    begun = Decision(
        changed=(walk,),
        entries=(
            Entry(action="evaluation.attached", subject=walk.subject, detail={"use_case": b.use_case.id}),
        ),
    )
    if missing_in(form, answers):
        there, effects = move_on(walk.model_copy(update={"status": "asking"}), b.program)
        return decided(there, effects, [*begun.entries], b.program, b.circ)
    return begun.and_then(finished(walk, b.use_case, b.program, b.directory, b.circ))


def left_open(rules: EvaluationRules, program: Program, told: Told) -> tuple[str, ...]:
    """The labels of what cannot be done without and is not said."""
    form = program.questionnaires[rules.results]
    lacking = []
    for question in form.questions():
        if question.id == rules.version and not told.version:
            lacking.append(question.label)
        if question.id == rules.never and told.hurtful is None:
            lacking.append(question.label)
    return tuple(lacking)


def _values(
    rules: EvaluationRules,
    told: Told,
    bringing: Bringing,
    files: tuple[Mapping[str, str], ...],
    asked: Mapping[QuestionId, Question],
) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for id, share in told.shares.items():
        values[f"{id}_right"], values[f"{id}_of"] = share.right, share.of
    values.update(told.figures)
    if rules.version and told.version:
        values[str(rules.version)] = told.version
    if rules.never and told.hurtful is not None:
        values[str(rules.never)] = float(told.hurtful)
    if rules.tested_on:
        tz = bringing.directory.person(bringing.user).tz
        values[str(rules.tested_on)] = today_in(bringing.circ.now, tz).isoformat()
    keeps = next((q for q in asked.values() if q.type == "file"), None)
    if files and keeps is not None:
        values[str(keeps.id)] = [dict(f) for f in files]
    return {q: v for q, v in values.items() if QuestionId(q) in asked}

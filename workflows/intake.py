"""From a finished walk to a submitted use case: completeness, scores, tier, and the approval it opens."""

from __future__ import annotations

from workflows.approval import Approval
from workflows.approving import withdraw as withdraw_approval
from workflows.asking import (
    closing,
    decided,
    entry,
    keep_answers,
    move_on,
    post,
    questionnaire_of,
    say,
    touched,
    unplan,
)
from workflows.assessing import propose
from workflows.conversation import cancel, not_yours
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Post, Refresh, ShowHome, ToPerson, ToPlace
from workflows.handed_cards import no_longer_wanted
from workflows.ids import ApprovalId, QuestionId
from workflows.life_cycle import NotAMove, move
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import missing, visible_answers
from workflows.routing import open_approval, plan
from workflows.scoring import assess
from workflows.use_case import Override, UseCase
from workflows.walk import Walk

REASON_AT_MOST = 500
"""Characters in the reason for an overridden score."""


def submit(
    walk: Walk,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    approval_id: ApprovalId,
    circ: Circumstances,
) -> Decision:
    """Submit what the walk holds: the visible answers are copied, assessed and routed.

    With answers missing nothing is submitted, and the review card offers to add each. Suggestions that stand
    at this moment are the submitter's from now on.
    """
    refused = not_yours(walk, program, directory, circ)
    if refused is not None:
        return refused
    questionnaire = questionnaire_of(walk, program)
    if walk.status not in ("reviewing", "asking", "saved"):
        again = entry(walk, "submit", refused=True, status=walk.status)
        return Decision(entries=(again,), effects=(Refresh(subject=walk.subject, card="review"),))
    gaps = missing(questionnaire, walk)
    if gaps:
        return _incomplete(walk, [q.id for q in gaps], program, circ)
    answers = {
        q: a.model_copy(update={"how": "clicked"}) if a.how == "suggested" else a
        for q, a in visible_answers(questionnaire, walk.answers).items()
    }
    assessment = assess(program, questionnaire, answers, use_case.overrides)
    named = questionnaire.title_question
    title = str(answers[named].value) if named and named in answers else str(use_case.id)
    try:
        moved = move(use_case, "submitted", "submitter", program)
    except NotAMove:
        return Decision(entries=(entry(walk, "submit", refused=True, stage=use_case.stage),))
    submitted = moved.model_copy(
        update={
            "title": title,
            "answers": answers,
            "assessment": assessment,
            "program": circ.program,
            "home": walk.place or use_case.home,
            "submitted_at": circ.now,
            "decided_at": None,
        }
    )
    closed, settled = no_longer_wanted(touched(walk, circ, status="submitted", asking=None), circ)
    detail = {"title": title, "tier": assessment.tier.tier, "answers": len(answers)}
    first = Decision(
        changed=(closed, submitted),
        entries=(
            entry(closed, "submitted"),
            Entry(action="use_case.submitted", subject=submitted.subject, detail=detail),
        ),
        effects=(*closing(walk), Refresh(subject=walk.subject, card="review"), *settled, *unplan(walk)),
    )
    way = plan(program, questionnaire, answers, assessment, directory, walk.owner, circ.now)
    opened = open_approval(way, approval_id, submitted, program, directory, circ)
    offered = Decision() if way.stop else propose(submitted, (), program, circ, way.assessments)
    return first.and_then(opened).and_then(offered).and_then(Decision(effects=(ShowHome(user=walk.owner),)))


def _incomplete(walk: Walk, gaps: list[QuestionId], program: Program, circ: Circumstances) -> Decision:
    """What is still missing, on the review card with a button for each."""
    there = touched(walk, circ, status="reviewing", asking=None, ask=walk.ask + 1)
    refused = entry(there, "submit", refused=True, missing=list(gaps))
    effects: list[Effect] = [*closing(walk), post(there, "review", "review")]
    return decided(there, effects, [refused, entry(there, "reviewing")], program, circ)


def override_score(
    walk: Walk,
    use_case: UseCase,
    scorecard: str,
    dimension: str,
    value: int,
    reason: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """Correct one computed score, with a reason; the computed one stays visible beside it.

    Problems are by ``dimension``, ``value`` and ``reason``. The value computed anyway takes an override back.
    """
    refused = not_yours(walk, program, directory, circ)
    if refused is not None:
        return refused
    if walk.status in ("submitted", "cancelled", "expired"):
        return Decision(entries=(entry(walk, "score", refused=True, status=walk.status),))
    problems: dict[str, str] = {}
    card = program.scorecards.get(scorecard)
    if card is None or all(d.id != dimension for d in card.dimensions):
        problems["dimension"] = program.messages["score_unknown"]
    if not 1 <= value <= 5:
        problems["value"] = program.messages["score_range"]
    reason = reason.strip()[:REASON_AT_MOST]
    if not reason:
        problems["reason"] = program.messages["score_reason_needed"]
    if problems:
        return Decision(problems=problems)
    kept = [o for o in use_case.overrides if (o.scorecard, o.dimension) != (scorecard, dimension)]
    questionnaire = questionnaire_of(walk, program)
    scores = assess(program, questionnaire, walk.answers).scorecards[scorecard]
    computed = next(s.value for s in scores if s.dimension == dimension)
    if value != computed:
        override = Override(
            scorecard=scorecard,
            dimension=dimension,
            value=value,
            reason=reason,
            by=circ.actor.user,
            at=circ.now,
        )
        kept.append(override)
    changed = use_case.model_copy(update={"overrides": tuple(kept)})
    detail = {
        "scorecard": scorecard,
        "dimension": dimension,
        "computed": computed,
        "value": value,
        "reason": reason,
    }
    return Decision(
        changed=(changed,),
        entries=(Entry(action="use_case.score_overridden", subject=use_case.subject, detail=detail),),
        effects=(Refresh(subject=walk.subject, card="review"),),
    )


def join(
    walk: Walk, use_case: UseCase, other: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Join a use case that exists instead of starting another: the draft is put away, its owner is told."""
    refused = not_yours(walk, program, directory, circ)
    if refused is not None:
        return refused
    put_away = cancel(walk, use_case, program, directory, circ)
    if not put_away.changed:
        return put_away
    ended = next(a for a in put_away.changed if isinstance(a, Walk))
    owner = directory.person(other.submitter)
    asker = directory.person(walk.owner)
    story = questionnaire_of(walk, program).story_question
    answer = walk.answers.get(story) if story else None
    words = str(answer.value)[:300] if answer else walk.origin.words[:300]
    values = {"who": asker.name, "title": other.title, "words": words}
    note = Post(
        to=ToPlace(place=other.home) if other.home else ToPerson(user=other.submitter),
        kind="said",
        subject=other.subject,
        data={"message": "wants_to_join", "values": values},
    )
    told = say(ended, "joined", owner=owner.name, title=other.title)
    # The plain "put away" sentence would say less than this one does.
    effects = [e for e in put_away.effects if not (isinstance(e, Post) and e.kind == "said")]
    line = entry(ended, "joined", other=other.id)
    return Decision(
        changed=put_away.changed, entries=(*put_away.entries, line), effects=(told, note, *effects)
    )


def reuse(
    walk: Walk, use_case: UseCase, other: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Go on with the draft, noting that it builds on another use case."""
    refused = not_yours(walk, program, directory, circ)
    if refused is not None:
        return refused
    there = touched(walk, circ)
    noted = decided(
        there,
        [say(there, "reuse_noted", title=other.title)],
        [entry(there, "builds_on", other=other.id)],
        program,
        circ,
    )
    if other.id in use_case.builds_on:
        return noted
    builds = use_case.model_copy(update={"builds_on": (*use_case.builds_on, other.id)})
    line = Entry(action="use_case.builds_on", subject=use_case.subject, detail={"other": other.id})
    return noted.and_then(Decision(changed=(builds,), entries=(line,)))


def withdraw(
    walk: Walk,
    use_case: UseCase,
    approval: Approval,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """The submitter takes a submission back: the approval closes, the walk opens again."""
    refused = not_yours(walk, program, directory, circ)
    if refused is not None:
        return refused
    taken_back = withdraw_approval(approval, use_case, program, directory, circ)
    changed = next((a for a in taken_back.changed if isinstance(a, UseCase)), None)
    if changed is None:
        return taken_back
    return taken_back.and_then(_reopened(walk, use_case, program, circ))


def reopen_for_changes(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """After a rejection: the draft again, with every answer, to be changed and submitted once more."""
    refused = not_yours(walk, program, directory, circ)
    if refused is not None:
        return refused
    if walk.status != "submitted":
        return Decision(entries=(entry(walk, "reopen", refused=True, status=walk.status),))
    try:
        draft = move(use_case, "draft", "submitter", program)
    except NotAMove:
        return Decision(entries=(entry(walk, "reopen", refused=True, stage=use_case.stage),))
    line = Entry(
        action="use_case.moved", subject=use_case.subject, detail={"from": use_case.stage, "to": "draft"}
    )
    return Decision(changed=(draft,), entries=(line,)).and_then(_reopened(walk, use_case, program, circ))


def _reopened(walk: Walk, use_case: UseCase, program: Program, circ: Circumstances) -> Decision:
    """The draft once more, as the record has it: answers may have been changed there since."""
    submitted = visible_answers(questionnaire_of(walk, program), walk.answers)
    record = use_case.answers
    still = {q: record.get(q, a) for q, a in walk.answers.items() if q in record or q not in submitted}
    walk = walk.model_copy(update={"answers": {**still, **record}})
    values = {q: a.value for q, a in walk.answers.items() if a.how == "suggested"}
    kept = keep_answers(walk, values, "form", circ)  # they were submitted, so they are no longer suggestions
    there, effects = move_on(touched(kept, circ, status="asking", asking=None, nudged_at=None), program)
    return decided(there, [*effects, ShowHome(user=walk.owner)], [entry(there, "reopened")], program, circ)

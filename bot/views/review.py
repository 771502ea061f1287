"""The review card: every answer with its pencil, scores, tier and why, similar use cases, the way ahead."""

from __future__ import annotations

from collections.abc import Sequence

from bot.registry import Message, Scene, renders
from bot.similar import similar_to
from bot.views.answers import answer_rows, helping
from bot.views.kit import (
    Block,
    Element,
    actions,
    bar,
    brief,
    button,
    clip,
    context,
    day,
    divider,
    escape,
    header,
    menu,
    named,
    option,
    overflow,
    prose,
    section,
    words,
)
from bot.views.overview import overview
from bot.views.question import walk_of
from bot.views.say import say
from workflows.asking import title_of
from workflows.questionnaire import missing, visible_questions
from workflows.questions import Questionnaire
from workflows.routing import Plan, plan
from workflows.scoring import assess
from workflows.use_case import Assessment, UseCase
from workflows.walk import Walk

TIER_MARK = {"low": "🟢", "medium": "🟡", "high": "🟠", "prohibited": "⛔"}


@renders("review")
def review(scene: Scene, data: dict[str, object]) -> Message:
    """The whole draft before it is submitted; afterwards the same card without its buttons."""
    walk = scene.reading.walk(scene.subject.id)
    if walk is None:
        raise LookupError(f"walk {scene.subject.id} is gone")
    questionnaire = scene.program.questionnaires[walk.questionnaire]
    if questionnaire.kind != "intake":
        return overview(scene, walk_of(scene, data), questionnaire)
    use_case = scene.reading.use_case(walk.about)
    if use_case is None:
        raise LookupError(f"use case {walk.about} is gone")
    title = title_of(walk, use_case, scene.program)
    if walk.status != "reviewing":
        return _closed(scene, walk, use_case, title)
    assessment = assess(scene.program, questionnaire, walk.answers, use_case.overrides)
    way = plan(
        scene.program,
        questionnaire,
        walk.answers,
        assessment,
        scene.directory,
        walk.owner,
        scene.now,
    )
    blocks: list[Block] = [header(title), context(f"{use_case.id} · {say(scene, 'review_intro')}")]
    blocks += [*helping(scene, walk), *answer_rows(scene, questionnaire, walk.answers, walk)]
    scores = f"walk|{walk.id}|{walk.ask}|review|scores"
    blocks += [divider(), section(score_lines(scene, assessment), _correct_a_score(walk), scores)]
    blocks.append(section(tier_lines(scene, assessment)))
    blocks += _similar(scene, walk, questionnaire)
    blocks.append(section(way_lines(scene, way)))
    gaps = missing(questionnaire, walk)
    if gaps:
        blocks.append(section(say(scene, "review_missing", count=len(gaps))))
        made = [button(f"Add: {q.label}", f"walk.edit/{q.id}", str(q.id)) for q in gaps[:8]]
        blocks.append(actions(f"walk|{walk.id}|{walk.ask}|review|gaps", made))
    helping_only = data.get("who") not in (None, walk.owner)
    blocks.append(_decide(walk, questionnaire, ready=not gaps, owns=not helping_only))
    return Message(text=brief(f"Review: {title}"), blocks=blocks)


def _closed(scene: Scene, walk: Walk, use_case: UseCase, title: str) -> Message:
    key = {
        "submitted": "review_submitted",
        "cancelled": "review_cancelled",
        "expired": "review_expired",
        "saved": "review_saved",
    }.get(walk.status, "review_moved")
    text = say(scene, key, title=title, id=use_case.id)
    return Message(text=brief(text), blocks=prose(text))


def score_lines(scene: Scene, assessment: Assessment) -> str:
    """The default scorecard as small bars with the reason for each."""
    lines = []
    for score in assessment.scorecards[scene.program.scorecard]:
        why = "; ".join(score.because)
        if score.overridden_by:
            who = scene.directory.person(score.overridden_by).name
            why = f"set by {who} (computed {score.computed}): {score.reason}"
        tail = f" — {escape(clip(why, 160))}" if why else ""
        lines.append(f"`{bar(score.value)}` *{escape(score.label)}* {score.value}{tail}")
    return "\n".join(lines)


def tier_lines(scene: Scene, assessment: Assessment) -> str:
    """The tier, what it rests on, and what would lower it."""
    found = assessment.tier
    lines = [
        f"{TIER_MARK[found.tier]} *Tier: {found.tier}*. {escape(scene.program.tiers.explain[found.tier])}"
    ]
    if found.because:
        lines.append("Because " + "; ".join(escape(b) for b in found.because) + ".")
    if found.drivers:
        rests = ", ".join(
            f"_{escape(d.label)}: {words(clip(d.shown, 80), scene.directory)}_" for d in found.drivers[:6]
        )
        lines.append(f"It rests on {rests}.")
    lines += [f"Would be *{lever.tier}* if {escape(lever.text)}." for lever in found.levers[:3]]
    return "\n".join(lines)


def way_lines(scene: Scene, way: Plan) -> str:
    """Which gates and approvers come next, by name, and how long they have."""
    if way.stop:
        return f"*The way ahead*\n⛔ {escape(way.stop)} {escape(way.appeal)}"
    if way.automatic:
        told = named(way.notify, scene.directory, "and")
        return f"*The way ahead*\n{say(scene, 'way_automatic', notify=told)}"
    lines = ["*The way ahead*"]
    for seat in way.seats:
        many = f" (both needed: {seat.quorum})" if seat.quorum > 1 else ""
        when = f", by {day(seat.due)}" if seat.due else ""
        lines.append(f"{seat.order}. {escape(seat.label)}: {named(seat.people, scene.directory)}{many}{when}")
    if way.documents:
        lines.append("Asked for on the way: " + ", ".join(escape(d) for d in way.documents))
    return "\n".join(lines)


def _similar(scene: Scene, walk: Walk, questionnaire: Questionnaire) -> list[Block]:
    """Up to two use cases that look alike, each with the choice to join or reuse it."""
    rows: list[Block] = []
    for found in similar_to(scene, walk, questionnaire)[:2]:
        label = stage_label(scene, found.use_case)
        text = f"*Similar:* _{escape(found.use_case.title)}_ ({found.use_case.id}), {escape(label)}"
        rows.append(
            section(
                f"{text}\n{escape(clip(found.why, 150))}" if found.why else text,
                overflow(f"walk.similar/{found.use_case.id}", _with_it(found.use_case, walk)),
                f"walk|{walk.id}|{walk.ask}|review|similar-{found.use_case.id}",
            )
        )
    return rows


def _with_it(other: UseCase, walk: Walk) -> list[dict[str, object]]:
    """What one can do about a similar use case; nobody joins their own."""
    made = [
        option("Reuse: note it and go on", f"reuse|{other.id}"),
        option("Look at it", f"look|{other.id}"),
    ]
    if other.submitter != walk.owner:
        made.insert(0, option("Join it instead of a new one", f"join|{other.id}"))
    return made


def stage_label(scene: Scene, use_case: UseCase) -> str:
    """The stage in the program's words."""
    stages = {s.id: s.label for s in scene.program.life_cycle.stages}
    return stages.get(use_case.stage, use_case.stage)


def _correct_a_score(walk: Walk) -> Element:
    return button("Correct a score", "walk.score", str(walk.id))


def _decide(walk: Walk, questionnaire: Questionnaire, ready: bool, owns: bool) -> Block:
    """The ways on; a helper changes things, and leaves it to the owner to submit."""
    made: list[Element] = []
    if ready and owns:
        made.append(button("Submit", "walk.submit", str(walk.id), style="primary"))
    choose = _questions_to_change(questionnaire, walk)
    made.append(menu("Change something", "walk.edit/menu", choose))
    made.append(button("As a form", "walk.form", str(walk.id)))
    if not owns:
        return actions(f"walk|{walk.id}|{walk.ask}|review|decide", made)
    made.append(button("Invite", "walk.invite", str(walk.id)))
    made.append(button("Save for later", "walk.save", str(walk.id)))
    sure = (
        "Cancel this draft?",
        "The draft and its answers are put away. Nothing is submitted.",
        "Cancel the draft",
    )
    made.append(button("Cancel", "walk.cancel", str(walk.id), confirm=sure))
    return actions(f"walk|{walk.id}|{walk.ask}|review|decide", made)


def _questions_to_change(questionnaire: Questionnaire, walk: Walk) -> Sequence[dict[str, object]]:
    return [option(q.label, q.id) for q in visible_questions(questionnaire, walk.answers)][:100]

"""What came of an assessment on one page: a sentence, a few bars, what to do next, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.registry import Message, Scene, renders
from bot.views.answers import answer_rows
from bot.views.evaluation import table
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
    escape,
    fields,
    header,
    name,
    plain_text,
    section,
)
from bot.views.say import Said, say
from workflows.evaluation import Evaluation, compared
from workflows.questions import Questionnaire
from workflows.result import FindingResult, Mark, Result, SectionResult
from workflows.results import newest_result, result_of
from workflows.use_case import UseCase
from workflows.walk import Walk

MARKS: dict[Mark, str] = {"good": "🟢", "attention": "🟡", "stop": "⛔"}
_WAYS_ON = 5
"""Buttons for what findings lead to."""
_LISTED = 10
"""Findings that are told."""


@renders("result")
def result_card(scene: Scene, data: dict[str, object]) -> Message:
    """The result of one walk, as it was kept."""
    walk = scene.reading.walk(scene.subject.id)
    questionnaire = scene.program.questionnaires.get(walk.questionnaire) if walk else None
    if walk is None or questionnaire is None:
        raise LookupError(f"walk {scene.subject.id} or its questionnaire is gone")
    use_case = scene.reading.use_case(walk.about) if walk.about else None
    blocks = result_blocks(scene, walk, questionnaire, use_case)
    return Message(text=brief(f"{questionnaire.name}: {kept(scene, walk).headline}"), blocks=blocks)


def kept(scene: Scene, walk: Walk) -> Result:
    """The result that was kept with a walk; worked out anew where there is none yet."""
    questionnaire = scene.program.questionnaires[walk.questionnaire]
    return walk.result or result_of(questionnaire, walk.answers, scene.program, scene.directory)


def result_blocks(
    scene: Scene, walk: Walk, questionnaire: Questionnaire, use_case: UseCase | None
) -> list[Block]:
    """The page."""
    result = kept(scene, walk)
    blocks: list[Block] = [header(questionnaire.name), context(_about(scene, walk, use_case))]
    found = comparison(scene, walk)
    if found is not None:
        blocks += table(scene, found)
    else:
        blocks.append(section(f"{MARKS[result.mark]} *{escape(result.headline)}*"))
        if result.facts:
            blocks.append(fields([(escape(f.label), escape(clip(f.shown, 300))) for f in result.facts]))
    if result.sections:
        blocks.append(section("\n".join(_bar(s) for s in result.sections)))
    blocks += _findings(scene, walk, result.findings)
    blocks.append(actions(f"result|{walk.id}", _buttons(walk, questionnaire)))
    return blocks


def _about(scene: Scene, walk: Walk, use_case: UseCase | None) -> Said:
    result = kept(scene, walk)
    who = Said(name(walk.owner, scene.directory))
    tz = scene.directory.person(scene.reader).tz if scene.reader else "UTC"
    when = day(result.at or walk.touched_at, tz)
    what = use_case.title or str(use_case.id) if use_case else scene.program.company
    text = say(scene, "result_about", title=clip(what, 150), who=who, date=when)
    if result.expires_at is None:
        return text
    key = "result_until" if result.current(scene.now) else "result_ran_out"
    return Said(f"{text} · {say(scene, key, date=day(result.expires_at, tz))}")


def comparison(scene: Scene, walk: Walk) -> Evaluation | None:
    """Of the results of an evaluation: what was found beside what has to be reached; ``None`` for others."""
    rules = scene.program.evaluation
    dossier = scene.reading.dossier(walk.about) if walk.about else None
    if rules is None or dossier is None or rules.results != walk.questionnaire:
        return None
    plan = newest_result(w for w in dossier.walks if w.questionnaire == rules.plan)
    return compared(rules, scene.program, dossier, plan, walk, scene.now)


def mark_of(scene: Scene, walk: Walk) -> Mark:
    """How a result is meant: of an evaluation, whether it passes as compared with its plan."""
    found = comparison(scene, walk)
    if found is None:
        return kept(scene, walk).mark
    return "good" if found.passed else "stop" if found.hurtful else "attention"


def _bar(found: SectionResult) -> str:
    because = f" — {escape('; '.join(found.because))}" if found.because else ""
    return f"`{bar(found.points, found.of)}` *{escape(found.label)}* {escape(found.says)}{clip(because, 260)}"


def _findings(scene: Scene, walk: Walk, findings: Sequence[FindingResult]) -> list[Block]:
    """What to do next, the gravest first, and below it the ways that lead on from there."""
    if not findings:
        return []
    lines = [f"{MARKS[f.mark]} {escape(f.text)}" for f in findings[:_LISTED]]
    if len(findings) > _LISTED:
        lines.append(say(scene, "result_more", count=len(findings) - _LISTED))
    blocks = [section("\n".join([f"*{say(scene, 'result_next')}*", *lines]))]
    ways: dict[str, Element] = {}
    for number, finding in enumerate(findings):
        step = finding.next
        if step and step.text not in ways and len(ways) < _WAYS_ON:
            does = "result.start" if step.questionnaire else "result.read"
            ways[step.text] = button(step.text, f"{does}/{number}", f"{walk.id}|{number}")
    if ways:
        blocks.append(actions(f"result|{walk.id}|next", list(ways.values())))
    return blocks


def _buttons(walk: Walk, questionnaire: Questionnaire) -> list[Element]:
    return [
        button("All answers", "result.answers", str(walk.id)),
        button("Do it again", "walk.open", f"{walk.about}|{questionnaire.id}"),
    ]


def answers_view(scene: Scene, walk: Walk) -> dict[str, Any]:
    """Every answer behind a result, with who gave it where several did, as a modal."""
    questionnaire = scene.program.questionnaires[walk.questionnaire]
    small = say(scene, "result_version", version=walk.program.label)
    return {
        "type": "modal",
        "callback_id": "result",
        "title": plain_text(questionnaire.title, 24),
        "close": plain_text("Close", 24),
        "blocks": [*answer_rows(scene, questionnaire, walk.answers, None), context(small)][:100],
    }

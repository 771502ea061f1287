"""What a decision about a gate rests on: its checklists item by item, and the assessments that were done."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from bot.registry import Scene
from bot.views.case import Case, inline, on_day
from bot.views.kit import Block, clip, context, escape, name, prose, section
from workflows.dossier import Dossier
from workflows.evidence import Check, Evidence
from workflows.expressions import environment, holds
from workflows.questionnaire import shown, visible_questions
from workflows.questions import Question, Questionnaire
from workflows.waiver import Waiver
from workflows.walk import Walk

_MARKS = {"yes": "✅", "no": "⛔", "na": "➖"}
_ITEMS_AT_MOST = 60


def evidence_lines(scene: Scene, case: Case) -> list[Block]:
    """On the card: how much of each checklist is met, one line for each."""
    lines = []
    for sheet, walk in _sheets(scene, case):
        if sheet.kind != "checklist":
            lines.append(f"*{escape(sheet.title)}:* {'done' if walk else 'not done'}")
            continue
        items = _items(sheet, walk)
        waived = [q for q in items if _waived(scene, case, sheet, q)]
        met = [q for q in items if (c := check_of(walk, q)) and c.state != "no" and q not in waived]
        more = f", {len(waived)} waived" if waived else ""
        lines.append(f"*{escape(sheet.title)}:* {len(met)} of {len(items)} met{more}")
    return [section(clip("*Evidence*\n" + "\n".join(lines), 2900))] if lines else []


def evidence_in_full(scene: Scene, case: Case) -> list[Block]:
    """Behind Open: every item with what it rests on, whose that is, and how long it holds."""
    blocks: list[Block] = []
    for sheet, walk in _sheets(scene, case):
        lines = [f"*{escape(sheet.title)}*"]
        questions = visible_questions(sheet, walk.answers) if walk else list(sheet.questions())
        for question in questions[:_ITEMS_AT_MOST]:
            lines += _item(scene, case, sheet, question, walk)
        blocks += prose("\n".join(lines))
        if len(questions) > _ITEMS_AT_MOST:
            blocks.append(context(f"and {len(questions) - _ITEMS_AT_MOST} more"))
    return blocks


def check_of(walk: Walk | None, question: Question) -> Check | None:
    """What was said to an item of a checklist; ``None`` where nothing was."""
    answer = walk.answers.get(question.id) if walk else None
    if answer is None or not isinstance(answer.value, dict):
        return None
    try:
        return Check.model_validate(answer.value)
    except ValidationError:
        return None


def _sheets(scene: Scene, case: Case) -> Iterator[tuple[Questionnaire, Walk | None]]:
    """The questionnaires that the gate demands, each with its walk."""
    gate = scene.program.gates.get(case.approval.gate)
    dossier = scene.reading.dossier(case.use_case.id) if gate and gate.demands else None
    if gate is None or dossier is None:
        return
    seen: set[str] = set()
    for demand in gate.demands:
        sheet = scene.program.questionnaires.get(demand.questionnaire)
        if sheet is None or sheet.id in seen or not _demanded(scene, dossier, demand.when):
            continue
        seen.add(sheet.id)
        yield sheet, dossier.walk_of(sheet.id)


def _demanded(scene: Scene, dossier: Dossier, when: str) -> bool:
    use_case = dossier.use_case
    tier = use_case.assessment.tier.tier if use_case.assessment else None
    return holds(when, {**environment(scene.program.intake, use_case.answers), "tier": tier})


def _items(sheet: Questionnaire, walk: Walk | None) -> list[Question]:
    questions = visible_questions(sheet, walk.answers) if walk else list(sheet.questions())
    return [q for q in questions if q.type == "check"]


def _waived(scene: Scene, case: Case, sheet: Questionnaire, question: Question) -> Waiver | None:
    found = scene.reading.matters(Waiver, use_case=case.use_case.id, statuses=("in_force",))
    return next(
        (w for w in found if (w.checklist, w.control) == (sheet.id, question.id) and w.holds(scene.now)),
        None,
    )


def _item(scene: Scene, case: Case, sheet: Questionnaire, question: Question, walk: Walk | None) -> list[str]:
    label = escape(question.label)
    waiver = _waived(scene, case, sheet, question)
    if waiver:
        return [f"🕓 {label}: waived until {on_day(scene, waiver.expires_at)} ({waiver.id})"]
    answer = walk.answers.get(question.id) if walk else None
    if question.type != "check":
        if answer is None:
            return []
        value = shown(question, answer.value, scene.directory)
        return [f"• {label}: {inline(value, scene.directory, 300)}"]
    check = check_of(walk, question)
    if check is None:
        return [f"▫️ {label}: open"]
    why = f": {inline(check.reason, scene.directory, 300)}" if check.reason else ""
    return [
        f"{_MARKS[check.state]} {label}{why}",
        *(f"      {_piece(scene, piece)}" for piece in check.evidence),
    ]


def _piece(scene: Scene, piece: Evidence) -> str:
    said = inline(piece.text or piece.name or piece.link, scene.directory, 300)
    by = name(piece.owner, scene.directory)
    ends = ""
    if piece.expires_at:
        over = not piece.current(scene.now)
        ends = f", {'expired' if over else 'holds until'} {on_day(scene, piece.expires_at)}"
    return f"{said} ({by}, {on_day(scene, piece.at)}{ends})"

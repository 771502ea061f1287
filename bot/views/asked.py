"""What an approval is asked for, in a few words and at length: a gate, a release, a waiver, a change."""

from __future__ import annotations

from datetime import datetime

from bot.registry import Scene
from bot.views.case import Case, inline, on_day, when
from bot.views.kit import Block, clip, escape, name, section
from bot.views.say import Said, say, words_of
from workflows.approval import Approval
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import shown
from workflows.release import Release
from workflows.waiver import Waiver


def gate_label(gate: str, program: Program) -> str:
    """What a gate is called; its id in words where it has no file."""
    known = program.gates.get(gate)
    return known.label if known else gate.replace("_", " ")


def asked_for(case: Case, program: Program, directory: Directory, day: str = "") -> Said:
    """A phrase for "Dana asks for ...": ``approval for pilot``, ``release 1.5.0``, ``a change of Audience``.

    ``day`` is how the end of a waiver reads to whoever reads this.
    """
    matter = case.matter
    if isinstance(matter, Release):
        return words_of(program, "asks_release", version=inline(matter.version, directory, 80))
    if isinstance(matter, Waiver):
        control = control_label(matter, program)
        until = Said(day) if day else matter.expires_at.date().isoformat()
        return words_of(program, "asks_waiver", control=control, until=until)
    kind = case.approval.kind
    if kind == "change":
        return words_of(program, "asks_change", what=changed_labels(case.approval, program))
    gate = gate_label(case.approval.gate, program)
    if kind == "renewal":
        return words_of(program, "asks_renewal", gate=_lower(gate))
    return words_of(program, "asks_gate", gate=_lower(gate))


def asked_in(scene: Scene, case: Case) -> Said:
    """The same as its reader in this scene says days."""
    day = on_day(scene, case.matter.expires_at) if isinstance(case.matter, Waiver) else ""
    return asked_for(case, scene.program, scene.directory, day)


def _lower(label: str) -> str:
    """In the middle of a sentence; an abbreviation stays as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def gate_phrase(gate: str, program: Program) -> str:
    """A gate in the middle of a sentence: ``pilot``, ``production``."""
    return _lower(gate_label(gate, program))


def changed_now(scene: Scene, case: Case) -> str:
    """What was changed last in the record, by the labels of the questions."""
    labels = {str(q.id): q.label for q in scene.program.intake.questions()}
    last: list[str] = []
    for line in scene.reading.audit(subject=case.use_case.subject):
        if line["action"] == "use_case.changed":
            last = [labels.get(q, q) for q in (line.get("detail") or {}).get("changes", {})]
    return ", ".join(last) or str(case.use_case.id)


def control_label(waiver: Waiver, program: Program) -> str:
    """What the waived control is called on its checklist."""
    sheet = program.questionnaires.get(waiver.checklist)
    known = next((q for q in sheet.questions() if q.id == waiver.control), None) if sheet else None
    return known.label if known else str(waiver.control)


def changed_labels(approval: Approval, program: Program) -> str:
    """The questions whose answers are to change: ``Audience and Autonomy``."""
    known = {q.id: q.label for q in program.intake.questions()}
    labels = [known.get(c.question, str(c.question)) for c in approval.changes]
    if approval.adopts:
        return program.messages["asks_rules"].format_map({"now": approval.adopts.label})
    if not labels:
        return str(approval.use_case)
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def particulars(scene: Scene, case: Case) -> list[Block]:
    """What whoever decides must know of the very thing that is asked, beside the use case itself."""
    matter = case.matter
    lines: list[str] = []
    if isinstance(matter, Release):
        lines = _release(scene, matter)
    elif isinstance(matter, Waiver):
        lines = _waiver(scene, matter)
    elif case.approval.changes or case.approval.adopts:
        lines = _changes(scene, case.approval)
    elif case.approval.renews:
        lines = _since(scene, case)
    gate = scene.program.gates.get(case.approval.gate)
    if gate and not lines:
        lines = [f"*{escape(gate.asks)}*"]
    return [section(clip("\n".join(lines), 2900))] if lines else []


def _since(scene: Scene, case: Case) -> list[str]:
    """What has happened since the approval that is renewed: answers, versions, bad days, waivers."""
    before = scene.reading.approval(str(case.approval.renews))
    dossier = scene.reading.dossier(case.use_case.id)
    if before is None or before.closed_at is None or dossier is None:
        return []
    since = before.closed_at
    labels = {str(q.id): q.label for q in scene.program.intake.questions()}
    changed = [
        labels.get(q, q)
        for line in scene.reading.audit(subject=case.use_case.subject)
        if line["action"] == "use_case.changed" and datetime.fromisoformat(line["at"]) >= since
        for q in (line.get("detail") or {}).get("changes", {})
    ]
    happened = [
        ("Answers changed", ", ".join(dict.fromkeys(changed))),
        (
            "Versions in use",
            ", ".join(r.version for r in dossier.releases if r.live_at and r.live_at >= since),
        ),
        ("Incidents", ", ".join(i.id for i in dossier.incidents if i.opened_at >= since)),
        ("Waivers", ", ".join(w.id for w in dossier.waivers if w.opened_at >= since)),
    ]
    told = [f"{label}: {inline(text, scene.directory, 300)}" for label, text in happened if text]
    head = say(scene, "renewal_since", when=Said(on_day(scene, since)))
    return [head, *(told or [say(scene, "renewal_nothing")])]


def _release(scene: Scene, release: Release) -> list[str]:
    said = (("What changed", release.changed), ("Why", release.why), ("What users notice", release.impact))
    lines = [f"*{label}:* {inline(text, scene.directory, 600)}" for label, text in said if text]
    parts = [f"{part} {inline(value, scene.directory, 80)}" for part, value in release.parts if value]
    return [*lines, f"*Versions:* {', '.join(parts)}"] if parts else lines


def _waiver(scene: Scene, waiver: Waiver) -> list[str]:
    said = (
        ("Why it cannot be met", waiver.justification),
        ("What stands in for it", waiver.compensating),
        ("What may happen", waiver.risk),
    )
    lines = [f"*{label}:* {inline(text, scene.directory, 600)}" for label, text in said if text]
    if waiver.acceptance:
        by = name(waiver.acceptance.by, scene.directory)
        told = inline(waiver.acceptance.words, scene.directory, 400)
        lines.append(f"*Risk accepted by {by}, {when(scene, waiver.acceptance.at)}:* “{told}”")
    else:
        lines.append(str(say(scene, "waiver_not_accepted")))
    return lines


def _changes(scene: Scene, approval: Approval) -> list[str]:
    questions = {q.id: q for q in scene.program.intake.questions()}
    lines = []
    for change in approval.changes:
        question = questions.get(change.question)
        if question is None:
            continue
        before, after = (
            inline(shown(question, a.value, scene.directory), scene.directory, 200) if a else "nothing"
            for a in (change.before, change.after)
        )
        lines.append(f"*{escape(question.label)}:* {before} → {after}")
    if approval.tier_before and approval.tier_before != approval.tier:
        lines.append(f"*Tier:* {approval.tier_before} → {approval.tier}")
    for kept in approval.carried:
        by = name(kept.by, scene.directory)
        lines.append(
            f"✅ {escape(kept.label)}: carried over from {kept.approval}, {by}, {when(scene, kept.at)}"
        )
    return lines

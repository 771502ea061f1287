"""Under a record: how long its approval holds, what is waived, whose rules it goes by, what one can do."""

from __future__ import annotations

from bot.inputs import packed
from bot.policies import policy_of
from bot.registry import Block, Scene, View
from bot.views.asked import control_label, gate_phrase
from bot.views.case import on_day
from bot.views.kit import Element, actions, button, clip, context, escape, plain_text, section
from bot.views.likeness import like_lines
from bot.views.portfolio_forms import lane_button, lane_lines
from bot.views.readiness_forms import move_buttons
from bot.views.say import Said, say
from workflows.adopting import Comparison
from workflows.dossier import Dossier
from workflows.gating import next_gate
from workflows.people import Directory
from workflows.program import Program
from workflows.seeing import UNFINISHED
from workflows.stage_moves import moves_for
from workflows.use_case import UseCase

ADOPT = "rules.adopt"
COMPARE = "rules.compare"


def record_foot(scene: Scene, current: Program, use_case: UseCase) -> list[Block]:
    """The lines and buttons below the record of a use case that was submitted; nothing under a draft."""
    if use_case.stage in UNFINISHED:
        return []
    dossier = scene.reading.dossier(use_case.id)
    lines = (
        [*_until(scene, dossier), *_waived(scene, dossier), *lane_lines(scene, use_case)] if dossier else []
    )
    blocks: list[Block] = [context(clip("\n".join(lines), 1900))] if lines else []
    blocks += _alike(scene, use_case)
    policy = policy_of(scene.reading, current, use_case.program)
    id = str(use_case.id)
    row = [
        button("Who decides what", "who.open/record", id),
        button("Record as PDF", "record.pdf/record", id),
    ]
    stage = next((s for s in scene.program.life_cycle.stages if s.id == use_case.stage), None)
    if stage and stage.open:
        row.insert(0, button("Change an answer", "change.open/record", id))
        row.append(button("Report an incident", "incident.report/record", id))
        row.append(button("Give feedback", "feedback.open/record", id))
    row += [*_on_its_way(scene, dossier), *lane_button(scene, use_case)]
    if policy.frozen:
        label, now = use_case.program.label, current.stamp.label
        blocks.append(context(say(scene, "rules_changed", label=label, now=now)))
        row.append(button("See what would change", f"{COMPARE}/record", id))
    elif policy.lost:
        blocks.append(context(say(scene, "rules_lost")))
    return [*blocks, actions(f"record|{id}", row)]


def _alike(scene: Scene, use_case: UseCase) -> list[Block]:
    lines = like_lines(scene, use_case)
    return [context(clip("\n".join([say(scene, "like_record"), *lines]), 1900))] if lines else []


def _on_its_way(scene: Scene, dossier: Dossier | None) -> list[Element]:
    """What is missing before its next gate, and the moves that this reader may make."""
    if dossier is None or scene.reader is None:
        return []
    ahead = next_gate(dossier, scene.program)
    value = f"{dossier.use_case.id}|{ahead.id}" if ahead else ""
    made = [button("What is missing", "ready.show/record", value)] if ahead else []
    moves = moves_for(scene.reader, dossier, scene.program, scene.directory, scene.now)
    return [*made, *move_buttons(scene, dossier, moves)]


def _until(scene: Scene, dossier: Dossier) -> list[str]:
    """Until when each approval that counts holds."""
    seen: set[str] = set()
    lines = []
    for approval in dossier.approvals:
        if approval.status != "approved" or approval.gate in seen or approval.expires_at is None:
            continue
        seen.add(approval.gate)
        over = approval.expires_at <= scene.now
        key = "approval_over" if over else "approval_until"
        gate = gate_phrase(approval.gate, scene.program)
        lines.append(say(scene, key, gate=gate, until=Said(on_day(scene, approval.expires_at))))
    return list(lines)


def _waived(scene: Scene, dossier: Dossier) -> list[str]:
    return [
        str(
            say(
                scene,
                "waived_until",
                control=control_label(w, scene.program),
                until=Said(on_day(scene, w.expires_at)),
            )
        )
        for w in dossier.waivers
        if w.holds(scene.now)
    ]


def comparison_form(
    program: Program, use_case: UseCase, found: Comparison, directory: Directory, may_adopt: bool
) -> View:
    """What the newer rules would mean, gate by gate; for an owner with the button that takes them over."""
    texts = program.messages
    head = texts["rules_compare"].format_map(
        {"title": escape(use_case.title), "label": escape(found.since.label), "now": escape(found.now.label)}
    )
    lines = []
    if found.tier != found.tier_before:
        lines.append(f"*Tier:* {found.tier_before} → *{found.tier}*")
    for gate in found.gates:
        lines.append(f"*{escape(gate.label)}*")
        for sign, names in (
            ("+ asks", gate.seats_more),
            ("– no longer asks", gate.seats_less),
            ("+ demands", gate.items_more),
            ("– no longer demands", gate.items_less),
        ):
            if names:
                lines.append(f"{sign}: {escape(', '.join(names))}")
    if found.missing:
        lines.append(f"*Questions that are new:* {escape(', '.join(found.missing))}")
    if not lines:
        lines.append(texts["rules_same"])
    blocks: list[Block] = [section(head), section(clip("\n".join(lines), 2900))]
    view: View = {
        "type": "modal",
        "callback_id": ADOPT,
        "private_metadata": packed(use_case=use_case.id, now=found.now.hash),
        "title": plain_text("Newer rules", 24),
        "close": plain_text("Close", 24),
        "blocks": [*blocks, context(texts["rules_how"])],
    }
    if may_adopt:
        view["submit"] = plain_text("Adopt them", 24)
    return view

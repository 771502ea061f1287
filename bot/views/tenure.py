"""What is told of an approval that ends, and of one in which an answer changed under a decision."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.asked import changed_now, gate_phrase
from bot.views.case import case_of, on_day
from bot.views.kit import actions, brief, button, named, section
from bot.views.say import Said, say
from workflows.renewing import renewal_under_way
from workflows.standing import awaited


@renders("tenure")
def tenure(scene: Scene, data: dict[str, object]) -> Message:
    """An approval ends soon, or has ended; and where its renewal is."""
    case = case_of(scene)
    approval = case.approval
    dossier = scene.reading.dossier(case.use_case.id)
    renewal = renewal_under_way(approval, dossier) if dossier else None
    who = awaited(renewal, scene.directory) if renewal else ()
    values = {
        "title": case.title,
        "id": case.use_case.id,
        "gate": gate_phrase(approval.gate, scene.program),
        "until": Said(on_day(scene, approval.expires_at) if approval.expires_at else ""),
    }
    key = "tenure_ended" if data.get("what") == "ended" else "tenure_ends_soon"
    where = (
        say(scene, "tenure_renewal", who=Said(named(who, scene.directory)))
        if renewal
        else say(scene, "tenure_no_renewal")
    )
    text = Said(f"{say(scene, key, **values)} {where}")
    look = button("Open", "approval.open", f"{(renewal or approval).id}|")
    return Message(text=brief(text), blocks=[section(text), actions(f"tenure|{approval.id}", [look])])


@renders("asked_again")
def asked_again(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever decided: an answer changed on which it rested, so they are asked once more."""
    case = case_of(scene)
    text = say(scene, "asked_again", title=case.title, id=case.use_case.id, what=changed_now(scene, case))
    value = f"{case.approval.id}|{data.get('seat')}"
    look = button("Look again", "approval.open", value, style="primary")
    return Message(text=brief(text), blocks=[section(text), actions(f"again|{value}", [look])])

"""To the program team: what the clock forgot, and that it was put right."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.kit import at, brief, prose
from bot.views.say import Said, say
from workflows.approval import Approval
from workflows.auditing import Overlooked


@renders("overlooked")
def overlooked(scene: Scene, data: dict[str, object]) -> Message:
    """What should have been told and was not, each in a line."""
    given = data.get("found")
    found = [Overlooked.model_validate(one) for one in given] if isinstance(given, list) else []
    head = say(scene, "overlooked", many=str(data.get("all") or len(found)))
    lines = [f"• {_line(scene, one)}" for one in found]
    text = "\n".join([head, *lines])
    return Message(text=brief(head), blocks=prose(text))


def _line(scene: Scene, one: Overlooked) -> str:
    since = Said(at(one.since))
    approval = scene.reading.get(Approval, one.subject.id) if one.subject.type == "approval" else None
    if approval is None:
        return say(scene, "overlooked_other", what=one.subject.id, since=since)
    use_case = scene.reading.use_case(approval.use_case)
    seat = approval.seat(one.item)
    label = seat.label if seat else one.item
    title = use_case.title if use_case else str(approval.use_case)
    return say(scene, f"overlooked_{one.kind}", title=title, label=label, since=since)

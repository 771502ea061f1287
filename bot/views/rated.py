"""The quiet word after a rating."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.kit import actions, brief, button, prose
from bot.views.say import say


@renders("rated")
def rated(scene: Scene, data: dict[str, object]) -> Message:
    """Thanks, seen by nobody else; whoever was not helped may say what was missing."""
    text = say(scene, "rated_helpful" if data.get("helpful") else "rated_unhelpful")
    blocks = prose(text)
    if not data.get("helpful") and not data.get("explained"):
        value = f"{scene.subject.id}|{data.get('of', 'playbook')}"
        blocks.append(actions("rated", [button("Say what was missing", "rating.why", value)]))
    return Message(text=brief(text), blocks=blocks)

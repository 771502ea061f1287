"""The quiet word after a rating."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.kit import brief, prose
from bot.views.say import say


@renders("rated")
def rated(scene: Scene, data: dict[str, object]) -> Message:
    """Thanks, seen by nobody else; whoever was not helped may say what was missing."""
    text = say(scene, "rated_helpful" if data.get("helpful") else "rated_unhelpful")
    return Message(text=brief(text), blocks=prose(text))

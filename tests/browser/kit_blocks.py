"""Blocks in few words, for the app of the kit."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def option(text: str, value: str | None = None) -> Json:
    """An option whose value is its text unless given."""
    return {"text": plain(text), "value": value or text.lower()}


def button(text: str, action_id: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": action_id, **more}


def section(text: str, **more: Any) -> Json:
    """A section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    """An input block; its element's action id is "value"."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "value", **element},
        **more,
    }

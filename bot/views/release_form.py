"""The forms of a release: putting one forward, saying why, and why it will not happen again."""

from __future__ import annotations

from typing import Any

from bot.inputs import packed
from bot.registry import Block, View
from bot.views.kit import clip, option, plain_text
from bot.views.release import PART_LABELS
from workflows.dossier import Dossier
from workflows.release import PARTS, Release
from workflows.releasing import next_version

_LONG, _SHORT = 2000, 200


def release_form(dossier: Dossier) -> View:
    """A new version, with the parts of the one in use filled in."""
    live = dossier.live
    use_case = dossier.use_case
    parts = [
        _field(
            part,
            PART_LABELS[part],
            start=getattr(live.parts, part) if live else "",
            optional=True,
        )
        for part in PARTS
    ]
    blocks: list[Block] = [
        {
            "type": "section",
            "text": {"type": "plain_text", "text": clip(use_case.title or str(use_case.id), 300)},
        },
        _field("version", "Version", start=next_version(dossier)),
        _field("changed", "What changed?", long=True),
        _field("why", "Why?", long=True),
        _field("impact", "What will users notice?", long=True),
        *parts,
    ]
    if live:
        blocks.append(_another_model())
    blocks.append(_field("link", "Link to the notes", optional=True, limit=1000))
    return {
        "type": "modal",
        "callback_id": "release.propose",
        "private_metadata": packed(use_case=use_case.id),
        "title": plain_text("New version", 24),
        "submit": plain_text("Put it forward", 24),
        "close": plain_text("Cancel", 24),
        "blocks": blocks,
    }


def why_form(release: Release) -> View:
    """Why it was stopped or rolled back."""
    return _one_question("release.why", f"{release.version}: why?", release, "why", "Why?")


def restart_form(release: Release) -> View:
    """The sentence that a restart begins with."""
    ask = "Why will it not happen again tomorrow?"
    return _one_question("release.restart", "Start again", release, "why", ask)


def _one_question(callback: str, title: str, release: Release, block: str, ask: str) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": packed(release=release.id),
        "title": plain_text(title, 24),
        "submit": plain_text("Send", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [_field(block, ask, long=True, limit=500)],
    }


def _another_model() -> Block:
    same = option("A newer version of the same model, or the same", "same")
    other = option("Another model", "other")
    return {
        "type": "input",
        "block_id": "another_model",
        "label": plain_text("The model is", 2000),
        "element": {
            "type": "radio_buttons",
            "action_id": "another_model",
            "options": [same, other],
            "initial_option": same,
        },
    }


def _field(
    block: str, label: str, start: str = "", long: bool = False, optional: bool = False, limit: int = 0
) -> Block:
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": block,
        "multiline": long,
        "max_length": limit or (_LONG if long else _SHORT),
    }
    if start:
        element["initial_value"] = start
    return {
        "type": "input",
        "block_id": block,
        "optional": optional,
        "label": plain_text(label, 2000),
        "element": element,
    }

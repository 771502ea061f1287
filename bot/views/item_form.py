"""An item of a checklist in a form: yes, no or does not apply, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.views.kit import Block, clip, escape, option, plain_text, section
from workflows import checking
from workflows.evidence import Check
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Question
from workflows.walk import Walk

_STATES = (("Yes", "yes"), ("No", "no"), ("Does not apply", "na"))
_EVIDENCE_SHOWN = 6


def item_inputs(
    program: Program, question: Question, walk: Walk | None, directory: Directory, whole: bool
) -> list[Block]:
    """The fields of one item. ``whole``: each kind of evidence has its own, else they share one."""
    kept = walk.answers.get(question.id) if walk else None
    check = Check.model_validate(kept.value) if kept else None
    claim = walk.claim if walk and walk.asking == question.id else None
    state = claim.state if claim and claim.state else check.state if check else None
    options = [option(label, value) for label, value in _STATES]
    choice: dict[str, Any] = {"type": "radio_buttons", "action_id": "state", "options": options}
    if state is not None:
        choice["initial_option"] = next(o for o in options if o["value"] == state)
    blocks: list[Block] = []
    if whole and check and check.evidence:
        told = [checking.evidence_in_words(e, directory) for e in check.evidence[-_EVIDENCE_SHOWN:]]
        blocks.append(section("\n".join(f"• {escape(t)}" for t in told)))
    first = _input(f"q|{question.id}", question.ask, choice)
    if question.help:
        first["hint"] = plain_text(question.help, 2000)
    blocks.append(first)
    demand = question.evidence
    shows = demand.help if demand else ""
    kinds = demand.kinds if demand else ("text", "link", "file", "metric")
    if not whole:
        hint = shows or "A sentence, a figure or a link; or why it does not apply."
        blocks.append(_text(question, "words", f"{question.label}: what shows it, or why not", hint))
    else:
        reason = check.reason if check else ""
        said = _text(question, "reason", "Reason, if it is no or does not apply", "", reason)
        said["element"]["multiline"] = False
        blocks.append(said)
        if "text" in kinds or "metric" in kinds:
            label = "What shows it, in words" if "text" in kinds else "What shows it, in figures"
            blocks.append(_text(question, "text", label, shows))
        if "link" in kinds:
            link = {"type": "plain_text_input", "action_id": "link", "max_length": 1000}
            blocks.append(_input(f"q|{question.id}|link", "A link to it", link))
    if "file" in kinds:
        label = "Files" if whole else f"{question.label}: files"
        file = {"type": "file_input", "action_id": "file", "max_files": 5}
        blocks.append(_input(f"q|{question.id}|file", label, file))
    return blocks


def item_field(block: str, question: Question, elements: Mapping[str, Any]) -> dict[str, Any]:
    """What one of these blocks holds, under the name that the rule knows it by."""
    value = next(iter(elements.values()), None)
    part = block.removeprefix(f"q|{question.id}").lstrip("|")
    if part == "file":
        return {"files": [{"id": f.id, "name": f.name, "link": f.link} for f in value or ()]}
    return {part or "state": value}


def _text(question: Question, part: str, label: str, hint: str, initial: str = "") -> Block:
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": part,
        "multiline": True,
        "max_length": checking.TEXT_AT_MOST,
    }
    if initial:
        element["initial_value"] = clip(initial, checking.TEXT_AT_MOST)
    block = _input(f"q|{question.id}|{part}", label, element)
    if hint:
        block["hint"] = plain_text(hint, 2000)
    return block


def _input(block: str, label: str, element: dict[str, Any]) -> Block:
    return {
        "type": "input",
        "block_id": block,
        "label": plain_text(label, 2000),
        "optional": True,
        "element": element,
    }

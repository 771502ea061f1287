"""The modals around data contracts: a version, who relies on it, a breach and its end, an objection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.inputs import packed
from bot.views.approval_forms import text_field
from bot.views.breach import about
from bot.views.kit import Block, Element, clip, escape, option, plain_text, prose
from workflows.contract import Breach, Contract, ContractVersion, Layer
from workflows.contracting import REASON_AT_MOST
from workflows.program_errors import ProgramError
from workflows.use_case import UseCase

View = dict[str, Any]
_IN_A_FIELD = 3000
_OPTIONS = 100

KINDS: dict[str, tuple[Layer, str, str]] = {
    "late": ("behavioural", "latency", "It is late or stale"),
    "incomplete": ("behavioural", "completeness", "Rows or values are missing"),
    "errors": ("behavioural", "errorrate", "Too many values are wrong"),
    "form": ("structural", "", "A field, type or value is not as agreed"),
    "meaning": ("semantic", "", "A value does not mean what was agreed"),
    "other": ("behavioural", "", "Something else"),
}
"""What people choose from when they report: what layer and which promise it is, and how it is said."""


def contract_form(contract: Contract | None) -> View:
    """The text of a contract, or of a new version of this one."""
    hint = (
        "YAML in the terms of the Open Data Contract Standard. Longer than 3,000 characters? Send it to me "
        "as a file."
    )
    field = text_field("text", "The contract", hint)
    field["element"]["max_length"] = _IN_A_FIELD
    if contract and len(contract.current.text) <= _IN_A_FIELD:
        field["element"]["initial_value"] = contract.current.text
    title = "New version" if contract else "Data contract"
    return _form("contract.submit", title, "Submit", {"contract": contract.id if contract else ""}, [field])


def faults(errors: Sequence[ProgramError], intro: str) -> str:
    """What is wrong with a contract, a line each, as plain text."""
    lines = [f"• line {e.line}{f', {e.field}' if e.field else ''}: {e.problem}. {e.fix}" for e in errors[:12]]
    more = [f"• and {len(errors) - 12} more"] if len(errors) > 12 else []
    return "\n".join([intro, *lines, *more])


def rely_form(contract: Contract, able: Sequence[UseCase], suggested: Sequence[str], ask: str) -> View:
    """Which use case relies on it; those that seem to are first, and the first of them is chosen."""
    order = sorted(able, key=lambda u: (u.id not in suggested, u.title.casefold()))
    options = [option(clip(u.title or str(u.id), 75), str(u.id), str(u.id)) for u in order[:_OPTIONS]]
    menu: Element = {
        "type": "static_select",
        "action_id": "use_case",
        "placeholder": plain_text("Choose", 150),
        "options": options,
    }
    if order and order[0].id in suggested:
        menu["initial_option"] = options[0]
    field = {"type": "input", "block_id": "use_case", "label": plain_text(ask, 2000), "element": menu}
    return _form("contract.rely", "We rely on it", "Say so", {"contract": contract.id}, [field])


def object_form(contract: Contract, version: ContractVersion) -> View:
    """What speaks against a version; its owner reads it."""
    text = text_field("reason", "What speaks against it?", "Whoever answers for the data reads it.")
    text["element"]["max_length"] = REASON_AT_MOST
    private = {"contract": contract.id, "version": version.version}
    return _form("contract.object", "Object", "Send", private, [text])


def breach_form(contracts: Sequence[Contract], chosen: Contract | None, said: str, kind: str = "") -> View:
    """What is broken, in four answers."""
    options = [option(clip(c.title, 75), str(c.id), clip(c.name, 75)) for c in contracts[:_OPTIONS]]
    which: Element = {
        "type": "static_select",
        "action_id": "contract",
        "placeholder": plain_text("Choose", 150),
        "options": options,
    }
    first = [o for o in options if chosen and o["value"] == chosen.id]
    if first:
        which["initial_option"] = first[0]
    kinds = [option(label, id) for id, (_, _, label) in KINDS.items()]
    what: Element = {"type": "radio_buttons", "action_id": "kind", "options": kinds}
    what["initial_option"] = next((k for k in kinds if k["value"] == kind), kinds[0])
    bad = [
        option("High: results are wrong or missing", "high"),
        option("Medium: it shows, and can be worked around", "medium"),
        option("Low: nobody is hurt by it yet", "low"),
    ]
    severity: Element = {
        "type": "static_select",
        "action_id": "severity",
        "options": bad,
        "initial_option": bad[1],
    }
    words = text_field("what", "What did you see?", "Which field, since when, how many rows.")
    if said:
        words["element"]["initial_value"] = clip(said, _IN_A_FIELD)
    blocks: list[Block] = [
        _input("contract", "Which data?", which),
        _input("kind", "What is it?", what),
        {
            **_input("field", "Which field, if it is about one?", {"type": "plain_text_input"}),
            "optional": True,
        },
        words,
        _input("severity", "How bad is it?", severity),
    ]
    blocks[2]["element"] |= {"action_id": "field", "max_length": 120}
    return _form("breach.report", "Report a breach", "Report", {}, blocks)


def close_form(contract: Contract, breach: Breach) -> View:
    """Why it is over."""
    head = prose(f"*{escape(clip(contract.title, 100))}*: {about(breach)}")
    reason = text_field("reason", "Why is it over?", "Those who rely on the data read it.")
    private = {"contract": contract.id, "breach": breach.id}
    return _form("breach.close", "Close the breach", "Close it", private, [*head, reason])


def _input(block: str, label: str, element: Element) -> Block:
    return {"type": "input", "block_id": block, "label": plain_text(label, 2000), "element": element}


def _form(callback: str, title: str, submit: str, private: dict[str, str], blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": packed(**private),
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Cancel", 24),
        "blocks": blocks,
    }

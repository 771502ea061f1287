"""View objects: modals and the Home tab."""

from __future__ import annotations

import json
from typing import Any

from sandbox.validate.blocks import check_blocks
from sandbox.validate.check import Findings, anything, boolean, obj, string
from sandbox.validate.objects import plain

VIEW_BYTES = 250 * 1024

_shared = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_modal = obj(
    {"type": anything, "title": plain(24), "blocks": anything},
    {
        **_shared,
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_home = obj({"type": anything, "blocks": anything}, _shared)


def view_problems(view: Any, kind: str) -> list[str]:
    """What is wrong with a view that is to be shown as ``modal`` or ``home``: empty when nothing is."""
    findings = Findings(surface=kind)
    if not isinstance(view, dict):
        findings.add("/view", "must be an object")
        return findings.problems
    if view.get("type") != kind:
        findings.add("/view/type", f"must be one of: {kind}")
    (_modal if kind == "modal" else _home)(view, "/view", findings)
    blocks = view.get("blocks")
    if blocks is not None:
        check_blocks(blocks, "/view/blocks", findings)
    has_input = isinstance(blocks, list) and any(
        isinstance(b, dict) and b.get("type") == "input" for b in blocks
    )
    if kind == "modal" and has_input and not view.get("submit"):
        findings.add("/view", "missing required field: submit")
    return findings.problems


def too_large(view: Any) -> bool:
    """Whether a view is over Slack's 250 kB."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES

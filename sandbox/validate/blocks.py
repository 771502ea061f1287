"""Layout blocks, and what must hold for all blocks of a message or view together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandbox.validate.check import Check, Findings, anything, boolean, by_type, list_of, obj, one_of, string
from sandbox.validate.elements import button, image, in_actions, in_context_actions, in_input, in_section
from sandbox.validate.objects import identifier, plain, slack_file, text, url
from sandbox.validate.rich_text import data_table, rich_text, table

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_BLOCK_TEXT = 13_200
"""Characters of all blocks' text in a message: beyond, Slack answers ``msg_blocks_too_long``."""
MARKDOWN_TEXT = 12_000

_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HEADING = re.compile(r" {0,3}#{1,6}(\s|$)")
_RULE = re.compile(r" {0,3}([-*_])(\s*\1){2,}\s*$")
_MESSAGE_ONLY = frozenset(
    {"markdown", "file", "table", "context_actions", "task_card", "plan", "card", "carousel"}
)


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None, *also: Any) -> Check:
    return obj({"type": anything, **required}, {"block_id": identifier, **(optional or {})}, also=also)


def _text_or_fields(value: dict[str, Any], at: str, findings: Findings) -> None:
    if not value.get("text") and not value.get("fields"):
        findings.add(at, "must provide at least one of: text, fields")


def _one_image_source(value: dict[str, Any], at: str, findings: Findings) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        findings.add(at, "must provide exactly one of: image_url, slack_file")


def _card_says_something(value: dict[str, Any], at: str, findings: Findings) -> None:
    if not any(value.get(name) for name in ("hero_image", "title", "actions", "body")):
        findings.add(at, "must provide at least one of: hero_image, title, actions, body")


def _in_context(value: Any, at: str, findings: Findings) -> None:
    is_image = isinstance(value, dict) and value.get("type") == "image"
    (image if is_image else text(3000))(value, at, findings)


_source = obj({"type": one_of("url"), "url": url}, {"text": string(500)})
_task: dict[str, Check] = {
    "details": rich_text,
    "output": rich_text,
    "sources": list_of(_source, 50, least=0),
    "status": one_of("pending", "in_progress", "complete", "error"),
    "icon": anything,
    "hide_title": boolean,
}
task_card = _block({"task_id": string(255), "title": string(1000)}, _task)
card = _block(
    {},
    {
        "hero_image": image,
        "icon": image,
        "slack_icon": anything,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": list_of(button, 5),
    },
    _card_says_something,
)

_KINDS: dict[str, Check] = {
    "section": _block(
        {},
        {
            "text": text(3000),
            "fields": list_of(text(2000), 10),
            "accessory": in_section,
            "expand": boolean,
        },
        _text_or_fields,
    ),
    "header": _block({"text": plain(150)}, {"level": anything}),
    "divider": _block({}),
    "context": _block({"elements": list_of(_in_context, 10)}),
    "actions": _block({"elements": list_of(in_actions, 25)}),
    "input": _block(
        {"label": plain(2000), "element": in_input},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": _block(
        {"alt_text": string(2000)},
        {"image_url": url, "slack_file": slack_file, "title": plain(2000)},
        _one_image_source,
    ),
    "markdown": _block({"text": string(MARKDOWN_TEXT)}),
    "rich_text": rich_text,
    "file": _block({"external_id": string(255), "source": one_of("remote")}),
    "video": _block(
        {"alt_text": string(2000), "title": plain(199), "thumbnail_url": url, "video_url": url},
        {
            "author_name": string(49),
            "description": plain(2000),
            "provider_icon_url": url,
            "provider_name": string(200),
            "title_url": url,
        },
    ),
    "table": table,
    "data_table": data_table,
    "data_visualization": _block({"title": string(50), "chart": anything}),
    "context_actions": _block({"elements": list_of(in_context_actions, 5)}),
    "task_card": task_card,
    "plan": _block({"title": string(1000)}, {"tasks": list_of(task_card, 50, least=0)}),
    "card": card,
    "carousel": _block({"elements": list_of(card, 10)}),
    "alert": _block(
        {"text": text(2000)}, {"level": one_of("default", "info", "warning", "error", "success")}
    ),
}


def _in_container(value: Any, at: str, findings: Findings) -> None:
    by_type(_KINDS)(value, at, findings)


_KINDS["container"] = _block(
    {"child_blocks": list_of(_in_container, 10)},
    {
        "title": plain(150),
        "rich_text_title": rich_text,
        "subtitle": text(150),
        "width": one_of("narrow", "standard", "wide", "full"),
        "icon": image,
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
)
_any_block = by_type(_KINDS)


def check_blocks(blocks: Any, at: str, findings: Findings) -> None:
    """Check the blocks of a message or view, each for itself and all together."""
    most = MESSAGE_BLOCKS if findings.surface == "message" else VIEW_BLOCKS
    list_of(_any_block, most, least=0)(blocks, at, findings)
    if not isinstance(blocks, list):
        return
    ids: set[str] = set()
    tables = 0
    markdown = 0
    expanded = 0
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        kind = str(block.get("type"))
        if (findings.surface != "message" and kind in _MESSAGE_ONLY) or (
            kind == "alert" and findings.surface != "modal"
        ):
            findings.add(f"{at}/{index}/type", f"unsupported type: {kind}")
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in ids:
                findings.add(
                    f"{at}/{index}/block_id", f'`block_id` "{block_id}" already exists for another block'
                )
            ids.add(block_id)
        _check_action_ids(block, f"{at}/{index}", findings)
        tables += kind == "table"
        if kind == "markdown" and isinstance(block.get("text"), str):
            markdown += len(block["text"])
            expanded += markdown_parts(block["text"]) - 1
    if findings.surface == "message" and len(blocks) <= most < len(blocks) + expanded:
        findings.add(at, f"no more than {most} items allowed")
    if tables > 1:
        findings.add(at, "only_one_table_allowed")
    if markdown > MARKDOWN_TEXT:
        findings.add(at, f"markdown text must be less than {MARKDOWN_TEXT + 1} characters in all")


def markdown_parts(text: str) -> int:
    """Blocks that Slack makes of one markdown block: each heading, each rule, each run of text between."""
    parts, in_run, fence = 0, False, ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark and (not fence or mark.group(1).startswith(fence)):
            fence = "" if fence else mark.group(1)[:3]
        if not fence and not mark and (_HEADING.match(line) or _RULE.match(line)):
            parts, in_run = parts + 1, False
        elif line.strip() and not in_run:
            parts, in_run = parts + 1, True
    return max(parts, 1)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def elements_of(block: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The interactive elements of a block, each with its place inside the block."""
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield f"/{name}", block[name]
    for name in ("elements", "actions"):
        for index, element in enumerate(_list(block.get(name))):
            if isinstance(element, dict):
                yield f"/{name}/{index}", element
                if element.get("type") == "card":
                    for place, inner in elements_of(element):
                        yield f"/{name}/{index}{place}", inner
    for index, child in enumerate(_list(block.get("child_blocks"))):
        if isinstance(child, dict):
            for place, inner in elements_of(child):
                yield f"/child_blocks/{index}{place}", inner


def _check_action_ids(block: dict[str, Any], at: str, findings: Findings) -> None:
    seen: set[str] = set()
    for place, element in elements_of(block):
        action_id = element.get("action_id")
        if not isinstance(action_id, str):
            continue
        if action_id in seen:
            findings.add(
                f"{at}{place}/action_id", f'`action_id` "{action_id}" already exists for another element'
            )
        seen.add(action_id)


def text_length(node: Any) -> int:
    """Characters of all text in blocks, however deep."""
    if isinstance(node, dict):
        own = node.get("text")
        total = len(own) if isinstance(own, str) else 0
        return total + sum(
            text_length(v) for k, v in node.items() if not (k == "text" and isinstance(v, str))
        )
    if isinstance(node, list):
        return sum(text_length(entry) for entry in node)
    return 0

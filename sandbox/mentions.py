"""Live markup: which parts of a message ping somebody, and what typed text becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MARKUP = re.compile(r"<(?:@([UW][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+)|!(here|channel|everyone))(?:\|[^<>]*)?>")
_KEPT = re.compile(
    r"<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+|!subteam\^S[A-Z0-9]+|!(?:here|channel|everyone))(?:\|[^<>]*)?>"
)
_BROADCAST = re.compile(r"(?<![\w@.])@(here|channel|everyone)\b")
_LINK = re.compile(r"https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"]")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NAME = re.compile(r"(?<![\w@])@([a-z0-9][a-z0-9._-]*)")


@dataclass(frozen=True, slots=True)
class Mention:
    """One piece of live markup."""

    kind: str
    """``mention``, ``usergroup``, ``here``, ``channel`` or ``everyone``."""
    target: str
    """The markup as written, ``<@U...>``."""
    id: str
    """User or group id; empty for a broadcast."""
    where: str
    """``text`` or ``blocks``."""


def live_mentions(text: str, blocks: list[dict[str, Any]] | None) -> list[Mention]:
    """Every piece of live markup in a message's text and blocks, each target once."""
    found = list(_in_text(text, "text"))
    found.extend(_in_blocks(blocks or []))
    return list({(m.kind, m.id): m for m in reversed(found)}.values())[::-1]


def _in_text(text: str, where: str) -> Iterator[Mention]:
    for match in _MARKUP.finditer(text):
        user, group, broadcast = match.groups()
        kind = "mention" if user else "usergroup" if group else broadcast
        yield Mention(kind, match.group(0), user or group or "", where)


def _in_blocks(node: Any) -> Iterator[Mention]:
    if isinstance(node, list):
        for entry in node:
            yield from _in_blocks(entry)
        return
    if not isinstance(node, dict):
        return
    kind = node.get("type")
    if kind in ("mrkdwn", "markdown"):
        yield from _in_text(str(node.get("text", "")), "blocks")
    elif kind == "user" and "user_id" in node:
        yield Mention("mention", f"<@{node['user_id']}>", str(node["user_id"]), "blocks")
    elif kind == "usergroup" and "usergroup_id" in node:
        group = str(node["usergroup_id"])
        yield Mention("usergroup", f"<!subteam^{group}>", group, "blocks")
    elif kind == "broadcast" and "range" in node:
        yield Mention(str(node["range"]), f"<!{node['range']}>", "", "blocks")
    for value in node.values():
        if isinstance(value, (dict, list)):
            yield from _in_blocks(value)


def escape(text: str) -> str:
    """Slack's three escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_typed(text: str) -> str:
    """What Slack's client sends for a text that a person typed into the composer."""
    parts: list[str] = []
    at = 0
    for match in _KEPT.finditer(text):
        parts.append(_typed_part(text[at : match.start()]))
        parts.append(match.group(0))
        at = match.end()
    parts.append(_typed_part(text[at:]))
    return "".join(parts)


def _typed_part(text: str) -> str:
    text = _BROADCAST.sub(r"<!\1>", escape(text))
    text = _LINK.sub(lambda m: f"<{m.group(0)}>", text)
    return _MAIL.sub(lambda m: f"<mailto:{m.group(0)}|{m.group(0)}>", text)


def link_names(text: str, users: dict[str, str], groups: dict[str, str]) -> str:
    """What ``link_names`` or ``parse=full`` does: ``@name`` becomes live. Both maps go from name to id."""

    def link(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in ("here", "channel", "everyone"):
            return f"<!{name}>"
        if name in users:
            return f"<@{users[name]}>"
        if name in groups:
            return f"<!subteam^{groups[name]}>"
        return match.group(0)

    return _NAME.sub(link, text)


_TOKEN = re.compile(r"<([^<>]+)>")


def as_rich_text(text: str, block_id: str) -> list[dict[str, Any]]:
    """The ``rich_text`` block that Slack's client sends beside a person's text."""
    elements: list[dict[str, Any]] = []
    at = 0
    for match in _TOKEN.finditer(text):
        _add_text(elements, text[at : match.start()])
        elements.append(_rich_piece(match.group(1)))
        at = match.end()
    _add_text(elements, text[at:])
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]


def _add_text(elements: list[dict[str, Any]], text: str) -> None:
    if text:
        plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        elements.append({"type": "text", "text": plain})


def _rich_piece(token: str) -> dict[str, Any]:
    body, _, label = token.partition("|")
    if body.startswith("@"):
        return {"type": "user", "user_id": body[1:]}
    if body.startswith("#"):
        return {"type": "channel", "channel_id": body[1:]}
    if body.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": body[9:]}
    if body.startswith("!"):
        return {"type": "broadcast", "range": body[1:]}
    return {"type": "link", "url": body, **({"text": label} if label else {})}

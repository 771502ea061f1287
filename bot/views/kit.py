"""Block Kit in a few words: blocks, elements and texts that always fit Slack's limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows.ids import UserId
from workflows.people import Directory

Block = dict[str, Any]
Element = dict[str, Any]

SECTION = 3000
BUTTON = 75
BLOCKS_IN_MESSAGE = 50
TEXT_IN_MESSAGE = 13_000
"""Slack's measured limit is about 13,200 characters over all blocks; a little is left free."""

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """Anything a person wrote, harmless in mrkdwn: no live mention, no link, no turned-around text."""
    return _CONTROL.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def words(text: str, directory: Directory) -> str:
    """What a person wrote, escaped, with mentions of people as plain names that notify nobody."""
    return escape(unmentioned(text, directory))


def unmentioned(text: str, directory: Directory) -> str:
    """What a person wrote as plain text, with names in place of mentions."""
    return _MENTION.sub(lambda m: f"@{directory.person(UserId(m[1])).name}", text)


def bare(text: str) -> str:
    """Our own mrkdwn as plain text, for buttons, titles and the fallback text of a message."""
    text = re.sub(r"<(?:https?|mailto|!date)[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"[*_~`]", "", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def brief(text: str) -> str:
    """The fallback text of a message: plain, and no longer than a notification can use."""
    return clip(bare(text), SECTION)


def clip(text: str, limit: int) -> str:
    """At most ``limit`` characters; what is left out is marked by an ellipsis, entities stay whole."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return re.sub(r"&[a-z]*$", "", cut).rstrip() + "…"


def name(user: UserId, directory: Directory) -> str:
    """A person's full name, escaped."""
    return escape(directory.person(user).name)


def named(users: Iterable[UserId], directory: Directory, last: str = "or") -> str:
    """``Priya Shah or Tom Becker``."""
    return listed([name(u, directory) for u in users], last)


def listed(names: Sequence[str], last: str = "or") -> str:
    """Names as one says them, each escaped already."""
    if not names:
        return "nobody"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def ordinal(number: int) -> str:
    """``1st``, ``22nd``, ``13th``."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def zone(tz: str) -> ZoneInfo:
    """The zone of that name, or UTC where it does not exist."""
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def at(moment: datetime, form: str = "{date_short_pretty} at {time}") -> str:
    """A moment that each reader's Slack shows in their own zone."""
    spoken = moment.astimezone(ZoneInfo("UTC")).strftime("%-d %b %Y, %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{form}|{spoken}>"


def clock(moment: datetime, tz: str) -> str:
    """``09:12`` in one reader's zone."""
    return moment.astimezone(zone(tz)).strftime("%H:%M")


def day(when: date | datetime, tz: str = "UTC") -> str:
    """``30 June 2027``."""
    if isinstance(when, datetime):
        when = when.astimezone(zone(tz)).date()
    return f"{when.day} {when:%B %Y}"


def plain_text(text: str, limit: int) -> dict[str, Any]:
    """A plain_text object, clipped."""
    return {"type": "plain_text", "text": clip(text, limit) or " ", "emoji": True}


def mrkdwn(text: str, limit: int = SECTION) -> dict[str, Any]:
    """A mrkdwn object, clipped; long texts go through :func:`prose` instead."""
    return {"type": "mrkdwn", "text": clip(text, limit) or " "}


def section(text: str, accessory: Element | None = None, block_id: str = "") -> Block:
    """One section; text beyond 3,000 characters is clipped visibly."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory:
        block["accessory"] = accessory
    if block_id:
        block["block_id"] = block_id[:255]
    return block


def prose(text: str) -> list[Block]:
    """As many sections as the text needs, split at lines or words: nothing is lost."""
    return [section(part) for part in parts(text, SECTION)]


def parts(text: str, limit: int) -> list[str]:
    """The text in pieces of at most ``limit`` characters, split at a line, else a word, else anywhere."""
    pieces = []
    while len(text) > limit:
        cut = max(text.rfind("\n", 1, limit), 0) or max(text.rfind(" ", 1, limit), 0) or limit
        amp = text.rfind("&", max(cut - 5, 1), cut)
        if amp > 0 and ";" not in text[amp:cut]:
            cut = amp
        pieces.append(text[:cut])
        text = text[cut:].lstrip("\n ")
    return [*pieces, text] if text or not pieces else pieces


def header(text: str) -> Block:
    """A large line of plain text."""
    return {"type": "header", "text": plain_text(text, 150)}


def context(*texts: str) -> Block:
    """Small print: at most ten texts."""
    return {"type": "context", "elements": [mrkdwn(t, 2000) for t in texts[:10]]}


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Up to ten short facts side by side."""
    return {"type": "section", "fields": [mrkdwn(f"*{k}*\n{v}", 2000) for k, v in pairs[:10]]}


def actions(block_id: str, elements: Sequence[Element]) -> Block:
    """A row of buttons, menus and pickers (at most 25)."""
    return {"type": "actions", "block_id": block_id[:255], "elements": list(elements[:25])}


def button(
    text: str,
    action: str,
    value: str = "",
    style: Literal["", "primary", "danger"] = "",
    confirm: tuple[str, str, str] | None = None,
    only: Sequence[UserId] = (),
) -> Element:
    """A button. ``confirm`` is (title, text, yes-label); ``only`` shows it to these people alone."""
    made: Element = {"type": "button", "action_id": action[:255], "text": plain_text(text, BUTTON)}
    if value:
        made["value"] = value
    if style:
        made["style"] = style
    if confirm:
        made["confirm"] = {
            "title": plain_text(confirm[0], 100),
            "text": {"type": "plain_text", "text": clip(confirm[1], 300)},
            "confirm": plain_text(confirm[2], 30),
            "deny": plain_text("Back", 30),
        }
    if only:
        made["visible_to_user_ids"] = [str(u) for u in only]
    return made


def feedback(action: str, yes: str, no: str) -> Block:
    """A thumb up and a thumb down, with the value that each sends."""
    buttons = {
        "positive_button": {"text": plain_text("Helpful", BUTTON), "value": yes},
        "negative_button": {"text": plain_text("Not helpful", BUTTON), "value": no},
    }
    return {
        "type": "context_actions",
        "elements": [{"type": "feedback_buttons", "action_id": action, **buttons}],
    }


def option(label: str, value: str, help: str = "") -> dict[str, Any]:
    """One option of a menu, radio or checkbox group."""
    made: dict[str, Any] = {"text": plain_text(label, 75), "value": value[:150]}
    if help:
        made["description"] = plain_text(help, 75)
    return made


def menu(placeholder: str, action: str, options: Sequence[dict[str, Any]], many: bool = False) -> Element:
    """A menu of up to 100 options."""
    return {
        "type": "multi_static_select" if many else "static_select",
        "action_id": action[:255],
        "placeholder": plain_text(placeholder, 150),
        "options": list(options[:100]),
    }


def field_menu(name: str, options: Sequence[dict[str, Any]], many: bool = False) -> Element:
    """A menu that is a field of a form: read when the form is sent, and nothing hears a choice in it."""
    return menu("Choose", name, options, many)


def overflow(action: str, options: Sequence[dict[str, Any]]) -> Element:
    """The "more" menu, at most five options."""
    return {"type": "overflow", "action_id": action[:255], "options": list(options[:5])}


def weigh(blocks: Sequence[Block]) -> int:
    """How many characters of text the blocks hold, as Slack counts them."""
    total = 0
    stack: list[Any] = list(blocks)
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            text = item.get("text")
            total += len(text) if isinstance(text, str) else 0
            stack.extend(v for v in item.values() if isinstance(v, dict | list))
        elif isinstance(item, list):
            stack.extend(item)
    return total


def bar(value: int, of: int = 5) -> str:
    """A small bar: ``▰▰▰▱▱``."""
    return "▰" * value + "▱" * (of - value)

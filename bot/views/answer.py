"""What the playbook says: verbatim quotes with numbered citations, and plain words where it says nothing."""

from __future__ import annotations

from typing import Any

from bot.registry import Message, Scene, renders
from bot.views.kit import Block, actions, brief, button, context, escape, prose, section
from bot.views.say import say

_SHOWN_WHEN_UNSURE = 1


@renders("answer")
def answer(scene: Scene, data: dict[str, object]) -> Message:
    """The answer to a question out of the blue, and the way on if it was meant as an idea."""
    question = str(data.get("question", ""))
    blocks = told(scene, data)
    start = button("Make it a use case", "start.from", question[:1900])
    blocks.append(actions("answer", [start, button("What can you do?", "show.help")]))
    return Message(text=brief(str(blocks[0]["text"]["text"])), blocks=blocks)


def told(scene: Scene, data: dict[str, object]) -> list[Block]:
    """The quotes, each with its number and, in small print, where it stands; or that there is none."""
    found = data.get("quotes")
    quotes: list[dict[str, Any]] = found if isinstance(found, list) else []
    state = data.get("state")
    if state == "abstain" or not quotes:
        near = ", ".join(f"“{escape(str(q['document']))}: {escape(str(q['section']))}”" for q in quotes)
        blocks = prose(say(scene, "playbook_nothing", question=str(data.get("question", ""))))
        if near:
            blocks.append(context(f"Nearest: {near}"))
        return blocks
    if state == "closest":
        quotes = quotes[:_SHOWN_WHEN_UNSURE]
    blocks = [section(say(scene, "playbook_answer" if state == "answer" else "playbook_closest"))]
    for number, quote in enumerate(quotes, 1):
        text = escape(str(quote.get("text", ""))).replace("\n", "\n> ")
        blocks += prose(f"> {text} [{number}]")
    blocks.append(context(*(_where(number, quote) for number, quote in enumerate(quotes, 1))))
    return blocks


def _where(number: int, quote: dict[str, Any]) -> str:
    place = f"{escape(str(quote.get('document', '')))}, {escape(str(quote.get('section', '')))}"
    dated = f"review due {escape(str(quote['date']))}" if quote.get("date") else ""
    if quote.get("stale"):
        dated = f"⚠ past its review date, {escape(str(quote.get('date')))}"
    return f"[{number}] {place}" + (f" ({dated})" if dated else "")

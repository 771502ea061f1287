"""What the playbook says: verbatim quotes with numbered citations, and plain words where it says nothing."""

from __future__ import annotations

import re
from typing import Any

from bot.registry import Message, Scene, renders
from bot.views.consultation import ask_button, consultation_of, dated, reading_on, standing, told_of, where
from bot.views.kit import (
    Block,
    Element,
    actions,
    brief,
    button,
    context,
    escape,
    feedback,
    header,
    plain_text,
    prose,
    section,
    words,
)
from bot.views.live import live_blocks
from bot.views.say import Said, say
from bot.views.written import written
from workflows.consultation import Consultation, Quote, Told
from workflows.consulting import shown
from workflows.ids import QuestionId

_NEAREST = 3
_WRAPPED = re.compile(r"(?<=[^\n|])\n[^\S\n]*(?![-*+>|#\s]|\d+[.)]\s|```)")
"""The end of a line within a paragraph: what follows is neither empty nor a list, a table, a heading."""
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")
_BOLD = re.compile(r"(?:\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)(?:\*\*|__)")


@renders("asked")
def asked_in_private(scene: Scene, data: dict[str, object]) -> Message:
    """The question that somebody asked by a command, above its answer."""
    question = Said(words(consultation_of(scene).question, scene.directory))
    text = say(scene, "asked_by_command", question=question)
    return Message(text=brief(text), blocks=prose(text))


@renders("answer")
def answer(scene: Scene, data: dict[str, object]) -> Message:
    """What came of a question; where it was asked in the middle of an intake, it ends with the way back."""
    asked = consultation_of(scene)
    quotes = shown(asked.state, told_of(scene, asked))
    live = live_blocks(scene, asked, data["live"]) if data.get("live") else []
    blocks = [] if live and not quotes else found(scene, asked, told_of(scene, asked), data.get("passages"))
    blocks += live
    first = str(blocks[0]["text"]["text"])
    text = f"{first} {escape(quotes[0].text)}" if quotes else first
    back = _way_back(scene, data)
    blocks += standing(scene, asked)
    row = _row(scene, asked, on_the_way=bool(back))
    if row:
        blocks.append(actions("answer", row))
    if asked.state != "abstain" or data.get("passages"):
        blocks.append(feedback("answer.rate", f"{asked.id}|playbook|yes", f"{asked.id}|playbook|no"))
    return Message(text=brief(text), blocks=[*blocks, *back])


def _row(scene: Scene, asked: Consultation, on_the_way: bool) -> list[Element]:
    """What can be done next: ask a person where the playbook did not help, or say that it was an idea."""
    own = asked.rating(asked.asker, "playbook")
    unhelped = asked.state != "answer" or (own is not None and not own.helpful)
    ask = ask_button(scene, asked) if unhelped else None
    row = [ask] if ask else []
    if asked.state != "answer" and not on_the_way and not asked.referrals:
        row.append(button("Make it a use case", "start.from", asked.question[:1900]))
    return row


def found(scene: Scene, asked: Consultation, told: Told, own_words: object = None) -> list[Block]:
    """The quotes, each with its number and, in small print, where it stands; or that there is none.

    ``own_words`` are the program's explanations of its questions, where these say more.
    """
    passages: list[dict[str, Any]] = own_words if isinstance(own_words, list) else []
    if passages:
        blocks = prose(say(scene, "digression_intro"))
        for passage in passages:
            title = escape(str(passage.get("title", "")))
            blocks += prose(f"{quoted(str(passage.get('text', '')))}\n— {title}")
        return blocks
    if asked.how == "nothing":
        return prose(say(scene, "playbook_missing"))
    quotes = shown(asked.state, told)
    if not quotes:
        question = Said(words(asked.question, scene.directory))
        blocks = prose(say(scene, "playbook_nothing", question=question))
        near = [where(scene, q) for q in told.quotes[:_NEAREST]]
        return [*blocks, context(say(scene, "playbook_nearest"), *near)] if near else blocks
    if told.sentences:
        return written(scene, asked, told)
    blocks = [section(say(scene, "playbook_answer" if asked.state == "answer" else "playbook_closest"))]
    for number, quote in enumerate(quotes, 1):
        blocks += prose(f"{quoted(quote.text)} [{number}]")
    blocks.append(context(*(f"[{n}] {where(scene, q)}, {dated(scene, q)}" for n, q in enumerate(quotes, 1))))
    return [*blocks, reading_on(asked, len(quotes))]


def section_view(scene: Scene, quote: Quote, whole: str) -> dict[str, Any]:
    """The section that a quote stands in; the quote itself where the section has changed since."""
    blocks = prose(readable(whole or quote.text))
    small = [f"{where(scene, quote)}, {dated(scene, quote)}"]
    if not whole:
        small.append(say(scene, "section_changed"))
    return {
        "type": "modal",
        "title": plain_text("The playbook", 24),
        "close": plain_text("Close", 24),
        "blocks": [header(quote.section or quote.document), *blocks, context(*small)],
    }


def readable(text: str) -> str:
    """A quote as it reads in Slack: lines that were only wrapped are joined, and marks become Slack's.

    Not a word changes; it is escaped, so that nothing in it is a link or a mention.
    """
    joined = _WRAPPED.sub(" ", text.replace("\r\n", "\n"))
    joined = _LINK.sub(r"\1", joined)
    return _BOLD.sub(r"*\1*", escape(joined))


def quoted(text: str) -> str:
    """The words of a document as Slack shows a quotation."""
    return "> " + readable(text).replace("\n", "\n> ")


def _way_back(scene: Scene, data: dict[str, object]) -> list[Block]:
    walk = scene.reading.walk(str(data.get("walk") or ""))
    if walk is None or not data.get("back_to"):
        return []
    question = scene.program.questionnaires[walk.questionnaire].question(QuestionId(str(data["back_to"])))
    return [section(f"{say(scene, 'back_to_us')} *{escape(question.ask)}*")]

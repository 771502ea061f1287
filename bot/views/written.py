"""An answer that a model wrote from the playbook: its sentences, and the passage behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.registry import Message, Moment, Scene
from bot.views.consultation import dated, reading_on, where
from bot.views.kit import Block, brief, clip, context, escape, prose
from bot.views.say import say
from workflows.consultation import Consultation, Told

if TYPE_CHECKING:
    from knowledge.answering import Citation

_QUOTED_AT_MOST = 300
"""Characters of a passage under a written answer; the whole is behind *Read on*."""


def written(scene: Scene, asked: Consultation, told: Told) -> list[Block]:
    """The sentences, with what each rests on in small print: the passage's words, and where they stand."""
    blocks = prose(_running([(s.text, s.cites) for s in told.sentences]))
    for number, quote in enumerate(told.quotes, 1):
        words = escape(clip(" ".join(quote.text.split()), _QUOTED_AT_MOST))
        blocks.append(context(f"[{number}] “{words}”", f"{where(scene, quote)}, {dated(scene, quote)}"))
    return [*blocks, reading_on(asked, len(told.quotes)), context(say(scene, "playbook_written"))]


def half_told(
    moment: Moment, sentences: Sequence[tuple[str, tuple[int, ...]]], citations: Sequence[Citation]
) -> Message:
    """As much as is written and checked so far."""
    text = _running(sentences)
    sources = [f"[{n}] {escape(f'{c.document}, {c.section}')}" for n, c in enumerate(citations, 1)]
    more = moment.program.messages["playbook_writing"]
    return Message(text=brief(text), blocks=[*prose(text), context(*sources, escape(more))])


def _running(sentences: Sequence[tuple[str, tuple[int, ...]]]) -> str:
    return " ".join(f"{escape(text)} {''.join(f'[{n}]' for n in cites)}" for text, cites in sentences)

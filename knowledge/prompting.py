"""What a model is told: a prompt from its file, passages as data within a budget, and the question."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from knowledge.tokens import TokenCount, count

QUESTION_AT_MOST = 1500
"""Characters of a question that are sent."""


class NoRoom(Exception):
    """Not even one passage fits the budget."""


@dataclass(frozen=True)
class Prompt:
    """A version of a prompt. Its ``mark`` changes with every change of its text."""

    version: str
    text: str

    @property
    def mark(self) -> str:
        """Version and the beginning of the text's hash, for records."""
        return f"{self.version}@{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Material:
    """A passage as the model reads it."""

    document: str
    section: str
    text: str


@lru_cache(maxsize=8)
def prompt(version: str) -> Prompt:
    """The prompt of that version; raises ``FileNotFoundError`` for one that does not exist."""
    text = resources.files("knowledge").joinpath("prompts", f"{version}.md").read_text(encoding="utf-8")
    return Prompt(version, text.strip())


def told(
    instructions: Prompt, question: str, before: str, passages: Sequence[Material], budget: int
) -> tuple[str, int, TokenCount]:
    """The message beside the prompt, how many passages are in it (the best ones), and the tokens of both.

    Each piece is a JSON string on a line of its own, which no text within it can leave. Raises
    :class:`NoRoom`.
    """
    asked = [as_line(previous_question=before[:QUESTION_AT_MOST])] if before else []
    asked.append(as_line(question=question[:QUESTION_AT_MOST]))
    ends = [count(line) for line in asked]
    spent = count(instructions.text).tokens + sum(end.tokens + 1 for end in ends)
    lines: list[str] = []
    for number, passage in enumerate(passages, 1):
        line = as_line(passage=number, document=passage.document, section=passage.section, text=passage.text)
        size = count(line).tokens + 1
        if spent + size > budget:
            break
        spent += size
        lines.append(line)
    if not lines:
        raise NoRoom
    return "\n".join(lines + asked), len(lines), TokenCount(spent, any(end.approximate for end in ends))


def as_line(**content: object) -> str:
    """One JSON object, which no text within it can leave."""
    return json.dumps(content, ensure_ascii=False)

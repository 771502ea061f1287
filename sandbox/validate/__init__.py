"""What Slack accepts and what it rejects: blocks, elements, objects and views, with their limits."""

from __future__ import annotations

from typing import Any

from sandbox.validate.blocks import MARKDOWN_TEXT, MESSAGE_BLOCK_TEXT, check_blocks, elements_of, text_length
from sandbox.validate.check import Findings
from sandbox.validate.views import too_large, view_problems

__all__ = [
    "MARKDOWN_TEXT",
    "MESSAGE_BLOCK_TEXT",
    "elements_of",
    "message_problems",
    "text_length",
    "too_large",
    "view_problems",
]


def message_problems(blocks: Any, at: str = "/blocks") -> list[str]:
    """What is wrong with the blocks of a message, in Slack's words: empty when nothing is."""
    findings = Findings(surface="message")
    check_blocks(blocks, at, findings)
    return findings.problems

"""The program's own sentences, filled in: what a person wrote goes in escaped."""

from __future__ import annotations

from bot.registry import Scene
from bot.views.kit import escape
from workflows.program import Program


class Said(str):
    """Text that is mrkdwn already and must not be escaped again."""


def say(scene: Scene, key: str, **values: object) -> Said:
    """The message of that key with its placeholders filled.

    Values are escaped unless they are :class:`Said`. Raises ``KeyError`` for a key or placeholder that the
    program does not have; the program check and a test make sure that this cannot happen in use.
    """
    return words_of(scene.program, key, **values)


def words_of(program: Program, key: str, **values: object) -> Said:
    """The same where there is a program but no scene: in the answer to a click or command."""
    filled = {k: v if isinstance(v, Said) else escape(str(v)) for k, v in values.items()}
    return Said(program.messages[key].format_map(filled))

"""What a document says of itself before it begins: YAML between two lines of dashes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from knowledge.loading import Unreadable

_BLOCK = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?\r?\n)??(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_CHARACTERS_AT_MOST = 50_000


def split(text: str) -> tuple[Mapping[str, Any], int]:
    """The front matter, empty without one, and where the document begins after it.

    Raises :class:`Unreadable` for one that cannot be read: who may see the document may stand in it.
    """
    found = _BLOCK.match(text)
    if not found:
        return {}, int(text.startswith("\ufeff"))
    inside = found.group(1) or ""
    if not re.search(r"^[\w-]+[ \t]*:", inside, re.MULTILINE):
        return {}, int(text.startswith("\ufeff"))  # prose between two lines of dashes
    return _mapping(inside), found.end()


def _mapping(inside: str) -> Mapping[str, Any]:
    if len(inside) > _CHARACTERS_AT_MOST:
        raise Unreadable(
            "has front matter of more than 50,000 characters; is its second line of dashes missing?"
        )
    try:
        said = yaml.safe_load(inside)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 2}" if mark else "its YAML"
        raise Unreadable(f"has front matter that cannot be read ({where}); put it right") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("has front matter that cannot be read; put it right") from error
    if not isinstance(said, dict):
        raise Unreadable("has front matter that is not made of `name: value` lines")
    return {str(name): value for name, value in said.items()}

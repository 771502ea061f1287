"""Words that declare a tool that is in use: "I use ChatGPT for translations", "we have a script that ..."."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_NOW = r"(?:already|also|currently|sometimes|often|usually|still|secretly|just|now|all)"
_USES = re.compile(
    rf"(?:(?:hi|hello|hey)[,!. ]+)?(?:i|we|my team|our team|everybody here)(?:'ve| have| has)? ?(?:{_NOW} )*"
    rf"(?:use|uses|am using|are using|'m using|'re using|been using|rely on)(?: {_NOW})* "
    r"(?P<tool>.{2,60}?) (?:for|to) (?P<what>.{3,})",
    re.IGNORECASE | re.DOTALL,
)
_HAS = re.compile(
    rf"(?:(?:hi|hello|hey)[,!. ]+)?(?:i|we|my team|our team)(?:'ve| have)? ?(?:{_NOW} )*"
    r"(?:have|built|wrote|made|got) (?P<tool>(?:a|an|our own|my own|some) .{2,50}?)"
    r" (?:that|which|to|for) (?P<what>.{3,})",
    re.IGNORECASE | re.DOTALL,
)
_DECLARES = re.compile(
    r"(?:(?:i|we)(?:'d| would)? (?:want|like|have) to |let me |can i )?declare\b[\s:,]*"
    r"(?:(?:a|an|the|my|our) )?"
    r"(?:(?:ai )?tool|something)?(?: (?:i|we) use)?[\s:,.!?\-]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[^\W_]+")
_WISH = re.compile(r"\b(?:could|should|would it|can we|can ai|might)\b", re.IGNORECASE)


class Declared(NamedTuple):
    """What it is and what for, as far as it was said."""

    tool: str = ""
    what: str = ""


def read_declaration(text: str, tools: Sequence[str]) -> Declared | None:
    """What the words declare; ``None`` where they wish for something, ask, or speak of no such tool.

    ``tools`` are the names and words by which the program knows one, in small letters.
    """
    said = " ".join(text.split())
    asked = _DECLARES.fullmatch(said)
    if asked:
        return _used(asked["rest"], tools) or Declared(what=asked["rest"].strip(" .!?"))
    if said.endswith("?") or _WISH.search(said):
        return None
    return _used(said, tools)


def _used(said: str, tools: Sequence[str]) -> Declared | None:
    for pattern in (_USES, _HAS):
        found = pattern.fullmatch(said)
        if found and _is_one(found["tool"], tools):
            tool = re.sub(
                r"^(?:a|an|our own|my own|some|the) ", "", found["tool"].strip(), flags=re.IGNORECASE
            )
            return Declared(tool=tool, what=found["what"].strip(" .!"))
    return None


def _is_one(tool: str, tools: Sequence[str]) -> bool:
    return any(_flat(t) in _flat(tool) for t in tools)


def _flat(text: str) -> str:
    return " " + " ".join(_WORD.findall(text.casefold())) + " "

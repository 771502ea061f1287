"""Words that give feedback: what it is about, and what was noticed."""

from __future__ import annotations

import re
from typing import NamedTuple

_ABOUT = re.compile(
    r"(?:(?:hi|hello|hey)[,!. ]+)?(?:i(?:'d| would)? (?:have|(?:want|like) to (?:give|leave))"
    r"|here(?:'s| is)|some|my|a bit of|give|leave|quick)?\s*(?:some |a bit of |my )?"
    r"feedback\b\s*(?:(?:on|about|for|to|regarding)\s+(?P<about>[^:\n]{1,150}?))?\s*"
    r"(?:(?::|\s[-–—]\s|[,.]\s)\s*(?P<said>\S.*))?[\s.!]*",
    re.IGNORECASE | re.DOTALL,
)


class Given(NamedTuple):
    """What it is about, as it was said (empty: nothing was said), and what was noticed."""

    about: str
    said: str


def read_feedback(text: str) -> Given | None:
    """What the words give feedback on; ``None`` where they do not begin with it, or ask something."""
    said = text.strip()
    if said.endswith("?"):
        return None
    found = _ABOUT.fullmatch(said)
    return Given((found["about"] or "").strip(), (found["said"] or "").strip()) if found else None

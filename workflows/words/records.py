"""Words that ask for a document: the governance record of a use case, or one's own data."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from workflows.words.reading import one_line


class Wanted(NamedTuple):
    """Which document, and the words that say of what; empty: they do not say."""

    document: Literal["record", "own_data"]
    about: str = ""


_GIVE = (
    r"^\W*(?:(?:hi|hey|hello|please|pls|preflight|ok(?:ay)?|can you|could you|would you|i need|i want"
    r"|i(?:'d| would) like(?: to (?:have|get|see))?|can i (?:have|get)|could i (?:have|get)|may i have)\W+)*"
    r"(?:(?:give|send|get|show|make|export|download|print|fetch|write)\s+(?:me\s+|us\s+)?)?"
)
_RECORD = re.compile(
    _GIVE
    + r"(?:the\s+|a\s+|its\s+)?(?:(?:full|whole|complete|governance|pdf)\s+)*records?"
    + r"(?:\s+as\s+(?:a\s+)?(?:pdf|markdown|file|document))?"
    + r"(?:\s+(?:of|for|on|about)\s+(?:the\s+)?(?P<about>.+?))?"
    + r"(?:\s+as\s+(?:a\s+)?(?:pdf|markdown|file|document))?(?:\W+please)?\W*$",
    re.IGNORECASE,
)
_OWN = re.compile(
    _GIVE
    + r"(?:everything\s+(?:that\s+)?you\s+(?:have|know|keep|store)\s+(?:about|on)\s+me"
    + r"|(?:all\s+(?:of\s+)?)?my\s+(?:own\s+|personal\s+)?data"
    + r"|(?:all\s+)?(?:the\s+)?data\s+(?:that\s+)?(?:you\s+(?:have|keep|store)\s+)?(?:about|on)\s+me)"
    + r"(?:\W+please)?\W*$",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"^\W*what\s+(?:data\s+)?(?:do|have)\s+you\s+(?:know|keep|store|have|got|stored|kept)\s+(?:about|on)\s+me\W*$",
    re.IGNORECASE,
)
_DEMANDS = re.compile(r"\b(?:give|send|get|make|export|download|print|fetch)\b", re.IGNORECASE)
_AT_MOST = 200


def read_wanted(text: str) -> Wanted | None:
    """What document the words ask for; ``None`` for none. A question about records is for the playbook."""
    said = one_line(text)
    if len(said) > _AT_MOST:
        return None
    if _OWN.match(said) or _ASKED.match(said):
        return Wanted("own_data")
    found = _RECORD.match(said)
    if found is None or (found["about"] is None and not _DEMANDS.search(said)):
        return None
    return Wanted("record", (found["about"] or "").strip())

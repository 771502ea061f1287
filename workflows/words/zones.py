"""Time zones as people write them: ``Europe/London``, ``london``, ``New York``, ``utc``."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import available_timezones

_SKIPPED = ("posix/", "right/")


@cache
def _known() -> dict[str, str]:
    """Every way to write a zone, in small letters with spaces, to its name; whole names win over places."""
    names = sorted(n for n in available_timezones() if not n.startswith(_SKIPPED) and n != "localtime")
    found: dict[str, str] = {}
    for name in sorted(names, key=lambda n: (n.count("/"), n)):
        place = _bare(name.rpartition("/")[2])
        found.setdefault(place, name)
    return found | {_bare(name): name for name in names}


def _bare(text: str) -> str:
    return re.sub(r"[\s_]+", " ", text.strip().casefold())


def read_zone(text: str) -> str:
    """The zone that the words name; empty where they name none."""
    said = re.sub(r"\s*(?:time|zone)+$", "", _bare(text))
    return _known().get(said, "")


def is_zone(name: str) -> bool:
    """Whether it is the full name of a zone, ``Europe/London``."""
    return _known().get(_bare(name)) == name

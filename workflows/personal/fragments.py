"""The smallest parts of a stored value that name a person, and where they stand: for that person to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflows.ids import Frozen
from workflows.personal.mask import Mask


class Fragment(Frozen):
    """One part. ``at`` is its place: ``seats[0].verdicts[1]``; empty for the whole."""

    at: str
    says: Any


def fragments(value: Any, mask: Mask, at: str = "") -> Iterator[Fragment]:
    """The objects that name the person themselves, each without the objects below it, which come after it.

    So a person reads what was said of them or by them, and not what others said beside it.
    """
    if isinstance(value, dict):
        own = {k: v for k, v in value.items() if not _holds_objects(v)}
        if any(mask.names(k) for k in value) or any(mask.named_in(v) for v in own.values()):
            yield Fragment(at=at, says=own)
        for key, inner in value.items():
            if _holds_objects(inner):
                yield from fragments(inner, mask, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            if isinstance(inner, dict | list):
                yield from fragments(inner, mask, f"{at}[{number}]")


def _holds_objects(value: Any) -> bool:
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and any(isinstance(v, dict | list) for v in value)

"""JSON as the audit log needs it: one canonical text, and merge patches (RFC 7386) that replay exactly."""

from __future__ import annotations

import json
from typing import Any

Json = Any
"""What ``json`` reads and writes."""


def canonical(value: Json) -> str:
    """The one text of a value: keys sorted, no spaces, ASCII. ``ValueError`` for NaN and infinities."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def without_nulls(value: Json) -> Json:
    """The value as merge patches can tell it: a null in an object is the same as no such key.

    Arrays are carried whole by merge patches, so nothing inside them changes.
    """
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return value


def patch_between(old: Json, new: Json) -> Json:
    """The merge patch from ``old`` to ``new``, both without nulls."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    patch: dict[str, Json] = {key: None for key in old if key not in new}
    for key, value in new.items():
        if key not in old:
            patch[key] = value
        elif not same(old[key], value):
            patch[key] = patch_between(old[key], value)
    return patch


def patched(old: Json, patch: Json) -> Json:
    """``old`` after ``patch``."""
    if not isinstance(patch, dict):
        return patch
    result = dict(old) if isinstance(old, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = patched(result.get(key), value)
    return result


def same(one: Json, other: Json) -> bool:
    """Equal as JSON: Python calls ``True == 1 == 1.0``, a log must not."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)

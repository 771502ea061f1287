"""The small language in which Slack's shapes are written: checks that report what is wrong, and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Check = Callable[[Any, str, "Findings"], None]
"""Looks at a value found at a JSON pointer and adds what is wrong to the findings."""


@dataclass(slots=True)
class Findings:
    """What is wrong with one payload, in Slack's words."""

    surface: str
    """``message``, ``modal`` or ``home``."""
    problems: list[str] = field(default_factory=list)

    def add(self, pointer: str, problem: str) -> None:
        """Note a problem at a JSON pointer."""
        self.problems.append(f"{problem} [json-pointer:{pointer}]")


def string(most: int, least: int = 1, pattern: str | None = None) -> Check:
    """A string of ``least`` to ``most`` characters, matching ``pattern`` as a whole if one is given."""
    matcher = re.compile(pattern) if pattern else None

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, str):
            findings.add(at, "must be a string")
        elif len(value) < least:
            findings.add(at, f"must be more than {least - 1} characters")
        elif len(value) > most:
            findings.add(at, f"must be less than {most + 1} characters")
        elif matcher and not matcher.fullmatch(value):
            findings.add(at, "must match the expected format")

    return check


def boolean(value: Any, at: str, findings: Findings) -> None:
    """True or false."""
    if not isinstance(value, bool):
        findings.add(at, "must be a boolean")


def integer(least: int, most: int) -> Check:
    """A whole number between two bounds, both included."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            findings.add(at, "must be an integer")
        elif value < least:
            findings.add(at, f"must be greater than {least - 1}")
        elif value > most:
            findings.add(at, f"must be less than {most + 1}")

    return check


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if value not in allowed:
            findings.add(at, f"must be one of: {', '.join(allowed)}")

    return check


def list_of(item: Check, most: int, least: int = 1) -> Check:
    """A list whose every entry passes ``item``."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, list):
            findings.add(at, "must be an array")
            return
        if len(value) < least:
            findings.add(at, f"no less than {least} items allowed")
        if len(value) > most:
            findings.add(at, f"no more than {most} items allowed")
        for index, entry in enumerate(value[: most + 1]):
            item(entry, f"{at}/{index}", findings)

    return check


def obj(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    also: Sequence[Callable[[dict[str, Any], str, Findings], None]] = (),
) -> Check:
    """An object with these fields and no others; ``also`` looks at the object as a whole."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add(at, "must be an object")
            return
        for name in required:
            if value.get(name) is None:
                findings.add(at, f"missing required field: {name}")
        for name, entry in value.items():
            if name not in known:
                findings.add(at, f"invalid additional property: {name}")
            elif entry is not None:
                known[name](entry, f"{at}/{name}", findings)
        for look in also:
            look(value, at, findings)

    return check


def anything(value: Any, at: str, findings: Findings) -> None:
    """Whatever it is, it passes: parts that Slack documents loosely."""


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose ``type`` decides what it must look like."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add(at, "must be an object")
            return
        kind = value.get("type")
        if kind is None:
            findings.add(at, "missing required field: type")
        elif not isinstance(kind, str) or kind not in kinds:
            findings.add(f"{at}/type", f"unsupported type: {kind}")
        else:
            kinds[kind](value, at, findings)

    return check

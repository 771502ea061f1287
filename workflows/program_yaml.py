"""A program file's text as plain values, with the line of each, and every fault found on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]
"""Where a value stands in its file: ``("steps", 0, "questions", 2, "label")``."""

_DEPTH_AT_MOST = 40
_INT = re.compile(r"[-+]?\d+$")
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?$")
_SCALARS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True)
class Fault:
    """Something wrong in the text itself."""

    line: int
    path: Path
    problem: str
    fix: str


@dataclass
class Reading:
    """What a file says. ``lines`` has the line (from 1) of each value, ``keys`` that of each field name."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    keys: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of a place, or of the nearest thing around it that exists."""
        while path:
            if path in self.keys:
                return self.keys[path]
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return 1


def read_yaml(text: str) -> Reading:
    """Read one document. Only ``true`` and ``false`` are truth values (``no`` is a word), dates are text,
    and anchors, tags and several documents are refused: what stands there is what is meant.
    """
    reading = Reading()
    try:
        events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
        _document(events, reading)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = ", ".join(p for p in (error.context, error.problem) if p)
        reading.faults.append(
            Fault(line, (), f"this is not valid YAML: {problem}", "check indentation, colons and quotes here")
        )
    except (yaml.YAMLError, ValueError) as error:
        reading.faults.append(
            Fault(1, (), f"this cannot be read: {str(error).splitlines()[0]}", "save the file as plain UTF-8")
        )
    return reading


def _document(events: Iterator[Any], reading: Reading) -> None:
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                line = event.start_mark.line + 1 if event.start_mark else 1
                reading.faults.append(
                    Fault(line, (), "a second document starts here", "keep one document in a file")
                )
                return
        elif not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
            reading.value = _node(event, events, reading, ())


def _node(event: Any, events: Iterator[Any], reading: Reading, path: Path) -> Any:
    line = event.start_mark.line + 1
    reading.lines[path] = line
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        reading.faults.append(
            Fault(
                line,
                path,
                "anchors (&) and aliases (*) are not used here",
                "write the value out, or quote it",
            )
        )
        if isinstance(event, yaml.AliasEvent):
            return None
    tag = getattr(event, "tag", None)
    if tag is not None and tag != "!":
        reading.faults.append(Fault(line, path, f"the tag {tag} is not used here", "leave the tag out"))
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if len(path) >= _DEPTH_AT_MOST:
        raise ValueError(f"line {line} is nested more than {_DEPTH_AT_MOST} levels deep")
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_node(event, events, reading, (*path, len(items))))
        return items
    return _mapping(events, reading, path)


def _mapping(events: Iterator[Any], reading: Reading, path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        line = event.start_mark.line + 1
        if not isinstance(event, yaml.ScalarEvent):
            reading.faults.append(
                Fault(line, path, "a field name must be a word", "put quotes around {braces}")
            )
            _node(event, events, reading, (*path, "?"))
            _node(next(events), events, reading, (*path, "?"))
            continue
        key = str(event.value)
        here = (*path, key)
        twice = key in found
        if twice:
            reading.faults.append(
                Fault(
                    line, here, f'"{key}" stands here twice (first in line {reading.keys[here]})', "keep one"
                )
            )
            _node(next(events), events, reading, (*path, "?"))
            continue
        reading.keys[here] = line
        found[key] = None
        found[key] = _node(next(events), events, reading, here)
    return found


def _scalar(event: Any) -> Any:
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text.lower() in ("true", "false", "null", "~", ""):
        return _SCALARS[text.lower()]
    if _INT.match(text):
        return int(text) if len(text) < 19 else float(text)
    if _FLOAT.match(text):
        return float(text)
    return text

"""Who owns a document, who may read it and until when it holds: from ``corpus.yaml`` and the file itself."""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from knowledge import asked
from knowledge.loading import Unreadable
from storage.corpus import EVERYONE

FILE = "corpus.yaml"
_NAMES = ("title", "owner", "audience", "review_date", "function", "link", "date", "asked")
_OTHER_NAMES = {
    "review-date": "review_date", "canonical": "link", "canonical_link": "link", "url": "link",
    "updated": "date", "last_updated": "date", "last-updated": "date",
}  # fmt: skip
_BYTES_AT_MOST = 1_000_000


@dataclass(frozen=True)
class About:
    """What is known of a document beside its text; empty where nothing is said."""

    title: str = ""
    owner: str = ""
    function: str = ""
    link: str = ""
    review_date: str = ""
    dated: str = ""
    """ISO date of its last change; empty where none is said, or none that is a date."""
    audiences: tuple[str, ...] = (EVERYONE,)
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Questions that its sections answer, by heading; see :mod:`knowledge.asked`."""
    wrong: tuple[str, ...] = ()
    """What was left out of them and why; each completes *"it ..."*."""


class Folder:
    """What the ``corpus.yaml`` files of a folder and those below it say of each file.

    One has ``defaults`` for all files beside and below it and ``documents``, which maps a path or a pattern
    (``policies/*.md``) to what is said of these. The nearer file and the later pattern win, and what a
    document says of itself wins over both. Raises :class:`Unreadable` for one that cannot be read, because
    who may see the documents may stand in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, Mapping[str, Any]] = {}

    def says(self, path: str) -> dict[str, Any]:
        """What is said of the file at this path, by name."""
        said: dict[str, Any] = {}
        parts = PurePosixPath(path).parts
        for depth in range(len(parts)):
            found = self._file(self._folder.joinpath(*parts[:depth]))
            said.update(found.get("defaults", {}))
            below = "/".join(parts[depth:])
            for pattern, values in found.get("documents", {}).items():
                if pattern == below or fnmatch.fnmatchcase(below, pattern):
                    said.update(values)
        return said

    def _file(self, folder: Path) -> Mapping[str, Any]:
        if folder not in self._read:
            self._read[folder] = _parsed(folder / FILE)
        return self._read[folder]


def about(said: Mapping[str, Any], itself: Mapping[str, Any]) -> About:
    """Both put together. Raises :class:`Unreadable` where an audience or a date makes no sense."""
    known = {**_known(said), **_known(itself)}
    questions, wrong = asked.read(known.get("asked"))
    return About(
        title=_words("title", known.get("title")),
        owner=_words("owner", known.get("owner")),
        function=_words("function", known.get("function")),
        link=_link(known.get("link")),
        review_date=_date(known.get("review_date")),
        dated=_dated(_known(itself).get("date")) or _dated(_known(said).get("date")),
        audiences=_audiences(known.get("audience", EVERYONE)),
        asked=questions,
        wrong=tuple(wrong),
    )


def fingerprint(said: Mapping[str, Any], *versions: int) -> str:
    """Changes when what is said of a file changes, or how files are read."""
    told = json.dumps([versions, sorted(said.items())], default=str)
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()[:16]


def _parsed(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _BYTES_AT_MOST:
            raise Unreadable(f"{path.name} is larger than a megabyte")
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else type(error).__name__
        raise Unreadable(f"{path.name} cannot be read ({where})") from error
    found = {} if found is None else found
    if not isinstance(found, dict) or not set(found) <= {"defaults", "documents"}:
        raise Unreadable(f"{path.name} may have `defaults:` and `documents:`, and nothing else")
    defaults, documents = found.get("defaults") or {}, found.get("documents") or {}
    entries = [defaults, *(documents.values() if isinstance(documents, dict) else [None])]
    for entry in entries:
        if not isinstance(entry, dict):
            raise Unreadable(f"{path.name} must map names to values: defaults, and under documents each path")
        unknown = {_OTHER_NAMES.get(str(name), str(name)) for name in entry} - set(_NAMES)
        if unknown:
            raise Unreadable(
                f"{path.name} says {', '.join(sorted(unknown))}, which means nothing here; "
                f"it may say {', '.join(_NAMES)}"
            )
    return {"defaults": _known(defaults), "documents": {str(k): _known(v) for k, v in documents.items()}}


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    named = {_OTHER_NAMES.get(str(name).lower(), str(name).lower()): value for name, value in said.items()}
    return {name: value for name, value in named.items() if name in _NAMES and value is not None}


def _words(name: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str | int | float | date):
        raise Unreadable(f"says for its {name} something that is not a line of text")
    return " ".join(str(value).split())[:300]


def _link(value: object) -> str:
    link = _words("link", value)
    # Anything else would be a link that runs or reads something on whoever clicks it.
    return link if link.startswith(("https://", "http://")) and not set(link) & set(" <>|\"'") else ""


def _date(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise Unreadable(f"has the review date {str(value)[:40]!r}; write it as 2027-03-31") from None


def _dated(value: object) -> str:
    try:
        return _date(value)
    except Unreadable:
        return ""  # people write all kinds of things there, and nothing rests on it


def _audiences(value: object) -> tuple[str, ...]:
    entries = value.split(",") if isinstance(value, str) else value
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise Unreadable("has an audience that is neither a name nor a list of names")
    plain = (entry.strip().lstrip("@#").casefold()[:100] for entry in entries)
    named = tuple(dict.fromkeys(entry for entry in plain if entry))
    if not named:
        raise Unreadable(f"has an empty audience; write `audience: {EVERYONE}` if everybody may read it")
    return named

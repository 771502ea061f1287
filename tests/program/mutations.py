"""Damages a program one field at a time, and says for each damage what must come of it.

Run as a module it tries every field of the default program, which takes minutes; the tests try one of each
kind.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import yaml

from storage.program_folder import default_program_folder, read_files, read_playbook
from workflows.program_errors import ProgramErrors
from workflows.program_files import parse_program
from workflows.program_yaml import Path, read_yaml

FILES = read_files(default_program_folder())
SENTENCES = parse_program(FILES).messages
PLAYBOOK = read_playbook(default_program_folder())
MARK = "zzz_no_such_thing"
OPTIONAL = {
    "help", "why", "examples", "choices", "other", "required", "when", "bounds", "unit", "challenge", "hints",
    "default", "names", "part", "quiet", "synonyms", "phrases", "lever", "source", "begins", "offer", "about",
    "intro", "minutes_per_step", "facts", "together", "min", "max", "max_length", "value", "high_is",
    "points", "drivers",
    "field", "group", "function", "rotation", "fallback", "room", "rotations", "order", "quorum", "steps",
    "automatic", "notify", "stop", "appeal", "assessments", "documents", "sla_hours", "remind_after_hours",
    "monitoring", "gate", "open", "drafts", "working_time", "nudge_after_hours", "expire_after_days", "days",
    "start", "end", "title_question", "story_question",
    "consulting", "champions", "corpus_owner", "follow_up_minutes", "expire_after_hours", "review_after_days",
    "gaps", "day", "at",
    "columns", "values", "pattern", "format", "doubt", "never", "stage",
    "records", "rule", "approvers", "actions", "review", "rooms", "update_every", "escalate", "messages",
    "cadence", "months", "zone", "first", "baseline", "users", "proposals", "otherwise", "task", "moves_to",
    "within_days",
    "demands", "dimensions", "decides_on", "owners", "apart", "approval", "breaches", "incidents",
    "lasts_days", "reuse", "items", "evidence", "kinds", "owner", "duty", "maps", "words", "back", "reason",
    "no", "na", "evaluation",
    "calendars", "country", "subdivision", "zones", "desk", "cards_at_most", "page", "one_click",
    "escalation", "after_hours", "manager", "decides",
    "kind", "result", "suggest", "sections", "findings", "levels", "at_least", "mark", "next", "of",
    "measures", "better", "share_of_all", "times", "left_out", "bearable", "version", "tested_on",
    "headlines", "waived_by",
}  # fmt: skip
"""Fields that a file may leave out, so that leaving one out may be valid."""
OPTIONAL_AT = {("label",)}
"""Places of fields that are optional there and needed elsewhere."""
REFERENCES = {
    "role", "scorecard", "program_team", "title_question", "story_question", "from", "to", "by", "rotation",
    "when", "type", "tier", "together", "part", "high_is", "field", "document", "section", "begins",
}  # fmt: skip
"""Fields whose text names something or is checked, so that nonsense in one is refused."""


@dataclass(frozen=True)
class Damage:
    """One field of one file, damaged."""

    file: str
    path: Path
    kind: str
    text: str
    lines: frozenset[int]
    """Where the error may be said to be."""
    must_refuse: bool

    def __str__(self) -> str:
        return f"{self.kind} {self.file} {'.'.join(map(str, self.path))}"


def fields(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from fields(inner, (*path, key))


def kind_of(path: Path, named: bool) -> Path:
    """A place without its position in lists (or, for messages, without its key)."""
    return tuple(
        "*" if isinstance(p, int) or named or (i and path[i - 1] == "values") else p
        for i, p in enumerate(path)
    )


def one_of_each(paths: Iterator[Path], named: bool) -> list[Path]:
    """The last of the places that differ only in their position in lists (or, for messages, in their key)."""
    return list({kind_of(path, named): path for path in paths}.values())


def damages(file: str, every: bool) -> Iterator[Damage]:
    """All damages to one file; or one of each kind that no file of the same folder before it has."""
    whole = read_yaml(FILES[file]).value
    paths = list(fields(whole))
    known = set() if every else kinds_before(file)
    for path in paths if every else one_of_each(iter(paths), named=file == "messages.yaml"):
        if kind_of(path, named=False) not in known:
            yield from _damages_of(file, whole, path)


def kinds_before(file: str) -> set[Path]:
    """The kinds of places in the files of its folder that come before it: they have one shape."""
    folder = file.rpartition("/")[0]
    before = [f for f in sorted(FILES) if folder and f < file and f.rpartition("/")[0] == folder]
    return {kind_of(path, named=False) for f in before for path in fields(read_yaml(FILES[f]).value)}


def _damages_of(file: str, whole: Any, path: Path) -> Iterator[Damage]:
    leaf = _at(whole, path)
    named = isinstance(path[-1], str) and path[-2:-1] != ("values",)
    open_text = file == "messages.yaml" or (len(path) > 1 and path[-2] in ("map", "explain"))
    if named:
        bare = _changed(whole, path, delete=True)
        must = file != "messages.yaml" and path[-1] not in OPTIONAL and path not in OPTIONAL_AT
        yield _damage(file, path, "left out", bare, must or file == "messages.yaml", around=path[:-1])
        renamed = _changed(whole, path, rename=f"{path[-1]}_{MARK}")
        yield _damage(file, path, "misspelt", renamed, True, marked=True)
    wrong: Any = {MARK: [1]} if not isinstance(leaf, dict) else [MARK]
    yield _damage(file, path, "of the wrong type", _changed(whole, path, value=wrong), True, marked=True)
    if isinstance(leaf, str):
        must = path[-1] in REFERENCES and not open_text
        yield _damage(file, path, "naming nothing", _changed(whole, path, value=MARK), must, marked=True)


def _damage(
    file: str, path: Path, kind: str, whole: Any, must: bool, around: Path | None = None, marked: bool = False
) -> Damage:
    text = yaml.dump(whole, Dumper=yaml.CSafeDumper, sort_keys=False, width=10_000, allow_unicode=True)
    rows = text.splitlines()
    lines: set[int] = set()
    if marked:
        for number, row in enumerate(rows, 1):
            if MARK in row:
                lines |= {number - 1, number}
    else:
        first, last = _extent(text, around or ())
        lines = set(range(first, last + 1))
    return Damage(file, path, kind, text, frozenset(lines), must)


def _extent(text: str, path: Path) -> tuple[int, int]:
    """The first and last line of a place in a file."""
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    for part in path:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[part]
        else:
            node = next(v for k, v in node.value if k.value == str(part))
    return (node.start_mark.line if path else 1), node.end_mark.line + 1


def _at(whole: Any, path: Path) -> Any:
    for part in path:
        whole = whole[part]
    return whole


def _changed(whole: Any, path: Path, value: Any = None, delete: bool = False, rename: str = "") -> Any:
    copy = deepcopy(whole)
    parent = _at(copy, path[:-1])
    if delete:
        del parent[path[-1]]
    elif rename:
        kept = parent[path[-1]]
        del parent[path[-1]]
        parent[rename] = kept
    else:
        parent[path[-1]] = value
    return copy


def outcome(damage: Damage) -> str:
    """What is wrong with how a damage was taken; ``""`` when it was refused rightly, or is valid."""
    files: Mapping[str, str] = {**FILES, damage.file: damage.text}
    try:
        parse_program(files, SENTENCES, PLAYBOOK)
    except ProgramErrors as refused:
        here = [e for e in refused.errors if e.file == damage.file]
        if any(e.line in damage.lines for e in here):
            return "" if all(e.problem and e.fix for e in refused.errors) else "an error without a fix"
        if not here and not damage.must_refuse:
            return ""
        elsewhere = any(MARK in e.problem or str(damage.path[-1]) in e.problem for e in refused.errors)
        named = _at(read_yaml(FILES[damage.file]).value, damage.path)
        elsewhere = elsewhere or any(
            isinstance(named, str) and f'"{named}"' in e.problem for e in refused.errors
        )
        return "" if elsewhere else f"told at the wrong place: {[str(e) for e in refused.errors][:3]}"
    return "taken although it is damaged" if damage.must_refuse else ""


def main() -> int:
    """Try every field of the default program."""
    tried = wrong = 0
    for file in sorted(FILES):
        for damage in damages(file, every=True):
            tried += 1
            told = outcome(damage)
            if told:
                wrong += 1
                print(f"{damage}: {told}")
    print(f"{tried} damages tried, {wrong} taken wrongly")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

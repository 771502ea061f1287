"""Damages a program one field at a time, and says for each damage what must come of it.

``python -m tests.faults damaged`` tries every field of the default program, which takes a good quarter of an
hour; the tests try some of each file's, of different kinds.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import yaml

from storage.metrics.registry import METRICS, load
from storage.program_folder import default_program_folder, read_files, read_playbook
from workflows import program_checks, program_files, result_checks
from workflows.ids import TIERS
from workflows.program_errors import ProgramErrors
from workflows.program_files import parse_program
from workflows.program_sheets import Sheet
from workflows.program_yaml import Path, read_yaml

load()
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
    "columns", "values", "pattern", "format", "doubt", "never", "stage", "topic", "split",
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
    "nudge", "after_days", "counts", "roles", "welcome", "after_minutes", "paths", "says", "again_after_days",
    "right", "groups", "functions", "everybody",
    "records_days", "ended", "drafts_days", "questions_days", "feedback_days", "digests_days", "people_days",
    "messages_days", "keys_days", "holds", "batch",
    "themes", "alike_at_least", "answer_within_days", "recurring",
}  # fmt: skip
"""Fields that a file may leave out, so that leaving one out may be valid."""
OPTIONAL_AT = {
    ("to",), ("recurring", "to"),
    ("sponsor",), ("extend",), ("extend", "times"), ("extend", "working_days"), ("phases",),
    ("phases", "*", "result"), ("phases", "*", "tasks"),
    ("declaring",), *(("declaring", p) for p in ("data", "assumes", "tools")), ("declaring", "stage"),
    ("declaring", "assumes", "affected"), ("declaring", "assumes", "audience"),
    ("label",), ("repeated_with",), ("tenure",), ("waivers",),
    ("releases",), ("assignments",), ("contracts",),
    *(("tenure", p) for p in ("renew_days_before", "remind_days_before")),
    *(("waivers", p) for p in ("days_at_most", "at_most", "renewals", "remind_days_before")),
    *((*place, tier) for place in (("tenure", "days"), ("waivers", "days_at_most")) for tier in TIERS),
    ("material", "*", "everybody"), ("rows", "*", "gates"),
    ("metrics",), ("value_tree",), ("currency",), ("value_tree", "north_stars"),
    *(("metrics", "*", p) for p in ("target", "action", "owner")),
    *(("currency", p) for p in ("code", "sign", "where")),
    *(("value_tree", "north_stars", "*", p) for p in ("unit", "baseline", "target")),
    ("outcome",), ("north_star",), ("guardrails",), ("alerts",), ("check_in",), ("plausible",),
    *(("outcome", p) for p in ("target", "unit", "by")), ("guardrails", "*", "action"),
    *(("check_in", p) for p in ("missed_after_days", "every_weeks")),
    *(("plausible", p) for p in ("times", "small", "bounds")),
    ("in_use",), ("digests", "*", "metrics"), ("digests", "*", "readers"),
    ("lanes",), ("shown",), ("ranks",), ("bucket",), ("business_owner",), ("metric_owner",), ("link_hours",),
    *(("releases", p) for p in ("stages", "channel", "another_model", "tell")),
    *(("assignments", p) for p in ("nudges_at_most", "due_after_hours")),
    *(("contracts", p) for p in ("assumed", "minor_notice_days", "major_notice_days")),
    *(("contracts", p) for p in ("repeated_breaches", "repeated_days")),
}  # fmt: skip
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


Way = Callable[[], Damage]
"""A damage that is worked out when it is called: writing a file anew takes a while."""


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


def ways_to_damage(file: str, every: bool) -> list[Way]:
    """All damages to one file; or those of one of each kind that no file of the same folder before it has."""
    whole = read_yaml(FILES[file]).value
    paths = list(fields(whole))
    if every:
        return [way for path in paths for way in _ways_at(file, whole, path)]
    known = kinds_before(file)
    chosen = one_of_each(iter(paths), named=file == "messages.yaml")
    return [
        way
        for path in chosen
        if kind_of(path, named=False) not in known
        for way in _ways_at(file, whole, path)
    ]


def some_damages(file: str, at_most: int) -> list[Damage]:
    """Damages of that many kinds to one file, chosen at random; the file's text is the seed.

    So a file that is as it was is damaged as it was, and one that was changed is damaged elsewhere.
    """
    ways = ways_to_damage(file, every=False)
    return [way() for way in random.Random(FILES[file]).sample(ways, min(at_most, len(ways)))]


def kinds_before(file: str) -> set[Path]:
    """The kinds of places in the files of its folder that come before it: they have one shape."""
    folder = file.rpartition("/")[0]
    before = [f for f in sorted(FILES) if folder and f < file and f.rpartition("/")[0] == folder]
    return {kind_of(path, named=False) for f in before for path in fields(read_yaml(FILES[f]).value)}


def _ways_at(file: str, whole: Any, path: Path) -> list[Way]:
    leaf = _at(whole, path)
    named = isinstance(path[-1], str) and path[-2:-1] != ("values",)
    sentence = file == "messages.yaml"
    open_text = sentence or (len(path) > 1 and path[-2] in ("map", "explain"))

    def left_out() -> Damage:
        optional = path[-1] in OPTIONAL or kind_of(path, named=False) in OPTIONAL_AT
        must = sentence or not optional
        return _damage(file, path, "left out", _changed(whole, path, delete=True), must, around=path[:-1])

    def misspelt() -> Damage:
        renamed = _changed(whole, path, rename=f"{path[-1]}_{MARK}")
        return _damage(file, path, "misspelt", renamed, True, marked=True)

    def of_the_wrong_type() -> Damage:
        wrong: Any = {MARK: [1]} if not isinstance(leaf, dict) else [MARK]
        changed = _changed(whole, path, value=wrong)
        return _damage(file, path, "of the wrong type", changed, True, marked=True)

    def naming_nothing() -> Damage:
        must = path[-1] in REFERENCES and not open_text
        changed = _changed(whole, path, value=MARK)
        return _damage(file, path, "naming nothing", changed, must, marked=True)

    ways: list[Way] = [left_out, misspelt] if named else []
    ways.append(of_the_wrong_type)
    return [*ways, naming_nothing] if isinstance(leaf, str) else ways


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
        parse_program(files, SENTENCES, PLAYBOOK, METRICS)
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


_WHOLE: dict[str, Sheet[Any]] = {}
"""The files that are not damaged, as they were read once."""
_OF_ONE_FILE = (
    (program_checks, "check_questionnaire"), (program_files, "check_sources"),
    (program_files, "check_pages"), (result_checks, "_result"),
)  # fmt: skip
"""Checks that look at nothing but one file and what is not damaged here."""


@contextmanager
def whole_files_read_once(checked_once: bool = True) -> Iterator[None]:
    """For as long as this lasts, files that are not damaged are read once, and by themselves checked once.

    Without ``checked_once`` they are checked each time: what a file says of another may be wrong without it.
    """

    def once(read: Callable[..., Any]) -> Callable[..., Any]:
        def sheet_of(path: str, text: str, *more: Any) -> Any:
            if FILES[path] != text:
                return read(path, text, *more)
            if path not in _WHOLE and (sheet := read(path, text, *more)) is not None:
                _WHOLE[path] = sheet
            return _WHOLE[path]

        return sheet_of

    def unless_whole(check: Callable[..., None]) -> Callable[..., None]:
        def checked(sheet: Sheet[Any], *more: Any) -> None:
            if all(sheet is not whole for whole in _WHOLE.values()):
                check(sheet, *more)

        return checked

    with ExitStack() as patches:
        for name in ("_sheet", "_messages"):
            patches.enter_context(patch.object(program_files, name, once(getattr(program_files, name))))
        for module, name in _OF_ONE_FILE if checked_once else ():
            patches.enter_context(patch.object(module, name, unless_whole(getattr(module, name))))
        yield

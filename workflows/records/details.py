"""Any kept value in words, field by field: what is new in a shape is in the record without anybody's doing.

A field that still has the value it began with says nothing and is left out; so is what :data:`LEFT_OUT`
explains. Tests hold this against every shape.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from workflows.approval import Changed
from workflows.ids import Place, ProgramStamp, Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import shown
from workflows.records.document import Block, Entries, Run, Section, Table, Words, linked, plain

LEFT_OUT: Mapping[str, str] = {
    "*.revision": "counts how often it was stored; the log of changes says each",
    "*.home": "where in Slack it is talked about; it means nothing outside",
    "*.place": "where in Slack it is talked about; it means nothing outside",
    "UseCase.answers": "they stand in their own table",
    "UseCase.assessment": "scores and tier have sections of their own",
    "UseCase.overrides": "they stand beside the scores",
    "Walk.answers": "they stand in their own table",
    "Walk.ask": "counts the bot's messages",
    "Walk.asking": "which question was on the table: an act of the conversation",
    "Walk.trail": "the way back through the conversation",
    "Walk.challenged": "which question the bot asked again: an act of the conversation",
    "Walk.returning": "an act of the conversation",
    "Walk.confirming": "an act of the conversation",
    "Walk.lost": "an act of the conversation",
    "Walk.talks": "where each person is in the conversation; what they answered is in the table",
    "Walk.claim": "said and not yet an answer",
    "Walk.told": "who was told whose draft it is",
    "Walk.nudged_at": "a reminder of a draft",
    "Assignment.claim": "said and not yet an answer",
    "Approval.use_case": "it is the record's own",
    "Waiver.use_case": "it is the record's own",
    "Release.use_case": "it is the record's own",
    "Incident.use_case": "it is the record's own",
    "CheckIn.use_case": "it is the record's own",
    "Walk.about": "it is the record's own",
    "Quoted.channel": "where in Slack the message stands; its link is kept",
    "Quoted.ts": "where in Slack the message stands; its link is kept",
    "ContractVersion.document": "the contract keeps the document; the text's hash stands in its place",
    "ContractVersion.text": "the contract keeps the text; its hash stands in its place",
    "Contract.consumers": "other use cases that rely on it are not this one's matter",
    "Contract.gauges": "the last measured value of each promise; what broke one is among the breaches",
    "Contract.use_case": "a contract is about no single use case",
    "PortfolioReview.queue": "other use cases are not this one's matter",
    "PortfolioReview.at": "which use case was on the table",
    "PortfolioReview.use_case": "a review is about no single use case",
    "PortfolioReview.timeline": "it tells of other use cases as well; what was decided of this one is there",
}
"""``Shape.field``, or ``*.field`` for every shape: why it is not in the record."""

_LABELS: Mapping[str, str] = {
    "at": "When",
    "by": "By",
    "for_": "In place of",
    "of": "Of",
    "to": "To",
    "what": "What",
    "id": "Id",
    "program": "Program version",
    "sla_hours": "Hours to decide",
    "because": "Because",
}


@dataclass(frozen=True)
class Names:
    """What turns ids into words."""

    program: Program
    directory: Directory

    def person(self, user: str) -> str:
        """The name, or the id of somebody unknown."""
        return self.directory.person(UserId(user)).name

    def answer(self, question: str, value: Any) -> str:
        """An answer of the intake in words."""
        for asked in self.program.intake.questions():
            if asked.id == question:
                try:
                    return shown(asked, value, self.directory)
                except (TypeError, ValueError, KeyError, AttributeError):
                    break
        return as_text(value)

    def question(self, id: str) -> str:
        """What a question of the intake is called."""
        return next((q.label for q in self.program.intake.questions() if q.id == id), id)


def moment(value: datetime) -> str:
    """``21 November 2026, 09:12 UTC``."""
    return f"{value.day} {value:%B %Y, %H:%M} UTC"


def label(field: str) -> str:
    """``opened_at`` as ``Opened``."""
    if field in _LABELS:
        return _LABELS[field]
    said = re.sub(r"_at$", "", field).replace("_", " ").strip()
    return said[:1].upper() + said[1:]


def as_text(value: Any) -> str:
    """A bare value, whatever it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {as_text(v)}" for k, v in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return ", ".join(as_text(v) for v in value)
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else repr(value)
    return str(value)


def says(shape: BaseModel, without: Collection[str] = ()) -> Iterator[tuple[str, Any]]:
    """Status and whatever was set, but for what is explained away and for those ``without``."""
    kind = type(shape).__name__
    for name, field in type(shape).model_fields.items():
        if name in without or f"*.{name}" in LEFT_OUT or f"{kind}.{name}" in LEFT_OUT:
            continue
        value = getattr(shape, name)
        if value is None or value == "" or value == () or value == {}:
            continue
        if (
            name != "status"
            and not field.is_required()
            and value == field.get_default(call_default_factory=True)
        ):
            continue
        yield name, value


def words(value: Any, names: Names) -> Words:
    """A value in one line."""
    match value:
        case Changed():
            before = names.answer(value.question, value.before.value) if value.before else "nothing"
            after = names.answer(value.question, value.after.value) if value.after else "nothing"
            told = [a for a in (value.before, value.after) if a]
            since = "; ".join(f"{names.person(a.by)}, {moment(a.at)}, {a.how}" for a in told)
            heard = "".join(f" “{a.words}”" for a in told if a.words)
            why = "".join(f" (read from: {a.reason})" for a in told if a.reason)
            return plain(f"{names.question(value.question)}: {before} → {after} ({since}){heard}{why}")
        case ProgramStamp():
            return plain(f"{value.label} ({value.hash[:12]})")
        case Subject():
            return plain(str(value.id))
        case Place():
            return plain("a thread in Slack")
        case BaseModel():
            return joined(
                [(*plain(f"{label(n)}: ", bold=True), *words(v, names)) for n, v in says(value)], "; "
            )
        case bool():
            return plain("yes" if value else "no")
        case datetime():
            return plain(moment(value))
        case date():
            return plain(f"{value.day} {value:%B %Y}")
        case str():
            known = UserId(value) in names.directory.people
            called = names.person(value)
            return plain(f"{called} ({value})") if known and called != value else linked(value)
        case Mapping():
            return joined([(*plain(f"{k}: "), *words(v, names)) for k, v in value.items()], "; ")
        case Sequence():
            return joined([words(v, names) for v in value], ", ")
    return plain(as_text(value))


def joined(parts: Sequence[Words], between: str) -> Words:
    """Several, with something between them."""
    found: list[Run] = []
    for number, part in enumerate(parts):
        if number:
            found.append(Run(text=between))
        found += part
    return tuple(found)


def section_of(
    title: str, shape: BaseModel, names: Names, without: Collection[str] = (), more: tuple[Section, ...] = ()
) -> Section:
    """Everything that a shape says: single values in a table, lists of things below it."""
    rows: list[tuple[Words, ...]] = []
    below: list[Section] = []
    for name, value in says(shape, without):
        if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            items = tuple(words(v, names) for v in value)
            below.append(Section(title=label(name), blocks=(Entries(items=items),)))
        else:
            rows.append((plain(label(name)), words(value, names)))
    blocks: tuple[Block, ...] = (Table(rows=tuple(rows), widths=(1, 3)),) if rows else ()
    return Section(title=title, blocks=blocks, sections=(*below, *more))

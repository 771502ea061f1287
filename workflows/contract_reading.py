"""The text of a data contract read and checked: the document, or all that is wrong with it, by line."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from workflows.contract_diff import source_of, unit_of
from workflows.contract_document import Document, Property, Table, custom
from workflows.contract_promises import term_of
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program_errors import ProgramError
from workflows.program_files import explain
from workflows.program_sheets import Report
from workflows.program_yaml import Path, read_yaml

TEXT_AT_MOST = 200_000
_NUMBERS = ("number", "integer")
_JUDGING = {"breachAfter": (1, 100), "recoverAfter": (1, 100), "recoverMargin": (0, 100)}


class Fault(NamedTuple):
    """Something that a contract lacks, and where."""

    at: Path
    problem: str
    fix: str


class Read(NamedTuple):
    """What came of a text: the document and its values as they stand, or faults."""

    document: Document | None
    values: dict[str, object]
    errors: tuple[ProgramError, ...]


def read_contract(text: str, name: str = "contract") -> Read:
    """The contract in ``text``; ``name`` is what its faults call it (a file's name, ``standard input``)."""
    if len(text) > TEXT_AT_MOST:
        problem = f"is {len(text):,} characters long; {TEXT_AT_MOST:,} are read"
        too_long = ProgramError(file=name, line=1, field="", problem=problem, fix="split it into several")
        return Read(None, {}, (too_long,))
    report = Report()
    reading = read_yaml(text.removeprefix("\ufeff"))
    for fault in reading.faults:
        report.add_at(name, fault.line, fault.path, fault.problem, fault.fix)
    if not reading.faults and not isinstance(reading.value, dict):
        report.add_at(
            name, 1, (), "this is no data contract", "begin with apiVersion: and kind: DataContract"
        )
    if report.errors:
        return Read(None, {}, tuple(report.sorted()))
    values = dict(reading.value)
    try:
        document = Document.model_validate_json(json.dumps(values), strict=True)
    except ValidationError as error:
        explain(name, reading, Document, error, report)
        return Read(None, {}, tuple(_plainly(e) for e in report.sorted()))
    for lack in _checks(document):
        report.add_at(name, reading.line(lack.at), lack.at, lack.problem, lack.fix)
    errors = tuple(report.sorted())
    return Read(None if errors else document, values, errors)


def document_of(values: dict[str, object]) -> Document:
    """The document of values that were read before."""
    return Document.model_validate_json(json.dumps(values), strict=True)


def owner_of(document: Document, directory: Directory) -> UserId | None:
    """The person whom the contract names as its owner; ``None`` where nobody here is called so."""
    member = document.owner
    return found_person(member.username, directory) if member else None


def found_person(said: str, directory: Directory) -> UserId | None:
    """An active person by handle, e-mail address, id or full name."""
    name = said.strip().lstrip("@").casefold()
    for person in directory.people.values():
        if person.active and name in (
            person.handle.casefold(),
            person.email.casefold(),
            str(person.id).casefold(),
            person.name.casefold(),
        ):
            return person.id
    return None


def unknown_owner(document: Document, name: str) -> ProgramError:
    """The fault of a contract whose owner is nobody here."""
    said = document.owner.username if document.owner else ""
    return ProgramError(
        file=name,
        line=1,
        field="team",
        problem=f'nobody here is called "{said}"',
        fix="write the owner's Slack handle, e-mail address or full name as username",
    )


def looks_like_a_contract(text: str) -> str:
    """The contract in what somebody wrote, without the marks of a code block; empty where there is none."""
    fenced = re.search(r"```(?:ya?ml)?\s*\n?(.*?)```", text, re.DOTALL)
    inner = (fenced[1] if fenced else text).strip("\n")
    return inner if re.search(r"^kind:\s*['\"]?DataContract\b", inner, re.MULTILINE) else ""


# --- checks -------------------------------------------------------------------------------------------------


def _checks(document: Document) -> Iterator[Fault]:
    if document.owner is None:
        fix = "add a member with role: owner and their Slack name as username"
        yield Fault(("team",), "names no owner", fix)
    yield from _twice([t.name for t in document.tables], ("schema",))
    if not document.tables:
        yield Fault(("schema",), "lists no object", "add at least one, with its properties")
    for i, table in enumerate(document.tables):
        at: Path = ("schema", i)
        yield from _twice([p.name for p in table.properties], (*at, "properties"))
        if not table.properties:
            yield Fault(at, f'the object "{table.name}" lists no field', "add at least one to its properties")
        for j, field in enumerate(table.properties):
            yield from _field(document, table, field, (*at, "properties", j), named=False)
    yield from _promises(document)
    for i, own in enumerate(document.customProperties):
        if own.property in _JUDGING:
            low, high = _JUDGING[own.property]
            good = isinstance(own.value, int | float) and not isinstance(own.value, bool)
            if not good or not low <= own.value <= high:
                yield Fault(
                    ("customProperties", i), f"{own.property} must be a number", f"write {low} to {high}"
                )


def _field(document: Document, table: Table, field: Property, at: Path, named: bool) -> Iterator[Fault]:
    """``named``: the field around it says already where it comes from."""
    what = f'the field "{field.name}"'
    if field.logicalType is None:
        yield Fault(at, f"{what} has no type", "add logicalType: string, integer, number, date ...")
    if not (field.description or "").strip():
        yield Fault(at, f"{what} does not say what it means", "add a description, with an example")
    if field.logicalType in _NUMBERS and not unit_of(field):
        fix = "add customProperties: [{property: unit, value: EUR}], or the value count for a mere number"
        yield Fault(at, f"{what} is a number without a unit", fix)
    here = bool(source_of(document, table, field))
    if not here and not named:
        fix = (
            "add customProperties: [{property: sourceOfTruth, value: ...}] to it, its object or the contract"
        )
        yield Fault(at, f"{what} does not say which system is right about it", fix)
    if field.enum is not None and not field.enum:
        yield Fault((*at, "enum"), f"{what} allows no value at all", "list the values, or remove enum")
    if field.logicalType == "array" and field.items is None:
        yield Fault(at, f"{what} is a list of nobody knows what", "add items: with the logicalType")
    yield from _twice([p.name for p in field.properties], (*at, "properties"))
    for i, inner in enumerate(field.properties):
        yield from _field(document, table, inner, (*at, "properties", i), named=True)


def _promises(document: Document) -> Iterator[Fault]:
    elements = {t.name for t in document.tables} | {
        f"{t.name}.{p.name}" for t in document.tables for p in t.properties
    }
    seen: set[str] = set()
    for i, promise in enumerate(document.slaProperties):
        at: Path = ("slaProperties", i)
        term = term_of(promise)
        if term.key in seen:
            yield Fault(at, f'"{promise.property}" is promised twice', "keep one, or name another element")
        seen.add(term.key)
        measured = ("latency", "completeness", "latearrival", "errorrate")
        if term.kind in measured and term.value is None:
            yield Fault((*at, "value"), f'"{promise.value}" is no number', "write a number, and its unit")
        elif term.kind in ("latency", "latearrival") and term.unit not in ("min", "clock"):
            yield Fault(at, f'"{promise.property}" needs a unit of time', "add unit: min, h or d")
        elif term.kind in ("completeness", "errorrate") and not 0 <= (term.value or 0) <= 100:
            yield Fault((*at, "value"), "is no share in per cent", "write 0 to 100 and unit: percent")
        if promise.element and not {e.strip() for e in promise.element.split(",")} <= elements:
            one = document.tables[0].name
            short = {f"{one}.{e.strip()}" for e in promise.element.split(",")} <= elements
            if not (len(document.tables) == 1 and short):
                fix = f"name an object or field of the schema, such as {sorted(elements)[0]}"
                yield Fault((*at, "element"), f'there is no "{promise.element}"', fix)


def _twice(names: Sequence[str], at: Path) -> Iterator[Fault]:
    for name, times in Counter(names).items():
        if times > 1:
            i = len(names) - 1 - list(reversed(names)).index(name)
            yield Fault((*at, i, "name"), f'"{name}" is there twice', "give each its own name")


def judging(document: Document) -> tuple[int, int, float]:
    """(measurements out of promise before a breach opens, within it before it closes, margin in per cent)."""
    bad, good, margin = (
        custom(document.customProperties, n) for n in ("breachAfter", "recoverAfter", "recoverMargin")
    )
    return int(bad or 1), int(good or 1), float(margin or 0)


def _plainly(error: ProgramError) -> ProgramError:
    """What a pattern asks for, in words."""
    if "should match pattern" not in error.problem:
        return error
    last = error.field.rsplit(".", 1)[-1]
    if last == "version":
        return error.model_copy(
            update={"problem": "is no semantic version", "fix": "write three numbers, such as 1.0.0"}
        )
    fix = "use letters, digits, dots, - and _, beginning with a letter or digit"
    return error.model_copy(update={"problem": "cannot be an id", "fix": fix})


__all__ = [
    "Read",
    "document_of",
    "found_person",
    "judging",
    "looks_like_a_contract",
    "owner_of",
    "read_contract",
    "unknown_owner",
]

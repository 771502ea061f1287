"""The shape of an import mapping: how the columns of somebody else's list become answers of ours."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.ids import Frozen, QuestionId

MappedValue = str | bool | float | list[str]


class Reader(Frozen):
    """One way to read an answer out of a row; the first of a field that finds something counts.

    It copies the first column that is not empty, or, with ``values``, looks the cell up, or, with
    ``pattern``, searches the columns, or, with only ``value``, assumes it. ``doubt`` marks what it finds as
    doubtful, and says why; what was searched for or assumed is always doubtful.
    """

    columns: tuple[str, ...] = ()
    """The columns it reads; for a pattern the mapping's ``story`` columns where none are named."""
    values: Mapping[str, MappedValue] | None = None
    """Cell (whatever its case) -> answer."""
    pattern: str = ""
    """A regular expression in small letters: it is searched in the text in small letters."""
    value: MappedValue | None = None
    split: str = ""
    """What stands between several answers in one cell, for a ``multi`` question."""
    format: str = ""
    """How a date is written, such as ``%m/%d/%Y``."""
    doubt: str = ""


class MappedField(Frozen):
    """One question, and the ways to find its answer in a row. For a ``multi`` question all ways add up."""

    question: QuestionId
    read: tuple[Reader, ...]


class NeverRead(Frozen):
    """Columns that no field may read, and why."""

    columns: tuple[str, ...]
    because: str


class MappedEvidence(Frozen):
    """A column that says whether items of checklists are met. What no pattern finds leaves them open.

    The patterns are regular expressions in small letters, searched in the cell in small letters: ``na``
    first, then ``no``, then ``yes``.
    """

    items: tuple[str, ...]
    """``CHECKLIST.ITEM`` each."""
    column: str
    yes: str
    no: str = ""
    na: str = ""


class ImportMapping(Frozen):
    """A whole mapping file."""

    id: str
    title: str
    key: tuple[str, ...]
    """The columns that together say which use case a row is, so that it is not imported twice."""
    story: tuple[str, ...]
    """The columns that tell what it is about, which patterns search."""
    stage: tuple[Reader, ...] = ()
    """How to find the life-cycle stage; a row without one is an idea."""
    topic: str = ""
    """The column that says what the list files a use case under; empty: none does."""
    never: NeverRead | None = None
    fields: tuple[MappedField, ...]
    evidence: tuple[MappedEvidence, ...] = ()
    """What the list says of checklists."""

    def columns(self) -> tuple[str, ...]:
        """Every column that it reads answers from, each once."""
        readers = [*self.stage, *(r for f in self.fields for r in f.read)]
        filed = [self.topic] if self.topic else []
        named = [*self.key, *self.story, *filed, *(c for r in readers for c in r.columns)]
        return tuple(dict.fromkeys(named))

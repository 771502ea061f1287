"""The shape of a document: sections of paragraphs, lists and tables, before anybody draws it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.ids import Frozen


class Run(Frozen):
    """A stretch of text. It is always data: whoever draws it makes sure that it stays text."""

    text: str
    link: str = ""
    """An ``http`` or ``https`` address; empty: none."""
    bold: bool = False


Words = tuple[Run, ...]
"""One line or one cell."""


class Lines(Frozen):
    """Paragraphs, one after the other."""

    kind: Literal["lines"] = "lines"
    items: tuple[Words, ...]


class Entries(Frozen):
    """A list of things of one kind."""

    kind: Literal["entries"] = "entries"
    items: tuple[Words, ...]


class Table(Frozen):
    """Rows under a head; ``head`` may be empty for a table of names and values."""

    kind: Literal["table"] = "table"
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Words, ...], ...]
    widths: tuple[int, ...] = ()
    """Shares of the width; empty: equal ones."""


Block = Lines | Entries | Table


class Section(Frozen):
    """A heading, what stands under it, and the sections below it."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


class Document(Frozen):
    """A whole document."""

    title: str
    subject: str
    """What it is about: ``UC-0042``."""
    at: datetime
    """The moment whose state it tells."""
    sections: tuple[Section, ...] = ()


def plain(text: str, bold: bool = False) -> Words:
    """Text that leads nowhere."""
    return (Run(text=text, bold=bold),)


def linked(text: str) -> Words:
    """Text that is itself an address leads there."""
    found = text.strip()
    leads = found.startswith(("https://", "http://")) and not any(c.isspace() for c in found)
    return (Run(text=text, link=found if leads else ""),)


def text_of(words: Words) -> str:
    """Only the text."""
    return "".join(run.text for run in words)

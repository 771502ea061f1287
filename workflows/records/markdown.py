"""A document as Markdown. People's words stay words: they make no heading, table, link, image or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflows.records.details import moment
from workflows.records.document import Block, Document, Entries, Lines, Run, Section, Words

_SPECIAL = re.compile(
    r"[\\`*\[\]<>|~&$@]"  # code, emphasis, links, HTML, cells, entities, formulas, addresses
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis, but not within a word
    r"|:(?=//)|(?<=\bwww)\."  # bare addresses
    r"|^[-+#=](?=\S|\s|$)"  # lists and headings
)
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_LEADING = re.compile(r"^(\d+)([.)])(?=\s|$)")


def markdown(document: Document) -> str:
    """The whole text, ending with a line break."""
    lines = [f"# {escaped(document.title)}", "", f"{document.subject}, {moment(document.at)}", ""]
    for section in document.sections:
        lines += _section(section, 2)
    return "\n".join(lines).rstrip() + "\n"


def escaped(text: str) -> str:
    """One line on which every sign of Markdown and HTML stands for itself; unseen characters are dropped."""
    line = " ".join(_UNSEEN.sub("", text).split())
    return _LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", line))


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * min(level, 6)} {escaped(section.title)}"
    yield ""
    for block in section.blocks:
        yield from _block(block)
    for below in section.sections:
        yield from _section(below, level + 1)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Lines):
        for item in block.items:
            yield _words(item)
            yield ""
        return
    if isinstance(block, Entries):
        yield from (f"- {_words(item)}" for item in block.items)
        yield ""
        return
    head = block.head or ("",) * (len(block.rows[0]) if block.rows else 1)
    yield f"| {' | '.join(escaped(h) for h in head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in block.rows:
        yield f"| {' | '.join(_words(cell) for cell in row)} |"
    yield ""


def _words(words: Words) -> str:
    return "".join(map(_run, words)).strip()


def _run(run: Run) -> str:
    text = escaped(run.text)
    # What parts two runs is kept, which escaping would take off their ends.
    left = " " if run.text[:1].isspace() else ""
    right = " " if run.text[-1:].isspace() else ""
    if run.link:
        text = f"[{text}](<{_address(run.link)}>)"
    elif run.bold and text:
        text = f"**{text}**"
    return f"{left}{text}{right}" if text else left


def _address(link: str) -> str:
    return re.sub(r"[\s<>\\|]", lambda m: f"%{ord(m[0]):02X}", _UNSEEN.sub("", link))

"""A document as PDF: A4, page numbers, bookmarks, links; the same document gives the same bytes."""

from __future__ import annotations

import importlib.util
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from bot.paper_text import Coverage, has_right_to_left, in_lines
from workflows.records.details import moment
from workflows.records.document import Block, Document, Entries, Lines, Run, Section, Table, Words, text_of

_REGULAR, _BOLD = "DejaVuSans", "DejaVuSans-Bold"
_SIZE, _LEADING = 8.5, 11.5
_MARGIN = 48.0
_WIDTH = 595.27 - 2 * _MARGIN
_ROWS_AT_ONCE = 200
"""A table is drawn in parts: laying out a long one costs more than its length."""


def pdf(document: Document) -> bytes:
    """The document as a PDF file."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    paper = _Paper(document)
    out = BytesIO()
    height = 841.89 - 2 * _MARGIN
    frame = Frame(_MARGIN, _MARGIN, _WIDTH, height, leftPadding=0, rightPadding=0, topPadding=0)

    class Template(BaseDocTemplate):  # type: ignore[misc]
        def afterFlowable(self, flowable: Any) -> None:
            mark = getattr(flowable, "mark", None)
            if mark:
                key, title, level = mark
                self.canv.bookmarkPage(key)
                self.canv.addOutlineEntry(title, key, level, closed=level > 0)

    template = Template(
        out,
        pagesize=(595.27, 841.89),
        title=document.title,
        subject=document.subject,
        author="Preflight",
        creator="Preflight",
        invariant=1,
    )
    template.addPageTemplates([PageTemplate(frames=[frame])])
    template.build(paper.story(), canvasmaker=_numbered(paper.foot()))
    return out.getvalue()


@cache
def _fonts() -> frozenset[int]:
    """Makes the fonts known; returns the characters that both have."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    found = importlib.util.find_spec("matplotlib")
    assert found is not None, "matplotlib brings the fonts"
    assert found.origin is not None, "it is a package with files"
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    known: frozenset[int] | None = None
    for name in (_REGULAR, _BOLD):
        font = TTFont(name, str(folder / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        has = frozenset(font.face.charToGlyph)
        known = has if known is None else known & has
    pdfmetrics.registerFontFamily(_REGULAR, normal=_REGULAR, bold=_BOLD, italic=_REGULAR, boldItalic=_BOLD)
    assert known is not None
    return known


class _Paper:
    """Turns a document into what reportlab lays out."""

    def __init__(self, document: Document) -> None:
        from reportlab.lib.styles import ParagraphStyle

        self._document = document
        self._cover = Coverage(_fonts())
        self._marks = 0
        body = ParagraphStyle("body", fontName=_REGULAR, fontSize=_SIZE, leading=_LEADING, spaceAfter=4)
        self._body = body
        self._right = ParagraphStyle("right", parent=body, alignment=2)
        self._item = ParagraphStyle("item", parent=body, leftIndent=12, bulletIndent=2)
        self._heads = [
            ParagraphStyle(
                f"h{level}",
                parent=body,
                fontName=_BOLD,
                fontSize=size,
                leading=size * 1.3,
                spaceBefore=size * 0.8,
                spaceAfter=4,
            )
            for level, size in enumerate((17, 13, 10.5, 9, 9))
        ]

    def story(self) -> list[Any]:
        """Everything in order; last, what could not be shown."""
        from reportlab.platypus import Paragraph

        when = f"{self._document.subject}, {moment(self._document.at)}"
        flow = [*self._heading(self._document.title, 0), Paragraph(escape(when), self._body)]
        for section in self._document.sections:
            flow += self._section(section, 1)
        if self._cover.missing:
            flow.append(Paragraph(escape(self._said()), self._body))
        return flow

    def foot(self) -> str:
        """What stands at the foot of each page, beside its number."""
        return f"{self._document.subject} · {moment(self._document.at)}"

    def _said(self) -> str:
        missing = sorted(self._cover.missing)
        codes = ", ".join(f"U+{ord(c):04X}" for c in missing[:40])
        more = f" and {len(missing) - 40} more" if len(missing) > 40 else ""
        times = sum(self._cover.missing.values())
        boxes = f"{times} characters cannot be shown on paper and stand as boxes: {codes}{more}."
        return f"{boxes} The Markdown has them."

    def _section(self, section: Section, level: int) -> list[Any]:
        flow = self._heading(section.title, level)
        for block in section.blocks:
            flow += self._block(block)
        for below in section.sections:
            flow += self._section(below, level + 1)
        return flow

    def _heading(self, title: str, level: int) -> list[Any]:
        from reportlab.platypus import CondPageBreak, Paragraph

        style = self._heads[min(level, len(self._heads) - 1)]
        heading = Paragraph(self._markup(Run(text=title), _WIDTH, style.fontSize), style)
        self._marks += 1
        heading.mark = (f"s{self._marks}", self._cover.shown(title)[:120], level)
        # Not kept with what follows: a long table would begin on a page of its own.
        return [CondPageBreak(70), heading]

    def _block(self, block: Block) -> list[Any]:
        from reportlab.platypus import Paragraph

        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Lines):
            return [self._paragraph(item, _WIDTH) for item in block.items]
        assert isinstance(block, Entries)
        return [
            Paragraph(self._marked(item, _WIDTH - 14), self._item, bulletText="\u2022")
            for item in block.items
        ]

    def _table(self, table: Table) -> list[Any]:
        from reportlab.lib import colors
        from reportlab.platypus import LongTable, TableStyle

        columns = len(table.rows[0]) if table.rows else len(table.head)
        shares = table.widths or (1,) * columns
        widths = [_WIDTH * share / sum(shares) for share in shares]
        style = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.HexColor("#c8ccd2")),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ]
        head: list[list[Any]] = []
        if table.head:
            head = [
                [
                    self._paragraph((Run(text=h, bold=True),), w)
                    for h, w in zip(table.head, widths, strict=True)
                ]
            ]
            style.append(("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef1f4")))
        flow: list[Any] = []
        for first in range(0, len(table.rows), _ROWS_AT_ONCE):
            part = [
                [self._paragraph(cell, width - 6) for cell, width in zip(row, widths, strict=True)]
                for row in table.rows[first : first + _ROWS_AT_ONCE]
            ]
            flow.append(
                LongTable(
                    [*head, *part],
                    colWidths=widths,
                    repeatRows=len(head),
                    style=TableStyle(style),
                    splitInRow=1,
                    spaceAfter=6,
                )
            )
        return flow

    def _paragraph(self, words: Words, width: float) -> Any:
        from reportlab.platypus import Paragraph

        return Paragraph(self._marked(words, width), self._body)

    def _marked(self, words: Words, width: float) -> str:
        if has_right_to_left(text_of(words)):
            # Lines are broken before their order is turned: otherwise the last would stand first.
            plain = Run(text=text_of(words))
            return self._markup(plain, width)
        return "".join(self._markup(run, width) for run in words)

    def _markup(self, run: Run, width: float, size: float = _SIZE) -> str:
        from reportlab.pdfbase.pdfmetrics import stringWidth

        text = self._cover.shown(run.text)
        if has_right_to_left(text):
            lines = in_lines(text, width, lambda t: float(stringWidth(t, _BOLD, size)))
            return "<br/>".join(escape(line) for line in lines)
        found = escape(text)
        if run.link:
            return f'<a href={quoteattr(run.link)} color="#1a5fb4">{found}</a>'
        return f"<b>{found}</b>" if run.bold else found


def _numbered(foot: str) -> type[Any]:
    """A canvas that knows, at the end, how many pages there are."""
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFont(_REGULAR, 7)
                self.drawString(_MARGIN, 28, foot)
                self.drawRightString(_MARGIN + _WIDTH, 28, f"{number} of {len(self._pages)}")
                super().showPage()
            super().save()

    return Numbered

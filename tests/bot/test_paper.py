from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from bot.paper import pdf
from bot.paper_text import BOX, Coverage, visual
from workflows.records.document import Block, Document, Entries, Lines, Run, Section, Table, linked, plain

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def paper(*blocks: Block, title: str = "Letters", sections: tuple[Section, ...] = ()) -> Document:
    first = Section(title="First", blocks=tuple(blocks), sections=sections)
    return Document(title=title, subject="UC-0001", at=NOW, sections=(first, Section(title="Last")))


def read(document: Document) -> tuple[PdfReader, str]:
    reader = PdfReader(BytesIO(pdf(document)))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_says_what_it_is_about_and_when_and_numbers_its_pages() -> None:
    reader, text = read(paper(Lines(items=tuple(plain(f"Line {n}") for n in range(150)))))
    assert "Letters" in text
    assert "UC-0001 · 21 November 2026, 09:00 UTC" in text
    assert len(reader.pages) == 4
    for number, page in enumerate(reader.pages, 1):
        assert f"{number} of 4" in page.extract_text()
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]


def test_every_section_can_be_jumped_to() -> None:
    below = (Section(title="Below"),)
    reader, _ = read(paper(sections=below))
    titles: list[Any] = []

    def collect(outline: list[Any]) -> None:
        for item in outline:
            if isinstance(item, list):
                collect(item)
            else:
                titles.append(item.title)

    collect(reader.outline)
    assert titles == ["Letters", "First", "Below", "Last"]


def test_links_lead_where_they_say_and_nothing_else_does() -> None:
    rows = (
        (plain("Evidence"), linked("https://wiki.example/a?b=1&c=<2>")),
        (plain("x"), plain("http://no.example")),
    )
    reader, text = read(paper(Table(rows=rows)))
    actions = [a.get_object()["/A"] for page in reader.pages for a in page.get("/Annots") or []]
    assert [a["/URI"] for a in actions] == ["https://wiki.example/a?b=1&c=<2>"]
    assert "http://no.example" in text


@pytest.mark.parametrize("word", ["/JavaScript", "/JS", "/Launch", "/OpenAction", "/EmbeddedFile", "/AA "])
def test_it_holds_nothing_that_runs(word: str) -> None:
    assert word.encode() not in pdf(paper(Lines(items=(plain("<script>alert(1)</script>"),))))


def test_what_people_wrote_is_no_markup() -> None:
    hostile = '<b>bold</b> & <a href="https://evil.example">here</a> <br/><img src="x"/> </para>'
    reader, text = read(paper(Lines(items=(plain(hostile), (Run(text=hostile, bold=True),)))))
    assert text.count(hostile) == 2
    assert not [a for page in reader.pages for a in page.get("/Annots") or []]


def test_a_very_long_cell_goes_on_over_pages() -> None:
    rows = ((plain("Problem"), plain("so long " * 5_000)), (plain("End"), plain("x" * 40_000)))
    reader, text = read(paper(Table(head=("A", "B"), rows=rows, widths=(1, 3))))
    assert len(reader.pages) > 10
    assert text.count("so long") == 5_000


def test_many_rows_come_in_order() -> None:
    rows = tuple((plain(f"row{n:04d}"), plain("v")) for n in range(900))
    _, text = read(paper(Table(head=("A", "B"), rows=rows)))
    places = [text.index(f"row{n:04d}") for n in range(900)]
    assert places == sorted(places)


def test_what_no_font_has_is_a_box_and_is_said() -> None:
    _, text = read(paper(Lines(items=(plain("a 語 b 語 c"),))))
    assert f"a {BOX} b {BOX} c" in text
    assert "2 characters cannot be shown on paper and stand as boxes: U+8A9E. The Markdown has them." in text


def test_accents_greek_and_cyrillic_are_shown() -> None:
    _, text = read(paper(Lines(items=(plain("Zoë Łukasz Ελένη Дмитрий €"),))))
    assert "Zoë Łukasz Ελένη Дмитрий €" in text
    assert "cannot be shown" not in text


def test_the_same_document_gives_the_same_bytes() -> None:
    document = paper(Lines(items=(plain("Once"),)), Entries(items=(plain("twice"),)))
    assert pdf(document) == pdf(document)


@pytest.mark.parametrize(
    ("read_as", "on_paper"),
    [
        ("only this", "only this"),
        ("\u05d0\u05d1\u05d2", "\u05d2\u05d1\u05d0"),
        ("\u05d0\u05d1 \u05d2\u05d3", "\u05d3\u05d2 \u05d1\u05d0"),
        ("\u05d0\u05d1 2026 \u05d2", "\u05d2 2026 \u05d1\u05d0"),
        ("name: \u05d0\u05d1 (ok)", "name: \u05d1\u05d0 (ok)"),
        ("\u05d0 (\u05d1)", "(\u05d1) \u05d0"),
    ],
)
def test_text_from_right_to_left_stands_that_way(read_as: str, on_paper: str) -> None:
    assert visual(read_as) == on_paper


def test_a_long_text_from_right_to_left_begins_at_the_top() -> None:
    words = " ".join(["\u05d0\u05d1\u05d2"] * 60 + ["\u05ea\u05ea\u05ea"])
    _, text = read(paper(Lines(items=(plain(words),))))
    # Reading it back turns it around again.
    assert text.index("\u05d0\u05d1\u05d2") < text.index("\u05ea\u05ea\u05ea")


def test_unseen_characters_are_dropped() -> None:
    cover = Coverage(frozenset(map(ord, "ab")))
    assert cover.shown("a\u202e\u200b\x00\tb") == "a b"
    assert not cover.missing

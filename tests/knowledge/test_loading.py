"""Each type of document gives its text, headings and sections; whatever is broken says how."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.loading import Loaded, Unreadable, load, loaders
from knowledge.passages_of import LONGEST, passages, title_of
from knowledge.sentences import sentences
from tests.knowledge import pdf_files
from tests.knowledge.handbook import ROLLBACK, word_file


def cut(loaded: Loaded, title: str = "") -> list[tuple[str, str]]:
    return [(p.section, loaded.text[p.begins : p.ends]) for p in passages(loaded, title)]


def said(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text, 0, len(text))]


def test_markdown_gives_sections_and_what_its_front_matter_says() -> None:
    loaded = load(".md", ROLLBACK.encode())
    assert loaded.about["owner"] == "Platform team"
    assert title_of(loaded) == "Rollback and stop-ship"
    assert [section for section, _ in cut(loaded, "Rollback and stop-ship")] == [
        "How fast",
        "Who may stop it",
    ]


def test_headings_below_headings_name_their_way() -> None:
    loaded = load(".md", b"# Book\n\n## Tiers\n\n### High\n\nNine days.\n\n## Roles\n\nMany.\n")
    assert cut(loaded, "Book") == [("Tiers › High", "Nine days."), ("Roles", "Many.")]


def test_a_hash_inside_code_is_no_heading_and_code_is_not_torn_apart() -> None:
    loaded = load(".md", b"# A\n\n```sh\n# not one\n\nrm it\n```\n\nB\n===\n\nText.\n")
    assert [h.title for h in loaded.headings] == ["A", "B"]
    assert cut(loaded)[0] == ("A", "```sh\n# not one\n\nrm it\n```")


def test_marks_in_a_heading_are_not_part_of_its_words() -> None:
    loaded = load(".md", b"## The **bold** [link](http://a/b) `code` ##\n\nText.\n")
    assert loaded.headings[0].title == "The bold link code"


def test_a_rule_between_prose_is_neither_front_matter_nor_a_heading() -> None:
    loaded = load(".md", b"---\n\nJust prose here.\n\n---\n\nOne line\nand another\n---\n\nText.\n")
    assert loaded.headings == ()
    assert loaded.about == {}


def test_short_lines_above_paragraphs_of_plain_text_are_its_headings() -> None:
    long = "A paragraph goes on for a while, because it has much to say about this matter. " * 2
    text = f"The title\n{long}\n1) First part\nIts opening section\n{long}\nNot a heading.\n{long}\n"
    loaded = load(".txt", text.encode())
    assert [h.title for h in loaded.headings] == ["The title", "1) First part", "Its opening section"]
    assert cut(loaded, "The title")[1][0] == "1) First part › Its opening section"


def test_a_first_line_that_is_no_sentence_is_the_title_of_a_plain_text() -> None:
    loaded = load(".txt", b"How we scale AI\nA short guide for people who decide.\nMore.\n")
    assert title_of(loaded) == "How we scale AI"
    assert title_of(load(".txt", b"Dear all,\nplease read this.\n")) == ""
    assert title_of(load(".txt", b"Buy milk and bread\nCall home\n")) == ""


def test_a_page_gives_the_words_that_a_reader_sees() -> None:
    page = b"""<html><head><title>Data &amp; people</title><meta name="audience" content="legal">
    <link rel="canonical" href="https://a.example/x"><style>p{}</style></head><body><nav>Home</nav>
    <h1>Data</h1><p>One <b>bold</b>
    word.<br>Next</p><ul><li>First<li>Second</ul><script>alert(1)</script><p hidden>Secret</p>
    <table><tr><th>Tier<td>Days</tr></table></body>"""
    loaded = load(".html", page)
    assert (loaded.title, loaded.about) == (
        "Data & people",
        {"audience": "legal", "link": "https://a.example/x"},
    )
    assert cut(loaded) == [("Data", "One bold word.\nNext\n\n- First\n\n- Second\n\nTier | Days")]


def test_a_word_document_gives_headings_by_style_in_any_language_and_tables_by_row() -> None:
    loaded = load(
        ".docx", word_file(("Heading1", "Tiers"), ("", "Text."), ("berschrift1", "Rollen"), ("", "Mehr."))
    )
    assert cut(loaded) == [("Tiers", "Text."), ("Rollen", "Mehr.\n\nTier | Days")]


def test_a_pdf_gives_its_pages_as_sections_and_the_title_that_it_says() -> None:
    made = pdf_files.pdf(
        [["The risk owner may stop", "any release at once (really)."], [], ["Nine days."]],
        "Microsoft Word - Stop.docx",
    )
    loaded = load(".pdf", made)
    assert (loaded.title, title_of(loaded)) == ("Stop", "")
    assert cut(loaded, "Stop") == [
        ("Page 1", "The risk owner may stop\nany release at once (really)."),
        ("Page 3", "Nine days."),
    ]


def test_a_pdf_that_only_its_owner_may_change_is_read_and_one_that_lies_does_no_harm() -> None:
    assert "Words" in load(".pdf", pdf_files.locked(pdf_files.pdf([["Words."]]), "")).text
    assert [h.title for h in load(".pdf", pdf_files.claims_many_pages()).headings] == ["Page 1"]
    assert load(".pdf", pdf_files.form_within_itself()).text.count("Again") == 1


def test_files_that_are_not_what_they_say_are_told_apart() -> None:
    for ending, data, why in (
        (".md", b"", "is empty"),
        (".md", b"---\ntitle: x\n---\n  \n", "no text"),
        (".md", b"---\ntitle: [x\n---\nText\n", "front matter"),
        (".md", b"---\ntitle: x\n- y\n---\nText\n", "front matter"),
        (".txt", b"\x00\x01\x02", "not text"),
        (".txt", bytes(range(1, 32)) * 9, "not text"),
        (".docx", b"\xd0\xcf\x11\xe0 more", "encrypted"),
        (".docx", b"PK nonsense", "damaged"),
        (".pdf", b"hello", "not a PDF"),
        (".pdf", pdf_files.locked(pdf_files.pdf([["Words."]]), "secret"), "encrypted"),
        (".pdf", pdf_files.pdf([[], []]), "OCR"),
        (".pdf", pdf_files.pdf([["Words."]])[:-60], "damaged"),
        (".pdf", pdf_files.pages_within_themselves(), "damaged"),
        (".pdf", pdf_files.deep(), "damaged"),
        (".pdf", pdf_files.unpacks_to(50), "OCR"),
    ):
        with pytest.raises(Unreadable, match=why):
            load(ending, data)


def test_text_in_other_encodings_is_read() -> None:
    assert load(".txt", "Größe".encode("cp1252")).text == "Größe"
    assert load(".md", "Größe".encode("utf-16")).text == "Größe"
    assert load(".md", b"\xef\xbb\xbf# T\n\nText").headings[0].title == "T"


@given(
    st.text(alphabet=st.sampled_from(list("ab .!?\n#-`|*1)\r\u2028é🦊")), max_size=400),
    st.sampled_from([".md", ".txt"]),
)
def test_passages_are_exact_slices_in_order_and_cover_every_word(text: str, ending: str) -> None:
    try:
        loaded = load(ending, text.encode())
    except Unreadable:
        return
    assert loaded.text == text
    position = 0
    for passage in passages(loaded, "T"):
        assert position <= passage.begins < passage.ends
        assert passage.indexed.endswith(text[passage.begins : passage.ends])
        assert not any(passage.begins < h.ends and h.begins < passage.ends for h in loaded.headings)
        marks = list(passage.sentences)
        assert marks == sorted(marks)
        assert passage.begins <= marks[0] < marks[-1] <= passage.ends
        position = passage.ends


def test_a_long_paragraph_is_cut_between_sentences_and_short_ones_are_joined() -> None:
    long = "This sentence is here to be long enough to matter. " * 50
    found = cut(load(".md", f"{long}\n\nShort one.\n\nShort two.\n".encode()))
    assert all(len(words) <= LONGEST for _, words in found)
    assert all(words.endswith(".") for _, words in found)
    assert found[-1][1].endswith("Short one.\n\nShort two.")


def test_sentences_end_at_full_stops_but_not_after_abbreviations() -> None:
    assert said("Ask Dr. Lee, e.g. by mail. Version 2.1 is out! Really? Yes.") == [
        "Ask Dr. Lee, e.g. by mail.",
        "Version 2.1 is out!",
        "Really?",
        "Yes.",
    ]
    assert said("Intro:\n\n- first entry\n  goes on\n- second\n\n| a | b |\n|---|---|\n| c | d |") == [
        "Intro:",
        "first entry\n  goes on",
        "second",
        "a | b |",
        "c | d |",
    ]


def test_every_loader_has_a_version_and_a_line_that_says_what_it_reads() -> None:
    assert set(loaders()) >= {".md", ".html", ".txt", ".docx", ".pdf"}
    for loader, version in loaders().values():
        assert loader.__doc__
        assert version >= 1

"""What a question's reason refers to stands in the playbook; where it does not, the check says what does."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.program_folder import default_program_folder, read_files, read_playbook, read_program
from tests.program.mutations import FILES, PLAYBOOK, SENTENCES
from tests.program.office import INTAKE
from workflows.playbook import paragraph, sections
from workflows.program_errors import ProgramError, ProgramErrors
from workflows.program_files import parse_program

FILE = "questionnaires/intake.yaml"


def refused(old: str, new: str) -> ProgramError:
    """The one error after one replacement in the intake."""
    assert old in FILES[FILE]
    with pytest.raises(ProgramErrors) as caught:
        parse_program({**FILES, FILE: FILES[FILE].replace(old, new, 1)}, SENTENCES, PLAYBOOK)
    (error,) = caught.value.errors
    return error


def test_every_question_that_is_asked_says_why_and_from_which_passage_of_the_playbook() -> None:
    asked = [q for q in INTAKE.questions() if not q.quiet]
    assert not [q.id for q in asked if q.why is None or q.why.source is None]


def test_what_is_quoted_can_be_read_in_a_moment() -> None:
    assert PLAYBOOK is not None
    for question in INTAKE.questions():
        if question.why and question.why.source:
            source = question.why.source
            text = paragraph(sections(PLAYBOOK[source.document] or "")[source.section], source.begins)
            assert 60 < len(text) < 700, question.id


def test_a_document_that_is_not_there_is_told_with_the_one_that_was_meant() -> None:
    error = refused("{document: personal-data.md", "{document: personal-date.md")
    assert error.line == FILES[FILE][: FILES[FILE].index("personal-data.md")].count("\n") + 1
    assert error.field.endswith("why.source.document")
    assert str(error).endswith('the playbook has no "personal-date.md". Did you mean "personal-data.md"?')


def test_a_section_that_is_not_there_is_told_with_those_that_are() -> None:
    near = refused("section: What counts as personal data}", "section: What counts as personal date}")
    assert near.field.endswith("why.source.section")
    assert 'did you mean "What counts as personal data"?' in str(near).replace("Did", "did")
    far = refused("section: What counts as personal data}", "section: Parking}")
    assert far.problem == '"Parking" is no section of personal-data.md'
    assert far.fix.startswith(
        "name one of its headings: What counts as personal data, Does a recording count?"
    )


def test_a_paragraph_that_does_not_begin_so_is_told() -> None:
    error = refused("begins: The data owner is}", "begins: The owner of the data is}")
    assert error.field.endswith("why.source.begins")
    assert "begins with" in error.problem
    assert "copy the first words" in error.fix


def test_a_section_without_text_of_its_own_cannot_be_quoted() -> None:
    book = {"personal-data.md": "# Personal data\n\n## What counts as personal data\n\n### Voices\n\nYes.\n"}
    with pytest.raises(ProgramErrors) as caught:
        parse_program(FILES, SENTENCES, {**(PLAYBOOK or {}), **book})
    (error,) = [e for e in caught.value.errors if e.file == "questionnaires/intake.yaml"]
    assert error.problem == '"What counts as personal data" of personal-data.md has no text'


def test_of_a_document_that_is_no_markdown_only_the_name_is_checked() -> None:
    assert parse_program(FILES, SENTENCES, {**(PLAYBOOK or {}), "personal-data.md": None})


def test_a_program_without_a_playbook_may_refer_to_one_that_is_kept_elsewhere(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_playbook(tmp_path) is None
    assert read_program(tmp_path).stamp == read_program(default_program_folder()).stamp
    (tmp_path / "playbook").mkdir()
    with pytest.raises(ProgramErrors, match=r'the playbook has no "intake-questions\.md"'):
        read_program(tmp_path)
    assert read_files(tmp_path) == FILES


def test_sections_are_found_as_the_corpus_finds_them() -> None:
    text = (
        "---\ntitle: T\nasked:\n  # no heading\n  A: [b]\n---\n# Rules\n\nIntro.\n\n"
        "## **Who** may [stop](x) ##\r\n\r\nFirst\r\nparagraph.\r\n\r\nSecond.\n\n```\n## no heading\n```\n\n"
        "Underlined\n---\n\nThird.\nOver two lines\n---\n"
    )
    found = sections(text)
    assert list(found) == ["", "Rules", "Who may stop", "Underlined"]
    assert paragraph(found["Rules"]) == "Intro."
    assert paragraph(found["Who may stop"]) == "First\nparagraph."
    assert paragraph(found["Who may stop"], "Sec") == "Second."
    assert paragraph(found["Who may stop"], "Fourth") == ""
    assert "## no heading" in found["Who may stop"]
    assert found["Underlined"] == "Third.\nOver two lines\n---"

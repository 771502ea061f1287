"""A row of somebody else's list becomes a use case, with everything about it that is in doubt."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.program.mutations import FILES, SENTENCES
from workflows.answers import Answer
from workflows.ids import QuestionId, UseCaseId, UserId
from workflows.import_mapping import ImportMapping
from workflows.import_rows import Row, read_rows
from workflows.importing import Reading, imported, imported_again, missing_labels, read_list, unknown_columns
from workflows.program import Program
from workflows.program_errors import ProgramErrors
from workflows.program_files import parse_program

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent
INVENTORY = (
    Path(os.environ.get("PREFLIGHT_SHARED", ROOT.parent / "shared")) / "data/federal/2024_inventory.csv"
)
MAPPING = """
id: ideas
title: The ideas box
key: [Title]
story: [Title, Text]
never: {columns: [Verdict], because: it is what we want to compare with}
stage:
  - {columns: [State], values: {Live: production, Trial: pilot}}
fields:
  - question: name
    read: [{columns: [Title]}]
  - question: problem
    read: [{columns: [Text]}, {columns: [Title], doubt: only its title}]
  - question: users_expected
    read: [{columns: [Users]}]
  - question: release_by
    read: [{columns: [Start], format: "%d.%m.%Y"}]
  - question: data_sources
    read:
      - {pattern: '\\bcalls?\\b', value: [recordings]}
      - {pattern: '\\be-?mails?\\b', value: [messages]}
      - {value: [documents]}
  - question: harm
    read:
      - {columns: [Risk], values: {"High": serious, "Low": negligible}}
      - {pattern: '\\bpatients?\\b', value: severe}
      - {value: inconvenience}
"""


def program(mapping: str = MAPPING) -> Program:
    return parse_program({**FILES, "imports/ideas.yaml": mapping}, SENTENCES)


PROGRAM = program()
IDEAS: ImportMapping = PROGRAM.imports["ideas"]


def read(*cells: dict[str, str]) -> list[Reading]:
    return read_list(IDEAS, PROGRAM, [Row(line=i, cells=c) for i, c in enumerate(cells, 2)])


def one(**cells: str) -> Reading:
    (found,) = read(cells)
    return found


def doubts(reading: Reading) -> dict[str, str]:
    return {str(d.question): d.why for d in reading.doubts}


def test_cells_are_copied_looked_up_searched_or_assumed_and_doubt_is_told() -> None:
    found = one(
        Title="Sort mail", Text="Sorts e-mails and calls", Users="1,200", Start="24.12.2026", Risk="high"
    )
    assert found.values == {
        "name": "Sort mail",
        "problem": "Sorts e-mails and calls",
        "users_expected": 1200.0,
        "release_by": "2026-12-24",
        "data_sources": ["recordings", "messages"],
        "harm": "serious",
    }
    assert doubts(found) == {"data_sources": "read from the words “calls”; read from the words “e-mails”"}


def test_what_the_list_does_not_say_is_assumed_and_marked() -> None:
    found = one(Title="Sort mail")
    assert found.values[QuestionId("harm")] == "inconvenience"
    assert found.values[QuestionId("data_sources")] == ["documents"]
    assert doubts(found)["harm"] == "assumed: the list does not say"
    assert doubts(found)["problem"] == "only its title"


@pytest.mark.parametrize("said", ["N/A", "not applicable", "none", "-"])
def test_a_cell_that_says_nothing_counts_as_empty(said: str) -> None:
    assert one(Title="Sort mail", Text=said).values[QuestionId("problem")] == "Sort mail"


def test_a_cell_that_does_not_fit_is_left_out() -> None:
    found = one(Title="Sort mail", Users="many", Start="soon")
    assert not {"users_expected", "release_by"} & set(found.values)


def test_too_long_a_text_is_shortened_and_the_whole_is_kept_with_the_row() -> None:
    found = one(Title="Sort mail", Text="x" * 9000)
    assert len(found.values[QuestionId("problem")]) == 3000
    assert any("longer than 3000" in n for n in found.notes)
    assert len(imported(found, UseCaseId("UC-1"), PROGRAM, NOW).source_row["Text"]) == 9000


def test_a_row_without_a_name_is_taken_all_the_same() -> None:
    found = one(Text="Something without a title")
    assert (found.title, found.notes) == ("Untitled, line 2", ("it has no name",))


def test_rows_that_say_the_same_are_different_use_cases() -> None:
    first, second = read({"Title": "Chat"}, {"Title": "Chat"})
    assert (first.key, second.key) == ("ideas: Chat", "ideas: Chat #2")


def test_an_imported_use_case_is_assessed_and_says_where_it_stands() -> None:
    found = imported(one(Title="Watch patients", State="live"), UseCaseId("UC-1"), PROGRAM, NOW)
    assert (found.stage, found.source, found.title) == ("production", "import", "Watch patients")
    assert found.assessment is not None
    assert found.assessment.tier.tier == "high"
    assert found.answers[QuestionId("harm")].reason == "read from the words “patients”"
    assert "Outcome" in missing_labels(found, PROGRAM)


def test_the_same_row_again_changes_nothing() -> None:
    row = one(Title="Sort mail", Risk="Low")
    assert imported_again(imported(row, UseCaseId("UC-1"), PROGRAM, NOW), row, PROGRAM, NOW) is None


def test_a_changed_row_changes_its_use_case_but_not_what_people_said_since() -> None:
    first = imported(one(Title="Sort mail", Risk="Low", Users="5"), UseCaseId("UC-1"), PROGRAM, NOW)
    said = Answer(value=7.0, how="said", by=UserId("U0DANA"), at=NOW)
    told = first.model_copy(
        update={"stage": "pilot", "answers": {**first.answers, QuestionId("users_expected"): said}}
    )
    again = imported_again(told, one(Title="Sort mail", Risk="High", Users="9"), PROGRAM, NOW)
    assert again is not None
    assert again.answers[QuestionId("harm")].value == "serious"
    assert again.answers[QuestionId("users_expected")] == said
    assert again.stage == "pilot"
    assert again.assessment is not None
    assert again.assessment.tier.tier == "medium"


def test_a_changed_program_assesses_imported_use_cases_anew() -> None:
    row = one(Title="Sort mail")
    before = imported(row, UseCaseId("UC-1"), PROGRAM, NOW)
    newer = program(MAPPING + "\n# newer\n")
    after = imported_again(before, row, newer, NOW)
    assert after is not None
    assert after.program == newer.stamp


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("question: harm", "question: harms", 'no question "harms"'),
        ('"High": serious', '"High": awful', '"awful" is none of its options'),
        ("Live: production", "Live: running", 'no stage "running"'),
        ("columns: [Risk]", "columns: [Verdict]", "never to be read"),
        ("key: [Title]", "key: [Verdict]", "never to be read"),
        ("bpatients?", "b(patients?", "not a regular expression"),
        ("bpatients?", "bPatients?", "has capitals"),
        ("question: users_expected", "question: data_owner", "a person cannot be imported"),
        (', format: "%d.%m.%Y"', "", "how the date is written"),
        ("id: ideas", "id: idea", "not the name of its file"),
        ("read: [{columns: [Users]}]", "read: []", "reads nothing"),
        ("{value: inconvenience}", "{columns: [Risk]}", "copies text into a choice"),
    ],
)
def test_an_unsound_mapping_is_told(old: str, new: str, said: str) -> None:
    assert old in MAPPING
    with pytest.raises(ProgramErrors, match=r"imports/ideas\.yaml") as caught:
        program(MAPPING.replace(old, new, 1))
    assert any(said in e.problem for e in caught.value.errors), caught.value


def test_the_mapping_that_ships_never_reads_the_label() -> None:
    mapping = PROGRAM.imports["federal_2024"]
    assert mapping.never is not None
    assert not set(mapping.columns()) & set(mapping.never.columns)
    read_ = " ".join(mapping.columns()).lower()
    assert "rights" not in read_
    assert "impact assessment" not in read_


@pytest.mark.long
@pytest.mark.skipif(not INVENTORY.exists(), reason=f"the federal inventory is not at {INVENTORY}")
def test_every_row_of_the_federal_inventory_is_read_scored_and_tiered() -> None:
    listing = read_rows(INVENTORY.read_bytes())
    mapping = PROGRAM.imports["federal_2024"]
    assert (listing.encoding, len(listing.rows)) == ("cp1252", 2133)
    assert unknown_columns(mapping, listing.columns) == []
    found = read_list(mapping, PROGRAM, listing.rows)
    assert len({r.key for r in found}) == 2133
    for reading in found[::97]:
        use_case = imported(reading, UseCaseId("UC-1"), PROGRAM, NOW)
        assert use_case.assessment is not None
        assert reading.doubts


@pytest.mark.skipif(not INVENTORY.exists(), reason=f"the federal inventory is not at {INVENTORY}")
def test_the_tier_does_not_depend_on_the_label() -> None:
    listing = read_rows(INVENTORY.read_bytes())
    mapping = PROGRAM.imports["federal_2024"]
    assert mapping.never is not None
    hidden = set(mapping.never.columns)
    rows = listing.rows[::41]
    blind = [
        r.model_copy(update={"cells": {k: v for k, v in r.cells.items() if k not in hidden}}) for r in rows
    ]
    assert [r.values for r in read_list(mapping, PROGRAM, rows)] == [
        r.values for r in read_list(mapping, PROGRAM, blind)
    ]

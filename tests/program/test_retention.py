from __future__ import annotations

import pytest

from tests.program.mutations import FILES, SENTENCES
from workflows.program_errors import ProgramErrors
from workflows.program_files import parse_program
from workflows.retention import Retention

FILE = "retention.yaml"


def test_the_default_program_keeps_records_for_seven_years_after_their_end() -> None:
    kept = parse_program(FILES, SENTENCES).retention
    assert (kept.records_days, kept.ended) == (2557, ("retired", "rejected", "archived"))
    assert kept.holds == ("legal",)


def test_without_the_file_nothing_is_deleted() -> None:
    program = parse_program({k: v for k, v in FILES.items() if k != FILE}, SENTENCES)
    assert program.retention == Retention()
    assert all(v is None for k, v in program.retention if k.endswith("_days"))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("[legal]", "[legl]", 'there is no role "legl"'),
        ("retired, rejected", "retird, rejected", 'there is no stage "retird"'),
        ("retired, rejected", "pilot, rejected", 'work goes on in the stage "pilot"'),
        ("ended: [retired, rejected, archived]", "", "no stage is an end"),
        ("messages_days: 30", "messages_days: 3", "messages_days"),
        ("batch: 200", "batch: 0", "batch"),
        ("drafts_days: 180", "draft_days: 180", "drafts_days"),
    ],
)
def test_what_does_not_fit_is_told_with_the_place(before: str, after: str, told: str) -> None:
    text = FILES[FILE]
    assert before in text
    with pytest.raises(ProgramErrors, match=told) as caught:
        parse_program({**FILES, FILE: text.replace(before, after)}, SENTENCES)
    assert {e.file for e in caught.value.errors} == {FILE}


def test_keys_are_kept_as_long_as_what_they_belong_to() -> None:
    text = (
        FILES[FILE]
        .replace("keys_days: 800", "keys_days: 30")
        .replace("messages_days: 30", "messages_days: 31")
    )
    with pytest.raises(ProgramErrors, match="keys would go before the messages they belong to"):
        parse_program({**FILES, FILE: text}, SENTENCES)

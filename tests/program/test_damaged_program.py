"""A damaged program is refused with the file, the line and the fix, whichever field is damaged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.program.mutations import FILES, damages, outcome
from workflows import program_checks, program_files, result_checks
from workflows.program_sheets import Report, Sheet

_WHOLE: dict[str, Sheet[Any]] = {}
"""The files that are not damaged, as they were read once."""
_OF_ONE_FILE = (
    (program_checks, "check_questionnaire"), (program_files, "check_sources"),
    (program_files, "check_pages"), (result_checks, "_result"),
)  # fmt: skip
"""Checks that look at nothing but one file and what is not damaged here."""


@pytest.fixture(autouse=True)
def _files_that_are_not_damaged_are_read_and_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = program_files._sheet

    def once(path: str, text: str, model: Any, report: Report) -> Any:
        if FILES[path] != text:
            return read(path, text, model, report)
        if path not in _WHOLE and (sheet := read(path, text, model, report)) is not None:
            _WHOLE[path] = sheet
        return _WHOLE[path]

    def unless_whole(check: Callable[..., None]) -> Callable[..., None]:
        def checked(sheet: Sheet[Any], *more: Any) -> None:
            if all(sheet is not whole for whole in _WHOLE.values()):
                check(sheet, *more)

        return checked

    monkeypatch.setattr(program_files, "_sheet", once)
    for module, name in _OF_ONE_FILE:
        monkeypatch.setattr(module, name, unless_whole(getattr(module, name)))


@pytest.mark.parametrize("file", sorted(FILES))
def test_one_damaged_field_of_every_kind_is_told_where_it_is(file: str) -> None:
    wrong = [f"{d}: {told}" for d in damages(file, every=False) if (told := outcome(d))]
    assert not wrong, "\n".join(wrong)

"""A damaged program is refused with the file, the line and the fix, whichever field is damaged."""

from __future__ import annotations

from functools import lru_cache

import pytest

from tests.program.mutations import FILES, damages, outcome
from workflows import program_files
from workflows.program_yaml import read_yaml


@pytest.fixture(autouse=True)
def _files_that_are_not_damaged_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_files, "read_yaml", lru_cache(maxsize=64)(read_yaml))


@pytest.mark.parametrize("file", sorted(FILES))
def test_one_damaged_field_of_every_kind_is_told_where_it_is(file: str) -> None:
    wrong = [f"{d}: {told}" for d in damages(file, every=False) if (told := outcome(d))]
    assert not wrong, "\n".join(wrong)

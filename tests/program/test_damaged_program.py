"""A damaged program is refused with the file, the line and the fix, whichever field is damaged.

Here some damages to each file are tried; ``python -m tests.faults damaged`` tries every one.
"""

from __future__ import annotations

import pytest

from tests.program.mutations import (
    FILES,
    PLAYBOOK,
    SENTENCES,
    outcome,
    some_damages,
    whole_files_read_once,
)
from tests.sizes import DAILY
from workflows.program_files import parse_program

AT_MOST = 3 if DAILY else 10
"""How many damages to one file are tried."""


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_damaged_field_is_told_where_it_is(file: str) -> None:
    with whole_files_read_once():
        tried = [(d, outcome(d)) for d in some_damages(file, AT_MOST)]
    assert not [f"{damage}: {told}" for damage, told in tried if told]


def test_the_program_that_is_not_damaged_is_whole_when_its_files_are_read_once() -> None:
    with whole_files_read_once():
        parse_program(FILES, SENTENCES, PLAYBOOK)

"""A hundred federal systems in operation, taken through production readiness from their own columns."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.federal import INVENTORY, ROWS


@pytest.mark.skipif(not INVENTORY.exists(), reason="needs the federal inventory (PREFLIGHT_SHARED)")
def test_what_is_missing_is_what_the_columns_say_row_by_row(tmp_path: Path) -> None:
    from tests.bench.federal_readiness import compared

    found = compared(tmp_path)
    assert len(found) == ROWS
    wrong = [
        (c.title, sorted(c.by_the_bot ^ c.by_the_columns)) for c in found if c.by_the_bot != c.by_the_columns
    ]
    assert not wrong
    # Nobody in a list of systems is a person of ours: every row lacks its owners and its decision.
    assert all(c.gaps["owner"] == 5 and c.gaps["approval"] == 1 for c in found)
    missing = Counter(item for c in found for item in c.by_the_bot)
    assert missing["fallbacks"] > 0
    assert any(not c.by_the_bot - {"stop_rehearsed"} for c in found), "some have all that the list asks for"

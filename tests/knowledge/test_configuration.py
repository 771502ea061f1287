"""What decides an answer has one name, which changes with every part of it."""

from __future__ import annotations

import pytest

from knowledge import answering, evidence, query, retrieval
from knowledge.configuration import fingerprint
from storage import corpus_search


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (answering, "ANSWERS"),
        (answering, "CALIBRATION"),
        (evidence, "RANKING"),
        (retrieval, "BY_WORDS"),
        (retrieval, "GOES_ON"),
        (query, "BEFORE"),
        (corpus_search, "ASKED"),
    ],
)
def test_a_changed_part_changes_the_name(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    before = fingerprint("model")
    old = getattr(module, name)
    changed = (*old[:-1], old[-1] + 1) if isinstance(old, tuple) else old + 1
    monkeypatch.setattr(module, name, changed)
    assert fingerprint("model") != before


def test_the_name_is_the_same_twice_and_tells_the_models_apart() -> None:
    assert fingerprint("one") == fingerprint("one")
    assert len({fingerprint("one"), fingerprint("two"), fingerprint(None)}) == 3

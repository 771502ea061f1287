"""Explanations found for questions in the middle of a questionnaire, and none when none fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import weights
from knowledge.embedding import Embedder
from knowledge.passages import closest
from tests.knowledge.measure_passages import measure, passages, questions


def test_most_questions_that_chose_nothing_get_the_right_explanation(embedder: Embedder) -> None:
    figures = measure(questions()[1::2], embedder)
    assert figures.right >= 0.65 * figures.answerable
    assert figures.wrong <= 0.15 * figures.answerable
    assert figures.answered_others == 0


def test_by_words_alone_little_is_said_and_less_of_it_is_wrong() -> None:
    figures = measure(questions()[1::2], None)
    assert figures.right >= 3
    assert figures.wrong <= 1
    assert figures.answered_others == 0


def test_a_recording_is_explained_under_the_data_question(embedder: Embedder) -> None:
    [first, *_] = closest("wait, does a recording count as personal data?", passages(), embedder, limit=3)
    assert first.id == "data_kinds"


@pytest.mark.parametrize("question", ["what's for lunch?", "", "  ", "🙂", "how do I reset my password"])
def test_nothing_fits_is_an_answer(question: str, embedder: Embedder) -> None:
    assert closest(question, passages(), embedder) == []
    assert closest(question, passages(), None) == []


def test_scores_fall_and_the_limit_is_kept(embedder: Embedder) -> None:
    found = closest("who has to approve and how long does it take?", passages(), embedder, limit=2)
    assert 1 <= len(found) <= 2
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)


def test_no_passages_and_no_model_are_no_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert closest("why?", [], None) == []
    monkeypatch.setattr(weights, "PACKAGE", "no-such-package-anywhere")
    question = "what is a champion"
    assert closest(question, passages(), Embedder(tmp_path)) == closest(question, passages(), None) != []

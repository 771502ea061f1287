"""What is meant: a floor on the fitting set, and figures in the docs that are those measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.embedding import Embedder
from knowledge.intent import Weights, estimate, fitted
from tests.knowledge.intents import accuracy, matrix, printed, utterances
from workflows.intent import INTENTS

DOC = Path(__file__).parents[2] / "docs" / "intent.md"


def test_the_sets_hold_what_the_docs_say_and_share_nothing() -> None:
    fitting, reported = utterances("intents_fitting.jsonl"), utterances("intents_reported.jsonl")
    assert (len(fitting), len(reported)) == (259, 336)
    words = {u.text.casefold().strip(" ?!.") for u in fitting} & {
        u.text.casefold().strip(" ?!.") for u in reported
    }
    assert words <= {""}


def test_rules_alone_and_with_the_model_keep_to_the_floor_on_the_fitting_set(embedder: Embedder) -> None:
    said = utterances("intents_fitting.jsonl")
    assert accuracy(matrix(said, None)) >= 0.88
    both = matrix(said, embedder)
    assert accuracy(both) >= 0.96
    wrongly_started = sum(row["start"] for meant, row in both.items() if meant != "start")
    assert wrongly_started <= 2


def test_the_docs_show_the_figures_that_the_command_prints(embedder: Embedder) -> None:
    said = utterances("intents_reported.jsonl")
    text = DOC.read_text(encoding="utf-8")
    for mode, model in (("rules alone", None), ("rules and model", embedder)):
        found = matrix(said, model)
        assert f"{mode}: {accuracy(found):.3f} of {len(said)}" in text
        assert printed(found) in text


def test_an_estimate_is_a_probability_for_each_intent(embedder: Embedder) -> None:
    found = estimate("our agents copy figures all day", embedder)
    assert found is not None
    assert set(found) == set(INTENTS)
    assert sum(found.values()) == pytest.approx(1.0)
    assert max(found, key=lambda i: found[i]) == "start"


def test_without_the_model_that_it_was_fitted_for_there_is_no_estimate(embedder: Embedder) -> None:
    assert estimate("our agents copy figures all day", None) is None
    other = Weights(INTENTS, "another model", fitted().matrix)
    assert estimate("our agents copy figures all day", embedder, other) is None
